"""The search attains what it says, finds what is known, and depends on nothing but its seed."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memrob.lipschitz.attained import is_differentiable
from memrob.lipschitz.batch import put_like, stack
from memrob.lipschitz.lower import coordinate_constants, search
from memrob.lipschitz.lower.ascent import Schedule, Starts, ascend, slope_of_half_active
from memrob.lipschitz.lower.line_search import _best_offsets, search_lines
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import conjugate, norm
from memrob.lipschitz.random_networks import random_network

PS = [1.0, 1.5, 2.0, 3.0, math.inf]


def one_neuron(weights, bias, factor):
    return ReluNetwork(
        (np.array([weights], float), np.array([[factor]], float)), (np.array([bias]), np.zeros(1))
    )


def values(found):
    return {p: bound.value for p, bound in found.items()}


@pytest.mark.parametrize("bias", [0.0, -3.0, 250.0])
def test_one_neuron(bias):
    (found,) = search([one_neuron([3, -4, 1], bias, -2.0)], PS, seeds=[0], steps=5)
    for p in PS:
        assert found[p].value == pytest.approx(2 * norm(np.array([3.0, -4, 1]), conjugate(p)))


def test_affine_network():
    network = ReluNetwork((np.array([[3.0, -4]]),), (np.array([7.0]),))
    (found,) = search([network], [1, 2, math.inf], seeds=[0])
    assert values(found) == {1: 4.0, 2: 5.0, math.inf: 7.0}


def test_network_that_is_linear_where_all_neurons_are_active():
    # Positive weights and last row: the gradient is largest where all neurons are active.
    rng = np.random.default_rng(0)
    weights = (rng.uniform(size=(9, 4)), rng.uniform(size=(7, 9)), rng.uniform(size=(1, 7)))
    network = ReluNetwork(weights, tuple(np.zeros(len(w)) for w in weights))
    product = (weights[2] @ weights[1] @ weights[0])[0]
    (found,) = search([network], PS, seeds=[1])
    for p in PS:
        assert found[p].value == pytest.approx(norm(product, conjugate(p)), rel=1e-12)


@pytest.mark.parametrize("restarts", [1, 2, 3])
@pytest.mark.parametrize("bias", ["zero", "gaussian"])
def test_a_single_restart_is_enough_to_search(restarts, bias):
    network = random_network(4, 9, 2, bias, 0)
    (found,) = search([network], [2.0, math.inf], seeds=[0], restarts=restarts, steps=3)
    assert 0 < found[2.0].value <= found[math.inf].value


def test_constant_network():
    network = ReluNetwork((np.zeros((3, 2)), np.ones((1, 3))), (np.zeros(3), np.zeros(1)))
    (found,) = search([network], PS, seeds=[0], steps=3)
    assert set(values(found).values()) == {0.0}


@pytest.mark.parametrize("bias", ["zero", "gaussian", "cauchy"])
@pytest.mark.parametrize("depth", [1, 2, 4])
def test_bounds_are_attained_and_rise_with_p(bias, depth):
    networks = [random_network(6, 30, depth, bias, seed) for seed in range(3)]
    for network, found in zip(
        networks, search(networks, PS, seeds=[5, 6, 7], steps=40), strict=True
    ):
        for p in PS:
            point = found[p].point
            assert point.shape == (6,) and is_differentiable(network, point)
            size = norm(network.gradients(point[None])[0], conjugate(p))
            assert found[p].value == pytest.approx(size, rel=1e-12)
        rising = [found[p].value for p in PS]
        assert rising == sorted(rising)


@pytest.mark.parametrize("bias", ["zero", "gaussian"])
@pytest.mark.parametrize("depth", [1, 3])
def test_automatic_differentiation_finds_the_same(bias, depth):
    torch = pytest.importorskip("torch")
    network = random_network(5, 40, depth, bias, 3)
    (found,) = search([network], PS, seeds=[3], steps=30)
    for p in PS:
        point = torch.tensor(found[p].point, requires_grad=True)
        hidden = point
        for weight, offset in zip(network.weights, network.biases, strict=True):
            output = torch.tensor(weight) @ hidden + torch.tensor(offset)
            hidden = torch.relu(output)
        (gradient,) = torch.autograd.grad(output[0], point)
        assert norm(gradient.numpy(), conjugate(p)) == pytest.approx(found[p].value, rel=1e-9)


def test_rows_do_not_depend_on_the_batch():
    networks = [random_network(4, 25, 2, "gaussian", seed) for seed in range(3)]
    together = search(networks, [1.5, 4], seeds=[1, 2, 3], steps=20)
    for index, network in enumerate(networks):
        (alone,) = search([network], [1.5, 4], seeds=[index + 1], steps=20)
        for p in (1.5, 4):
            assert alone[p].value == together[index][p].value
            assert np.array_equal(alone[p].point, together[index][p].point)


def test_search_beats_random_gradients_by_far_for_p_below_2():
    network = random_network(64, 1024, 1, "zero", 0)
    random = network.gradients(np.random.default_rng(0).standard_normal((512, 64)))
    (found,) = search([network], [1.0], seeds=[0], steps=60)
    assert found[1.0].value > 1.8 * np.abs(random).max()


@pytest.mark.parametrize("bias", ["gaussian", "log_uniform"])
@pytest.mark.parametrize("shape", [(8, 60, 1), (4, 16, 2), (8, 64, 2), (12, 40, 4)])
def test_biases_never_make_the_bound_smaller(shape, bias):
    # Far out a network has the gradients of the one without biases.
    zero, biased = (
        [random_network(*shape, law, seed) for seed in (11, 12)] for law in ("zero", bias)
    )
    # Few restarts: the searches differ by more than they would with many.
    without, found = (
        search(nets, PS, seeds=[4, 5], restarts=3, steps=30) for nets in (zero, biased)
    )
    for network, bare, known in zip(biased, without, found, strict=True):
        for p in PS:
            assert known[p].value >= (1 - 1e-12) * bare[p].value
            there = norm(network.gradients(known[p].point[None])[0], conjugate(p))
            assert there == pytest.approx(known[p].value, rel=1e-9)


@given(st.integers(1, 12), st.integers(0, 1000))
@settings(deadline=None, max_examples=60)
def test_best_interval_of_a_line(width, seed):
    rng = np.random.default_rng(seed)
    heights, speeds, gains = rng.standard_normal((3, 4, width))
    found = _best_offsets(heights, speeds, gains)
    reached = ((heights + found[:, None] * speeds > 0) * gains).sum(axis=1)
    crossings = np.sort(-heights / speeds, axis=1)
    for row in range(4):
        middles = np.concatenate(
            [
                crossings[row, :1] - 1,
                (crossings[row, 1:] + crossings[row, :-1]) / 2,
                crossings[row, -1:] + 1,
            ]
        )
        active = heights[row] + middles[:, None] * speeds[row] > 0
        assert reached[row] == pytest.approx((active * gains[row]).sum(axis=1).max(), abs=1e-9)


@pytest.mark.parametrize("p", PS)
def test_lines_never_make_it_worse(p):
    network = random_network(3, 40, 1, "gaussian", 2)
    rng = np.random.default_rng(0)
    points = rng.standard_normal((20, 3))
    moved = search_lines(network, points, p, 5, rng)
    before, after = (norm(network.gradients(x), conjugate(p)) for x in (points, moved))
    assert (after >= before).all() and after.mean() > before.mean()


def test_aligned_start_is_the_point_of_the_design():
    network = random_network(5, 30, 1, "zero", 9)
    weight, last = network.weights[0], network.weights[1][0]
    batch = stack([network], dtype="float64")
    directions = np.eye(5)[None]
    expected = np.stack([(last * weight[:, i]) @ weight for i in range(5)])
    found = slope_of_half_active(batch, directions)[0]
    scale = found[0, 0] / expected[0, 0]
    assert scale > 0
    assert found == pytest.approx(scale * expected)


def test_slope_is_the_derivative_of_the_annealed_gradient():
    network = random_network(4, 20, 1, "gaussian", 1)
    weight, last, bias = network.weights[0], network.weights[1][0], network.biases[0]
    x, u = np.random.default_rng(0).standard_normal((2, 4))

    def slope(x):
        mask = (1 + np.tanh(0.7 * (weight @ x + bias))) / 2
        return (mask * last) @ weight @ u

    step = 1e-6
    numeric = [(slope(x + step * e) - slope(x - step * e)) / (2 * step) for e in np.eye(4)]
    from memrob.lipschitz.lower import ascent

    batch = stack([network], dtype="float64")
    bent = np.tanh(0.7 * (weight @ x + bias))[None, None]
    found = ascent._slope(
        np,
        batch,
        [(1 + bent) / 2],
        [(1 - bent**2) * 0.7],
        ascent._adjoints(batch, [bent]),
        (u @ weight.T)[None, None],
    )[0, 0]
    assert found[:4] / 2 == pytest.approx(np.array(numeric), rel=1e-6)


def test_ascents_side_by_side_are_those_of_each_group():
    batch = stack([random_network(4, 20, 2, "gaussian", 3)], dtype="float64")
    rng = np.random.default_rng(5)
    groups = [
        Starts(
            put_like(np.abs(rng.standard_normal((1, 3, 5))), batch),
            put_like(rng.standard_normal((1, 3, 4)), batch),
            p,
            Schedule(held=held),
        )
        for p, held in ((1.0, 0.0), (2.0, 0.5))
    ]
    together = ascend(batch, groups, 30)
    alone = np.concatenate([ascend(batch, [group], 30) for group in groups], axis=1)
    assert together == pytest.approx(alone, rel=1e-6)


def test_points_on_a_kink_are_not_taken_for_regular():
    network = one_neuron([1, -1], 0.0, 1.0)
    assert not is_differentiable(network, np.array([0.1, 0.1]))
    assert not is_differentiable(network, np.array([1.0, 1.0 + 1e-16]))
    assert is_differentiable(network, np.array([1.0, 0.9]))


@pytest.mark.parametrize("bias", ["zero", "gaussian"])
def test_torch_searches_as_well_as_numpy(bias):
    pytest.importorskip("torch")
    networks = [random_network(8, 64, 2, bias, seed) for seed in range(2)]
    here, there = (
        search(networks, PS, seeds=[1, 2], steps=40, device=device)
        for device in ("cpu", "torch-cpu")
    )
    for network, own, other in zip(networks, here, there, strict=True):
        for p in PS:
            # Rounding makes ascents part, not better or worse.
            assert other[p].value == pytest.approx(own[p].value, rel=0.1)
            size = norm(network.gradients(other[p].point[None])[0], conjugate(p))
            assert other[p].value == pytest.approx(size, rel=1e-12)


def test_slopes_of_coordinates_of_a_network_that_is_linear_where_all_are_active():
    rng = np.random.default_rng(0)
    weights = (rng.uniform(size=(9, 4)), rng.uniform(size=(1, 9)))
    network = ReluNetwork(weights, tuple(np.zeros(len(w)) for w in weights))
    found = coordinate_constants([network], seeds=[0], count=10, steps=30)
    assert np.sort(found[0]) == pytest.approx(np.sort((weights[1] @ weights[0])[0]))


def test_slopes_of_coordinates_are_below_the_constant_for_p_1():
    networks = [random_network(6, 60, 1, "zero", seed) for seed in range(3)]
    whole = coordinate_constants(networks, seeds=[7, 8, 9], count=6)
    assert whole.shape == (3, 6)
    for slopes, found in zip(whole, search(networks, [1.0], seeds=[7, 8, 9]), strict=True):
        assert slopes.max() <= found[1.0].value * (1 + 1e-6)
        assert slopes.max() >= 0.97 * found[1.0].value
    alone = coordinate_constants(networks[1:2], seeds=[8], count=6)
    assert np.array_equal(alone[0], whole[1])
