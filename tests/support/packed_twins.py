"""Plain NumPy twins of the kernels over packed features: slow, and obviously right.

They work on the unpacked features, a boolean matrix with one row per point.
"""

import numpy as np


def masked_minima(features: np.ndarray, masks: np.ndarray) -> np.ndarray:
    """Least <mask, feature> over the points: (n_points, n), (n_masks, n) bool -> (n_masks,) int."""
    return (masks.astype(np.int64) @ features.astype(np.int64).T).min(axis=1)


def masked_below(features: np.ndarray, masks: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
    """Whether <mask, feature> < threshold, as a (n_masks, n_points) boolean matrix."""
    return masks.astype(np.int64) @ features.astype(np.int64).T < thresholds[:, None]


def threshold_features(X: np.ndarray, weights: np.ndarray, biases: np.ndarray) -> np.ndarray:
    """Threshold activation of the first layer, one row per point: (N, d) -> (N, n) bool."""
    return X @ weights.T + biases > 0


def masked_ranks(features: np.ndarray, masks: np.ndarray, rank: int, group: int) -> np.ndarray:
    """The (rank + 1)-th smallest of the least <mask, feature> over each `group` of points."""
    counts = masks.astype(np.int64) @ features.astype(np.int64).T
    least = counts.reshape(len(masks), -1, group).min(axis=2)
    return np.sort(least, axis=1)[:, rank]


def masked_margins(features: np.ndarray, masks: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
    """Largest threshold - <mask, feature> over the masks: (n_points,) int."""
    counts = masks.astype(np.int64) @ features.astype(np.int64).T
    return (thresholds[:, None] - counts).max(axis=0)


def masked_counts(features: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """<mask, feature> at each point: (n_points, n), (n,) bool -> (n_points,) int."""
    return (features & mask).sum(axis=1)
