"""Predicted time of a trial, which sizes the chunks of trials that a job takes."""

from collections.abc import Callable

import numpy as np

from memrob.data.catalogue import DATASETS
from memrob.studies.interpolation.trial import Trial

# For the reference core of `memrob.numerics.speed`: float32 matrix products, pre-activations in the
# plane, and points times features counted a second, by two kernels.
MATRIX_FLOPS = 7e10
PLANAR_FEATURES = 5e9
SLICED_COUNTS = 7e11
TILED_COUNTS = 4e11
FEW_CANDIDATES = 64
OVERHEAD_SECONDS = 1.2e-3

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


def predicted_seconds(trial: Trial, shared_by: int = 1) -> float:
    """Time of a trial in seconds on one core, if that many trials share its matrix product."""
    points, width = trial.n_samples, trial.first_width
    dimension = DATASETS[trial.dataset].input_dim
    if dimension == 2:
        first = points * width / PLANAR_FEATURES
    else:
        first = 2 * points * width * dimension / MATRIX_FLOPS / shared_by
    share = CANDIDATE_SHARE.get(trial.dataset, lambda n: 0.5)(width)
    share = EVALUATED_SHARE.get(trial.order, share)
    candidates = max(share * points, 10)
    rate = SLICED_COUNTS if candidates > FEW_CANDIDATES else TILED_COUNTS
    second = candidates * points * width / rate
    return float(first + second + OVERHEAD_SECONDS)
