"""Jacobians in interval arithmetic."""

import numpy as np
import pytest
from all_patterns import PS
from hypothesis import given, settings
from hypothesis import strategies as st

from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import conjugate, norm
from memrob.lipschitz.random_networks import BIAS_LAWS, random_network
from memrob.lipschitz.upper import intervals
from memrob.lipschitz.upper.intervals import interval_bound


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 10**6),
    st.sampled_from([(2, 6, 1), (3, 20, 2), (4, 8, 4)]),
    st.sampled_from(BIAS_LAWS),
    st.floats(1e-6, 10),
)
def test_gradients_in_the_box_stay_below(seed, shape, bias, radius):
    network = random_network(*shape, bias, seed)
    rng = np.random.default_rng(seed)
    centre = rng.standard_normal(shape[0])
    sides = radius * rng.uniform(0, 1, shape[0])
    points = centre + sides * np.concatenate(
        [rng.uniform(-1, 1, (500, shape[0])), rng.choice([-1.0, 1.0], (50, shape[0]))]
    )
    found = interval_bound(network, PS, centre, sides)
    gradients = network.gradients(points)
    for p in PS:
        assert norm(gradients, conjugate(p)).max() <= found[p] * (1 + 1e-13)


@pytest.mark.parametrize("depth", [1, 2, 5])
def test_a_box_that_shrinks_to_a_point(depth):
    network = random_network(6, 30, depth, "gaussian", depth)
    centre = np.random.default_rng(depth).standard_normal(6)
    gradient = network.gradients(centre[None])[0]
    bounds = [interval_bound(network, PS, centre, radius) for radius in (1e9, 1.0, 1e-2, 1e-9, 0)]
    for p in PS:
        values = [bound[p] for bound in bounds]
        assert values == sorted(values, reverse=True)
        assert values[-2:] == pytest.approx([norm(gradient, conjugate(p))] * 2, rel=1e-6)
        assert values[-1] >= norm(gradient, conjugate(p)) * (1 - 1e-15)


def test_huge_boxes_are_no_worse_than_the_whole_space():
    network = random_network(3, 10, 2, "gaussian", 0)
    whole = interval_bound(network, PS)
    for p, bound in interval_bound(network, PS, np.zeros(3), 1e12).items():
        assert bound == pytest.approx(whole[p], rel=1e-6)
    assert interval_bound(network, PS, np.zeros(3), [1.0, np.inf, 1.0]) == whole


def test_a_neuron_that_is_always_active_is_linear():
    """With large positive biases the network is affine on the box and the bound is exact."""
    network = random_network(4, 7, 1, "zero", 1)
    network.biases[0][:] = 100
    gradient = (network.weights[1] @ network.weights[0])[0]
    found = interval_bound(network, PS, np.zeros(4), 1.0)
    assert list(found.values()) == pytest.approx([norm(gradient, conjugate(p)) for p in PS])


def test_both_directions_are_bounds(monkeypatch):
    for seed in range(10):
        network = random_network(3, 12, 3, "zero", seed)
        both = interval_bound(network, PS)
        with monkeypatch.context() as patch:
            patch.setattr(intervals, "FORWARD_OPERATIONS", 0)
            backwards = interval_bound(network, PS)
        gradients = network.gradients(np.random.default_rng(0).standard_normal((500, 3)))
        for p in PS:
            assert norm(gradients, conjugate(p)).max() <= both[p] <= backwards[p]


def test_pre_activations_beyond_float64_tell_no_sign():
    # relu(relu(a x) - relu(a x / 2)) with a = 1e200: on the box differences of infinities.
    network = ReluNetwork(
        (np.array([[1e200], [5e199]]), np.array([[1.0, -1.0]]), np.eye(1)),
        (np.zeros(2), np.zeros(1), np.zeros(1)),
    )
    with np.errstate(all="ignore"):
        for p, bound in interval_bound(network, PS, radius=1e200).items():
            assert bound >= 5e199, p
