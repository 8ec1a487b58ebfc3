import complexity_brute as brute
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memrob.complexity import distances
from memrob.complexity.distances import Points

DIMS = [1, 2, distances.TREE_DIMENSION, distances.TREE_DIMENSION + 1, 60]


def _cloud(seed, n, dim, scale=1.0, offset=0.0):
    X = np.random.default_rng(seed).standard_normal((n, dim)) * scale + offset
    return X.astype(np.float32)


@pytest.mark.parametrize("dim", DIMS)
@pytest.mark.usefixtures("small_blocks")
def test_nearest_both_ways_and_one_way(dim):
    X = _cloud(1, 130, dim)
    points, rows, columns = Points(X), np.arange(0, 130, 2), np.arange(1, 130, 2)
    exact = brute.distances(X[rows], X[columns])
    one_way = points.nearest(rows, columns)
    for (found, indices), axis, own, other in [
        (one_way, 1, rows, columns),
        (points.nearest_both(rows, columns)[0], 1, rows, columns),
        (points.nearest_both(rows, columns)[1], 0, columns, rows),
    ]:
        np.testing.assert_allclose(found, exact.min(axis=axis), rtol=1e-12)
        np.testing.assert_array_equal(indices, other[exact.argmin(axis=axis)])
        assert len(found) == len(own)


@pytest.mark.parametrize("dim", DIMS)
def test_nearest_is_exact_where_float32_products_are_not(dim):
    # Pairs whose distances differ by less than the rounding of the products.
    X = np.concatenate([_cloud(2, 40, dim, scale=1e-4, offset=1), _cloud(3, 40, dim, scale=5)])
    X = X.astype(np.float64)
    points, rows, columns = Points(X), np.arange(20), np.arange(20, 80)
    found, indices = points.nearest(rows, columns)
    exact = brute.distances(X[rows], X[columns])
    np.testing.assert_allclose(found, exact.min(axis=1), rtol=1e-12)
    np.testing.assert_array_equal(indices, columns[exact.argmin(axis=1)])


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**31),
    dim=st.sampled_from(DIMS),
    dense=st.sampled_from([0.0, 0.02, 1.0]),
    scale=st.sampled_from([1e-3, 1.0, 1e3]),
)
def test_within_agrees_with_brute_force(seed, dim, dense, scale):
    X = _cloud(seed, 60, dim, scale).astype(np.float64)
    rows, columns = np.arange(25), np.arange(60)
    exact = brute.distances(X[rows], X[columns])
    # Radii that reach a point, or just do not: closer than float32 products can tell.
    radii = np.sort(exact, axis=1)[np.arange(25), np.arange(25)]
    radii[::2] *= 1 + 1e-12
    radii[1::2] *= 1 - 1e-9
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(distances, "DENSE_FRACTION", dense)
        found = Points(X).within(rows, columns, radii)
    np.testing.assert_array_equal(found, exact <= radii[:, None])


def test_ball_of_radius_zero_holds_its_centre_and_copies():
    X = np.repeat(_cloud(4, 5, 30), 2, axis=0)
    found = Points(X).within(np.arange(10), np.arange(10), np.zeros(10))
    np.testing.assert_array_equal(found, np.kron(np.eye(5), np.ones((2, 2))).astype(bool))


@pytest.mark.usefixtures("small_blocks")
def test_closest_pair():
    X = _cloud(5, 90, 20)
    exact = brute.distances(X, X)
    np.fill_diagonal(exact, np.inf)
    assert exact[Points(X).closest_pair()] == exact.min()
