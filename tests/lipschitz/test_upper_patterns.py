"""Closed forms over all activation patterns."""

import numpy as np
import pytest
from all_patterns import PS, largest_over_all_patterns
from hypothesis import given, settings
from hypothesis import strategies as st

from memrob.lipschitz.random_networks import random_network
from memrob.lipschitz.upper.patterns import largest_over_patterns, pattern_bound
from memrob.lipschitz.upper.products import product_bound


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 6), st.integers(1, 9))
def test_exact_for_p_1(seed, d, width):
    network = random_network(d, width, 1, "zero", seed)
    exact = largest_over_all_patterns(network, 1.0)
    assert pattern_bound(network, [1.0])[1.0] == pytest.approx(exact, rel=1e-9)


def test_neurons_that_only_agree_are_exact():
    """If all terms are multiples of one positive vector, the largest sum has all of one sign."""
    direction = np.array([1.0, 2.0, 0.5])
    sizes = np.array([1.0, -0.5, 2.0, -4.0])
    found = largest_over_patterns(sizes[:, None] * direction, PS)
    for p in PS:
        conjugate = np.inf if p == 1 else 1 / (1 - 1 / p)
        assert found[p] == pytest.approx(4.5 * np.linalg.norm(direction, conjugate), rel=1e-9)


def test_halves_beat_products():
    for d, width, depth in [(20, 400, 1), (10, 100, 2)]:
        network = random_network(d, width, depth, "zero", 0)
        found, products = pattern_bound(network, [2.0])[2.0], product_bound(network, [2.0])[2.0]
        assert found < 0.8 * products


def test_terms_of_zero():
    assert set(largest_over_patterns(np.zeros((3, 2)), PS).values()) == {0.0}
