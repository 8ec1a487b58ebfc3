import numpy as np
import orbit_brute as brute
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shifted_signals import CASES, random_signals

from memrob.complexity.profile import complexity
from memrob.complexity.theorem import first_width_shape
from memrob.convolution.complexity import (
    augmented_complexity,
    invariant_complexity,
    orbit_separation,
)
from memrob.convolution.group import ShiftGroup, shifted
from memrob.data import build
from memrob.errors import UserError

GROUPS = [(group, channels) for group, channels, _ in CASES]


def _classes(group, channels, n_points=50, seed=0, gap=0.3):
    """Two classes that lie apart in their mean, which no shift changes."""
    y = np.arange(n_points) % 2
    X = random_signals(group, channels, n_points, seed)
    return X + np.float32(gap * X.shape[1] ** -0.5) * y[:, None].astype(np.float32), y


def _moved(X, group, seed):
    shifts = np.random.default_rng(seed).integers(group.order, size=len(X))
    return np.concatenate([shifted(X[i : i + 1], group, k) for i, k in enumerate(shifts)])


@settings(max_examples=25, deadline=None)
@given(
    case=st.sampled_from(GROUPS),
    seed=st.integers(0, 2**31),
    gap=st.sampled_from([0.0, 1.0, 10.0]),
    max_bias=st.sampled_from([0.05, 1.0]),
    constant=st.sampled_from([0.5, 1.0]),
)
def test_every_condition_of_the_definition_holds_between_orbits(
    case, seed, gap, max_bias, constant
):
    X, y = _classes(*case, seed=seed, gap=gap)
    found = invariant_complexity(X, y, case[0], max_bias, constant=constant, draws=2)
    (pair,) = found.classes
    brute.require_mutual_covering(pair.covering, X[y == 1], X[y == 0], case[0])
    assert (pair.M_minus, pair.M_plus) == (len(pair.covering.minus), len(pair.covering.plus))
    least = brute.distances(X[y == 1], X[y == 0], case[0]).min()
    assert pair.separation == pytest.approx(least, rel=1e-11)
    assert orbit_separation(X, y, case[0]).distance == pytest.approx(least, rel=1e-11)


def test_with_the_trivial_group_every_number_is_that_of_the_points():
    group = ShiftGroup((12,), (12,))
    X, y = _classes(group, 2)
    options = {"constant": 1.0, "eta": 0.05, "draws": 50, "seed": 3}
    points = complexity(X, y, 1.0, **options)
    for function in (invariant_complexity, augmented_complexity):
        found = function(X, y, group, 1.0, **options)
        ours, theirs = (f.table().drop(columns="seconds") for f in (found, points))
        np.testing.assert_allclose(ours, theirs, rtol=1e-13)
        assert found.separation.rows == points.separation.rows
        assert found.radius == points.radius
    assert points.classes[0].omega.value > 0


@pytest.mark.parametrize(("group", "channels"), GROUPS)
def test_no_shift_of_the_signals_changes_any_number(group, channels):
    X, y = _classes(group, channels)
    one, other = (
        invariant_complexity(signals, y, group, 1.0, constant=2.0, draws=20)
        for signals in (X, _moved(X, group, 1))
    )
    assert other.table().drop(columns="seconds").equals(one.table().drop(columns="seconds"))
    assert other.radius == one.radius


def test_shifts_of_one_signal_are_one_ball_of_no_extent():
    group = ShiftGroup.full((4, 6))
    templates = random_signals(group, 2, n_points=2)
    X = _moved(np.repeat(templates, 20, axis=0), group, 0)
    y = np.repeat([0, 1], 20)
    (found,) = invariant_complexity(X, y, group, 1.0, draws=10).classes
    assert (found.M_minus, found.M_plus) == (1, 1)
    assert found.omega.value == 0
    assert found.covering.minus.extents.max() == 0
    assert found.n_shifts == 24
    shape = first_width_shape(1, 24, found.separation, 0.0, 1.0, 0.01)
    assert found.first_width == pytest.approx(shape)
    # Without invariance each shift counts.
    (points,) = augmented_complexity(templates, np.array([0, 1]), group, 1.0, draws=10).classes
    assert (points.n_minus, points.n_plus) == (24, 24)
    assert points.M_minus > 1


def test_omega_is_that_of_the_pieces_beside_their_centres():
    group = ShiftGroup.full((64,))
    first, second = (np.exp(-(((np.arange(64) - at) / 4) ** 2)) for at in (10, 30))
    # Which bump is the higher one, where canonical signals begin, is not the same for all.
    tilts = np.linspace(-0.3, 0.3, 7)
    minus = first + second + tilts[:, None] * (first - second)
    plus = minus[:1] - 3
    X = np.concatenate([plus, _moved(minus, group, 0)]).astype(np.float32)
    y = np.array([0, *[1] * 7])
    (found,) = invariant_complexity(X, y, group, 100.0, constant=2.0, draws=4000).classes
    assert found.M_minus == 1
    # The piece lies on one line through its centre: E sup |<g, a>| is its longer part times E |g|.
    away = np.abs(tilts - tilts[found.covering.minus.centres[0]]).max()
    width = away * np.linalg.norm(first - second) * np.sqrt(2 / np.pi)
    expected = width**2 / found.centre_separation**3
    omega = found.omega_minus
    assert abs(omega.value - expected) < 5 * omega.standard_error


def test_pulses_fall_into_fewer_pieces_with_more_shifts_and_more_without_invariance():
    X, y = build("pulses")
    X, y = X[:200], y[:200]
    groups = [ShiftGroup.of_order((64,), order) for order in (1, 8, 64)]
    invariant = [invariant_complexity(X, y, group, 0.5, draws=10) for group in groups]
    augmented = [augmented_complexity(X, y, group, 0.5, draws=10) for group in groups]
    first, second, third = (found.second_width for found in invariant)
    assert first > 2 * second > 4 * third
    first, second, third = (found.second_width for found in augmented)
    assert 2 * first < 2 * second < 2 * third
    for found, points in zip(invariant, augmented, strict=True):
        assert found.separation.distance == pytest.approx(points.separation.distance, rel=1e-11)


def test_mistakes_are_refused():
    group = ShiftGroup.full((6,))
    X, y = _classes(group, 1, n_points=6)
    both = np.concatenate([X, shifted(X[:1], group, 2)])
    with pytest.raises(UserError, match="X, up to shifts: rows 0 and 6"):
        invariant_complexity(both, np.append(y, 1 - y[0]), group, 1.0)
    with pytest.raises(UserError, match="max_bias: is -1"):
        invariant_complexity(X, y, group, -1.0)
    with pytest.raises(UserError, match="grid_shape"):
        invariant_complexity(X[:, :5], y, group, 1.0)
    with pytest.raises(UserError, match="y: has shape"):
        invariant_complexity(X, y[:3], group, 1.0)
    with pytest.raises(UserError, match="X: has shape"):
        augmented_complexity(X[0], y, group, 1.0)
