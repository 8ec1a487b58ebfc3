"""Predicted time of a trial, which sizes the chunks of trials that a job takes."""

from memrob.data.catalogue import DATASETS
from memrob.numerics.cost import Cost
from memrob.studies.baselines import ITERATIONS
from memrob.studies.generalisation.trial import NETWORK, Trial
from memrob.studies.interpolation.cost import first_layer_cost, second_layer_cost

# Matrix products with as many columns as there are classes; distances in single precision, and
# the search among them.
LINEAR_FLOPS = 2.5e10
DISTANCE_FLOPS = 6e10
OVERHEAD_SECONDS = 2e-3

# Candidates whose minimum is computed, as a share of the training points.
CANDIDATE_SHARE = 0.4


def predicted_cost(trial: Trial) -> Cost:
    """Cost of a trial."""
    entry = DATASETS[trial.dataset]
    n_test = entry.n_samples - trial.n_train
    if trial.classifier == NETWORK:
        first = first_layer_cost(trial.dataset, entry.n_samples, trial.first_width)
        candidates = CANDIDATE_SHARE * trial.n_train
        second = second_layer_cost(entry.n_samples, trial.first_width, candidates)
        return first + second + Cost(other=OVERHEAD_SECONDS)
    if trial.classifier == "linear":
        n_classes = len(entry.class_names or "01")
        operations = ITERATIONS * 4.0 * trial.n_train * entry.input_dim * n_classes
        return Cost(float_products=operations / LINEAR_FLOPS, other=OVERHEAD_SECONDS)
    operations = 2.0 * trial.n_train * n_test * max(entry.input_dim, 100)
    return Cost(float_products=operations / DISTANCE_FLOPS, other=OVERHEAD_SECONDS)
