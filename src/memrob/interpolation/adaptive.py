"""First layer of the adaptive form: sample hyperplanes until every pair is separated."""

import numpy as np

from memrob.errors import UserError
from memrob.interpolation.first_layer import (
    FirstLayer,
    PackedFeatures,
    feature_bits,
    sample_first_layer,
    threshold_features,
)
from memrob.interpolation.second_layer import LARGEST_BLOCK, minima_over_others

FIRST_BLOCK = 256
"""Hyperplanes drawn first; each further block doubles their number."""

LARGEST_WIDTH = 1 << 17
"""Give up here: some pair is then separated by no hyperplane, or hardly ever."""


def sample_until_separated(
    rng: np.random.Generator,
    X: np.ndarray,
    classes: list[np.ndarray],
    least_width: int,
    max_bias: float,
) -> FirstLayer:
    """Sample hyperplanes until every two points of different classes are separated.

    Two points x, x' of different classes count as separated when some hyperplane has x on its
    zero side and x' on its one side, and some other the reverse. For two classes only the larger
    label has a detector, so only pairs with its point on the zero side are asked for.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of the hyperplanes.
    X : (N, d) float32
        Points.
    classes : list of (size,) int arrays
        Rows of each class.
    least_width : int
        Least number of hyperplanes.
    max_bias : float
        Maximal bias lambda.

    Returns
    -------
    FirstLayer
        The least number of hyperplanes, in the order in which they were drawn, that separates
        every pair and is at least `least_width`.

    Raises
    ------
    UserError
        When 131,072 hyperplanes leave a pair that is not separated.
    """
    detected = [1] if len(classes) == 2 else list(range(len(classes)))
    pending = {k: np.arange(len(classes[k])) for k in detected}
    layer = features = None
    block, separated_before = FIRST_BLOCK, 0
    while True:
        layer, features = _extended(rng, X, classes, max_bias, layer, features, block)
        pending_before = pending
        pending = {k: rows[_unseparated(features, k, rows)] for k, rows in pending.items()}
        n_pending = sum(len(rows) for rows in pending.values())
        if n_pending == 0 and layer.width >= least_width:
            break
        if layer.width >= LARGEST_WIDTH and n_pending > 0:
            raise UserError(
                f"max_bias: with {max_bias:g}, {layer.width} hyperplanes left {n_pending}"
                " points unseparated from another class; one near the largest norm separates them"
            )
        separated_before = layer.width
        block = layer.width
    width = _least_separating_width(
        features, pending_before, max(least_width, separated_before + 1), layer.width
    )
    return FirstLayer(layer.weights[:width].copy(), layer.biases[:width].copy())


def _extended(rng, X, classes, max_bias, layer, features, n_more):
    more = sample_first_layer(rng, n_more, X.shape[1], max_bias)
    more_features = threshold_features(more, X, classes)
    if layer is None:
        return more, more_features
    # Every block is a multiple of four words wide, so the packed words are simply appended.
    tiles = np.concatenate([features.tiles, more_features.tiles], axis=1)
    joined = FirstLayer(
        np.concatenate([layer.weights, more.weights]), np.concatenate([layer.biases, more.biases])
    )
    return joined, PackedFeatures(tiles, joined.width, features.class_sizes)


def _unseparated(
    features: PackedFeatures, k: int, rows: np.ndarray, width: int | None = None
) -> np.ndarray:
    """Whether each point of class k has some other point from which it is not separated."""
    bits = feature_bits(width or features.n_features, features.tiles.shape[1])
    unseparated = np.empty(len(rows), dtype=bool)
    for first in range(0, len(rows), LARGEST_BLOCK):
        block = slice(first, first + LARGEST_BLOCK)
        masks = features.complement_masks(k, rows[block]) & bits
        unseparated[block] = minima_over_others(features, k, masks) == 0
    return unseparated


def _least_separating_width(features, pending, low, high) -> int:
    while low < high:
        middle = (low + high) // 2
        if any(_unseparated(features, k, rows, middle).any() for k, rows in pending.items()):
            low = middle + 1
        else:
            high = middle
    return low
