"""Least distances: between classes, and between any two points."""

from typing import NamedTuple

import numpy as np
from scipy.spatial import cKDTree

from memrob.complexity.distances import Points
from memrob.errors import UserError


class Separation(NamedTuple):
    """A least distance and the rows of two points that attain it."""

    distance: float
    rows: tuple[int, int]


class NearestByClass(NamedTuple):
    """Of each point the nearest point of every class but its own.

    Attributes
    ----------
    labels : ndarray of shape (K,)
        The classes in increasing order; class c below is labels[c].
    distances : ndarray of shape (N, K), dtype float64
        To the nearest point of class c, infinite for the point's own class.
    indices : ndarray of shape (N, K), dtype int64
        Row of that point, -1 for the point's own class.
    """

    labels: np.ndarray
    distances: np.ndarray
    indices: np.ndarray

    def between(self, rows: np.ndarray, classes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Distance and row of the point nearest to each of `rows` in any of `classes`."""
        distances = self.distances[np.ix_(rows, classes)]
        first = distances.argmin(axis=1)
        at = np.arange(len(rows))
        return distances[at, first], self.indices[rows, np.asarray(classes)[first]]


def nearest_by_class(points: Points, y: np.ndarray) -> NearestByClass:
    """Nearest points of the other classes, of every point.

    Parameters
    ----------
    points : Points
        N points.
    y : ndarray of shape (N,), integer
        Labels, of at least two classes.

    Returns
    -------
    NearestByClass
        The distances are exact in float64; each pair of points is looked at once.

    Raises
    ------
    UserError
        If there are fewer than two classes, or as many labels as points are not given.
    """
    y = np.asarray(y)
    if y.shape != (len(points),):
        raise UserError(f"y: has shape {y.shape}; one label a point, ({len(points)},), is right")
    labels = np.unique(y)
    if len(labels) < 2:
        raise UserError(f"y: holds {len(labels)} class; at least two are needed")
    members = [np.flatnonzero(y == label) for label in labels]
    distances = np.full((len(y), len(labels)), np.inf)
    indices = np.full((len(y), len(labels)), -1, dtype=np.int64)
    for b in range(len(labels)):
        for a in range(b):
            of_a, of_b = points.nearest_both(members[a], members[b])
            distances[members[a], b], indices[members[a], b] = of_a
            distances[members[b], a], indices[members[b], a] = of_b
    return NearestByClass(labels, distances, indices)


def class_separation(X: np.ndarray, y: np.ndarray) -> Separation:
    """delta: least distance between two points of different classes.

    Parameters
    ----------
    X : ndarray of shape (N, d), floating
    y : ndarray of shape (N,), integer

    Returns
    -------
    Separation
        Exact in float64; 0 if a point lies in two classes.

    Raises
    ------
    UserError
        As for `nearest_by_class`.
    """
    return least_distance(nearest_by_class(Points(X), y))


def least_distance(nearest: NearestByClass) -> Separation:
    """The closest pair of points of different classes, in a table of nearest points."""
    row, column = np.unravel_index(np.argmin(nearest.distances), nearest.distances.shape)
    pair = sorted((int(row), int(nearest.indices[row, column])))
    return Separation(float(nearest.distances[row, column]), tuple(pair))


def point_separation(X: np.ndarray) -> Separation:
    """Least distance between two distinct points, whatever their labels.

    This is the delta of worst-case results (`memrob.complexity.capacity`), never larger than
    that between classes. Copies of a point count once.

    Parameters
    ----------
    X : ndarray of shape (N, d), floating

    Returns
    -------
    Separation
        Exact in float64, with rows of `X`.

    Raises
    ------
    UserError
        If there are not two distinct points.
    """
    rows = _first_of_each(X)
    if len(rows) < 2:
        raise UserError(f"X: holds {len(rows)} distinct point; at least two are needed")
    points = Points(X[rows])
    if points.is_low:
        distances, found = cKDTree(points.X).query(points.X, k=2)
        i = int(np.argmin(distances[:, 1]))
        # Of two points at distance 0 up to underflow either may be listed first.
        j = int(found[i, 1] if found[i, 1] != i else found[i, 0])
    else:
        i, j = points.closest_pair()
    distance = float(np.sqrt(points.squared(np.array([i]), np.array([j]))[0]))
    return Separation(distance, tuple(sorted((int(rows[i]), int(rows[j])))))


def _first_of_each(X: np.ndarray) -> np.ndarray:
    """First row of each distinct point, in order."""
    # Adding zero turns -0.0 into 0.0.
    rows = np.ascontiguousarray(X + X.dtype.type(0))
    raw = rows.view(np.dtype((np.void, rows.dtype.itemsize * rows.shape[1]))).ravel()
    return np.sort(np.unique(raw, return_index=True)[1])
