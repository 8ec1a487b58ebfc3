"""All linear pieces of networks along lines, against many points on the same lines."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memrob.lipschitz.lower.heights import height_scale, placed
from memrob.lipschitz.lower.piece_search import search_pieces
from memrob.lipschitz.lower.pieces import pieces_of_lines
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import conjugate, norm
from memrob.lipschitz.random_networks import BIAS_LAWS, random_network


@given(
    st.integers(1, 4),
    st.integers(1, 12),
    st.integers(1, 3),
    st.sampled_from(BIAS_LAWS),
    st.integers(0, 1000),
)
@settings(deadline=None, max_examples=80)
def test_pieces_hold_every_gradient_of_the_line(input_dim, width, depth, bias, seed):
    network = random_network(input_dim, width, depth, bias, seed)
    rng = np.random.default_rng(seed)
    points, lines = rng.standard_normal((2, 2, input_dim))
    rows, offsets, gradients = pieces_of_lines(network, points, lines)
    own = network.gradients(points[rows] + offsets[:, None] * lines[rows])
    assert gradients == pytest.approx(own, abs=1e-9)
    for row in range(2):
        known = gradients[rows == row]
        places = np.tan(rng.uniform(-1.57, 1.57, 300))
        seen = network.gradients(points[row] + places[:, None] * lines[row])
        nearest = np.abs(seen[:, None] - known[None]).max(axis=2).min(axis=1)
        assert (nearest < 1e-9).all()


def test_number_of_pieces_of_a_shallow_network():
    network = random_network(3, 40, 1, "gaussian", 0)
    rng = np.random.default_rng(0)
    rows, _, _ = pieces_of_lines(network, *rng.standard_normal((2, 5, 3)))
    assert np.bincount(rows).tolist() == [41] * 5


def test_neurons_that_never_change_on_a_line():
    weights = (np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 2.0]]), np.array([[5.0, 1.0, 1.0]]))
    network = ReluNetwork(weights, (np.array([1.0, 0.0, -1.0]), np.zeros(1)))
    # Along the first axis, at x_2 = 1: the second neuron turns on at 0, the third is on.
    rows, _, gradients = pieces_of_lines(network, np.array([[0.0, 1.0]]), np.array([[1.0, 0.0]]))
    assert rows.tolist() == [0, 0]
    assert gradients.tolist() == [[0.0, 2.0], [1.0, 2.0]]


@pytest.mark.parametrize("depth", [1, 2])
def test_search_never_makes_a_point_worse(depth):
    network = random_network(3, 20, depth, "gaussian", 4)
    rng = np.random.default_rng(1)
    ps = [1.0, 2.0, math.inf]
    points = rng.standard_normal((6, 3))
    moved = search_pieces(network, points, ps, 10, rng)
    assert moved.shape == (9, 3)
    for index in range(6):
        p = ps[index % 3]
        before, after = (
            norm(network.gradients(x[None])[0], conjugate(p)) for x in (points[index], moved[index])
        )
        assert after >= before * (1 - 1e-12)
    for k, p in enumerate(ps):
        sizes = norm(network.gradients(moved), conjugate(p))
        assert sizes[6 + k] >= sizes[:6][k::3].max() * (1 - 1e-9)


def test_points_at_infinity_have_the_pattern_of_the_network_without_biases():
    network = random_network(4, 30, 2, "cauchy", 1)
    unbiased = ReluNetwork(network.weights, tuple(np.zeros_like(b) for b in network.biases))
    x = np.random.default_rng(2).standard_normal(4)
    found = placed(network, np.append(x, 0.0))
    assert np.array_equal(network.gradients(found[None]), unbiased.gradients(x[None]))
    assert placed(network, np.append(x, 0.5)) == pytest.approx(2 * x)


def test_scale_of_heights_makes_biases_as_large_as_weights():
    network = random_network(5, 2000, 1, "gaussian", 0)
    louder = ReluNetwork(network.weights, tuple(100 * bias for bias in network.biases))
    assert height_scale(network) == pytest.approx(100 * height_scale(louder))
    assert height_scale(random_network(5, 10, 1, "zero", 0)) == 1.0
