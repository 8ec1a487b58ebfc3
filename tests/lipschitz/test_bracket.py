from fractions import Fraction

import numpy as np
import pytest

from memrob.errors import UserError
from memrob.lipschitz.bracket import bracket
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import conjugate, norm
from memrob.lipschitz.random_networks import random_network

PS = [1.0, 1.5, 2.0, np.inf]


@pytest.mark.parametrize(("input_dim", "depth", "bias"), [(2, 2, "laplace"), (3, 1, "zero")])
def test_bounds_enclose_the_exact_value(input_dim, depth, bias):
    network = random_network(input_dim, 10, depth, bias=bias, seed=3)
    found = bracket(network, PS)
    assert list(found) == PS
    for p, known in found.items():
        assert (known.p, known.conjugate_p) == (p, conjugate(p))
        assert 0 < known.lower <= known.exact <= known.upper <= min(known.upper_bounds.values())
        slope = norm(network.gradients(known.point[None])[0], conjugate(p))
        assert slope == pytest.approx(known.lower, rel=1e-13)
    exact = bracket(network, PS, method="exact")
    assert [exact[p].exact for p in PS] == [found[p].exact for p in PS]


def test_methods_agree_with_all():
    network = random_network(6, 40, 2, bias="gaussian", seed=2)
    found = bracket(network, PS, seed=5)
    lower = bracket(network, PS, method="lower", seed=5)
    upper = bracket(network, PS, method="upper")
    for p in PS:
        assert (lower[p].lower, upper[p].upper) == (found[p].lower, found[p].upper)
        assert (lower[p].upper, upper[p].lower, found[p].exact) == (None, None, None)


def test_bounds_on_cubes_grow_to_that_everywhere():
    network = random_network(3, 20, 2, bias="gaussian", seed=1)
    everywhere = bracket(network, PS, method="upper")
    cubes = [bracket(network, PS, method="upper", box=r) for r in (1e-6, 1e-2, 1.0, 1e6)]
    slope = norm(network.gradients(np.zeros((1, 3)))[0], 2)
    assert cubes[0][2.0].upper == pytest.approx(slope, rel=1e-2)
    for p in PS:
        bounds = [found[p].upper for found in cubes]
        assert bounds == sorted(bounds)
        assert bounds[-1] <= everywhere[p].upper


@pytest.mark.parametrize("method", ["exact", "all"])
def test_what_a_search_leaves_open_is_an_interval(method):
    network = random_network(4, 12, 2, bias="gaussian", seed=1)
    known = bracket(network, [2.0], method=method, nodes=20)[2.0]
    assert known.exact is None and known.exact_method is None
    assert known.lower < known.upper
    settled = bracket(network, [2.0], method=method)[2.0]
    assert known.lower <= settled.exact <= known.upper
    assert settled.upper <= settled.exact * (1 + 1e-9)


@pytest.mark.parametrize("sizes", [(1e-200, 1e-200), (5e-324, 5e-324), (1e-300, 1e-30)])
def test_constants_below_the_range_of_float64_are_not_zero(sizes):
    weights = tuple(np.array([[size]]) for size in sizes)
    known = bracket(ReluNetwork(weights, (np.ones(1), np.zeros(1))), [1.0, 2.0, np.inf])
    for found in known.values():
        assert (found.lower, found.upper) == (0.0, 5e-324)
        assert found.exact is None


@pytest.mark.parametrize("sizes", [(1e-200, 1e200), (5e-324, 1e300), (1e300, 1e-300)])
def test_networks_of_extreme_sizes(sizes):
    weights = tuple(np.array([[size]]) for size in sizes)
    known = bracket(ReluNetwork(weights, (np.ones(1), np.zeros(1))), [1.0, 2.0, np.inf])
    exact = Fraction(sizes[0]) * Fraction(sizes[1])
    for found in known.values():
        assert Fraction(found.lower) <= exact <= Fraction(found.upper)
        assert found.exact == pytest.approx(float(exact), rel=1e-9)


def test_a_row_with_entries_that_no_power_of_two_brings_together():
    weights = (np.array([[1e300, 1e-300], [0.0, 1e-300]]), np.array([[1e-300, 1e300]]))
    known = bracket(ReluNetwork(weights, (np.ones(2), np.zeros(1))), [1.0, 2.0, np.inf])
    for found in known.values():
        assert found.lower == found.exact <= found.upper
    # Both neurons active: (1, 1) but for rounding and 1e-600.
    assert known[1.0].exact == pytest.approx(1)
    assert known[np.inf].exact == pytest.approx(2)


def test_mistakes():
    network = random_network(2, 5, 1)
    for options, message in (
        ({"ps": [0.5]}, "p: is 0.5"),
        ({"ps": [2], "method": "guess"}, "method: is 'guess'; it must be one of lower, upper"),
        ({"ps": [2], "box": 1.0}, "box: is for method upper alone"),
    ):
        with pytest.raises(UserError, match=message):
            bracket(network, **options)


def test_exact_value_that_is_not_settled_is_no_further_from_above_than_simple_bounds():
    network = random_network(6, 20, 3, "gaussian", 1)
    ended = bracket(network, [2.0], method="exact", nodes=1, restarts=2, steps=5)[2.0]
    simple = bracket(network, [2.0], method="upper", operations=0)[2.0]
    assert ended.exact is None and ended.lower < ended.upper <= simple.upper
