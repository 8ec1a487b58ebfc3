"""Kernels over packed features that need more of the counts than their minimum.

The layout is that of `memrob.numerics.packed`. Each kernel has a plain NumPy twin in the tests.
"""

import numba
import numpy as np
from numba.core import types

from memrob.numerics.compiled import compiled
from memrob.numerics.packed import COUNTS, LANES, MASKS, TILES, UNBOUNDED, count_lanes

MASK = types.Array(types.uint64, 1, "C", readonly=True)


@compiled(
    numba.void(
        TILES,
        numba.int64,
        numba.int64,
        numba.int64,
        numba.int64,
        MASKS,
        numba.int64[::1],
        numba.int64[:, ::1],
        numba.int64[::1],
    )
)
def masked_ranks(tiles, start, n_points, group, rank, masks, bounds, histograms, n_below):
    """Lower `bounds` to the (rank + 1)-th smallest <mask, feature> of all groups seen so far.

    Parameters
    ----------
    tiles : (n_tiles, n_words, 64) uint64
        Packed features.
    start : int
        Tile of the first point.
    n_points : int
        Number of points, a multiple of `group`; lanes beyond them are passed over.
    group : int
        So many points in a row count once, with their least count.
    rank : int
        Groups that may lie below the bound.
    masks : (n_masks, n_words) uint64
        One mask per row.
    bounds : (n_masks,) int64
        `UNBOUNDED` at first; stays so while no more than `rank` groups were seen.
    histograms : (n_masks, n_features + 1) int64
        How many groups have each count below the bound; zeros at first.
    n_below : (n_masks,) int64
        How many groups lie below the bound; zeros at first.
    """
    counts = np.empty(LANES, np.uint64)
    least = np.full(masks.shape[0], UNBOUNDED)
    for t in range(start, start + (n_points + LANES - 1) // LANES):
        first = (t - start) * LANES
        for m in range(masks.shape[0]):
            bound = np.uint64(bounds[m])
            if count_lanes(tiles[t], masks[m], bound, counts) >= bound and group == 1:
                continue
            # Counts of a tile that lies above the bound as a whole are partial, and above it.
            for lane in range(min(LANES, n_points - first)):
                least[m] = min(least[m], np.int64(counts[lane]))
                if (first + lane + 1) % group == 0:
                    if least[m] < bounds[m]:
                        histograms[m, least[m]] += 1
                        n_below[m] += 1
                        if bounds[m] == UNBOUNDED and n_below[m] > rank:
                            bounds[m] = histograms.shape[1]
                        while n_below[m] > rank:
                            bounds[m] -= 1
                            n_below[m] -= histograms[m, bounds[m]]
                    least[m] = UNBOUNDED


@compiled(numba.void(TILES, numba.int64, numba.int64, MASKS, COUNTS, numba.int64[::1]))
def masked_margins(tiles, start, stop, masks, thresholds, margins):
    """Raise `margins` to the largest threshold - <mask, feature>, for each point.

    Parameters
    ----------
    tiles : (n_tiles, n_words, 64) uint64
        Packed features.
    start, stop : int
        Range of tiles.
    masks : (n_masks, n_words) uint64
        One mask per row.
    thresholds : (n_masks,) int64
        One threshold a mask.
    margins : (64 (stop - start),) int64
        Margins so far, padding lanes included; updated in place.
    """
    counts = np.empty(LANES, np.uint64)
    for t in range(start, stop):
        here = margins[(t - start) * LANES : (t - start + 1) * LANES]
        least = here.min()
        for m in range(masks.shape[0]):
            if thresholds[m] <= least:
                continue
            # At a point whose count reaches the bound, the margin is larger already.
            bound = np.uint64(thresholds[m] - least)
            if count_lanes(tiles[t], masks[m], bound, counts) >= bound:
                continue
            for lane in range(LANES):
                here[lane] = max(here[lane], thresholds[m] - np.int64(counts[lane]))
            least = here.min()


@compiled(numba.void(TILES, numba.int64, numba.int64, MASK, numba.int64[::1]))
def masked_counts(tiles, start, stop, mask, counts):
    """Count <mask, feature> at each point.

    Parameters
    ----------
    tiles : (n_tiles, n_words, 64) uint64
        Packed features.
    start, stop : int
        Range of tiles.
    mask : (n_words,) uint64
        The mask.
    counts : (64 (stop - start),) int64
        Overwritten, padding lanes included.
    """
    here = np.empty(LANES, np.uint64)
    for t in range(start, stop):
        count_lanes(tiles[t], mask, np.uint64(UNBOUNDED), here)
        first = (t - start) * LANES
        for lane in range(LANES):
            counts[first + lane] = np.int64(here[lane])
