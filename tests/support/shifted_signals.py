"""Groups and signals that several tests share."""

import numpy as np

from memrob.convolution.group import ShiftGroup

# (group, channels, filter size): one and more axes and channels, strides, small filters.
CASES = [
    (ShiftGroup((12,), (1,)), 1, None),
    (ShiftGroup((12,), (3,)), 2, 5),
    (ShiftGroup((4, 6), (1, 1)), 1, None),
    (ShiftGroup((4, 6), (2, 3)), 3, None),
    (ShiftGroup((8, 8), (1, 2)), 2, 3),
    (ShiftGroup((2, 3, 4), (1, 1, 2)), 1, 3),
    (ShiftGroup((5,), (5,)), 2, None),
]


def random_signals(group, channels, n_points=40, seed=0):
    """Signals of norm about 1."""
    d = channels * group.grid_size
    return np.random.default_rng(seed).normal(0, d**-0.5, (n_points, d)).astype(np.float32)


def two_classes(group, channels, n_points=40, seed=0):
    """Signals of norm about 1 and labels that have nothing to do with them."""
    return random_signals(group, channels, n_points, seed), np.arange(n_points) % 2


def bits_of(features, k, group):
    """Packed features as booleans, (N, |S|, n)."""
    unpacked = features.unpacked(k)
    return unpacked.reshape(-1, group.order, unpacked.shape[1])
