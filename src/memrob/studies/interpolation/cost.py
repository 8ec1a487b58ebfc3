"""Predicted cost of a trial, which sizes the chunks of trials that a job takes."""

from collections.abc import Callable

import numpy as np

from memrob.data.catalogue import DATASETS
from memrob.numerics.cost import Cost
from memrob.numerics.speed import REFERENCE
from memrob.studies.interpolation.trial import Trial

# For the reference core of `memrob.numerics.speed`: points times features counted a second, by two
# kernels, in features that fit no cache as well.
SLICED_COUNTS = 1.2e12
TILED_COUNTS = 4e11
FEW_CANDIDATES = 64

PLANAR_FEATURES = 8e9
"""Pre-activations in the plane a second."""

NUMBER_SECONDS = 2e-9
"""Of each number of the data: checks, centring, and sorting by class."""

SIGN_SECONDS = 2.5e-9
"""Of a pre-activation beside the product: its sign, made exact and packed."""

CANDIDATE_SECONDS = 3e-6
"""Of a candidate beside the counting."""

REFERENCE_CANDIDATES = 1.4
"""Candidates that the published order evaluates for each that it needs."""

OVERHEAD_SECONDS = 5e-4

# Candidates whose minimum is computed, as a share of all points.
CANDIDATE_SHARE: dict[str, Callable[[int], float]] = {
    "moons": lambda n: 0.02,
    "moons_size": lambda n: 1e-5,
    "mnist": lambda n: float(np.clip(9 / np.sqrt(n), 0.12, 0.65)),
    "mnist_1v8": lambda n: 0.01,
    "mnist_1v9": lambda n: 0.03,
    "cifar10": lambda n: 0.85,
}

EVALUATED_SHARE = {"greedy": 1.0, "cluster": 3.0}
"""Masks that are evaluated, of orders that do so for all points of a class or for clusters."""


def predicted_cost(trial: Trial, shared_by: int = 1) -> Cost:
    """Cost of a trial, if that many trials share its matrix product."""
    share = CANDIDATE_SHARE.get(trial.dataset, lambda n: 0.5)(trial.first_width)
    share = EVALUATED_SHARE.get(trial.order, share)
    candidates = max(share * trial.n_samples, 10.0)
    first = first_layer_cost(trial.dataset, trial.n_samples, trial.first_width, shared_by)
    if trial.order == "reference":
        first = Cost(float_products=first.products, other=first.other)
        candidates *= REFERENCE_CANDIDATES
    second = second_layer_cost(trial.n_samples, trial.first_width, candidates)
    return first + second + Cost(other=OVERHEAD_SECONDS)


def first_layer_cost(dataset: str, n_samples: int, width: int, shared_by: int = 1) -> Cost:
    """Cost of all features of all points, if that many trials share the points and the product."""
    dimension, features = DATASETS[dataset].input_dim, n_samples * width
    if dimension == 2:
        return Cost(other=features / PLANAR_FEATURES)
    return Cost(
        products=2 * features * dimension / REFERENCE.matrix_flops / shared_by,
        other=n_samples * dimension * NUMBER_SECONDS / shared_by + features * SIGN_SECONDS,
    )


def second_layer_cost(n_samples: int, width: int, candidates: float) -> Cost:
    """Cost of so many candidates."""
    rate = SLICED_COUNTS if candidates > FEW_CANDIDATES else TILED_COUNTS
    return Cost(counts=candidates * n_samples * width / rate, other=candidates * CANDIDATE_SECONDS)
