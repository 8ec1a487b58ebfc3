"""First layer: packing by class, and how often a random hyperplane separates two points."""

import copy

import numpy as np
import packed_twins as twins
import pytest
from exact_points import CLASS_SIZES, SEEDS, exact_points, packed
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from memrob.interpolation.first_layer import (
    FirstLayer,
    evenly_splitting_first,
    feature_bits,
    sample_first_layer,
    threshold_features,
    tiles_of,
    words_of,
)
from memrob.interpolation.second_layer import minima_over_others
from memrob.numerics.bits import pack_words, unpack_words
from memrob.numerics.packed import unpack

quick = settings(deadline=None, max_examples=40)


def test_numbers_of_tiles_and_words():
    assert [tiles_of(n) for n in (0, 1, 63, 64, 65, 128, 129)] == [0, 1, 1, 1, 2, 2, 3]
    assert [words_of(n) for n in (1, 255, 256, 257, 512, 513)] == [4, 4, 4, 8, 8, 12]


@given(st.integers(0, 600), st.integers(0, 3))
def test_feature_bits(n_features, spare):
    n_words = words_of(n_features) + spare
    bits = feature_bits(n_features, n_words)
    ones = unpack_words(bits[None], 64 * n_words)[0]
    assert ones.tolist() == [i < n_features for i in range(64 * n_words)]


@quick
@given(
    st.sampled_from([1, 2, 3, 7]),
    st.sampled_from([1, 63, 64, 65, 255, 256, 257, 513]),
    st.lists(st.one_of(CLASS_SIZES, st.just(1100)), min_size=1, max_size=4),
    st.sampled_from([0.0, 1.0]),
    SEEDS,
)
def test_features_of_classes(input_dim, first_width, sizes, max_bias, seed):
    rng = np.random.default_rng(seed)
    X = exact_points(rng, sum(sizes), input_dim)
    rows = np.split(rng.permutation(len(X)), np.cumsum(sizes)[:-1])
    layer = sample_first_layer(rng, first_width, input_dim, max_bias)
    features = threshold_features(layer, X, rows)
    assert features.class_sizes == tuple(sizes)
    for k, members in enumerate(rows):
        expected = twins.threshold_features(X[members], layer.weights, layer.biases)
        assert np.array_equal(features.unpacked(k), expected)
        assert_padding_holds_ones(features, k)
        some = rng.integers(len(members), size=5)
        masks = features.complement_masks(k, some)
        assert np.array_equal(masks, pack_words(~expected[some], features.tiles.shape[1]))


def assert_padding_holds_ones(features, k):
    start, stop = features.tile_range(k)
    lanes = unpack(features.tiles[start:stop], features.n_features)
    assert len(lanes) - features.class_sizes[k] < 64
    assert lanes[features.class_sizes[k] :].all()


def test_tile_ranges_of_the_others():
    features = packed([np.ones((size, 3), bool) for size in (64, 1, 65)])
    assert [features.tile_range(k) for k in range(3)] == [(0, 1), (1, 2), (2, 4)]
    assert features.other_tile_ranges(0) == [(1, 4)]
    assert features.other_tile_ranges(1) == [(0, 1), (2, 4)]
    assert features.other_tile_ranges(2) == [(0, 2)]


def test_padding_never_attains_a_minimum():
    # The only point of X+ has all features; 63 lanes of padding lie beside it.
    features = packed([np.ones((1, 70), bool), np.zeros((1, 70), bool)])
    masks = features.complement_masks(1, np.array([0]))
    assert minima_over_others(features, 1, masks).tolist() == [70]


def test_draws_of_the_published_trials():
    rng = np.random.default_rng(3)
    expected = copy.deepcopy(rng)
    layer = sample_first_layer(rng, 7, 3, 0.75)
    weights = expected.standard_normal((7, 3), dtype=np.float32)
    biases = (expected.random(7, dtype=np.float32) * 2 - 1) * 0.75
    assert np.array_equal(layer.weights, weights)
    assert np.array_equal(layer.biases, biases.astype(np.float32))
    assert layer.weights.dtype == layer.biases.dtype == np.float32
    assert rng.bit_generator.state == expected.bit_generator.state


