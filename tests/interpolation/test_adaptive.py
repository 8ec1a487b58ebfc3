"""The adaptive form: the least number of hyperplanes that separates every pair."""

import numpy as np
import packed_twins as twins
import pytest
from exact_points import SEEDS, distinct_classes
from hypothesis import given, settings
from hypothesis import strategies as st

from memrob.data import build
from memrob.errors import UserError
from memrob.interpolation import adaptive, construction, fit


@pytest.fixture(autouse=True, scope="module")
def hyperplanes_as_drawn():
    """Keep hyperplanes in the order in which they were drawn, so that the last one is known."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(construction, "evenly_splitting_first", lambda layer, X: layer)
        yield


def all_separated(features, y):
    """Whether every pair is separated, by brute force: in both directions for several classes."""
    labels = np.unique(y)
    return all(
        (~x & other).any()
        for label in (labels[1:] if len(labels) == 2 else labels)
        for x in features[y == label]
        for other in features[y != label]
    )


def check(X, y, network, least_width):
    assert network.interpolates
    assert network.covered == 1
    assert network.predict(X).tolist() == y.tolist()
    assert len(network.weights) == len(network.biases) >= least_width
    features = twins.threshold_features(X, network.weights, network.biases)
    assert all_separated(features, y)
    if len(network.biases) > least_width:
        assert not all_separated(features[:, :-1], y)


@pytest.mark.parametrize("first_block", [256, 512])
@settings(deadline=None, max_examples=30)
@given(
    st.sampled_from([1, 2, 5]),
    st.integers(2, 4),
    st.sampled_from([1, 2, 20, 256, 257, 600]),
    st.sampled_from(["permutation", "reference"]),
    SEEDS,
)
def test_interpolates_with_the_least_width(first_block, d, n_classes, least_width, order, seed):
    X, y = distinct_classes(np.random.default_rng(seed), 30, d, n_classes)
    arguments = {"max_bias": 4.0, "seed": seed, "order": order, "adaptive": True}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(adaptive, "FIRST_BLOCK", first_block)
        network = fit(X, y, first_width=least_width, **arguments)
    check(X, y, network, least_width)


def test_several_doublings():
    # Points 1/16 apart: a hyperplane separates neighbours with probability 0.003 in a direction.
    X = (np.arange(16, dtype=np.float32) / 16)[:, None]
    y = np.arange(16) % 2
    widths = []
    for seed in range(20):
        network = fit(X, y, first_width=1, max_bias=4.0, seed=seed, adaptive=True)
        check(X, y, network, 1)
        widths.append(len(network.biases))
    assert min(widths) > adaptive.FIRST_BLOCK
    assert len({width.bit_length() for width in widths}) > 1


def test_moons():
    X, y = build("moons")
    network = fit(X, y, first_width=1, max_bias=1.0, seed=0, adaptive=True)
    assert network.interpolates
    assert (network.predict(X) == y).all()
    assert not fit(X, y, first_width=10, max_bias=1.0, seed=0).interpolates


def test_relu():
    X, y = build("lines")
    network = fit(X, y, first_width=1, max_bias=1.0, seed=0, adaptive=True, activation="relu")
    assert network.interpolates
    assert (network.predict(X) == y).all()


@pytest.mark.parametrize("first_width", [1, 3000])
def test_separation_that_is_impossible(monkeypatch, first_width):
    monkeypatch.setattr(adaptive, "LARGEST_WIDTH", 2048)
    X, y = np.array([[1.0, 1], [2, 2], [0, 3]], dtype=np.float32), np.array([0, 1, 0])
    with pytest.raises(UserError, match=r"max_bias: with 0, 2048 hyperplanes left 1 point"):
        fit(X, y, first_width=first_width, max_bias=0.0, seed=0, adaptive=True)
    assert fit(X, y, first_width=1, max_bias=2.0, seed=0, adaptive=True).interpolates


def test_least_width_beyond_the_largest(monkeypatch):
    monkeypatch.setattr(adaptive, "LARGEST_WIDTH", 512)
    X, y = build("lines")
    network = fit(X, y, first_width=5000, max_bias=1.0, seed=0, adaptive=True)
    assert len(network.biases) == 5000
    assert network.interpolates
