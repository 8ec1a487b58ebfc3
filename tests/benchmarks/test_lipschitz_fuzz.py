"""Brackets of networks made to be nasty contain the constant that rational numbers give."""

from fractions import Fraction

import numpy as np
import pytest

from benchmarks.lipschitz_fuzz import KINDS, nasty, violations
from benchmarks.rational_networks import gradients, is_open
from memrob.lipschitz.network import ReluNetwork


@pytest.mark.parametrize("number", range(100, 100 + len(KINDS)))
def test_brackets_contain_the_rational_constant(number):
    found, _ = violations(nasty(1, number)[1])
    assert not found


def test_most_nasty_networks_are_settled():
    kinds = [nasty(2, number) for number in range(len(KINDS))]
    opened = {kind: violations(network)[1] for kind, network in kinds if kind != "subnormal"}
    assert sum(count == 0 for count in opened.values()) >= len(opened) - 2


def test_brute_force_by_hand():
    # |x| on R^2, and a strip thinner than any tolerance in which the slope is 2.
    weights = (np.array([[1.0, 0], [-1, 0]]), np.array([[1.0, 1]]))
    network = ReluNetwork(weights, (np.zeros(2), np.zeros(1)))
    assert sorted(gradients(network)) == [[-1, 0], [1, 0]]
    strip = ReluNetwork(weights, (np.array([0.0, 1e-300]), np.zeros(1)))
    assert sorted(gradients(strip)) == [[-1, 0], [0, 0], [1, 0]]
    one, zero = Fraction(1), Fraction(0)
    assert is_open([(one, zero), (-one, one)])
    assert not is_open([(one, zero), (-one, zero)])


def by_hand():
    """W_2 relu(W_1 relu(x + 1)) with a neuron that turns active at x_1 = 3e9."""
    first = np.array([[1.0, 0, 0], [1, 0, 0], [0, 1, 1]])
    weights = (np.eye(3), first, np.array([[1, 1, 0.5]]))
    return ReluNetwork(weights, (np.ones(3), np.array([0, -3e9, 0]), np.zeros(1)))


def test_region_far_from_the_origin():
    from memrob.lipschitz.bracket import bracket

    for method in ("all", "exact"):
        known = bracket(by_hand(), [np.inf], method=method)[np.inf]
        assert known.lower == known.exact == 3
        assert 3 <= known.upper <= 3 * (1 + 1e-11)
