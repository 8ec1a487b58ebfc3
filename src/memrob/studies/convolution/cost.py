"""Predicted time and memory of a trial, which size the chunks of trials that a job takes."""

from math import log2

from memrob.data.catalogue import DATASETS
from memrob.numerics.words import words_of
from memrob.studies.convolution.trial import CONVOLUTIONAL, FULLY_CONNECTED, Trial
from memrob.studies.interpolation.cost import MATRIX_FLOPS, SLICED_COUNTS

# Fourier transforms of a grid, and distances of points and of orbits for the covering.
TRANSFORM_SECONDS = 6e-10
PAIR_SECONDS = 3.6e-11
CANDIDATE_SHARE = 0.03
OVERHEAD_SECONDS = 8e-3


def predicted_seconds(trial: Trial) -> float:
    """Time of a trial in seconds on one core."""
    dimension = DATASETS[trial.dataset].input_dim
    signals = trial.n_samples + trial.n_test
    products = 2 * dimension * trial.n_shifts * trial.first_width / MATRIX_FLOPS
    if trial.network == CONVOLUTIONAL:
        transforms = TRANSFORM_SECONDS * dimension * log2(dimension) * trial.first_width
        products = min(products, transforms)
        moves = 100 * min(8, trial.n_shifts - 1) if trial.n_test else 0
        candidates = 10.0
    else:
        moves = 0
        candidates = CANDIDATE_SHARE * trial.n_samples * trial.n_shifts
    first = products * (signals + moves)
    points = trial.n_samples * trial.n_shifts
    second = max(10.0, candidates) * points * trial.first_width / SLICED_COUNTS
    return first + second + OVERHEAD_SECONDS


def covering_seconds(trial: Trial) -> float:
    """Time of the covering of a trial, which trials on the same points share."""
    if trial.constant is None:
        return 0.0
    dimension = DATASETS[trial.dataset].input_dim
    if trial.network == CONVOLUTIONAL:
        return 8 * TRANSFORM_SECONDS * dimension * log2(dimension) * trial.n_samples**2 / 2
    return PAIR_SECONDS * dimension * (trial.n_samples * trial.n_shifts) ** 2


def memory(trial: Trial) -> float:
    """Bytes of the augmented points, of the packed features at all shifts, and of blocks."""
    dimension = DATASETS[trial.dataset].input_dim
    points = (trial.n_samples + trial.n_test) * trial.n_shifts
    floats = 12.0 * dimension * points if trial.network == FULLY_CONNECTED else 0.0
    covering = 0.0 if trial.constant is None else 1e9
    return floats + points * words_of(trial.first_width) * 8 + covering + 5e8
