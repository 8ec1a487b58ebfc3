"""Brackets at several exponents tighten each other."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memrob.lipschitz.bracket import bracket
from memrob.lipschitz.known import Bracket
from memrob.lipschitz.norms import conjugate, norm
from memrob.lipschitz.random_networks import random_network
from memrob.lipschitz.related import related

PS = [1.0, 1.3, 2.0, 5.0, math.inf]


def known(p, lower=None, upper=None, point=None):
    return Bracket(p, conjugate(p), lower, upper, None, point)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 9))
def test_true_bounds_stay_true(seed, dim):
    rng = np.random.default_rng(seed)
    gradients = rng.standard_normal((6, dim)) * 10.0 ** rng.uniform(-3, 3, (6, 1))
    true = {p: float(norm(gradients, conjugate(p)).max()) for p in PS}
    loose = {
        p: known(p, value * rng.uniform(0.2, 1), value * rng.uniform(1, 5))
        for p, value in true.items()
    }
    for p, found in related(loose, dim).items():
        assert loose[p].lower <= found.lower <= true[p] * (1 + 1e-14)
        assert true[p] * (1 - 1e-14) <= found.upper <= loose[p].upper


def test_bounds_are_moved_both_ways():
    found = related({1.0: known(1.0, 2, 3.0), 2.0: known(2.0, 1.0, 100.0)}, 4)
    assert found[2.0].lower == pytest.approx(2) and found[2.0].upper == pytest.approx(6)
    assert found[2.0].upper_method == "combination"
    found = related({1.0: known(1.0, 0.1, 50.0), 2.0: known(2.0, 6.0, 7.0)}, 4)
    assert found[1.0].lower == pytest.approx(3) and found[1.0].upper == pytest.approx(7)


def test_point_of_another_exponent_is_worth_what_it_attains():
    network = random_network(4, 12, 2, "gaussian", 0)
    point = np.array([0.3, -1.0, 0.2, 0.9])
    gradient = network.gradients(point[None])[0]
    sizes = {p: float(norm(gradient, conjugate(p))) for p in (1.0, 2.0)}
    given_ = {1.0: known(1.0, sizes[1.0], None, point), 2.0: known(2.0, 1e-6)}
    found = related(given_, 4, network)[2.0]
    assert found.lower == pytest.approx(sizes[2.0], rel=1e-12) and found.point is point


def test_what_is_missing_stays_missing():
    found = related({1.0: known(1.0), 2.0: known(2.0, 1.0)}, 4)
    assert found[1.0].upper is None and found[1.0].lower is None and found[2.0].upper is None


@pytest.mark.parametrize("nodes", [1, 30])
def test_search_that_ends_early_is_consistent_in_p(nodes):
    network = random_network(5, 14, 2, "gaussian", 3)
    found = bracket(network, PS, method="exact", nodes=nodes, restarts=1, steps=2)
    for a, b in pairwise(PS):
        stretch = 5 ** (1 / a - 1 / b)
        assert found[a].lower <= found[b].lower * (1 + 1e-9)
        assert found[a].upper <= found[b].upper * (1 + 1e-9)
        assert found[b].upper <= found[a].upper * stretch * (1 + 1e-9)
        assert found[b].lower <= found[a].lower * stretch * (1 + 1e-9)
