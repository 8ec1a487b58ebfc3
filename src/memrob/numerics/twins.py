"""Plain NumPy twins of the kernels in `memrob.numerics.packed`: slow, and obviously right.

They work on the unpacked features, a boolean matrix with one row a point.
"""

import numpy as np

from memrob.numerics.packed import LANES, WORD_BITS


def unpack(tiles: np.ndarray, n_features: int) -> np.ndarray:
    """Features of every lane as a (64 n_tiles, n_features) boolean matrix."""
    n_tiles, n_words, _ = tiles.shape
    words = np.ascontiguousarray(tiles.transpose(0, 2, 1)).reshape(n_tiles * LANES, n_words)
    return unpack_words(words, n_features)


def unpack_words(words: np.ndarray, n_features: int) -> np.ndarray:
    """Rows of packed words, (n_rows, n_words) uint64, as a (n_rows, n_features) boolean matrix."""
    octets = words.astype("<u8").view(np.uint8)
    return np.unpackbits(octets, axis=1, count=n_features, bitorder="little").astype(bool)


def pack_words(rows: np.ndarray, n_words: int) -> np.ndarray:
    """Boolean rows, (n_rows, n_features), as (n_rows, n_words) uint64 words, padded with zeros."""
    padded = np.zeros((len(rows), n_words * WORD_BITS), dtype=bool)
    padded[:, : rows.shape[1]] = rows
    return np.packbits(padded, axis=1, bitorder="little").view("<u8").astype(np.uint64)


def masked_minima(features: np.ndarray, masks: np.ndarray) -> np.ndarray:
    """Least <mask, feature> over the points: (n_points, n), (n_masks, n) bool -> (n_masks,) int."""
    return (masks.astype(np.int64) @ features.astype(np.int64).T).min(axis=1)


def masked_below(features: np.ndarray, masks: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
    """Whether <mask, feature> < threshold, as a (n_masks, n_points) boolean matrix."""
    return masks.astype(np.int64) @ features.astype(np.int64).T < thresholds[:, None]


def threshold_features(X: np.ndarray, weights: np.ndarray, biases: np.ndarray) -> np.ndarray:
    """Threshold activation of the first layer, one row a point: (N, d) -> (N, n) bool."""
    return X @ weights.T + biases > 0
