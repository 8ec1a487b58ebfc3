"""Mutual coverings of two classes by balls, found greedily ([M], mutual coverings)."""

import math
from dataclasses import dataclass

import numpy as np

from memrob.complexity.distances import BLOCK_ELEMENTS, Points
from memrob.errors import UserError

DEFAULT_CONSTANT = 0.5
"""Factor of the radii, which [M] leaves open: with this one no two balls of different classes
overlap. With 1 second widths above M- were constructed on moons."""

CANDIDATES = 1024
"""Balls among which the one that covers most is taken."""


@dataclass(frozen=True)
class Pieces:
    """The covering of one class by balls around some of its points.

    Attributes
    ----------
    centres : ndarray of shape (M,), dtype int64
        Rows of the class.
    radii : ndarray of shape (M,), dtype float64
        Largest radius that the definition admits, given the centres of the other class.
    extents : ndarray of shape (M,), dtype float64
        Largest distance from the centre to a point of its piece; at most the radius.
    distances : ndarray of shape (M,), dtype float64
        Of the centre to the nearest centre of the other class.
    assignment : ndarray of shape (n,), dtype int64
        Which piece each point of the class belongs to: the pieces are disjoint.
    """

    centres: np.ndarray
    radii: np.ndarray
    extents: np.ndarray
    distances: np.ndarray
    assignment: np.ndarray

    def __len__(self) -> int:
        return len(self.centres)


@dataclass(frozen=True)
class MutualCovering:
    """Coverings of X- and X+ whose radii fit the distances to the other class's centres.

    Attributes
    ----------
    minus, plus : Pieces
        Of X- and X+; their numbers are M- and M+.
    max_bias, constant : float
        lambda, and the factor of the radii, for which it was found.
    """

    minus: Pieces
    plus: Pieces
    max_bias: float
    constant: float

    @property
    def separation(self) -> float:
        """The theorem's delta: least distance between centres of different classes."""
        return float(self.minus.distances.min())


def admissible_radius(
    distances: np.ndarray, max_bias: float, constant: float = DEFAULT_CONSTANT
) -> np.ndarray:
    """Largest radius of a ball whose centre has these distances to the other class's centres.

    constant * D / max(1, log(e lambda / D))^{1/2} for the distance D ([M], Theorem 4, where the
    constant is left open). It increases with D. The logarithm is at least 1 as long as
    D <= lambda, which the theorem's lambda >~ R makes the rule; beyond, 1 stands in for it, so that
    no radius exceeds constant * D.

    Parameters
    ----------
    distances : ndarray, floating
        Positive.
    max_bias : float
        lambda, positive.
    constant : float
        Below 1 no ball reaches a centre of the other class; up to 1/2 no two balls of different
        classes overlap, as either radius is at most half the distance of the centres.

    Returns
    -------
    ndarray of the shape of `distances`, dtype float64
    """
    distances = np.asarray(distances, dtype=np.float64)
    logarithms = 1 + np.log(max_bias / np.minimum(distances, max_bias))
    return constant * distances / np.sqrt(logarithms)


def mutual_covering(
    X_minus: np.ndarray, X_plus: np.ndarray, max_bias: float, constant: float = DEFAULT_CONSTANT
) -> MutualCovering:
    """A mutual covering of two classes, found greedily.

    Parameters
    ----------
    X_minus, X_plus : ndarray of shape (n, d) and (m, d), floating
        Points of the classes, disjoint and not empty.
    max_bias : float
        lambda, positive.
    constant : float
        Factor of the radii, positive; see `admissible_radius`.

    Returns
    -------
    MutualCovering

    Raises
    ------
    UserError
        For an empty class, a point in both, or a `max_bias` or `constant` that is not positive.

    Notes
    -----
    Radii depend on the centres of the other class, which are not known to begin with. The distance
    to all its points is at most that to its centres, and `admissible_radius` increases: radii from
    that distance are admissible whatever the centres will be. So X+ is covered first, with the
    distances to X-; then X-, whose number of pieces bounds the second width, with the distances
    to the centres of X+ as they now stand.
    """
    require_positive("max_bias", max_bias)
    require_positive("constant", constant)
    if len(X_minus) == 0 or len(X_plus) == 0:
        raise UserError("X_minus, X_plus: each class must hold at least one point")
    points = Points(np.concatenate([X_minus, X_plus]))
    minus = np.arange(len(X_minus))
    plus = np.arange(len(X_minus), len(points))
    to_plus, to_minus = points.nearest_both(minus, plus)
    return cover_classes(points, (minus, plus), (to_plus, to_minus), max_bias, constant)


