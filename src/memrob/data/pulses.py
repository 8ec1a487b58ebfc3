"""Cyclic signals of one bump or of two, to be told apart wherever they lie."""

import numpy as np

from memrob.data.dataset import Dataset, normalise

# Fixed for good: a subset of the first N signals must mean the same signals everywhere.
_SEED = 0
_NOISE = 0.02
_HEIGHTS = (0.5, 1.0)


def pulses(
    n_samples: int,
    grid_shape: tuple[int, ...],
    widths: tuple[float, float],
    gaps: tuple[float, float],
) -> Dataset:
    """Signals on a cyclic grid: one bump (X-, label 1) or two equal ones (X+, label 0).

    A bump is h exp(-t^2 / (2 w^2)) of the cyclic distance t to its centre. Widths w, heights h in
    [0.5, 1], centres on the whole grid, gaps between the two bumps and their directions are
    uniform and independent; every value has Gaussian noise of deviation 0.02.

    Parameters
    ----------
    n_samples : int
        Number of signals, half of them a class.
    grid_shape : tuple of int
        Length of each axis.
    widths : tuple of float
        Range of w, in points of the grid.
    gaps : tuple of float
        Range of the distance of the two centres; up to half the shortest axis.

    Returns
    -------
    Dataset
        Signals in row-major order, normalised; they come shuffled, so a prefix is a random subset.
    """
    rng = np.random.default_rng(_SEED)
    y = rng.permutation(np.arange(n_samples) % 2)
    width = rng.uniform(*widths, n_samples)
    height = rng.uniform(*_HEIGHTS, n_samples)
    centre = rng.uniform(size=(n_samples, len(grid_shape))) * grid_shape
    gap = rng.uniform(*gaps, n_samples)
    direction = rng.standard_normal((n_samples, len(grid_shape)))
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    X = _bumps(grid_shape, centre, width)
    two = y == 0
    second = centre + gap[:, None] * direction
    X[two] += _bumps(grid_shape, second[two], width[two])
    X *= height[:, None]
    X += _NOISE * rng.standard_normal(X.shape)
    return Dataset(normalise(X), y.astype(np.int64))


def _bumps(grid_shape: tuple[int, ...], centres: np.ndarray, widths: np.ndarray) -> np.ndarray:
    """Bumps of height 1, one a row: (n, prod(grid_shape))."""
    squares = np.zeros((len(centres), *(1,) * len(grid_shape)))
    for axis, length in enumerate(grid_shape):
        away = (np.arange(length) - centres[:, axis, None] + length / 2) % length - length / 2
        shape = [len(centres), *(1,) * len(grid_shape)]
        shape[1 + axis] = length
        squares = squares + np.square(away).reshape(shape)
    return np.exp(-squares.reshape(len(centres), -1) / (2 * np.square(widths)[:, None]))
