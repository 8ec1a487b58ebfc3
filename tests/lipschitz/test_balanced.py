import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memrob.errors import UserError
from memrob.lipschitz.balanced import balanced
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.random_networks import random_network


def rescaled(network, rng, decades):
    """The same function with neurons' inputs multiplied and their outputs divided."""
    weights, biases = list(network.weights), list(network.biases)
    for layer, width in enumerate(network.widths):
        sizes = 10 ** rng.uniform(-decades, decades, width)
        weights[layer] = weights[layer] * sizes[:, None]
        biases[layer] = biases[layer] * sizes
        weights[layer + 1] = weights[layer + 1] / sizes
    return ReluNetwork(tuple(weights), tuple(biases))


@settings(max_examples=30, deadline=None)
@given(
    st.integers(0, 2**32),
    st.integers(1, 3),
    st.sampled_from(["zero", "cauchy"]),
    st.sampled_from([1e-90, 1.0, 1e90]),
)
def test_function_is_the_same_to_the_last_bit(seed, depth, bias, unit):
    rng = np.random.default_rng(seed)
    network = rescaled(random_network(4, 7, depth, bias=bias, seed=seed), rng, 30)
    weights = (network.weights[0] / unit, *network.weights[1:])
    network = ReluNetwork(weights, (*network.biases[:-1], np.zeros(1)))
    found, power, reach = balanced(network)
    points = 10 ** rng.uniform(-3, 3, (20, 1)) * rng.standard_normal((20, 4))
    places = np.ldexp(points, reach)
    np.testing.assert_array_equal(
        np.ldexp(found.gradients(points), power), network.gradients(places)
    )
    np.testing.assert_array_equal(np.ldexp(found(points), power + reach), network(places))


@pytest.mark.parametrize("unit", [1e-200, 1e-9, 1e9, 1e200])
def test_biases_are_of_the_order_of_the_weights(unit):
    network = random_network(4, 50, 1, bias="gaussian", seed=1)
    weights = (network.weights[0] / unit, network.weights[1])
    found = balanced(ReluNetwork(weights, network.biases))
    assert 0.25 < np.median(np.abs(found.network.biases[0])) < 4
    assert np.ldexp(1.0, found.reach) == pytest.approx(unit, rel=9)


def test_random_networks_keep_their_unit():
    network = random_network(16, 512, 2, bias="cauchy", seed=1)
    assert balanced(network).reach == 0


def test_neurons_and_layers_are_of_one_size():
    rng = np.random.default_rng(1)
    found, *_ = balanced(rescaled(random_network(4, 50, 3, seed=1), rng, 12))
    for weight in found.weights:
        assert 0.5 <= np.abs(weight).max() < 1
    for weight in found.weights[:-1]:
        lengths = np.linalg.norm(weight, axis=1)
        assert lengths.max() <= 2.0001 * lengths.min()


def test_neurons_without_input_or_output_stay():
    weights = (np.array([[0.0, 0.0], [3.0, 4.0]]), np.array([[1.0, 0.0]]))
    found, *_ = balanced(ReluNetwork(weights, (np.array([2.0, 1.0]), np.zeros(1))))
    assert not found.weights[0][0].any()
    zero = tuple(np.zeros_like(weight) for weight in weights)
    found, power, _ = balanced(ReluNetwork(zero, (np.zeros(2), np.zeros(1))))
    assert (power, found.weights[1].any()) == (0, False)


def test_numbers_out_of_proportion_are_refused():
    biases = np.array([1e-300, 1e-300, 1e300, 0]), np.zeros(1)
    network = ReluNetwork((np.full((4, 1), 1e-30), np.ones((1, 4))), biases)
    with pytest.raises(UserError, match="too different sizes for float64"):
        balanced(network)
