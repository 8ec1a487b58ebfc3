import complexity_brute as brute
import numpy as np
import pytest

from memrob.complexity.distances import Points
from memrob.complexity.separation import class_separation, nearest_by_class, point_separation
from memrob.errors import UserError


@pytest.mark.parametrize("dim", [2, 40])
def test_class_separation_of_three_classes(rng, dim):
    X = rng.standard_normal((150, dim)).astype(np.float32)
    y = rng.integers(0, 3, 150) * 5
    exact = brute.distances(X, X)
    exact[y[:, None] == y] = np.inf
    distance, (i, j) = class_separation(X, y)
    np.testing.assert_allclose(distance, exact.min(), rtol=1e-12)
    assert exact[i, j] == exact.min()
    assert i < j


def test_between_takes_the_nearest_of_several_classes(rng):
    X = rng.standard_normal((80, 12))
    y = np.arange(80) % 4
    nearest = nearest_by_class(Points(X), y)
    rows, others = np.flatnonzero(y == 2), np.flatnonzero(y != 2)
    distances, indices = nearest.between(rows, np.array([0, 1, 3]))
    exact = brute.distances(X[rows], X[others])
    np.testing.assert_allclose(distances, exact.min(axis=1), rtol=1e-12)
    np.testing.assert_array_equal(indices, others[exact.argmin(axis=1)])


@pytest.mark.parametrize("dim", [1, 2, 30])
def test_point_separation_counts_copies_once(rng, dim):
    X = rng.standard_normal((60, dim))
    exact = brute.distances(X, X)
    np.fill_diagonal(exact, np.inf)
    copies = np.concatenate([X, X[:7], -0.0 * X[:2], 0.0 * X[:2]])
    exact = min(exact.min(), np.linalg.norm(X, axis=1).min())
    distance, (i, j) = point_separation(copies)
    np.testing.assert_allclose(distance, exact, rtol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(copies[i] - copies[j]), exact, rtol=1e-12)


def test_a_point_in_two_classes_has_separation_zero(rng):
    X = rng.standard_normal((20, 15))
    X[13] = X[4]
    assert class_separation(X, np.arange(20) // 10) == (0.0, (4, 13))


def test_mistakes_are_refused(rng):
    X = rng.standard_normal((6, 2))
    with pytest.raises(UserError, match="y: holds 1 class"):
        class_separation(X, np.zeros(6, int))
    with pytest.raises(UserError, match=r"y: has shape \(5,\)"):
        class_separation(X, np.zeros(5, int))
    with pytest.raises(UserError, match="1 distinct point"):
        point_separation(np.ones((4, 3)))
