"""The network: exactly invariant, and what is counted of it."""

import numpy as np
import pytest
from shifted_signals import CASES, random_signals, two_classes

from memrob.convolution import fit, network
from memrob.convolution.first_layer import shift_features
from memrob.convolution.group import ShiftGroup, shifted
from memrob.errors import UserError


def _network(group, channels, filter_size, n_classes=2, first_width=60):
    X, _ = two_classes(group, channels)
    return fit(
        X,
        np.arange(len(X)) % n_classes,
        grid_shape=group.grid_shape,
        strides=group.strides,
        first_width=first_width,
        max_bias=0.5,
        seed=2,
        filter_size=filter_size,
    )


@pytest.mark.parametrize(("group", "channels", "filter_size"), CASES)
@pytest.mark.parametrize("n_classes", [2, 3])
def test_prediction_is_invariant(group, channels, filter_size, n_classes):
    found = _network(group, channels, filter_size, n_classes)
    X = random_signals(group, channels, 300, seed=9)
    expected = found.predict(X)

    assert len(np.unique(expected)) == n_classes
    for k in range(group.order):
        np.testing.assert_array_equal(found.predict(shifted(X, group, k)), expected)


def test_prediction_does_not_depend_on_the_batch(monkeypatch):
    group, channels, filter_size = CASES[2]
    found = _network(group, channels, filter_size)
    X = random_signals(group, channels, 100, seed=9)
    expected = found.predict(X)
    one_by_one = np.concatenate([found.predict(X[i : i + 1]) for i in range(100)])
    monkeypatch.setattr(network, "BYTES_A_BLOCK", 32 * 7 * group.order)

    np.testing.assert_array_equal(one_by_one, expected)
    np.testing.assert_array_equal(found.predict(X), expected)


@pytest.mark.parametrize(("group", "channels", "filter_size"), CASES)
def test_fires_where_the_definition_says(group, channels, filter_size):
    found = _network(group, channels, filter_size)
    X = random_signals(group, channels, 30, seed=9)
    (detector,) = found.detectors
    features = shift_features(found.layer, X, [np.arange(30)]).unpacked(0)
    counts = features.astype(int) @ detector.masks.T.astype(int)
    expected = (counts < detector.thresholds).reshape(30, group.order, -1)

    np.testing.assert_array_equal(detector.firing_shifts(X), expected.any(axis=2))
    np.testing.assert_array_equal(detector.fires(X), expected.any(axis=1))
    np.testing.assert_array_equal(detector.detects(X), expected.any(axis=(1, 2)))
    np.testing.assert_array_equal(found.predict(X), expected.any(axis=(1, 2)))
    assert 0 < expected.any(axis=(1, 2)).mean() < 1


@pytest.mark.parametrize("order", [1, 3, 12])
def test_parameters_do_not_depend_on_the_group(order):
    group = ShiftGroup.of_order((12,), order)
    found = _network(group, 2, None)

    assert found.n_parameters == 60 * (24 + 1) + found.second_width * 61 + 1


def test_parameters_of_small_filters_and_several_detectors():
    found = _network(ShiftGroup.full((4, 6)), 2, 3, n_classes=3)

    assert found.n_parameters == 60 * (2 * 9 + 1) + found.second_width * 61 + 3


def test_signals_of_another_size():
    found = _network(ShiftGroup.full((12,)), 1, 5)
    with pytest.raises(UserError, match="X: has 24 columns; the network takes 12"):
        found.predict(np.zeros((2, 24), np.float32))


def test_no_signals():
    found = _network(ShiftGroup.full((12,)), 1, None)

    assert found.predict(np.zeros((0, 12), np.float32)).shape == (0,)
