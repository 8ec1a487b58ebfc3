"""Second layers of several classes at once, with the draws of the published trials.

What a class draws next depends on what its last candidate struck out, so that it offers one
candidate at a time. Features at many hyperplanes fit no cache: each time they are read, they serve
a candidate of every class, and some that are likely to be drawn next.
"""

from typing import NamedTuple

import numba
import numpy as np

from memrob.numerics.bits import WORD_BITS, count_ones, nth_one
from memrob.numerics.compiled import compiled, inlined
from memrob.numerics.draws import EXHAUSTED, bounded_draw
from memrob.numerics.packed import TILES, complement
from memrob.numerics.sliced import (
    AT_ONCE,
    GROUP,
    MOST_PLANES,
    SLICES,
    count_below,
    features_of,
    groups_of,
    least_of_group,
    leave_out_others,
)

UNKNOWN, AWAITED = -1, -2
"""Minima that were not, and that are about to be computed."""

NOT_DRAWN = -1
"""Instead of a candidate."""

BLOCK = 32
"""Candidates whose minima are computed together, unless more classes are left; it changes time
alone."""

AHEAD = 3
"""Candidates of a class among them, at most, that are not drawn yet; it changes time alone."""

LAYERS = numba.int64[:, ::1]


class Features(NamedTuple):
    """Features of all classes, in both layouts, and ones for the features that there are."""

    tiles: np.ndarray
    slices: np.ndarray
    bits: np.ndarray


class Draws(NamedTuple):
    """What each class has drawn.

    Attributes
    ----------
    ranges : (n_classes, 2) int64
        First and past-the-last tile.
    words : (m,) uint32
        Random words, which each class takes from the first on.
    cursors : (n_classes,) int64
        Words taken.
    candidates : (n_classes,) int64
        The candidate drawn last, if it awaits its minimum.
    remaining, n_remaining : (n_classes, n) uint64, (n_classes,) int64
        Ones for the candidates that are left, and their number.
    minima : (n_classes, size) int64
        Minima over X+ as far as they are known.
    """

    ranges: np.ndarray
    words: np.ndarray
    cursors: np.ndarray
    candidates: np.ndarray
    remaining: np.ndarray
    n_remaining: np.ndarray
    minima: np.ndarray


class Layers(NamedTuple):
    """Neurons of each class, their numbers, and the numbers of points that they cover."""

    candidates: np.ndarray
    thresholds: np.ndarray
    widths: np.ndarray
    n_covered: np.ndarray


class Room(NamedTuple):
    """Room to compute the minima of a block: class and candidate of each, and their masks."""

    block: np.ndarray
    features: np.ndarray
    lengths: np.ndarray
    minima: np.ndarray
    mask: np.ndarray
    planes: np.ndarray


