"""Slow and obviously right counterparts of the geometry of orbits, in float64."""

import itertools
import math

import numpy as np


def shifts(group):
    axes = zip(group.grid_shape, group.strides, strict=True)
    return list(itertools.product(*(range(0, length, stride) for length, stride in axes)))


def moved(X, group, shift):
    """Every signal shifted by `shift`, in float64."""
    grid = np.asarray(X, dtype=float).reshape(len(X), -1, *group.grid_shape)
    axes = tuple(range(2, grid.ndim))
    return np.roll(grid, shift, axes).reshape(len(X), -1)


def distances(X, Y, group):
    """Of orbits, (len(X), len(Y))."""
    X = np.asarray(X, dtype=float)
    found = np.full((len(X), len(Y)), np.inf)
    for shift in shifts(group):
        differences = X[:, None] - moved(Y, group, shift)[None]
        np.minimum(found, (differences**2).sum(axis=2), out=found)
    return np.sqrt(found)


def require_mutual_covering(covering, X_minus, X_plus, group):
    """Every condition of the definition, from the signals and the chosen centres alone."""
    centres = X_minus[covering.minus.centres], X_plus[covering.plus.centres]
    between = distances(*centres, group)
    sides = (
        (X_minus, covering.minus, centres[0], between.min(axis=1)),
        (X_plus, covering.plus, centres[1], between.min(axis=0)),
    )
    for X, pieces, own, to_other in sides:
        np.testing.assert_allclose(pieces.distances, to_other, rtol=1e-9)
        for radius, distance in zip(pieces.radii, to_other, strict=True):
            logarithm = math.log(math.e * covering.max_bias / distance)
            assert radius <= covering.constant * distance / math.sqrt(max(1, logarithm)) + 1e-9
        to_own = distances(X, own, group)
        of_piece = to_own[np.arange(len(X)), pieces.assignment]
        assert set(pieces.assignment) == set(range(len(pieces)))
        assert (of_piece <= pieces.radii[pieces.assignment] + 1e-9).all()
        extents = [of_piece[pieces.assignment == k].max() for k in range(len(pieces))]
        np.testing.assert_allclose(pieces.extents, extents, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(covering.separation, between.min(), rtol=1e-9)
