"""Labelled points and what every data set goes through: scaling to the unit ball, ordering."""

from typing import NamedTuple

import numpy as np

# Rows that are worked on at once, so that no second copy of a large set is held.
BLOCK_ROWS = 1024


class Dataset(NamedTuple):
    """Labelled points.

    Attributes
    ----------
    X : ndarray of shape (N, d), dtype float32
        One point a row.
    y : ndarray of shape (N,), dtype int64
        Labels. With two classes, the larger one is X- and the smaller one X+.
    """

    X: np.ndarray
    y: np.ndarray


def normalise(X: np.ndarray) -> np.ndarray:
    """Divide all points by the largest Euclidean norm, so that they lie in the unit ball.

    The order of operations decides whether published trials come out bit by bit: cast to float32,
    take norms in float32, divide in float32.

    Parameters
    ----------
    X : ndarray of shape (N, d), dtype float32 or float64
        Overwritten if it is float32, so that a large set is not copied.

    Returns
    -------
    ndarray of shape (N, d), dtype float32
        With largest norm 1, up to rounding.
    """
    X = np.asarray(X, dtype=np.float32)
    X /= largest_norm(X)
    return X


def largest_norm(X: np.ndarray) -> np.floating:
    """Largest Euclidean norm of a row, computed in the dtype of `X`, some rows at a time.

    The squares of a row are added one coordinate after the other, each sum rounded. In float32 this
    is the radius that the published images were divided by, `numpy.linalg.norm` of an array in
    column-major order: 17.179039 for MNIST, where pairwise sums give 17.179045 (own finding, by
    replaying published trials). No other order of summation enters, so every machine finds the
    same number.

    Parameters
    ----------
    X : ndarray of shape (N, d), floating

    Returns
    -------
    scalar of the dtype of `X`
    """
    largest = X.dtype.type(0)
    for start in range(0, len(X), BLOCK_ROWS):
        columns = np.ascontiguousarray(X[start : start + BLOCK_ROWS].T)
        sums = np.square(columns[0])
        for column in columns[1:]:
            sums += np.square(column)
        largest = max(largest, sums.max())
    return np.sqrt(largest)


def stratified_order(y: np.ndarray, seed: int) -> np.ndarray:
    """Order of the points in which every prefix holds all classes in proportion.

    The points of each class are shuffled and spread evenly: the point of rank r in a class of size
    m goes to position (r + 1/2) / m on the unit interval. Prefixes are nested by construction, and
    with two classes each holds its share of either, up to half a point.

    Parameters
    ----------
    y : ndarray of shape (N,), integer
        Labels.
    seed : int
        Of the shuffling.

    Returns
    -------
    ndarray of shape (N,), dtype int64
        Indices into `y`, each once.
    """
    rng = np.random.default_rng(seed)
    position = np.empty(len(y))
    for label in np.unique(y):
        members = np.flatnonzero(y == label)
        position[rng.permutation(members)] = (np.arange(len(members)) + 0.5) / len(members)
    return np.argsort(position, kind="stable")
