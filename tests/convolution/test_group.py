"""Groups of shifts: against np.roll, and canonical points of orbits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memrob.convolution.group import ShiftGroup, orbits, representatives, shifted
from memrob.errors import UserError

GROUPS = [
    ShiftGroup((6,), (1,)),
    ShiftGroup((8,), (2,)),
    ShiftGroup((4, 6), (1, 1)),
    ShiftGroup((4, 6), (2, 3)),
    ShiftGroup((2, 3, 4), (1, 3, 2)),
]


def test_shifts_begin_with_none_and_are_row_major():
    group = ShiftGroup((4, 6), (2, 3))

    assert group.order == 4
    assert group.grid_size == 24
    np.testing.assert_array_equal(group.shifts, [[0, 0], [0, 3], [2, 0], [2, 3]])
    assert group.shifts.dtype == np.int64


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("channels", [1, 2])
def test_shifted_rolls_every_channel(group, channels):
    X = np.random.default_rng(1).normal(size=(3, channels * group.grid_size)).astype(np.float32)
    for k, shift in enumerate(group.shifts):
        moved = shifted(X, group, k).reshape(3, channels, *group.grid_shape)
        for n in range(3):
            for c in range(channels):
                signal = X.reshape(3, channels, *group.grid_shape)[n, c]
                expected = np.roll(signal, shift, tuple(range(len(shift))))
                np.testing.assert_array_equal(moved[n, c], expected)


@pytest.mark.parametrize("group", GROUPS)
def test_shift_takes_values_from_its_sources(group):
    X = np.arange(group.grid_size, dtype=np.float32)[None]
    for position in range(group.grid_size):
        expected = orbits(X, group)[0, :, position]
        np.testing.assert_array_equal(group.sources(position), expected)


def test_orbits_hold_all_shifts():
    group = ShiftGroup((4, 6), (2, 3))
    X = np.random.default_rng(2).normal(size=(5, 24)).astype(np.float32)
    out = orbits(X, group)

    assert out.shape == (5, 4, 24)
    assert out.dtype == np.float32
    np.testing.assert_array_equal(out[:, 0], X)
    np.testing.assert_array_equal(out[:, 2], shifted(X, group, 2))


@settings(max_examples=60, deadline=None)
@given(
    group=st.sampled_from(GROUPS),
    channels=st.integers(1, 2),
    values=st.sampled_from([[0.0, -0.0, 1.0], [0.0, 1.0, 2.0, 3.0, 4.0], [1.0]]),
    seed=st.integers(0, 1000),
)
def test_representative_is_the_largest_shift(group, channels, values, seed):
    rng = np.random.default_rng(seed)
    X = rng.choice(np.array(values, np.float32), (4, channels * group.grid_size))
    expected = [max(map(tuple, orbit)) for orbit in (orbits(X, group) + 0.0)]

    found = representatives(X, group)

    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, expected)
    assert not np.signbit(found).any()


@pytest.mark.parametrize("group", GROUPS)
def test_representative_is_one_for_the_whole_orbit(group, monkeypatch):
    monkeypatch.setattr("memrob.convolution.group.PAIRS_A_BLOCK", 3 * group.order)
    X = np.random.default_rng(3).normal(size=(10, 2 * group.grid_size)).astype(np.float32)
    expected = representatives(X, group)
    for k in range(group.order):
        assert representatives(shifted(X, group, k), group).tobytes() == expected.tobytes()


def test_representatives_keep_apart_what_only_shifts_outside_the_group_join():
    group = ShiftGroup((4,), (2,))
    X = np.array([[1, 0, 0, 0], [0, 0, 1, 0], [0, 1, 0, 0]], np.float32)

    found = representatives(X, group)

    np.testing.assert_array_equal(found[0], found[1])
    assert not np.array_equal(found[0], found[2])


@pytest.mark.parametrize("grid_shape", [(64,), (32, 32), (28, 28), (4, 2)])
def test_groups_of_growing_order_are_nested(grid_shape):
    orders = [2**k for k in range(4)]
    before = {(0,) * len(grid_shape)}
    for order in orders:
        group = ShiftGroup.of_order(grid_shape, order)
        shifts = set(map(tuple, group.shifts.tolist()))
        assert len(shifts) == group.order == order
        assert before <= shifts
        before = shifts


def test_order_divides_strides_from_the_last_axis_on():
    assert ShiftGroup.of_order((32, 32), 1).strides == (32, 32)
    assert ShiftGroup.of_order((32, 32), 2).strides == (32, 16)
    assert ShiftGroup.of_order((32, 32), 8).strides == (16, 8)
    assert ShiftGroup.of_order((28, 28), 784) == ShiftGroup.full((28, 28))
    assert ShiftGroup.of_order((2, 8), 8).strides == (1, 2)


def test_no_group_of_an_impossible_order():
    with pytest.raises(UserError, match="n_shifts: no group of 3 shifts"):
        ShiftGroup.of_order((32, 32), 3)
    with pytest.raises(UserError, match="n_shifts: no group of 128 shifts"):
        ShiftGroup.of_order((64,), 128)
    with pytest.raises(UserError, match="n_shifts: is 0"):
        ShiftGroup.of_order((64,), 0)


def test_wrong_grids_and_strides():
    with pytest.raises(UserError, match="strides: 3 does not divide its axis of length 8"):
        ShiftGroup((8,), (3,))
    with pytest.raises(UserError, match="one stride for each axis"):
        ShiftGroup((8, 8), (1,))
    with pytest.raises(UserError, match="grid_shape: is"):
        ShiftGroup.full((0,))
    with pytest.raises(UserError, match="grid_shape: is"):
        ShiftGroup.full((2.5,))
    with pytest.raises(UserError, match="do not divide the 10 features"):
        representatives(np.zeros((2, 10), np.float32), ShiftGroup.full((4,)))
