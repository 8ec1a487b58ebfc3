"""How small the second layer could be: brute force on small data, for both kinds of networks."""

import itertools

import numpy as np
import packed_twins as twins
import pytest
from exact_points import distinct_classes
from second_layer_twin import neuron

from memrob import convolution
from memrob.interpolation import fit, least_widths


def brute_force(fires):
    """Fewest rows with the union of all rows."""
    everything = fires.any(axis=0)
    rows = np.unique(fires, axis=0)
    for size in range(len(rows) + 1):
        for chosen in itertools.combinations(range(len(rows)), size):
            if np.array_equal(rows[list(chosen)].any(axis=0), everything):
                return size
    raise AssertionError


@pytest.mark.parametrize("seed", range(20))
def test_bounds_are_around_the_least_width(seed):
    rng = np.random.default_rng(seed)
    X, y = distinct_classes(rng, 24, 3, 2 + seed % 2)
    network = fit(X, y, first_width=30, max_bias=1.0, seed=seed)
    greedy = fit(X, y, first_width=30, max_bias=1.0, seed=seed, order="greedy")
    features = twins.threshold_features(X, network.weights, network.biases)
    found = least_widths(network, X, y)
    searched = least_widths(network, X, y, seconds=30)
    for k, detector in enumerate(network.detectors):
        minus, plus = features[y == detector.label], features[y != detector.label]
        neurons = [neuron(minus, plus, candidate) for candidate in range(len(minus))]
        optimum = brute_force(np.array([fires for _, fires in neurons]))
        bounds = found[k]
        assert bounds.label == detector.label
        assert bounds.lower <= optimum <= bounds.upper <= bounds.greedy
        assert bounds.greedy == greedy.detectors[k].width
        assert optimum <= detector.width
        assert (searched[k].closed, searched[k].upper) == (True, optimum)


def test_invariant_networks_on_one_shift_are_the_fully_connected_ones():
    X, y = distinct_classes(np.random.default_rng(0), 60, 4, 3)
    network = convolution.fit(X, y, grid_shape=(1,), first_width=60, max_bias=1.0, seed=0)
    expected = least_widths(fit(X, y, first_width=60, max_bias=1.0, seed=0), X, y)
    assert convolution.least_widths(network, X, y) == expected


def test_channels_of_all_shifts():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(80, 12)).astype(np.float32)
    y = np.repeat([0, 1], 40)
    sizes = {"grid_shape": (12,), "first_width": 60, "max_bias": 1.0, "seed": 0}
    random = convolution.fit(X, y, **sizes)
    greedy = convolution.fit(X, y, **sizes, order="greedy")
    (bounds,) = convolution.least_widths(random, X, y)
    assert bounds.lower <= bounds.upper <= bounds.greedy == greedy.second_width
    assert bounds.lower <= random.second_width
