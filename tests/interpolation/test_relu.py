"""The variant with ReLU activations."""

import numpy as np
import pytest
from exact_points import SEEDS, distinct_classes
from hypothesis import given, settings
from hypothesis import strategies as st

from memrob.data import build
from memrob.interpolation import fit


@st.composite
def fitted(draw):
    rng = np.random.default_rng(draw(SEEDS))
    X, y = distinct_classes(
        rng, draw(st.sampled_from([8, 40, 150])), draw(st.sampled_from([1, 2, 5])),
        draw(st.integers(2, 4)),
    )  # fmt: skip
    arguments = {
        "first_width": draw(st.sampled_from([1, 3, 10, 40, 300])),
        "max_bias": draw(st.sampled_from([0.0, 0.5, 4.0])),
        "seed": draw(st.integers(0, 1000)),
    }
    return X, y, arguments


@settings(deadline=None, max_examples=80)
@given(fitted())
def test_counts_agree_with_what_fires(case):
    X, y, arguments = case
    network = fit(X, y, **arguments, activation="relu")
    assert network.accuracy == (network.predict(X) == y).mean()
    for detector in network.detectors:
        fires = detector.fires(X)
        assert not fires[y != detector.label].any()
        assert fires[detector.candidates].diagonal().all()
        assert detector.n_covered == fires[y == detector.label].any(axis=1).sum()
        assert np.array_equal(detector.detects(X), fires.any(axis=1))


@settings(deadline=None, max_examples=60)
@given(fitted())
def test_neurons_are_those_of_their_formula(case):
    X, y, arguments = case
    network = fit(X, y, **arguments, activation="relu")
    hidden = np.maximum(X @ network.weights.T + network.biases, 0).astype(np.float64)
    for detector in network.detectors:
        masks = hidden[detector.candidates] == 0
        assert np.array_equal(detector.masks, masks)
        products = hidden @ masks.T
        minima = products[y != detector.label].min(axis=0)
        # The threshold lies a little below the minimum, never at or above it.
        assert (detector.thresholds < minima).all()
        assert np.allclose(detector.thresholds, minima, rtol=2e-4, atol=0)
        clear = np.abs(products - detector.thresholds) > 1e-5 * minima
        assert np.array_equal(detector.fires(X)[clear], (products < detector.thresholds)[clear])


@settings(deadline=None, max_examples=60)
@given(fitted())
def test_covers_what_the_threshold_network_covers(case):
    # A point that some hyperplanes separate from all of X+ makes a neuron, or is covered before.
    X, y, arguments = case
    relu, threshold = (fit(X, y, **arguments, activation=a) for a in ("relu", "threshold"))
    assert np.array_equal(relu.weights, threshold.weights)
    for detector, other in zip(relu.detectors, threshold.detectors, strict=True):
        assert (detector.detects(X) | ~other.detects(X))[y == detector.label].all()


@pytest.mark.parametrize("seed", range(10))
def test_point_without_a_neuron_of_its_own_may_be_covered(seed):
    # Without bias 1 and 4 are not separated, and 1 makes no neuron. But where the weight is w > 0,
    # the neuron of -1 has threshold about 4 w and so fires at 1, where H is w.
    X, y = np.array([[4.0], [-1.0], [1.0]], dtype=np.float32), np.array([0, 1, 1])
    network = fit(X, y, first_width=8, max_bias=0.0, seed=seed, activation="relu")
    assert (network.weights > 0).any()
    assert network.second_width == 1
    assert network.predict(X).tolist() == [0, 1, 1]
    assert (network.accuracy, network.covered) == (1, 1)


@pytest.mark.parametrize("seed", range(5))
def test_moons(seed):
    X, y = build("moons")
    network = fit(X, y, first_width=1000, max_bias=1.0, seed=seed, activation="relu")
    assert network.interpolates
    assert (network.predict(X) == y).all()
    assert not network.detectors[0].fires(X[y == 0]).any()
