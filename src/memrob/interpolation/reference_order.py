"""The second layer with the draws of the published trials, to replay them bit by bit.

Which points end up covered depends on the first layer alone, not on what is drawn (own): if a
neuron (u', m') covers x, then <u', Phi(x)> < m' <= <u', Phi(x+)> for all x+ of X+, so each x+ has a
feature that x lacks, and x as a candidate has a positive minimum; and it would cover itself.
"""

import copy

import numba
import numpy as np

from memrob.interpolation.first_layer import PackedFeatures, feature_bits
from memrob.interpolation.second_layer import SecondLayer
from memrob.numerics.bits import WORD_BITS, count_ones, nth_one
from memrob.numerics.compiled import compiled, inlined
from memrob.numerics.packed import LANES, TILES, UNBOUNDED, count_lanes
from memrob.numerics.sliced import (
    GROUP,
    MOST_PLANES,
    SIXTEEN,
    SLICES,
    count_below,
    features_of,
    groups_of,
    lower_minima,
)

EXHAUSTED, UNSLICED = -1, -2
"""Instead of a width: too few random words, or enough candidates to pay for slices."""

FEW = 64
"""Candidates that are evaluated without slices at most."""

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
    tiles = features.tiles
    slices = features.slices if features.has_slices else np.empty((0, 1, GROUP), np.uint64)
    bits = feature_bits(features.n_features, tiles.shape[1])
    candidates = np.empty(size, np.int64)
    thresholds = np.empty(size, np.int64)
    n_words = size + 64
    width = EXHAUSTED
    while width < 0:
        remaining = feature_bits(size, stop - start)
        words = copy.deepcopy(rng).integers(1 << 32, size=n_words, dtype=np.uint32)
        width, n_covered = _construct(
            tiles, slices, start, stop, size, bits, remaining, words, candidates, thresholds
        )
        if width == EXHAUSTED:
            n_words *= 2
        elif width == UNSLICED:
            slices = features.slices
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
def _mask_of(tiles, start, candidate, bits, mask):
    for w in range(len(mask)):
        mask[w] = ~tiles[start + candidate // LANES, w, candidate % LANES] & bits[w]


@inlined
def _least_over(tiles, start, stop, mask, least, counts):
    for t in range(start, stop):
        if least == 0:
            break
        least = min(least, count_lanes(tiles[t], mask, least, counts))
    return least


@inlined
def _likely_next(words, cursor, remaining, n_remaining, known, block):
    # Adds candidates to the one in block[0] that are likely to be drawn soon: as long as few are
    # struck out, the next words draw about the same among those that remain. Returns how many the
    # block holds.
    known[block[0]] = AWAITED
    n = 1
    for _ in range(2 * BLOCK):
        draw, cursor = _bounded(words, cursor, n_remaining)
        if draw == EXHAUSTED or n == BLOCK:
            break
        candidate = nth_one(remaining, draw)
        if known[candidate] == UNKNOWN:
            known[candidate] = AWAITED
            block[n] = candidate
            n += 1
    return n


@inlined
def _evaluate(tiles, slices, start, stop, bits, block, known, features, planes):
    # Writes the minima over X+ of a block of candidates to `known`.
    mask = np.empty_like(bits)
    lengths = np.empty(len(block), np.int64)
    minima = np.full(len(block), np.uint64(UNBOUNDED))
    for i in range(len(block)):
        _mask_of(tiles, start, block[i], bits, mask)
        lengths[i] = features_of(mask, slices.shape[1] - 1, features[i])
    lower_minima(slices, 0, start, features, lengths, minima, planes)
    lower_minima(slices, stop, len(tiles), features, lengths, minima, planes)
    for i in range(len(block)):
        known[block[i]] = np.int64(minima[i])


@inlined
def _strike_out(slices, start, stop, features, n, least, planes, remaining):
    for group in groups_of(start, stop):
        if count_below(slices, group, start, stop, features, n, least, planes):
            for t in range(max(start, group * GROUP), min(stop, group * GROUP + GROUP)):
                remaining[t - start] &= planes[0, t - group * GROUP]


@inlined
def _strike_out_of_tiles(tiles, start, mask, least, counts, remaining):
    for w in range(len(remaining)):
        count_lanes(tiles[start + w], mask, least, counts)
        for lane in range(LANES):
            if counts[lane] < least:
                remaining[w] &= ~(np.uint64(1) << np.uint64(lane))


@compiled(
    numba.types.UniTuple(numba.int64, 2)(
        TILES,
        SLICES,
        numba.int64,
        numba.int64,
        numba.int64,
        numba.uint64[::1],
        numba.uint64[::1],
        numba.uint32[::1],
        numba.int64[::1],
        numba.int64[::1],
    )
)
def _construct(tiles, slices, start, stop, size, bits, remaining, words, candidates, thresholds):
    """Fill `candidates` and `thresholds`; return the width and the number of covered points.

    Without slices (no groups) only the first few candidates are evaluated. Returns (EXHAUSTED, 0)
    when there are too few random words, (UNSLICED, 0) when slices are missing.
    """
    sliced = len(slices) > 0
    n_remaining = size
    known = np.full(size, UNKNOWN)
    block = np.empty(BLOCK, np.int64)
    mask = np.empty_like(bits)
    features = np.empty((BLOCK, slices.shape[1] + SIXTEEN), np.int64)
    planes = np.empty((MOST_PLANES, GROUP), np.uint64)
    counts = np.empty(LANES, np.uint64)
    width = uncovered = cursor = 0
    while n_remaining > 0:
        draw, cursor = _bounded(words, cursor, n_remaining)
        if draw == EXHAUSTED:
            return EXHAUSTED, 0
        chosen = nth_one(remaining, draw)
        if known[chosen] == UNKNOWN and sliced:
            block[0] = chosen
            n = _likely_next(words, cursor, remaining, n_remaining, known, block)
            _evaluate(tiles, slices, start, stop, bits, block[:n], known, features, planes)
        _mask_of(tiles, start, chosen, bits, mask)
        if known[chosen] == UNKNOWN:
            if width + uncovered == FEW:
                return UNSLICED, 0
            least = _least_over(tiles, 0, start, mask, np.uint64(UNBOUNDED), counts)
            known[chosen] = _least_over(tiles, stop, len(tiles), mask, least, counts)
        least = known[chosen]
        remaining[chosen // WORD_BITS] &= ~(np.uint64(1) << np.uint64(chosen % WORD_BITS))
        if least > 0:
            candidates[width] = chosen
            thresholds[width] = least
            width += 1
            if sliced:
                n = features_of(mask, slices.shape[1] - 1, features[0])
                _strike_out(slices, start, stop, features[0], n, least, planes, remaining)
            else:
                _strike_out_of_tiles(tiles, start, mask, np.uint64(least), counts, remaining)
        else:
            # No other neuron covers it either, as the module says.
            uncovered += 1
        n_remaining = count_ones(remaining)
    return width, size - uncovered
