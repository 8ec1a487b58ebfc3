"""Convolutional layer: both ways to compute it, against one roll a shift."""

import invariant_twin as twin
import numpy as np
import pytest
from shifted_signals import CASES, bits_of, random_signals

from memrob.convolution import first_layer
from memrob.convolution.first_layer import (
    ConvolutionalLayer,
    evenly_splitting_filters_first,
    preactivations_of,
    sample_convolutional_layer,
    shift_features,
)
from memrob.convolution.group import ShiftGroup
from memrob.convolution.preactivations import DirectProducts, FourierProducts
from memrob.errors import UserError
from memrob.interpolation.first_layer import sample_first_layer

WAYS = [DirectProducts, FourierProducts]


def _layer(group, channels, filter_size, n=70, seed=5):
    rng = np.random.default_rng(seed)
    return sample_convolutional_layer(rng, n, channels, group, 0.5, filter_size)


def _integer_layer(group, channels, filter_size):
    # Sums of small integers are off half-integers by more than any rounding.
    layer = _layer(group, channels, filter_size)
    weights = np.rint(2 * layer.weights)
    return ConvolutionalLayer(
        weights, np.rint(layer.biases * 8) + np.float32(0.5), group, layer.filter_shape, channels
    )


def _integer_signals(group, channels, n_points):
    return np.rint(3 * random_signals(group, channels, n_points) * group.grid_size**0.5)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("group", "channels", "filter_size"), CASES)
def test_features_are_those_of_rolled_signals(way, group, channels, filter_size, monkeypatch):
    monkeypatch.setattr(first_layer, "preactivations_of", way)
    layer = _integer_layer(group, channels, filter_size)
    X = _integer_signals(group, channels, 75)
    classes = [np.arange(0, 75, 2), np.arange(1, 75, 2)]

    features = shift_features(layer, X, classes)

    expected = twin.products(X, layer.hyperplanes, group.shifts, group.grid_shape) > -layer.biases
    assert 0.2 < expected.mean() < 0.8
    for k, rows in enumerate(classes):
        np.testing.assert_array_equal(bits_of(features, k, group), expected[rows])


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("group", "channels", "filter_size"), CASES)
def test_products_are_near_those_in_double_precision(way, group, channels, filter_size):
    layer = _layer(group, channels, filter_size)
    X = random_signals(group, channels, 4)
    found = np.concatenate([values for _, values in way(layer).chunks(X)])
    expected = twin.products(X, layer.hyperplanes, group.shifts, group.grid_shape)

    np.testing.assert_allclose(found, expected.reshape(-1, layer.width).T, atol=1e-5)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("group", "channels", "filter_size"), CASES)
def test_rounding_does_not_depend_on_the_place(way, group, channels, filter_size, monkeypatch):
    # With a bias that is minus a product, the feature depends on the last bit of the product.
    monkeypatch.setattr(first_layer, "preactivations_of", way)
    layer = _layer(group, channels, filter_size)
    X = random_signals(group, channels, 3)
    order = np.random.default_rng(0).integers(0, 3, 150)
    values = np.concatenate([values for _, values in way(layer).chunks(X[:3])])
    layer.biases[:] = -values[:, 0]

    alone = shift_features(layer, X[:1], [np.arange(1)])
    together = shift_features(layer, X[order], [np.arange(len(order))])

    found = bits_of(together, 0, group)[order == 0]
    assert len(found) > 30
    np.testing.assert_array_equal(found, np.tile(bits_of(alone, 0, group), (len(found), 1, 1)))


def test_spare_lanes_and_words_beyond_the_last_filter():
    group = ShiftGroup((12,), (1,))
    layer = _layer(group, 1, None, n=70)
    features = shift_features(layer, random_signals(group, 1, 7), [np.arange(7)])

    assert features.class_sizes == (84,)
    assert features.tiles.shape == (2, 4, 64)
    assert (features.tiles[1, 0, 20:] == np.uint64(2**64 - 1)).all()
    assert (features.tiles[:, 1] >> np.uint64(6) == 0).all()
    assert (features.tiles[:, 2:] == 0).all()


def test_cheaper_way():
    images = ShiftGroup.full((32, 32))
    assert isinstance(preactivations_of(_layer(images, 1, None, n=2)), FourierProducts)
    assert isinstance(preactivations_of(_layer(images, 3, 5, n=2)), DirectProducts)
    few = ShiftGroup.of_order((32, 32), 16)
    assert isinstance(preactivations_of(_layer(few, 1, None, n=2)), DirectProducts)


def test_filters_are_drawn_as_hyperplanes_are():
    group = ShiftGroup((4, 6), (2, 3))
    layer = _layer(group, 3, None, n=9, seed=1)
    plain = sample_first_layer(np.random.default_rng(1), 9, 72, 0.5)

    np.testing.assert_array_equal(layer.weights, plain.weights)
    np.testing.assert_array_equal(layer.biases, plain.biases)
    np.testing.assert_array_equal(layer.hyperplanes, plain.weights)


def test_small_filters_lie_in_the_corner():
    layer = _layer(ShiftGroup.full((2, 4)), 2, 3, n=1)

    assert layer.filters.shape == (1, 2, 2, 3)
    on_grid = layer.hyperplanes.reshape(2, 2, 4)
    np.testing.assert_array_equal(on_grid[:, :, :3], layer.filters[0])
    assert (on_grid[:, :, 3] == 0).all()


@pytest.mark.parametrize("filter_size", [0, 9])
def test_filter_size_out_of_range(filter_size):
    with pytest.raises(
        UserError, match=r"filter_size: is \d; it must be an integer between 1 and 8"
    ):
        _layer(ShiftGroup.full((4, 8)), 1, filter_size)


def test_features_that_take_too_much_memory(monkeypatch):
    group = ShiftGroup.full((12,))
    monkeypatch.setattr(first_layer, "LARGEST_BYTES", 4000)
    with pytest.raises(UserError, match=r"first_width: .* take 0.0 GB, more than 4e-06 GB"):
        shift_features(_layer(group, 1, None), random_signals(group, 1, 7), [np.arange(7)])


@pytest.mark.parametrize(("group", "channels", "filter_size"), CASES)
def test_order_of_filters_keeps_each_with_its_bias(group, channels, filter_size):
    layer = _layer(group, channels, filter_size)
    ordered = evenly_splitting_filters_first(layer, random_signals(group, channels))

    rows = {
        bias: weights.tobytes() for bias, weights in zip(layer.biases, layer.weights, strict=True)
    }
    assert len(rows) == layer.width
    for bias, weights in zip(ordered.biases, ordered.weights, strict=True):
        assert rows[bias] == weights.tobytes()


def test_evenly_splitting_filters_come_first():
    group = ShiftGroup.full((12,))
    layer = _layer(group, 1, None)
    layer.biases[:5] = 100
    ordered = evenly_splitting_filters_first(layer, random_signals(group, 1, 2000))

    assert set(ordered.biases[-5:]) == {100}
