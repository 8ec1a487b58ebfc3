"""What float64 is sure of against integers, with errors entry by entry and in Euclidean norm."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from memrob.lipschitz.attained import certain_pattern, gradient_of
from memrob.lipschitz.integers import IntegerNetwork
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.upper.spectral import certified_spectral_norm


def drawn(seed, widths, powers, biased):
    """A network with weights of sizes 2^power a layer, and a point at which it is looked at."""
    rng = np.random.default_rng(seed)
    weights = [
        np.ldexp(rng.standard_normal((m, n)), power)
        for m, n, power in zip([*widths[1:], 1], widths, powers, strict=False)
    ]
    biases = [rng.standard_normal(len(w)) * np.abs(w).max() * biased for w in weights]
    return ReluNetwork(tuple(weights), tuple(biases)), rng.standard_normal(widths[0])


def spectral(network):
    return [certified_spectral_norm(weight) for weight in network.weights]


def exact_gradient(network, pattern):
    whole, power = IntegerNetwork(network).gradient(pattern)
    return [Fraction(int(entry)) * Fraction(2) ** power for entry in whole]


def assert_enclosed(network, pattern, lengths):
    gradient, error = gradient_of(network, pattern, lengths)
    for entry, radius, exact in zip(gradient, error, exact_gradient(network, pattern), strict=True):
        if np.isfinite(radius):
            assert abs(Fraction(float(entry)) - exact) <= Fraction(float(radius))


@given(
    seed=st.integers(0, 2**32),
    widths=st.lists(st.integers(1, 9), min_size=2, max_size=14),
    powers=st.lists(st.integers(-540, 300), min_size=14, max_size=14),
    biased=st.sampled_from([0.0, 1e-9, 1.0]),
    cancelling=st.booleans(),
)
def test_certain_patterns_and_gradients_are_those_of_integers(
    seed, widths, powers, biased, cancelling
):
    network, point = drawn(seed, widths, powers, biased)
    if cancelling:
        # A neuron that is 0 but for rounding.
        weight, bias = network.weights[0], network.biases[0]
        bias[0] = -float(np.sum(weight[0] * point))
    exact = IntegerNetwork(network).pattern(point)
    for lengths in (None, spectral(network)):
        found = certain_pattern(network, point, lengths)
        if found is not None:
            assert exact is not None
            assert all((a == b).all() for a, b in zip(found, exact, strict=True))
    if exact is not None:
        for lengths in (None, spectral(network)):
            assert_enclosed(network, exact, lengths)


@pytest.mark.parametrize("powers", [(0, 0, 0), (-600, 900, 0), (-1000, 990, 20), (990, -1000, 0)])
def test_sizes_whose_squares_are_no_float64(powers):
    # Squares of the errors of the first layer underflow, and the second layer would show it.
    for seed in range(20):
        network, point = drawn(seed, (6, 5, 5), powers, 1.0)
        exact = IntegerNetwork(network).pattern(point)
        found = certain_pattern(network, point, spectral(network))
        assert found is None or all((a == b).all() for a, b in zip(found, exact, strict=True))
        assert_enclosed(network, exact, spectral(network))


def test_euclidean_errors_grow_less_in_deep_wide_networks():
    # Entry by entry the bound of the error grows by about the root of the width a layer.
    network, point = drawn(1, (100,) + (150,) * 12, [-4] * 13, 0.0)
    found = certain_pattern(network, point, spectral(network))
    exact = IntegerNetwork(network).pattern(point)
    assert all((a == b).all() for a, b in zip(found, exact, strict=True))
    assert_enclosed(network, exact, spectral(network))
    loose, tight = (gradient_of(network, exact, to)[1] for to in (None, spectral(network)))
    assert tight.max() < loose.max() / 100
