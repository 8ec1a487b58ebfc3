"""The second layer with the draws of the published trials, to replay them bit by bit."""

import copy

import numba
import numpy as np

from memrob.interpolation.first_layer import PackedFeatures, feature_bits
from memrob.interpolation.second_layer import SecondLayer
from memrob.numerics.compiled import compiled, inlined
from memrob.numerics.packed import LANES, TILES, UNBOUNDED, count_lanes

EXHAUSTED = -1


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
    bits = feature_bits(features.n_features, features.tiles.shape[1])
    candidates = np.empty(size, np.int64)
    thresholds = np.empty(size, np.int64)
    n_words = size + 64
    width = EXHAUSTED
    while width == EXHAUSTED:
        words = copy.deepcopy(rng).integers(1 << 32, size=n_words, dtype=np.uint32)
        width, n_covered = _construct(
            features.tiles, start, stop, size, bits, words, candidates, thresholds
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
def _least_over(tiles, start, stop, mask, least, counts):
    for t in range(start, stop):
        if least == 0:
            break
        least = min(least, count_lanes(tiles[t], mask, least, counts))
    return least


@compiled(
    numba.types.UniTuple(numba.int64, 2)(
        TILES,
        numba.int64,
        numba.int64,
        numba.int64,
        numba.uint64[::1],
        numba.uint32[::1],
        numba.int64[::1],
        numba.int64[::1],
    )
)
def _construct(tiles, start, stop, size, bits, words, candidates, thresholds):
    """Fill `candidates` and `thresholds`; return the width and the number of covered points.

    Returns (EXHAUSTED, 0) when there are too few random words.
    """
    remaining = np.arange(size)
    mask = np.empty_like(bits)
    counts = np.empty(LANES, np.uint64)
    below = np.zeros((stop - start) * LANES, np.bool_)
    width = uncovered = cursor = 0
    while len(remaining) > 0:
        draw, cursor = _bounded(words, cursor, len(remaining))
        if draw == EXHAUSTED:
            return EXHAUSTED, 0
        chosen = remaining[draw]
        for w in range(len(mask)):
            mask[w] = ~tiles[start + chosen // LANES, w, chosen % LANES] & bits[w]
        least = _least_over(tiles, 0, start, mask, np.uint64(UNBOUNDED), counts)
        least = _least_over(tiles, stop, tiles.shape[0], mask, least, counts)
        if least > 0:
            candidates[width] = chosen
            thresholds[width] = least
            width += 1
            for t in range(start, stop):
                count_lanes(tiles[t], mask, least, counts)
                for lane in range(LANES):
                    below[(t - start) * LANES + lane] = counts[lane] < least
        else:
            # No other neuron covers it: <u', Phi(x)> < m' <= <u', Phi(x+)> for all x+ would give
            # each x+ a hyperplane that separates it from x, and so x a positive minimum.
            uncovered += 1
            below[:] = False
        below[chosen] = True
        left = 0
        for i in range(len(remaining)):
            if not below[remaining[i]]:
                remaining[left] = remaining[i]
                left += 1
        remaining = remaining[:left]
    return width, size - uncovered
