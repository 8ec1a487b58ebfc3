"""The second layer, visiting candidates in a permutation, against the plain twin."""

import copy

import numpy as np
import pytest
from exact_points import SEEDS, assert_same, class_features, packed, twin_of
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from second_layer_twin import in_permutation_order

from memrob.interpolation import second_layer
from memrob.interpolation.reference_order import second_layer_in_reference_order
from memrob.interpolation.second_layer import second_layer_in_permutation_order


@pytest.mark.parametrize("largest_block", [1, 2, 7, 64])
@settings(deadline=None, max_examples=75)
@given(class_features(), SEEDS)
def test_same_as_the_twin(largest_block, features, seed):
    rng = np.random.default_rng(seed)
    together = packed(features)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(second_layer, "LARGEST_BLOCK", largest_block)
        for k, rows in enumerate(features):
            order = copy.deepcopy(rng).permutation(len(rows))
            expected = twin_of(features, k, in_permutation_order(order))
            layer = second_layer_in_permutation_order(together, k, copy.deepcopy(rng))
            assert_same(layer, expected)


@settings(deadline=None, max_examples=5)
@given(SEEDS, st.sampled_from([0.0, 0.3, 1.0]))
def test_same_as_the_twin_over_many_full_blocks(seed, copies):
    # With independent features each candidate covers itself alone, so that blocks grow to the
    # largest size; copies and candidates with minimum 0 fall between them.
    rng = np.random.default_rng(seed)
    plus, minus = rng.random((40, 30)) < 0.5, rng.random((700, 30)) < 0.5
    copied = rng.random(700) < copies
    minus[copied] = minus[rng.integers(20, size=copied.sum())]
    order = copy.deepcopy(rng).permutation(700)
    expected = twin_of([plus, minus], 1, in_permutation_order(order))
    assert_same(second_layer_in_permutation_order(packed([plus, minus]), 1, rng), expected)


@settings(deadline=None, max_examples=40)
@given(class_features())
def test_features_may_be_permuted(features):
    permutation = np.random.default_rng(0).permutation(features[0].shape[1])
    for k in range(len(features)):
        layers = [
            second_layer_in_permutation_order(packed(rows), k, np.random.default_rng(5))
            for rows in (features, [rows[:, permutation] for rows in features])
        ]
        assert_same(*layers)


ORDERS = [second_layer_in_permutation_order, second_layer_in_reference_order]


@pytest.mark.parametrize("construct", ORDERS)
def test_every_order_of_candidates_is_equally_likely(construct):
    # Each of the three points is active at all hyperplanes but one, and covers itself alone.
    features = packed([np.ones((1, 3), bool), ~np.eye(3, dtype=bool)])
    orders = [construct(features, 1, np.random.default_rng(s)).candidates for s in range(1200)]
    counts = np.unique(orders, axis=0, return_counts=True)[1]
    assert len(counts) == 6
    assert stats.chisquare(counts).pvalue > 1e-3


@pytest.mark.parametrize("construct", ORDERS)
def test_known_distribution_of_the_width(construct):
    # The first point covers the three copies of the second, but not the reverse: one neuron if
    # it is drawn first, which has probability 1/4, and two otherwise.
    minus = np.array([[1, 0, 0, 0]] + 3 * [[0, 1, 1, 0]], dtype=bool)
    features = packed([np.array([[0, 1, 1, 1]], dtype=bool), minus])
    layers = [construct(features, 1, np.random.default_rng(s)) for s in range(1200)]
    widths = np.array([len(layer.candidates) for layer in layers])
    assert {layer.n_covered for layer in layers} == {4}
    assert set(widths) == {1, 2}
    assert abs((widths == 1).sum() - 300) < 4 * np.sqrt(1200 * 3 / 16)