@pytest.mark.parametrize("max_bias", [0.0, 0.3])
def test_distribution_of_weights_and_biases(max_bias):
    layer = sample_first_layer(np.random.default_rng(0), 20_000, 2, max_bias)
    assert stats.kstest(layer.weights.ravel(), "norm").pvalue > 1e-3
    assert abs(np.corrcoef(layer.weights.T)[0, 1]) < 4 / np.sqrt(20_000)
    if max_bias == 0:
        assert not layer.biases.any()
    else:
        uniform = stats.uniform(-max_bias, 2 * max_bias)
        assert stats.kstest(layer.biases, uniform.cdf).pvalue > 1e-3


def separating(minus, plus, max_bias, n=1_000_000):
    """Number of hyperplanes with x- on the zero side and x+ on the one side."""
    rng = np.random.default_rng(11)
    layer = sample_first_layer(rng, n, len(minus), max_bias)
    X = np.array([minus, plus], dtype=np.float32)
    features = threshold_features(layer, X, [np.array([0]), np.array([1])])
    return int((~features.unpacked(0) & features.unpacked(1)).sum())


def assert_estimates(count, probability, n=1_000_000):
    z = (count - n * probability) / np.sqrt(n * probability * (1 - probability))
    assert abs(z) < 4


def test_probability_of_separation_with_large_bias():
    # A bias in (-<g, x+>, -<g, x->] separates. When [-lambda, lambda] practically always holds
    # that interval, the probability is E (<g, x+ - x->)_+ / (2 lambda), and the expectation of
    # the positive part of N(0, s^2) is s / sqrt(2 pi).
    minus, plus, max_bias = (0.1, 0.4), (0.6, -0.5), 6.0
    distance = np.hypot(0.5, 0.9)
    probability = distance / np.sqrt(2 * np.pi) / (2 * max_bias)
    assert_estimates(separating(minus, plus, max_bias), probability)


def test_probability_of_separation_without_bias():
    # Then it is the angle between the points over 2 pi.
    assert_estimates(separating((1, 0), (0, 0.3), 0.0), 1 / 4)
    assert_estimates(separating((1, 0, 0), (0.5, 0.5, 0), 0.0), 1 / 8)


def test_probability_of_separation_with_small_bias():
    # In one dimension the length of that interval within [-lambda, lambda] is integrated over g.
    minus, plus, max_bias = 0.3, 0.9, 0.5

    def weighted_length(g):
        low, high = np.clip([-g * plus, -g * minus], -max_bias, max_bias)
        return max(high - low, 0) * stats.norm.pdf(g)

    # The integrand has kinks where a bound meets lambda.
    kinks = [max_bias / plus, max_bias / minus]
    length, _ = integrate.quad(weighted_length, -10, 10, points=[0, *kinks])
    assert_estimates(separating((minus,), (plus,), max_bias), length / (2 * max_bias))


def test_layer_width():
    assert FirstLayer(np.zeros((5, 2), np.float32), np.zeros(5, np.float32)).width == 5


def test_evenly_splitting_hyperplanes_come_first():
    rng = np.random.default_rng(0)
    X = rng.standard_normal((500, 3)).astype(np.float32)
    drawn = sample_first_layer(rng, 40, 3, 4.0)
    ordered = evenly_splitting_first(drawn, X)
    shares = np.abs((X @ ordered.weights.T + ordered.biases > 0).mean(axis=0) - 0.5)
    assert (np.diff(shares) >= 0).all()
    assert sorted(ordered.biases) == sorted(drawn.biases)
    of_bias = {
        bias: weights.tolist() for bias, weights in zip(drawn.biases, drawn.weights, strict=True)
    }
    assert all(
        of_bias[b] == w.tolist() for b, w in zip(ordered.biases, ordered.weights, strict=True)
    )
