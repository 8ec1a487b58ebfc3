"""Plain NumPy twins of the kernels in `memrob.numerics.packed`: slow, and obviously right.

They work on the unpacked features, a boolean matrix with one row a point.
"""

import numpy as np


def masked_minima(features: np.ndarray, masks: np.ndarray) -> np.ndarray:
    """Least <mask, feature> over the points: (n_points, n), (n_masks, n) bool -> (n_masks,) int."""
    return (masks.astype(np.int64) @ features.astype(np.int64).T).min(axis=1)


def masked_below(features: np.ndarray, masks: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
    """Whether <mask, feature> < threshold, as a (n_masks, n_points) boolean matrix."""
    return masks.astype(np.int64) @ features.astype(np.int64).T < thresholds[:, None]


def threshold_features(X: np.ndarray, weights: np.ndarray, biases: np.ndarray) -> np.ndarray:
    """Threshold activation of the first layer, one row a point: (N, d) -> (N, n) bool."""
    return X @ weights.T + biases > 0
