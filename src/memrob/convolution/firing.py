"""At which signals neurons fire, at one shift or another: global pooling of packed features."""

import numpy as np

from memrob.convolution.first_layer import members_a_tile
from memrob.interpolation.first_layer import PackedFeatures, tiles_of
from memrob.numerics.packed import LANES, masked_below

ANSWERS_A_BLOCK = 1 << 22
"""Approximate number of neurons times signals times shifts that are held unpooled."""


def fired_orbits(
    features: PackedFeatures, k: int, n_shifts: int, masks: np.ndarray, thresholds: np.ndarray
) -> np.ndarray:
    """Whether each neuron fires at some shift of each signal.

    Parameters
    ----------
    features : PackedFeatures
        Of `memrob.convolution.first_layer.shift_features`.
    k : int
        The class whose signals are asked.
    n_shifts : int
        Number of shifts |S|.
    masks : (n_masks, n_words) uint64
        Packed masks u.
    thresholds : (n_masks,) int64
        Minima m; a neuron with threshold 0 never fires.

    Returns
    -------
    (n_masks, n_members) bool
    """
    return np.concatenate(
        [fires.any(axis=2) for fires in _in_blocks(features, k, n_shifts, masks, thresholds)],
        axis=1,
    )


def firing_shifts(
    features: PackedFeatures, k: int, n_shifts: int, masks: np.ndarray, thresholds: np.ndarray
) -> np.ndarray:
    """Whether some neuron fires at each shift of each signal: (n_members, |S|) bool.

    Parameters are those of `fired_orbits`.
    """
    return np.concatenate(
        [fires.any(axis=0) for fires in _in_blocks(features, k, n_shifts, masks, thresholds)]
    )


def _in_blocks(features, k, n_shifts, masks, thresholds):
    start, _ = features.tile_range(k)
    n_members = features.class_sizes[k] // n_shifts
    step = members_a_tile(n_shifts)
    members = step * max(1, ANSWERS_A_BLOCK // (max(1, len(masks)) * n_shifts * step))
    for first in range(0, n_members, members):
        here = min(members, n_members - first)
        tile = start + first * n_shifts // LANES
        n_tiles = tiles_of(here * n_shifts)
        fires = np.empty((len(masks), n_tiles * LANES), dtype=bool)
        masked_below(features.tiles, tile, tile + n_tiles, masks, thresholds, fires)
        yield fires[:, : here * n_shifts].reshape(len(masks), here, n_shifts)
