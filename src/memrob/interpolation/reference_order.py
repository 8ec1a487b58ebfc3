"""The second layer with the draws of the published trials, to replay them bit by bit.

Which points end up covered depends on the first layer alone, not on what is drawn (own): if a
neuron (u', m') covers x, then <u', Phi(x)> < m' <= <u', Phi(x+)> for all x+ of X+, so each x+ has a
feature that x lacks, and x as a candidate has a positive minimum; and it would cover itself.
"""

import copy
from collections.abc import Sequence

import numba
import numpy as np

from memrob.interpolation.first_layer import PackedFeatures, feature_bits, tiles_of
from memrob.interpolation.reference_classes import construct_together
from memrob.interpolation.second_layer import SecondLayer
from memrob.numerics.bits import WORD_BITS, count_ones, nth_one
from memrob.numerics.compiled import compiled, inlined
from memrob.numerics.draws import EXHAUSTED, bounded_draw
from memrob.numerics.packed import LANES, TILES, UNBOUNDED, complement, count_lanes

MANY = -2
"""Instead of a width: enough candidates to pay for slices."""

FEW = 64
"""Candidates that are evaluated without slices at most."""


def second_layers_in_reference_order(
    features: PackedFeatures, classes: Sequence[int], rng: np.random.Generator
) -> list[SecondLayer]:
    """Construct second layers, drawing among the candidates that are left.

    The same as calling `rng.choice` over the ascending positions of the remaining candidates at
    each step, on a generator in the state in which the first layer left it.

    Parameters
    ----------
    features : PackedFeatures
        Features of all classes.
    classes : sequence of int
        Classes that play X-, each with a second layer of its own; all others are X+ then.
    rng : numpy.random.Generator
        Not advanced: a copy of it is used, as every class of a published trial starts from the
        same state.
    """
    n_words = max(features.class_sizes[k] for k in classes) + 64
    while True:
        words = copy.deepcopy(rng).integers(1 << 32, size=n_words, dtype=np.uint32)
        try:
            return _second_layers(features, list(classes), words)
        except _TooFewWordsError:
            n_words *= 2


class _TooFewWordsError(Exception):
    pass


def _second_layers(
    features: PackedFeatures, classes: list[int], words: np.ndarray
) -> list[SecondLayer]:
    layers: list[SecondLayer] = []
    if not features.has_slices:
        for k in classes:
            layer = _layer_of_few(features, k, words)
            if layer is None:
                break
            layers.append(layer)
    left = classes[len(layers) :]
    return layers + _layers_of_many(features, left, words) if left else layers


def _layer_of_few(features: PackedFeatures, k: int, words: np.ndarray) -> SecondLayer | None:
    # None where it is worth while to slice the features.
    start, stop = features.tile_range(k)
    size = features.class_sizes[k]
    candidates, thresholds = np.empty((2, FEW), np.int64)
    width, n_covered = _construct_few(
        features.tiles,
        start,
        size,
        feature_bits(features.n_features, features.tiles.shape[1]),
        feature_bits(size, stop - start),
        words,
        candidates,
        thresholds,
    )
    if width == EXHAUSTED:
        raise _TooFewWordsError
    if width == MANY:
        return None
    return SecondLayer(candidates[:width].copy(), thresholds[:width].copy(), n_covered)


def _layers_of_many(
    features: PackedFeatures, classes: list[int], words: np.ndarray
) -> list[SecondLayer]:
    sizes = np.array([features.class_sizes[k] for k in classes])
    most_words = tiles_of(int(sizes.max()))
    candidates, thresholds = np.empty((2, len(classes), sizes.max()), np.int64)
    widths, n_covered = np.empty((2, len(classes)), np.int64)
    if not construct_together(
        features.tiles,
        features.slices,
        feature_bits(features.n_features, features.tiles.shape[1]),
        np.array([features.tile_range(k) for k in classes]),
        sizes,
        np.array([feature_bits(size, most_words) for size in sizes]),
        words,
        candidates,
        thresholds,
        widths,
        n_covered,
    ):
        raise _TooFewWordsError
    return [
        SecondLayer(candidates[i, :width].copy(), thresholds[i, :width].copy(), int(covered))
        for i, (width, covered) in enumerate(zip(widths, n_covered, strict=True))
    ]


@inlined
def _least_over(tiles, start, stop, mask, least, counts):
    for t in range(start, stop):
        if least == 0:
            break
        least = min(least, count_lanes(tiles[t], mask, least, counts))
    return least


@inlined
def _strike_out(tiles, start, mask, least, counts, remaining):
    for w in range(len(remaining)):
        count_lanes(tiles[start + w], mask, least, counts)
        for lane in range(LANES):
            if counts[lane] < least:
                remaining[w] &= ~(np.uint64(1) << np.uint64(lane))


@compiled(
    numba.types.UniTuple(numba.int64, 2)(
        TILES,
        numba.int64,
        numba.int64,
        numba.uint64[::1],
        numba.uint64[::1],
        numba.uint32[::1],
        numba.int64[::1],
        numba.int64[::1],
    )
)
def _construct_few(tiles, start, size, bits, remaining, words, candidates, thresholds):
    """Fill `candidates` and `thresholds`; return the width and the number of covered points.

    Returns (EXHAUSTED, 0) when there are too few random words, (MANY, 0) after a few candidates.
    """
    stop = start + len(remaining)
    n_remaining = size
    mask = np.empty_like(bits)
    counts = np.empty(LANES, np.uint64)
    width = uncovered = cursor = 0
    while n_remaining > 0:
        if width + uncovered == FEW:
            return MANY, 0
        draw, cursor = bounded_draw(words, cursor, n_remaining)
        if draw == EXHAUSTED:
            return EXHAUSTED, 0
        chosen = nth_one(remaining, draw)
        complement(tiles, start, chosen, bits, mask)
        least = _least_over(tiles, 0, start, mask, np.uint64(UNBOUNDED), counts)
        least = _least_over(tiles, stop, len(tiles), mask, least, counts)
        remaining[chosen // WORD_BITS] &= ~(np.uint64(1) << np.uint64(chosen % WORD_BITS))
        if least > 0:
            candidates[width] = chosen
            thresholds[width] = least
            width += 1
            _strike_out(tiles, start, mask, least, counts, remaining)
        else:
            # No other neuron covers it either, as the module says.
            uncovered += 1
        n_remaining = count_ones(remaining)
    return width, size - uncovered
