"""Whether a covering is one: the definition, checked by distances of all pairs."""

import numpy as np
from scipy.spatial.distance import cdist

from memrob.complexity.covering import MutualCovering, Pieces, admissible_radius

MOST_NUMBERS = 500_000_000
"""Differences of coordinates for each class at most."""

ROUNDING = 1e-6
"""Relative; distances of float32 points by another formula differ by less."""


def conditions_hold(covering: MutualCovering, X_minus: np.ndarray, X_plus: np.ndarray) -> bool:
    """Check the definition of a mutual covering anew, by distances in float64.

    Parameters
    ----------
    covering : MutualCovering
    X_minus, X_plus : ndarray of shape (n, d) and (m, d), floating
        The classes that it covers.

    Returns
    -------
    bool
        Whether every point lies in the ball of its piece and every radius is admissible for the
        distance of its centre to the nearest centre of the other class. All points are checked,
        and of the centres as many, evenly spread, as `MOST_NUMBERS` allows.
    """
    sides = (covering.minus, X_minus), (covering.plus, X_plus)
    centres = [X[pieces.centres].astype(np.float64) for pieces, X in sides]
    return all(
        _covers(pieces, X) and _admissible(covering, pieces, own, other)
        for (pieces, X), own, other in zip(sides, centres, centres[::-1], strict=True)
    )


def _covers(pieces: Pieces, X: np.ndarray) -> bool:
    if len(pieces.assignment) != len(X) or (pieces.assignment < 0).any():
        return False
    for start in range(0, len(X), 4096):
        owners = pieces.assignment[start : start + 4096]
        steps = X[start : start + 4096].astype(np.float64) - X[pieces.centres[owners]]
        if (np.linalg.norm(steps, axis=1) > pieces.radii[owners] * (1 + ROUNDING)).any():
            return False
    return True


def _admissible(
    covering: MutualCovering, pieces: Pieces, own: np.ndarray, other: np.ndarray
) -> bool:
    step = max(1, -(-own.size * len(other) // MOST_NUMBERS))
    distances = np.concatenate(
        [
            cdist(own[start : start + 64 * step : step], other).min(axis=1)
            for start in range(0, len(own), 64 * step)
        ]
    )
    most = admissible_radius(distances, covering.max_bias, covering.constant)
    return bool((pieces.radii[::step] <= most * (1 + ROUNDING)).all())
