"""Least angles: between points of different classes, and between any two.

Hyperplanes through the origin (lambda = 0) see directions only: the probability that one of them
separates two points is their angle over pi. The angle is read off the chord c between the unit
vectors, 2 arcsin(c / 2), which keeps its digits where an arccosine would lose them.
"""

from typing import NamedTuple

import numpy as np

from memrob.complexity.distances import Points, split
from memrob.complexity.separation import (
    Separation,
    least_distance,
    nearest_by_class,
    point_separation,
)
from memrob.errors import UserError

SAMPLE = 2000
"""Points whose least chord bounds that of all from above."""


class Angle(NamedTuple):
    """A least angle in radians and the rows of two points that attain it."""

    radians: float
    rows: tuple[int, int]


def class_angle(X: np.ndarray, y: np.ndarray) -> Angle:
    """Least angle between two points of different classes, seen from the origin.

    Parameters
    ----------
    X : ndarray of shape (N, d), floating
        A point at the origin has no direction and is left out.
    y : ndarray of shape (N,), integer

    Returns
    -------
    Angle
        Exact up to the rounding of unit vectors in float64, some 1e-16 in absolute terms.

    Raises
    ------
    UserError
        If there are not two classes with points away from the origin.
    """
    y = np.asarray(y)
    norms = np.sqrt(np.einsum("nd,nd->n", X, X, dtype=np.float64))
    rows = np.flatnonzero(norms > 0)
    if len(np.unique(y[rows])) < 2:
        raise UserError("y: two classes with points away from the origin are needed")
    points = Points(X[rows] / norms[rows, None])
    return _angle(_least_chord(points, y[rows]), rows)


def point_angle(X: np.ndarray) -> Angle:
    """Least angle between two points of different directions, whatever their labels.

    Parameters
    ----------
    X : ndarray of shape (N, d), floating
        A point at the origin has no direction and is left out.

    Returns
    -------
    Angle
        Exact up to the rounding of unit vectors in float64, some 1e-16 in absolute terms.

    Raises
    ------
    UserError
        If there are not two directions.
    """
    norms = np.sqrt(np.einsum("nd,nd->n", X, X, dtype=np.float64))
    rows = np.flatnonzero(norms > 0)
    return _angle(point_separation(X[rows] / norms[rows, None]), rows)


def separation_probability(radians: float, first_width: np.ndarray | int) -> np.ndarray:
    """Probability that some of n hyperplanes through the origin separates two points (own).

    One of them has the first point on its zero side and the second on its one side with
    probability theta / (2 pi), theta the angle between the points. No network with maximal bias 0
    interpolates with a larger probability than that of the smallest angle between classes.

    Parameters
    ----------
    radians : float
        theta, in [0, pi].
    first_width : int or ndarray of int
        n.
    """
    return -np.expm1(np.asarray(first_width) * np.log1p(-radians / (2 * np.pi)))


def _angle(chord: Separation, rows: np.ndarray) -> Angle:
    i, j = chord.rows
    radians = 2 * np.arcsin(min(1.0, chord.distance / 2))
    return Angle(float(radians), tuple(sorted((int(rows[i]), int(rows[j])))))


def _least_chord(points: Points, y: np.ndarray) -> Separation:
    if points.is_low or len(y) <= SAMPLE:
        return least_distance(nearest_by_class(points, y))
    least = _of_sample(points, y)
    labels = np.unique(y)
    for label in labels[:-1]:
        own, later = np.flatnonzero(y == label), np.flatnonzero(y > label)
        for _, part in split(own, len(later)):
            least = _closer_pair(points, part, later, least)
    return least


def _of_sample(points: Points, y: np.ndarray) -> Separation:
    """A pair of different classes that is close, to begin with."""
    sample = np.concatenate(
        [np.flatnonzero(y == label)[:: max(1, len(y) // SAMPLE)] for label in np.unique(y)]
    )
    found = least_distance(nearest_by_class(Points(points.X[sample]), y[sample]))
    return Separation(found.distance, (int(sample[found.rows[0]]), int(sample[found.rows[1]])))


def _closer_pair(
    points: Points, rows: np.ndarray, columns: np.ndarray, least: Separation
) -> Separation:
    """The closest of the pairs in rows x columns, and of `least`."""
    inside = points.within(rows, columns, np.full(len(rows), least.distance))
    i, j = np.nonzero(inside)
    if not len(i):
        return least
    squares = points.squared(rows[i], columns[j])
    k = int(np.argmin(squares))
    distance = float(np.sqrt(squares[k]))
    if distance >= least.distance:
        return least
    return Separation(distance, (int(rows[i[k]]), int(columns[j[k]])))