@compiled(
    numba.boolean(
        TILES,
        SLICES,
        numba.uint64[::1],
        numba.int64[:, ::1],
        numba.int64[::1],
        numba.uint64[:, ::1],
        numba.uint32[::1],
        LAYERS,
        LAYERS,
        numba.int64[::1],
        numba.int64[::1],
    )
)
def construct_together(
    tiles, slices, bits, ranges, sizes, remaining, words, candidates, thresholds, widths, n_covered
):
    """Construct the second layers of some classes.

    Parameters
    ----------
    tiles, slices, bits
        As in `Features`.
    ranges, remaining, words
        As in `Draws`; all points of a class remain. Overwritten.
    sizes : (n_classes,) int64
        Numbers of points of the classes.
    candidates, thresholds, widths, n_covered
        As in `Layers`; overwritten.

    Returns
    -------
    bool
        False when there are too few random words.
    """
    n_classes, n_features = len(sizes), slices.shape[1] - 1
    widths[:] = 0
    n_covered[:] = sizes
    known = Features(tiles, slices, bits)
    layers = Layers(candidates, thresholds, widths, n_covered)
    draws = Draws(
        ranges,
        words,
        np.zeros(n_classes, np.int64),
        np.full(n_classes, NOT_DRAWN),
        remaining,
        sizes.copy(),
        np.full(candidates.shape, UNKNOWN),
    )
    most = max(BLOCK, n_classes)
    room = Room(
        np.empty((most, 2), np.int64),
        np.empty((most, n_features + AT_ONCE), np.int64),
        np.empty(most, np.int64),
        np.empty(most, np.int64),
        np.empty_like(bits),
        np.empty((MOST_PLANES, GROUP), np.uint64),
    )
    while True:
        n = 0
        for k in range(n_classes):
            if not _advance(known, draws, k, layers, room):
                return False
            if draws.n_remaining[k] > 0:
                n = _append(draws, k, draws.candidates[k], room.block, n)
        if n == 0:
            return True
        ahead = min(AHEAD, BLOCK // n - 1)
        for i in range(n):
            n = _append_likely(draws, room.block[i, 0], ahead, room.block, n)
        _evaluate(known, draws, room, n)


@inlined
def _advance(known, draws, k, layers, room):
    # Draws until the minimum of a candidate is unknown. Returns False if words run out.
    while draws.n_remaining[k] > 0:
        if draws.candidates[k] == NOT_DRAWN:
            draw, draws.cursors[k] = bounded_draw(
                draws.words, draws.cursors[k], draws.n_remaining[k]
            )
            if draw == EXHAUSTED:
                return False
            draws.candidates[k] = nth_one(draws.remaining[k], draw)
        candidate = draws.candidates[k]
        least = draws.minima[k, candidate]
        if least == UNKNOWN:
            break
        draws.candidates[k] = NOT_DRAWN
        draws.remaining[k, candidate // WORD_BITS] &= ~(
            np.uint64(1) << np.uint64(candidate % WORD_BITS)
        )
        if least > 0:
            layers.candidates[k, layers.widths[k]] = candidate
            layers.thresholds[k, layers.widths[k]] = least
            layers.widths[k] += 1
            _strike_out(known, draws, k, candidate, least, room)
        else:
            # No other neuron covers it either, as `reference_order` says.
            layers.n_covered[k] -= 1
        draws.n_remaining[k] = count_ones(draws.remaining[k])
    return True


@inlined
def _strike_out(known, draws, k, candidate, least, room):
    start, stop = draws.ranges[k]
    complement(known.tiles, start, candidate, known.bits, room.mask)
    n = features_of(room.mask, known.slices.shape[1] - 1, room.features[0])
    for group in groups_of(start, stop):
        leave_out_others(group, start, stop, room.planes)
        tiles = range(max(start, group * GROUP), min(stop, group * GROUP + GROUP))
        for t in tiles:
            room.planes[0, t - group * GROUP] |= ~draws.remaining[k, t - start]
        if count_below(known.slices, group, room.features[0], n, least, room.planes):
            for t in tiles:
                draws.remaining[k, t - start] &= room.planes[0, t - group * GROUP]


@inlined
def _append(draws, k, candidate, block, n):
    # Adds a candidate to the n of a block; returns how many it holds.
    draws.minima[k, candidate] = AWAITED
    block[n, 0] = k
    block[n, 1] = candidate
    return n + 1


@inlined
def _append_likely(draws, k, ahead, block, n):
    # As long as few are struck out, the next words draw about the same among those that remain.
    cursor = draws.cursors[k]
    for _ in range(2 * ahead):
        draw, cursor = bounded_draw(draws.words, cursor, draws.n_remaining[k])
        if draw == EXHAUSTED or ahead == 0:
            break
        candidate = nth_one(draws.remaining[k], draw)
        if draws.minima[k, candidate] == UNKNOWN:
            n = _append(draws, k, candidate, block, n)
            ahead -= 1
    return n


@inlined
def _evaluate(known, draws, room, n):
    # Computes the minima over X+ of the n candidates of a block.
    n_features = known.slices.shape[1] - 1
    for i in range(n):
        k, candidate = room.block[i]
        complement(known.tiles, draws.ranges[k, 0], candidate, known.bits, room.mask)
        room.lengths[i] = features_of(room.mask, n_features, room.features[i])
        room.minima[i] = room.lengths[i] + 1
    n_tiles = len(known.tiles)
    for group in groups_of(0, n_tiles):
        for i in range(n):
            start, stop = draws.ranges[room.block[i, 0]]
            for first, last in ((0, start), (stop, n_tiles)):
                if first < group * GROUP + GROUP and group * GROUP < last:
                    room.minima[i] = least_of_group(
                        known.slices,
                        group,
                        first,
                        last,
                        room.features[i],
                        room.lengths[i],
                        room.minima[i],
                        room.planes,
                    )
    for i in range(n):
        k, candidate = room.block[i]
        draws.minima[k, candidate] = room.minima[i]
