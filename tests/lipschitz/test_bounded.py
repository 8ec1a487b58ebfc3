"""Bounds on a part of the space are never above those of the whole space."""

import numpy as np
import pytest

from memrob import lipschitz_bracket
from memrob.lipschitz.bracket import bracket
from memrob.lipschitz.operators.activations import Activation
from memrob.lipschitz.operators.linear import Dense
from memrob.lipschitz.operators.network import OperatorNetwork
from memrob.lipschitz.random_networks import random_network

PS = [1.0, 2.0, np.inf]

SLACK = 1 + 1e-12


@pytest.mark.parametrize("radius", [0.1, 1e4])
@pytest.mark.parametrize("method", ["all", "upper"])
def test_a_region_has_no_larger_bound_than_the_space(radius, method):
    network = random_network(5, 25, 2, bias="gaussian", seed=1)
    whole = bracket(network, PS, method="upper")
    for region in (np.inf, 2):
        options = {"at": np.zeros(5), "radius": radius, "ball_norm": region, "nodes": 40}
        found = bracket(network, PS, method=method, **options)
        for p, known in found.items():
            assert known.upper <= whole[p].upper * SLACK
            assert known.lower is None if method == "upper" else known.lower <= known.upper


def test_an_exact_value_of_the_space_bounds_a_region():
    network = random_network(2, 60, 1, bias="gaussian", seed=1)
    whole = bracket(network, PS)
    found = bracket(network, PS, at=np.zeros(2), radius=1e3, ball_norm=2)
    for p, known in found.items():
        assert known.lower <= known.upper <= whole[p].upper * SLACK


def test_a_cube_is_a_box_about_the_origin():
    network = random_network(3, 12, 2, bias="gaussian", seed=2)
    for radius in (0.1, 1, 1e3):
        box = bracket(network, PS, at=np.zeros(3), radius=radius, method="upper")
        cube = bracket(network, PS, method="upper", box=radius)
        whole = bracket(network, PS, method="upper")
        for p in PS:
            assert cube[p].upper <= min(box[p].upper, whole[p].upper) * SLACK


def test_regions_of_leaky_networks():
    rng = np.random.default_rng(0)
    operators = [Dense(rng.standard_normal(shape)) for shape in ((12, 4), (10, 12), (1, 10))]
    biases = tuple(rng.standard_normal(operator.shape[0]) for operator in operators)
    leaky = (Activation("leaky_relu", 0.3),) * 2
    network = OperatorNetwork(tuple(operators), biases, leaky)
    whole = lipschitz_bracket(network, PS, method="upper")
    options = {"at": np.zeros(4), "radius": 1e3, "method": "upper", "nodes": 20}
    for p, known in lipschitz_bracket(network, PS, **options).items():
        assert known.upper <= whole[p].upper * SLACK
