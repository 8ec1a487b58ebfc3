"""Every upper bound against brute force, and what all of them must agree on."""

import numpy as np
import pytest
from all_patterns import PS, largest_over_all_patterns, small_networks

from memrob.errors import UserError
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import conjugate, norm
from memrob.lipschitz.random_networks import random_network
from memrob.lipschitz.upper import METHODS, least_of, least_upper, upper_bounds


@pytest.mark.parametrize("method", METHODS)
def test_no_pattern_exceeds_a_bound(method):
    for network in small_networks():
        bounds = upper_bounds(network, PS, [method])[method]
        for p in PS:
            exact = largest_over_all_patterns(network, p)
            assert bounds[p] >= exact * (1 - 1e-14), (network.widths, p)


def test_no_pattern_exceeds_the_least_bound():
    for network in small_networks(range(2)):
        alone, together = upper_bounds(network, PS), least_upper(network, PS)
        for p in PS:
            assert together[p] >= largest_over_all_patterns(network, p) * (1 - 1e-14)
            assert together[p] <= min(found[p] for found in alone.values())


def test_gradients_of_larger_networks_stay_below():
    rng = np.random.default_rng(0)
    for d, width, depth in [(4, 200, 1), (10, 60, 2), (6, 30, 4)]:
        network = random_network(d, width, depth, "gaussian", 3)
        gradients = network.gradients(rng.standard_normal((4000, d)) * 3)
        for bounds in upper_bounds(network, PS).values():
            assert all(bounds[p] >= norm(gradients, conjugate(p)).max() for p in PS)


def test_affine_network_is_exact():
    row = np.random.default_rng(1).standard_normal((1, 7))
    network = ReluNetwork((row,), (np.zeros(1),))
    for bounds in upper_bounds(network, PS).values():
        for p in PS:
            assert bounds[p] == pytest.approx(norm(row[0], conjugate(p)), rel=1e-9)
            assert bounds[p] >= norm(row[0], conjugate(p))


def test_single_neuron():
    """|v| |w|_{p'} exactly, which the closed forms find for every p."""
    weights = np.random.default_rng(2).standard_normal((1, 5))
    network = ReluNetwork((weights, np.array([[-1.7]])), (np.ones(1), np.zeros(1)))
    found = upper_bounds(network, PS)
    for p in PS:
        exact = 1.7 * norm(weights[0], conjugate(p))
        assert found["intervals"][p] == pytest.approx(exact, rel=1e-9)
        assert found["patterns"][p] == pytest.approx(exact, rel=1e-9)
    for p in (2.0, np.inf):
        exact = 1.7 * norm(weights[0], conjugate(p))
        assert found["semidefinite"][p] == pytest.approx(exact, rel=1e-2)
    assert found["semidefinite"][2.0] == pytest.approx(1.7 * norm(weights[0], 2.0), rel=1e-5)


@pytest.mark.parametrize("method", METHODS)
def test_order_of_neurons_does_not_matter(method):
    rng = np.random.default_rng(3)
    for shape in [(4, 12, 1), (3, 7, 2)]:
        network = random_network(*shape, "zero", 5)
        order = rng.permutation(shape[1])
        weights, biases = list(network.weights), list(network.biases)
        weights[0], biases[0] = weights[0][order], biases[0][order]
        weights[1] = weights[1][:, order]
        permuted = ReluNetwork(tuple(weights), tuple(biases))
        first = upper_bounds(network, PS, [method])[method]
        second = upper_bounds(permuted, PS, [method])[method]
        assert list(second.values()) == pytest.approx(list(first.values()), rel=3e-3)


def test_scale_of_the_output_carries_over():
    network = random_network(3, 6, 2, "zero", 1)
    factor = 2.0**200
    scaled = ReluNetwork((*network.weights[:-1], network.weights[-1] * factor), network.biases)
    for method, bounds in upper_bounds(network, PS).items():
        expected = [bound * factor for bound in bounds.values()]
        found = list(upper_bounds(scaled, PS, [method])[method].values())
        assert found == pytest.approx(expected, rel=1e-3)


def test_network_without_weights_has_bound_zero():
    for last in (np.zeros((1, 3)), np.ones((1, 3))):
        network = ReluNetwork((np.zeros((3, 2)), last), (np.ones(3), np.zeros(1)))
        for bounds in upper_bounds(network, PS).values():
            assert set(bounds.values()) == {0.0}


def test_bounds_of_other_methods_can_be_joined():
    network = random_network(3, 5, 1, "zero", 2)
    found = upper_bounds(network, [1.0, 2.0, np.inf])
    joined, direct = least_of(found, [1.5], 3)[1.5], least_upper(network, [1.5])[1.5]
    assert direct <= joined
    assert joined >= largest_over_all_patterns(network, 1.5)


def test_unknown_method_and_exponent():
    network = random_network(2, 3, 1)
    with pytest.raises(UserError, match="'lipsdp' is not one of product, patterns"):
        upper_bounds(network, [2.0], ["lipsdp"])
    with pytest.raises(UserError, match="at least 1"):
        upper_bounds(network, [0.5])
