import numpy as np
import orbit_brute as brute
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shifted_signals import CASES, random_signals

from memrob.complexity import distances
from memrob.complexity.distances import Points
from memrob.convolution import geometry
from memrob.convolution.geometry import Orbits
from memrob.convolution.group import ShiftGroup, orbits, shifted
from memrob.errors import UserError

GROUPS = [(group, channels) for group, channels, _ in CASES]
TRIVIAL = ShiftGroup((4, 5), (4, 5))


@st.composite
def signals(draw):
    """Signals with shifted copies and constant ones among them, far from the origin or not."""
    group, channels = draw(st.sampled_from([*GROUPS, (TRIVIAL, 1)]))
    rng = np.random.default_rng(draw(st.integers(0, 2**31)))
    X = rng.standard_normal((30, channels * group.grid_size))
    X[10:13] = X[3:6]
    X[13] = brute.moved(X[:1], group, brute.shifts(group)[-1])[0]
    X[14] = 1.0
    X += draw(st.sampled_from([0.0, 30.0]))
    X *= draw(st.sampled_from([1e-3, 1.0]))
    return X.astype(draw(st.sampled_from([np.float32, np.float64]))), group


def _pairs(n):
    return np.divmod(np.arange(n * n), n)


@settings(max_examples=40, deadline=None)
@given(given_signals=signals())
def test_distances_aligning_shifts_and_nearest_orbits_agree_with_brute_force(given_signals):
    X, group = given_signals
    points = Orbits(X, group)
    exact = brute.distances(X, X, group)
    i, j = _pairs(len(X))
    squares = points.squared(i, j)
    tolerance = {"rtol": 1e-11, "atol": 1e-13 * np.abs(X).max() ** 2}
    np.testing.assert_allclose(squares, exact.ravel() ** 2, **tolerance)
    differences = points.aligned(i, j).astype(float) - X[i]
    np.testing.assert_allclose((differences**2).sum(axis=1), squares, **tolerance)
    rows, columns = np.arange(10), np.arange(10, 30)
    # The last copy of an orbit lies in the columns: ties are by the distance alone.
    (of_rows, indices), (of_columns, back) = points.nearest_both(rows, columns)
    block = exact[:10, 10:]
    tolerance = {"rtol": 1e-11, "atol": 1e-12 * np.abs(X).max()}
    np.testing.assert_allclose(of_rows, block.min(axis=1), **tolerance)
    np.testing.assert_allclose(of_columns, block.min(axis=0), **tolerance)
    np.testing.assert_allclose(exact[rows, indices], of_rows, **tolerance)
    np.testing.assert_allclose(exact[columns, back], of_columns, **tolerance)
    np.testing.assert_array_equal(points.nearest(rows, columns)[0], of_rows)


@settings(max_examples=30, deadline=None)
@given(given_signals=signals())
def test_balls_hold_what_brute_force_says(given_signals):
    X, group = given_signals
    exact = brute.distances(X, X, group)
    rows, columns = np.arange(12), np.arange(30)
    # Radii that reach an orbit, or just do not: closer than float32 can tell.
    radii = np.sort(exact, axis=1)[rows, 10 + rows]
    radii[::2] *= 1 + 1e-9
    radii[1::2] *= 1 - 1e-9
    found = Orbits(X, group).within(rows, columns, radii)
    np.testing.assert_array_equal(found, exact[rows] <= radii[:, None])


@pytest.mark.parametrize("length", [1, 2, 16, 53, 97, 101, 128, 210])
def test_approximate_squares_are_within_the_slack(length):
    rng = np.random.default_rng(length)
    group = ShiftGroup.full((length,))
    X = rng.standard_normal((40, 3 * length)).astype(np.float32)
    X[:10] = np.arange(3 * length) % np.arange(2, 12)[:, None]
    X[10:20, rng.integers(3 * length, size=10)] += 100
    points = Orbits(X, group)
    everything = np.arange(len(X))
    found = points.approximate(everything)(everything)
    exact = brute.distances(X, X, group) ** 2
    assert np.abs(found - exact).max() < 0.1 * points.slack


@pytest.mark.parametrize(("group", "channels"), GROUPS)
def test_blocks_make_no_difference(group, channels, monkeypatch):
    X = random_signals(group, channels)
    rows, columns = np.arange(0, 40, 2), np.arange(1, 40, 2)
    whole = Orbits(X, group)
    nearest = whole.nearest_both(rows, columns)
    radii = nearest[0][0] * 1.2
    balls = whole.within(rows, columns, radii)
    monkeypatch.setattr(geometry, "TILE_ELEMENTS", 50)
    monkeypatch.setattr(geometry, "DIFFERENCE_ELEMENTS", 70)
    monkeypatch.setattr(distances, "BLOCK_ELEMENTS", 60)
    small = Orbits(X, group)
    for one, other in zip(nearest, small.nearest_both(rows, columns), strict=True):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(small.within(rows, columns, radii), balls)


@pytest.mark.parametrize(("group", "channels"), GROUPS)
def test_distance_is_a_metric_that_no_shift_changes(group, channels):
    X = random_signals(group, channels, n_points=12)
    i, j = _pairs(len(X))
    found = np.sqrt(Orbits(X, group).squared(i, j)).reshape(12, 12)
    assert (np.diag(found) == 0).all()
    np.testing.assert_array_equal(found, found.T)
    assert (found[:, None] <= found[:, :, None] + found[None] + 1e-12).all()
    moved = np.array([shifted(x[None], group, k % group.order)[0] for k, x in enumerate(X)])
    after = np.sqrt(Orbits(moved, group).squared(i, j)).reshape(12, 12)
    np.testing.assert_allclose(after, found, rtol=1e-12)


def test_aligning_shifts_undo_a_shift():
    group = ShiftGroup((8, 6), (2, 1))
    X = random_signals(group, 2, n_points=1)
    every = orbits(X, group)[0]
    i, j = np.zeros(group.order, dtype=int), np.arange(group.order)
    points = Orbits(every, group)
    np.testing.assert_array_equal(points.aligned(i, j), np.repeat(X, group.order, axis=0))
    # The other way round, the shift of row k is the k-th of the group.
    np.testing.assert_array_equal(points.aligning_shifts(j, i), j)
    assert (points.aligning_shifts(j, j) == 0).all()


def test_with_the_trivial_group_distances_are_those_of_points():
    X = random_signals(TRIVIAL, 2)
    rows, columns = np.arange(15), np.arange(15, 40)
    orbit, point = Orbits(X, TRIVIAL), Points(X)
    for one, other in zip(
        orbit.nearest_both(rows, columns), point.nearest_both(rows, columns), strict=True
    ):
        np.testing.assert_allclose(one[0], other[0], rtol=1e-14)
        np.testing.assert_array_equal(one[1], other[1])
    np.testing.assert_array_equal(orbit.aligned(rows, columns[:15]), X[columns[:15]])


def test_signals_that_do_not_fill_the_grid_are_refused():
    with pytest.raises(UserError, match="grid_shape"):
        Orbits(np.zeros((3, 10), dtype=np.float32), ShiftGroup.full((4,)))
