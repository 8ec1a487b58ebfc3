"""omega: how large the pieces of a mutual covering are ([M], Theorem 11)."""

import numpy as np

from memrob.complexity.covering import MutualCovering, Pieces
from memrob.complexity.mean_width import Estimate, piece_widths

SCREENING_DRAWS = 64
"""Gaussian vectors with which all pieces are compared."""

FINALISTS = 32
"""Pieces of each class, those that seem largest, that are estimated again with fresh vectors."""


def omega(
    covering: MutualCovering,
    X_minus: np.ndarray,
    X_plus: np.ndarray,
    rng: np.random.Generator,
    draws: int = 1000,
) -> tuple[Estimate, Estimate]:
    """omega- and omega+ of a mutual covering; omega is the larger.

    omega- = max over the pieces of X- of w(piece - centre)^2 / D^3, where D is the distance of the
    centre to the nearest centre of X+ and w(A) = E sup |<g, a>| ([M], Theorem 11); omega+
    likewise.

    Parameters
    ----------
    covering : MutualCovering
    X_minus, X_plus : ndarray of shape (n, d) and (m, d), floating
        The classes that it covers.
    rng : numpy.random.Generator
    draws : int
        Gaussian vectors for the finalists.

    Returns
    -------
    tuple of two Estimate
        0 with error 0 for a class whose pieces are single points. The standard error is that of
        the largest piece.

    Notes
    -----
    [M] takes for a piece all points of the class in the ball; ours are disjoint parts of these
    that cover the class as well, which is all that the proof uses, and have smaller widths.
    The largest of several estimates is biased upwards; fresh vectors for the finalists leave of
    this bias the part that is among pieces within their standard errors of each other.
    """
    return (
        _of_class(covering.minus, X_minus, rng, draws),
        _of_class(covering.plus, X_plus, rng, draws),
    )


def _of_class(pieces: Pieces, X: np.ndarray, rng: np.random.Generator, draws: int) -> Estimate:
    cubes = pieces.distances**3
    widths, _ = piece_widths(X, pieces.centres, pieces.assignment, rng, SCREENING_DRAWS)
    finalists = np.argsort(-(widths**2) / cubes, kind="stable")[:FINALISTS]
    number = np.full(len(pieces), -1)
    number[finalists] = np.arange(len(finalists))
    widths, errors = piece_widths(
        X, pieces.centres[finalists], number[pieces.assignment], rng, draws
    )
    scaled = widths**2 / cubes[finalists]
    largest = int(np.argmax(scaled))
    error = 2 * widths[largest] * errors[largest] / cubes[finalists[largest]]
    return Estimate(float(scaled[largest]), float(error))
