"""The second layer with the draws of the published trials, to replay them bit by bit."""

import copy

import numba
import numpy as np

from memrob.interpolation.first_layer import PackedFeatures, feature_bits
from memrob.interpolation.second_layer import SecondLayer
from memrob.numerics.compiled import compiled, inlined
from memrob.numerics.packed import LANES, TILES, UNBOUNDED
from memrob.numerics.sliced import (
    GROUP,
    MOST_PLANES,
    SIXTEEN,
    SLICES,
    count_below,
    features_of,
    groups_of,
    lower_minima,
    mark_below,
)

EXHAUSTED = -1

UNKNOWN, AWAITED = -1, -2
"""Minima that were not, and that are about to be computed."""

BLOCK = 4
"""Candidates whose minima are computed together; it changes time alone."""


def second_layer_in_reference_order(
    features: PackedFeatures, k: int, rng: np.random.Generator
) -> SecondLayer:
    """Construct the second layer of class k, drawing among the candidates that are left.

    The same as calling `rng.choice` over the ascending positions of the remaining candidates at
    each step, on a generator in the state in which the first layer left it.

    Parameters
    ----------
    features : PackedFeatures
        Features of all classes; all classes but k are X+.
    k : int
        The class that plays X-.
    rng : numpy.random.Generator
        Not advanced: a copy of it is used, as every class of a published trial starts from the
        same state.
    """
    size = features.class_sizes[k]
    start, stop = features.tile_range(k)
    tiles, slices = features.tiles, features.slices
    bits = feature_bits(features.n_features, tiles.shape[1])
    candidates = np.empty(size, np.int64)
    thresholds = np.empty(size, np.int64)
    n_words = size + 64
    width = EXHAUSTED
    while width == EXHAUSTED:
        words = copy.deepcopy(rng).integers(1 << 32, size=n_words, dtype=np.uint32)
        width, n_covered = _construct(
            tiles, slices, start, stop, size, bits, words, candidates, thresholds
        )
        n_words *= 2
    return SecondLayer(candidates[:width].copy(), thresholds[:width].copy(), n_covered)


@inlined
def _bounded(words, cursor, bound):
    # numpy's Generator.integers(bound) from a stream of 32-bit words (Lemire's method, ACM TOMACS
    # 2019): no word is used when there is one possibility, and a word is rejected when the low
    # half of the product lies below 2^32 mod bound. Returns the draw and the next cursor.
    if bound == 1:
        return 0, cursor
    rejected = ((1 << 32) - bound) % bound
    while cursor < len(words):
        product = np.uint64(words[cursor]) * np.uint64(bound)
        cursor += 1
        if product & np.uint64(0xFFFFFFFF) >= rejected:
            return np.int64(product >> np.uint64(32)), cursor
    return EXHAUSTED, cursor


@inlined
def _likely_next(words, cursor, remaining, known, block):
    # Adds candidates to the one in block[0] that are likely to be drawn soon: as long as few are
    # struck out, the next words draw about the same among those that remain. Returns how many the
    # block holds.
    known[block[0]] = AWAITED
    n = 1
    for _ in range(2 * BLOCK):
        draw, cursor = _bounded(words, cursor, len(remaining))
        if draw == EXHAUSTED or n == BLOCK:
            break
        if known[remaining[draw]] == UNKNOWN:
            known[remaining[draw]] = AWAITED
            block[n] = remaining[draw]
            n += 1
    return n


@compiled(
    numba.types.UniTuple(numba.int64, 2)(
        TILES,
        SLICES,
        numba.int64,
        numba.int64,
        numba.int64,
        numba.uint64[::1],
        numba.uint32[::1],
        numba.int64[::1],
        numba.int64[::1],
    )
)
def _construct(tiles, slices, start, stop, size, bits, words, candidates, thresholds):
    """Fill `candidates` and `thresholds`; return the width and the number of covered points.

    Returns (EXHAUSTED, 0) when there are too few random words.
    """
    n_features = slices.shape[1] - 1
    remaining = np.arange(size)
    known = np.full(size, UNKNOWN)
    block = np.empty(BLOCK, np.int64)
    mask = np.empty_like(bits)
    features = np.empty((BLOCK, n_features + SIXTEEN), np.int64)
    lengths = np.empty(BLOCK, np.int64)
    minima = np.empty(BLOCK, np.uint64)
    planes = np.empty((MOST_PLANES, GROUP), np.uint64)
    below = np.empty((stop - start) * LANES, np.bool_)
    width = uncovered = cursor = 0
    while len(remaining) > 0:
        draw, cursor = _bounded(words, cursor, len(remaining))
        if draw == EXHAUSTED:
            return EXHAUSTED, 0
        chosen = remaining[draw]
        if known[chosen] == UNKNOWN:
            block[0] = chosen
            n = _likely_next(words, cursor, remaining, known, block)
            for i in range(n):
                for w in range(len(mask)):
                    word = tiles[start + block[i] // LANES, w, block[i] % LANES]
                    mask[w] = ~word & bits[w]
                lengths[i] = features_of(mask, n_features, features[i])
            minima[:n] = UNBOUNDED
            lower_minima(slices, 0, start, features, lengths[:n], minima, planes)
            lower_minima(slices, stop, len(tiles), features, lengths[:n], minima, planes)
            for i in range(n):
                known[block[i]] = np.int64(minima[i])
        least = known[chosen]
        below[:] = False
        if least > 0:
            candidates[width] = chosen
            thresholds[width] = least
            width += 1
            for w in range(len(mask)):
                mask[w] = ~tiles[start + chosen // LANES, w, chosen % LANES] & bits[w]
            n = features_of(mask, n_features, features[0])
            for group in groups_of(start, stop):
                if count_below(slices, group, start, stop, features[0], n, least, planes):
                    mark_below(planes, group, start, stop, below)
        else:
            # No other neuron covers it: <u', Phi(x)> < m' <= <u', Phi(x+)> for all x+ would give
            # each x+ a hyperplane that separates it from x, and so x a positive minimum.
            uncovered += 1
        below[chosen] = True
        left = 0
        for i in range(len(remaining)):
            remaining[left] = remaining[i]
            left += not below[remaining[left]]
        remaining = remaining[:left]
    return width, size - uncovered
