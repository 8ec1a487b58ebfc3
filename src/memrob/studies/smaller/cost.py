"""Predicted time of a trial, which sizes the chunks of trials that a job takes."""

from memrob.data.catalogue import DATASETS
from memrob.studies.interpolation.cost import MATRIX_FLOPS, SLICED_COUNTS
from memrob.studies.networks import FULLY_CONNECTED
from memrob.studies.smaller.trial import NETWORKS, RANDOM_FEATURES, REFERENCES, SMALLEST, Trial

REFERENCE_OPERATIONS = 4e4
"""Of a classifier to compare with, for each number of a training point."""

PROGRAMME_SECONDS = 1e-4
"""Of the bounds on the least second width, for each training point."""

CLUSTER_MASKS = 3.0
"""Masks that are evaluated for each training point where neurons come from clusters."""

OVERHEAD_SECONDS = 5e-3


def predicted_seconds(trial: Trial) -> float:
    """Time of a trial in seconds on one core."""
    entry, points = DATASETS[trial.dataset], trial.n_samples
    if trial.selection in REFERENCES:
        return REFERENCE_OPERATIONS * points * entry.input_dim / MATRIX_FLOPS + OVERHEAD_SECONDS
    if trial.network != FULLY_CONNECTED:
        points *= entry.input_dim
    first = 2.0 * points * trial.first_width * entry.input_dim / MATRIX_FLOPS
    second = points * trial.n_samples * trial.first_width / SLICED_COUNTS
    bounds = PROGRAMME_SECONDS * trial.n_samples if trial.selection == SMALLEST else 0.0
    if NETWORKS.get(trial.selection, {}).get("order") == "cluster":
        second *= CLUSTER_MASKS
    if trial.selection == RANDOM_FEATURES:
        # As many features as the network has parameters for each number of a point, and with at
        # most a neuron for each point.
        features = trial.first_width * (1 + points / entry.input_dim)
        second += 2.0 * points * features * min(features, points) / MATRIX_FLOPS
    return first + second + bounds + OVERHEAD_SECONDS
