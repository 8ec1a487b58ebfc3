"""Slow and obviously right counterparts, in float64."""

import math

import numpy as np


def distances(X, Y):
    differences = np.asarray(X, dtype=float)[:, None] - np.asarray(Y, dtype=float)[None]
    return np.sqrt((differences**2).sum(axis=2))


def admissible(distance, max_bias, constant):
    """The definition's radius, the logarithm not below 1."""
    return constant * distance / math.sqrt(max(1.0, math.log(math.e * max_bias / distance)))


def require_mutual_covering(covering, X_minus, X_plus):
    """Every condition of the definition, from the points and the chosen centres alone."""
    centres = X_minus[covering.minus.centres], X_plus[covering.plus.centres]
    sides = (
        (X_minus, covering.minus, centres[0], centres[1]),
        (X_plus, covering.plus, centres[1], centres[0]),
    )
    for X, pieces, own, other in sides:
        assert len(np.unique(pieces.centres)) == len(pieces)
        to_other = distances(own, other).min(axis=1)
        np.testing.assert_allclose(pieces.distances, to_other, rtol=1e-9)
        bounds = [admissible(d, covering.max_bias, covering.constant) for d in to_other]
        assert (pieces.radii <= np.array(bounds) * (1 + 1e-9)).all()
        to_own = distances(X, own)
        assert (to_own <= pieces.radii * (1 + 1e-9)).any(axis=1).all()
        of_piece = to_own[np.arange(len(X)), pieces.assignment]
        assert set(pieces.assignment) == set(range(len(pieces)))
        extents = [of_piece[pieces.assignment == k].max() for k in range(len(pieces))]
        np.testing.assert_allclose(pieces.extents, extents, rtol=1e-9, atol=1e-12)
        assert (pieces.extents <= pieces.radii * (1 + 1e-9)).all()
    np.testing.assert_allclose(covering.separation, distances(*centres).min(), rtol=1e-9)
