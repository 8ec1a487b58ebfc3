"""The second layer, visiting candidates in a permutation, against the plain twin."""

import copy

import numpy as np
import pytest
from exact_points import SEEDS, assert_same, class_features, packed, twin_of
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from second_layer_twin import cluster_second_layer, greedy_second_layer, in_permutation_order

from memrob.errors import UserError
from memrob.interpolation import cluster_order
from memrob.interpolation.reference_order import second_layers_in_reference_order
from memrob.interpolation.second_layer import BlockEvaluator
from memrob.interpolation.selection import Selection, select
from memrob.numerics.bits import unpack_words


def second_layer_in_permutation_order(features, k, rng):
    evaluate = BlockEvaluator(features, k)
    return select(evaluate, rng.permutation(evaluate.n_candidates))


@pytest.mark.parametrize("largest_block", [1, 2, 7, 64])
@settings(deadline=None, max_examples=75)
@given(class_features(), SEEDS)
def test_same_as_the_twin(largest_block, features, seed):
    rng = np.random.default_rng(seed)
    together = packed(features)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BlockEvaluator, "largest_block", largest_block)
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


@pytest.mark.parametrize("largest_block", [1, 7, 64])
@settings(deadline=None, max_examples=75)
@given(class_features(), st.integers(0, 12), st.integers(1, 8))
def test_greedy_is_that_of_the_twin(largest_block, features, slack, min_cover):
    together = packed(features)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BlockEvaluator, "largest_block", largest_block)
        for k, rows in enumerate(features):
            others = sum(len(other) for other in features) - len(rows)
            tolerated = min(slack, others - 1)
            evaluate = BlockEvaluator(together, k, tolerated)
            in_minus = np.repeat(np.arange(len(features)), [len(each) for each in features]) == k
            expected = greedy_second_layer(np.concatenate(features), in_minus, tolerated, min_cover)
            selection = Selection("greedy", min_cover=min_cover)
            assert_same(select(evaluate, np.arange(0), selection), expected)


@pytest.mark.parametrize("joining", [1, 3, 16])
@settings(deadline=None, max_examples=75)
@given(class_features(), SEEDS, st.integers(0, 12), st.integers(1, 8))
def test_clusters_are_those_of_the_twin(joining, features, seed, slack, min_cover):
    for k, rows in enumerate(features):
        tolerated = min(slack, sum(len(other) for other in features) - len(rows) - 1)
        order = np.random.default_rng(seed).permutation(len(rows))
        in_minus = np.repeat(np.arange(len(features)), [len(each) for each in features]) == k
        everything = np.concatenate(features)
        noise = tolerated, min_cover
        expected = cluster_second_layer(everything, in_minus, order, joining, *noise)
        evaluate = BlockEvaluator(packed(features), k, tolerated)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(cluster_order, "JOINING", joining)
            found = select(evaluate, order, Selection("cluster", min_cover=min_cover))
        assert_same(found, expected)
        words = found.masks_on(evaluate.features, k)
        masks = unpack_words(words, everything.shape[1])
        assert np.array_equal(masks, expected.masks)


@settings(deadline=None, max_examples=75)
@given(class_features(), SEEDS)
def test_clusters_fire_at_no_other_class_and_cover_what_single_points_do(features, seed):
    for k, rows in enumerate(features):
        evaluate = BlockEvaluator(packed(features), k)
        order = np.random.default_rng(seed).permutation(len(rows))
        found = select(evaluate, order, Selection("cluster"))
        masks = unpack_words(found.masks_on(evaluate.features, k), rows.shape[1]).astype(int)
        others = np.concatenate([other for j, other in enumerate(features) if j != k])
        assert (masks @ others.T >= found.thresholds[:, None]).all()
        fires = (masks @ rows.T < found.thresholds[:, None]).any(axis=0)
        # Those with m > 0 for their own mask.
        separated = [(others & ~row).sum(axis=1).min() > 0 for row in rows]
        assert fires.tolist() == separated
        assert fires.sum() == found.n_covered


def test_clusters_of_four_points_that_cover_themselves_alone():
    # A point of X- is active at one feature, a point of X+ at two. A single point has m = 1 and
    # covers itself alone; a cluster has m = 1 as long as it holds one of the two, from each pair.
    minus = np.eye(8, dtype=bool)
    pairs = np.array([[i in pair for i in range(8)] for pair in ((0, 1), (2, 3), (4, 5), (6, 7))])
    features = packed([pairs, minus])
    widths = [
        len(select(BlockEvaluator(features, 1), np.arange(8), Selection(order)).candidates)
        for order in ("permutation", "cluster")
    ]
    assert widths == [8, 2]


@settings(deadline=None, max_examples=75)
@given(class_features(), SEEDS, st.integers(0, 12), st.integers(1, 8))
def test_slack_and_least_cover_are_those_of_the_twin(features, seed, slack, min_cover):
    for k, rows in enumerate(features):
        tolerated = min(slack, sum(len(other) for other in features) - len(rows) - 1)
        order = np.random.default_rng(seed).permutation(len(rows))
        expected = twin_of(features, k, in_permutation_order(order), tolerated, min_cover)
        evaluate = BlockEvaluator(packed(features), k, tolerated)
        assert_same(select(evaluate, order, Selection(min_cover=min_cover)), expected)


@settings(deadline=None, max_examples=40)
@given(class_features(), SEEDS)
def test_greedy_covers_what_any_order_covers(features, seed):
    for k, rows in enumerate(features):
        evaluate = BlockEvaluator(packed(features), k)
        order = np.random.default_rng(seed).permutation(len(rows))
        found = [select(evaluate, order, Selection(o)) for o in ("permutation", "greedy")]
        assert found[0].n_covered == found[1].n_covered


def test_greedy_takes_the_candidate_that_covers_most():
    # The first point covers the three copies of the second, but not the reverse.
    minus = np.array(3 * [[0, 1, 1, 0]] + [[1, 0, 0, 0]], dtype=bool)
    features = packed([np.array([[0, 1, 1, 1]], dtype=bool), minus])
    found = select(BlockEvaluator(features, 1), np.arange(0), Selection("greedy"))
    assert (found.candidates.tolist(), found.n_covered) == ([3], 4)


def test_greedy_that_does_not_fit_into_memory_is_an_error(monkeypatch):
    monkeypatch.setattr("memrob.interpolation.greedy_order.available_memory", lambda: 100)
    features = packed([np.ones((1, 3), bool), np.zeros((50, 3), bool)])
    with pytest.raises(UserError, match=r"order: greedy takes .* use permutation"):
        select(BlockEvaluator(features, 1), np.arange(0), Selection("greedy"))


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


def in_reference_order(features, k, rng):
    (layer,) = second_layers_in_reference_order(features, [k], rng)
    return layer


ORDERS = [second_layer_in_permutation_order, in_reference_order]


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
