"""Predicted time and memory of a trial, which size the chunks of trials that a job takes."""

from math import log2

from memrob.data.catalogue import DATASETS
from memrob.numerics.cost import Cost
from memrob.numerics.speed import REFERENCE
from memrob.numerics.words import words_of
from memrob.studies.convolution.trial import CONVOLUTIONAL, FULLY_CONNECTED, Trial
from memrob.studies.interpolation.cost import SIGN_SECONDS, second_layer_cost

# Fourier transforms of a grid, and distances of points and of orbits for the covering.
TRANSFORM_SECONDS = 6e-10
PAIR_SECONDS = 3.6e-11
CANDIDATE_SHARE = 0.03
OVERHEAD_SECONDS = 8e-3


def predicted_cost(trial: Trial) -> Cost:
    """Cost of a trial."""
    dimension = DATASETS[trial.dataset].input_dim
    signals = trial.n_samples + trial.n_test
    features = trial.n_shifts * trial.first_width
    first = Cost(products=2 * dimension * features / REFERENCE.matrix_flops)
    if trial.network == CONVOLUTIONAL:
        transforms = TRANSFORM_SECONDS * dimension * log2(dimension) * trial.first_width
        first = min(first, Cost(other=transforms), key=lambda cost: cost.seconds)
        moves = 100 * min(8, trial.n_shifts - 1) if trial.n_test else 0
        candidates = 10.0
    else:
        moves = 0
        candidates = CANDIDATE_SHARE * trial.n_samples * trial.n_shifts
    points = trial.n_samples * trial.n_shifts
    second = second_layer_cost(points, trial.first_width, max(10.0, candidates))
    signs = SIGN_SECONDS * features * signals
    return first * (signals + moves) + second + Cost(other=signs + OVERHEAD_SECONDS)


def covering_cost(trial: Trial) -> Cost:
    """Cost of the covering of a trial, which trials on the same points share."""
    if trial.constant is None:
        return Cost()
    dimension = DATASETS[trial.dataset].input_dim
    if trial.network == CONVOLUTIONAL:
        pairs = trial.n_samples**2 / 2
        return Cost(other=8 * TRANSFORM_SECONDS * dimension * log2(dimension) * pairs)
    pairs = (trial.n_samples * trial.n_shifts) ** 2
    return Cost(float_products=PAIR_SECONDS * dimension * pairs)


def memory(trial: Trial) -> float:
    """Bytes of the augmented points, of the packed features at all shifts, and of blocks."""
    dimension = DATASETS[trial.dataset].input_dim
    points = (trial.n_samples + trial.n_test) * trial.n_shifts
    floats = 12.0 * dimension * points if trial.network == FULLY_CONNECTED else 0.0
    covering = 0.0 if trial.constant is None else 1e9
    return floats + points * words_of(trial.first_width) * 8 + covering + 5e8
