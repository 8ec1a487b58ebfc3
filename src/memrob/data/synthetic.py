"""Data sets made of formulas and random numbers: two moons and two parallel lines."""

import numpy as np

from memrob.data.dataset import Dataset, normalise

_LINE_POINTS = 10
_LINE_DISTANCE = 0.1


def moons(n_samples: int) -> Dataset:
    """Two interleaved half circles with noise, scaled to the unit disc.

    Parameters
    ----------
    n_samples : int
        Number of points, half of them a class.

    Returns
    -------
    Dataset
        The points of ``make_moons(n_samples, noise=0.05, random_state=0)``; the lower moon has
        label 1 and is X-. They come shuffled, so a prefix is a random subset.
    """
    from sklearn.datasets import make_moons

    X, y = make_moons(n_samples, noise=0.05, random_state=0)
    return Dataset(normalise(X), y.astype(np.int64))


def lines() -> Dataset:
    """Two parallel segments of ten equispaced points each, 0.1 apart, not normalised.

    Returns
    -------
    Dataset
        Points (t, -0.05) with label 1, which are X-, then points (t, 0.05) with label 0, for ten
        equispaced t from -1 to 1.
    """
    t = np.linspace(-1, 1, _LINE_POINTS)
    height = np.full(_LINE_POINTS, _LINE_DISTANCE / 2)
    X = np.concatenate([np.column_stack([t, -height]), np.column_stack([t, height])])
    return Dataset(X.astype(np.float32), np.repeat([1, 0], _LINE_POINTS).astype(np.int64))
