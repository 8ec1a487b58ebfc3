"""Predicted time of a trial, which sizes the chunks of trials that a job takes."""

from collections.abc import Callable

import numpy as np

from memrob.data.catalogue import DATASETS
from memrob.numerics.words import words_of
from memrob.studies.interpolation.trial import Trial

# One core of a server of 2025: 110 GFLOP/s of float32 matrix product, 25 G words/s of masked
# popcount, 10 G pre-activations/s in the plane.
MATRIX_FLOPS = 1.1e11
PLANAR_FEATURES = 1e10
POPCOUNT_WORDS = 2.5e10
# One candidate at a time, which the order reference asks for, every candidate reads all points:
# where these do not fit a cache, that is as fast as they can be read.
ONE_BY_ONE_WORDS = 3.5e9
OVERHEAD_SECONDS = 3e-4

# Candidates whose minimum is computed, as a share of all points, times the share of the words that
# are looked at before all counts have reached the minimum, relative to MNIST.
CANDIDATE_SHARE: dict[str, Callable[[int], float]] = {
    "moons": lambda n: 0.02,
    "moons_size": lambda n: 1e-5,
    "mnist": lambda n: float(np.clip(7.5 / np.sqrt(n), 0.12, 0.65)),
    "mnist_1v8": lambda n: 0.01,
    "mnist_1v9": lambda n: 0.03,
    "cifar10": lambda n: 0.5,
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
    words = points * words_of(width)
    one_by_one = trial.order == "reference" and dimension > 2
    rate = ONE_BY_ONE_WORDS if one_by_one else POPCOUNT_WORDS
    second = max(share * points, 10) * words / rate
    return float(first + second + OVERHEAD_SECONDS)