def cover_classes(points, classes, nearest, max_bias, constant=DEFAULT_CONSTANT) -> MutualCovering:
    """`mutual_covering` of two classes among `points` whose distances are known.

    Parameters
    ----------
    points : Points
    classes : tuple of two ndarrays of int64
        Indices of the points of X- and of X+.
    nearest : tuple of two pairs of ndarrays
        For X- and X+, as `Points.nearest` gives them: the distance of each point to the nearest
        point of the other class, and its index.
    max_bias, constant : float

    Returns
    -------
    MutualCovering
    """
    minus, plus = classes
    if min(nearest[0][0].min(), nearest[1][0].min()) == 0:
        i = int(np.argmin(nearest[0][0]))
        raise UserError(f"X_minus: row {i} is also a point of X_plus; classes must be disjoint")
    plus_radii = admissible_radius(nearest[1][0], max_bias, constant)
    plus_centres, plus_assignment = _greedy(points, plus, plus_radii)
    minus_distances = _to_centres(points, minus, nearest[0], plus[plus_centres])
    minus_radii = admissible_radius(minus_distances, max_bias, constant)
    minus_centres, minus_assignment = _greedy(points, minus, minus_radii)
    of_plus = tuple(part[plus_centres] for part in nearest[1])
    plus_distances = _to_centres(points, plus[plus_centres], of_plus, minus[minus_centres])
    sides = (
        (minus, minus_centres, minus_assignment, minus_distances[minus_centres]),
        (plus, plus_centres, plus_assignment, plus_distances),
    )
    pieces = (_pieces(points, *side, max_bias, constant) for side in sides)
    return MutualCovering(*pieces, max_bias, constant)


def _greedy(points, members, radii) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the centres of balls that cover a class, and the ball each point is covered by.

    Large balls come first: of some uncovered points whose balls are largest, that whose ball covers
    most uncovered points is taken as long as any of them is uncovered.
    """
    order = np.argsort(-radii, kind="stable")
    assignment = np.full(len(members), -1)
    centres = []
    while len(order):
        size = max(1, min(CANDIDATES, BLOCK_ELEMENTS // len(order)))
        covers = points.within(members[order[:size]], members[order], radii[order[:size]])
        owners = _take_largest(covers)
        taken, first = np.unique(owners[owners >= 0], return_inverse=True)
        assignment[order[owners >= 0]] = len(centres) + first
        centres.extend(order[taken])
        order = order[owners < 0]
    return np.array(centres), assignment


def _take_largest(covers: np.ndarray) -> np.ndarray:
    """Which of the balls covers each point, -1 for none: (n_balls, n_points) bool -> (n_points,).

    Point i is the centre of ball i. Balls are taken by the number of uncovered points in them
    until all centres are covered.
    """
    owners = np.full(covers.shape[1], -1)
    gains = np.count_nonzero(covers, axis=1)
    while (owners[: len(covers)] < 0).any():
        ball = int(np.argmax(gains))
        newly = np.flatnonzero(covers[ball] & (owners < 0))
        owners[newly] = ball
        gains -= np.count_nonzero(covers[:, newly], axis=1)
    return owners


def _to_centres(points, members, nearest, centres) -> np.ndarray:
    """Distance of each of `members` to the nearest of `centres`, among the other class's points.

    Where the nearest point of that class is a centre, its distance is known already.
    """
    distances, indices = nearest
    is_centre = np.zeros(len(points), dtype=bool)
    is_centre[centres] = True
    found = distances.copy()
    others = np.flatnonzero(~is_centre[indices])
    if len(others):
        found[others] = points.nearest(members[others], centres)[0]
    return found


def _pieces(points, members, centres, assignment, distances, max_bias, constant) -> Pieces:
    squares = points.squared(members, members[centres[assignment]])
    extents = np.zeros(len(centres))
    np.maximum.at(extents, assignment, np.sqrt(squares))
    radii = admissible_radius(distances, max_bias, constant)
    return Pieces(centres, radii, extents, distances, assignment)


def require_positive(name: str, value: float) -> None:
    """Refuse a value that is not a positive number."""
    if not (value > 0 and math.isfinite(value)):
        raise UserError(f"{name}: is {value}; it must be a positive number")
