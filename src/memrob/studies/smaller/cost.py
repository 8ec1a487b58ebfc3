"""Predicted time of a trial, which sizes the chunks of trials that a job takes."""

from memrob.data.catalogue import DATASETS
from memrob.numerics.cost import Cost
from memrob.studies.interpolation.cost import first_layer_cost, second_layer_cost
from memrob.studies.networks import FULLY_CONNECTED
from memrob.studies.smaller.trial import NETWORKS, RANDOM_FEATURES, REFERENCES, SMALLEST, Trial

REFERENCE_SECONDS = 3.5e-7
"""Of a classifier to compare with, for each number of a training point."""

PROGRAMME_SECONDS = 1e-4
"""Of the bounds on the least second width, for each training point."""

CLUSTER_MASKS = 3.0
"""Masks that are evaluated for each training point where neurons come from clusters."""

DECOMPOSITION_FLOPS = 1.2e11
"""Of the readout of random features, a second."""

OVERHEAD_SECONDS = 1e-3


def predicted_cost(trial: Trial) -> Cost:
    """Cost of a trial."""
    entry, points = DATASETS[trial.dataset], trial.n_samples
    if trial.selection in REFERENCES:
        return Cost(other=REFERENCE_SECONDS * points * entry.input_dim + OVERHEAD_SECONDS)
    if trial.network != FULLY_CONNECTED:
        points *= entry.input_dim
    masks = float(trial.n_samples)
    if NETWORKS.get(trial.selection, {}).get("order") == "cluster":
        masks *= CLUSTER_MASKS
    network = first_layer_cost(trial.dataset, points, trial.first_width)
    network += second_layer_cost(points, trial.first_width, masks)
    bounds = PROGRAMME_SECONDS * trial.n_samples if trial.selection == SMALLEST else 0.0
    solved = 0.0
    if trial.selection == RANDOM_FEATURES:
        # As many features as the network has parameters for each number of a point, and with at
        # most a neuron for each point.
        features = trial.first_width * (1 + points / entry.input_dim)
        solved = 2.0 * points * features * min(features, points) / DECOMPOSITION_FLOPS
    return network + Cost(other=solved + bounds + OVERHEAD_SECONDS)
