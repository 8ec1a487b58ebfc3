"""Predicted time of a trial, which sizes the chunks of trials that a job takes."""

from memrob.data.catalogue import DATASETS, Entry
from memrob.studies.baselines import ITERATIONS
from memrob.studies.generalisation.trial import NETWORK, Trial
from memrob.studies.interpolation.cost import MATRIX_FLOPS, PLANAR_FEATURES, SLICED_COUNTS

# Matrix products with as many columns as there are classes; distances in single precision, and
# the search among them.
LINEAR_FLOPS = 2.5e10
DISTANCE_FLOPS = 6e10
OVERHEAD_SECONDS = 2e-3

# Candidates whose minimum is computed, as a share of the training points.
CANDIDATE_SHARE = 0.4


def predicted_seconds(trial: Trial) -> float:
    """Time of a trial in seconds on one core."""
    entry = DATASETS[trial.dataset]
    n_test = entry.n_samples - trial.n_train
    if trial.classifier == NETWORK:
        return _network(trial, entry) + OVERHEAD_SECONDS
    if trial.classifier == "linear":
        n_classes = len(entry.class_names or "01")
        operations = ITERATIONS * 4.0 * trial.n_train * entry.input_dim * n_classes
        return operations / LINEAR_FLOPS + OVERHEAD_SECONDS
    operations = 2.0 * trial.n_train * n_test * max(entry.input_dim, 100)
    return operations / DISTANCE_FLOPS + OVERHEAD_SECONDS


def _network(trial: Trial, entry: Entry) -> float:
    points, width = entry.n_samples, trial.first_width
    if entry.input_dim == 2:
        first = points * width / PLANAR_FEATURES
    else:
        first = 2 * points * width * entry.input_dim / MATRIX_FLOPS
    candidates = CANDIDATE_SHARE * trial.n_train
    return first + candidates * points * width / SLICED_COUNTS
