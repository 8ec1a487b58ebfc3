"""Exact Lipschitz constants against values worked out by hand or by exhausting all patterns."""

import numpy as np
import pytest
from exact_networks import (
    PS,
    assert_attained,
    assert_same,
    by_exhaustion,
    by_search,
    draw,
    network,
    shallow,
)

from memrob.errors import UserError
from memrob.lipschitz.exact import exact_lipschitz
from memrob.lipschitz.exact.branching import by_branching
from memrob.lipschitz.exact.line import by_line
from memrob.lipschitz.exact.plane import by_plane
from memrob.lipschitz.exact.regions import by_regions
from memrob.lipschitz.norms import conjugate, norm


def methods(net):
    """Every method that applies."""
    found = [by_branching, by_search]
    if net.input_dim <= 2:
        found.append(by_regions)
    if net.depth == 1:
        if net.input_dim == 1 or (net.input_dim == 2 and net.is_homogeneous):
            found.append(by_line)
        if net.input_dim == 2 or (net.input_dim == 3 and net.is_homogeneous):
            found.append(by_plane)
    return found


def check_all(net, expected, rtol=1e-9):
    for method in methods(net):
        exact = method(net, PS)
        assert_same(expected, exact.values, rtol)
        assert_attained(net, exact)


@pytest.mark.parametrize("dim", [1, 2, 3, 5])
@pytest.mark.parametrize("bias", [0.0, -2.5])
def test_one_neuron(dim, bias):
    row = np.arange(1.0, dim + 1) * (-1) ** np.arange(dim)
    expected = {p: 3 * float(norm(row, conjugate(p))) for p in PS}
    check_all(shallow([row], [bias], [-3.0]), expected)


def test_affine():
    net = network(([[3.0, -4.0]], [7.0]))
    exact = exact_lipschitz(net, [1, 2, "inf"])
    assert exact.method == "linear"
    assert exact.values == {1.0: 4.0, 2.0: 5.0, np.inf: 7.0}


@pytest.mark.parametrize("depth", [1, 2, 3])
@pytest.mark.parametrize("dim", [1, 2])
def test_linear_through_pairs_of_opposite_neurons(dim, depth):
    # relu(z) - relu(-z) = z: the network is linear, though it has many activation regions.
    rng = np.random.default_rng(dim + 10 * depth)
    matrices = [rng.standard_normal((dim, dim)) for _ in range(depth)]
    last = rng.standard_normal((1, dim))
    layers, read = [], np.eye(dim)
    for matrix in matrices:
        layers.append((np.vstack([matrix, -matrix]) @ read, np.zeros(2 * dim)))
        read = np.hstack([np.eye(dim), -np.eye(dim)])
    net = network(*layers, (last @ read, [0.0]))
    gradient = (last @ np.linalg.multi_dot([*reversed(matrices), np.eye(dim)]))[0]
    check_all(net, {p: float(norm(gradient, conjugate(p))) for p in PS}, rtol=1e-9)


def test_interval_by_hand():
    # Slopes 0 | 2 | -1 | 5, with breaks at -1, 0 and 2.
    net = shallow([[1.0], [2.0], [0.5]], [1.0, 0.0, -1.0], [2.0, -1.5, 12.0])
    for method in (by_line, by_regions):
        exact = method(net, [2])
        assert exact.values[2.0] == pytest.approx(5, rel=1e-12)
        assert exact.points[2.0] > 2
        assert exact.regions == 4
    # With a neuron that is active on the left: slopes 1.5 | 3.5 | -1 | 5.
    turned = shallow([[1.0], [-1.0], [2.0], [0.5]], [1.0, 0.0, 0.0, -1.0], [2.0, -1.5, -1.5, 12.0])
    check_all(turned, {p: 5.0 for p in PS})


def test_hat_by_hand():
    # relu(x1) + relu(x2) - 2 relu(x1 + x2 - 1): where x1 < 0 and x2 > 1 - x1 it is (-2, -1).
    net = shallow([[1.0, 0], [0, 1], [1, 1]], [0.0, 0, -1], [1.0, 1, -2])
    expected = {p: float(norm(np.array([2.0, 1.0]), conjugate(p))) for p in PS}
    check_all(net, expected)
    # There is no region with x1 < 0, x2 < 0, x1 + x2 > 1, where the gradient would be (-2, -2).
    for p, point in by_plane(net, PS).points.items():
        assert point.sum() > 1 and point.min() < 0, p


def test_two_layers_by_hand():
    # relu(1 - relu(x) - relu(-x)): a tent of slope 1 over [-1, 1]; times -3.
    net = network(([[1.0], [-1.0]], [0.0, 0.0]), ([[-1.0, -1.0]], [1.0]), ([[-3.0]], [0.0]))
    for method in (by_regions, by_search):
        exact = method(net, [1, 2])
        assert exact.values == pytest.approx({1.0: 3.0, 2.0: 3.0})
        assert (np.abs([exact.points[1.0], exact.points[2.0]]) < 1).all()
    assert by_regions(net, [1]).regions == 4


@pytest.mark.parametrize("biased", [False, True])
@pytest.mark.parametrize(
    "dim, widths",
    [
        *[(1, (7,)), (2, (7,)), (3, (7,)), (4, (8,)), (9, (6,))],
        *[(1, (3, 4)), (2, (4, 4)), (3, (4, 3)), (5, (3, 4)), (2, (3, 2, 3)), (4, (2, 3, 2))],
    ],
)
def test_exhaustion(dim, widths, biased):
    rng = np.random.default_rng([dim, *widths, biased])
    net = draw(rng, dim, widths, biased)
    check_all(net, by_exhaustion(net), rtol=1e-8)


@pytest.mark.parametrize("biased", [False, True])
@pytest.mark.parametrize(
    "dim, widths",
    [(1, (20,)), (2, (14,)), (2, (25,)), (3, (14,)), (2, (8, 8)), (1, (9, 9, 9)), (2, (6, 6, 6))],
)
def test_methods_agree(dim, widths, biased):
    net = draw(np.random.default_rng([7, dim, *widths]), dim, widths, biased)
    check_all(net, by_search(net, PS).values)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("dim, widths", [(2, (300,)), (2, (20, 20)), (1, (50, 50)), (6, (9,))])
def test_values_grow_with_p_at_the_right_rate(dim, widths, seed):
    net = draw(np.random.default_rng(seed), dim, widths, True)
    values = list(exact_lipschitz(net, PS).values.items())
    for i, (p, lip_p) in enumerate(values):
        for q, lip_q in values[i:]:
            assert lip_p <= lip_q * (1 + 1e-12)
            assert lip_q <= dim ** (1 / p - 1 / q) * lip_p * (1 + 1e-12)


@pytest.mark.parametrize(
    "dim, widths", [(1, (9,)), (2, (30,)), (2, (7, 6)), (3, (5, 4)), (4, (9,))]
)
def test_scaling_and_permuting_neurons_changes_nothing(dim, widths):
    rng = np.random.default_rng(3)
    net = draw(rng, dim, widths, True)
    weights, biases = list(net.weights), list(net.biases)
    for layer, width in enumerate(widths):
        scale, order = np.exp(2 * rng.standard_normal(width)), rng.permutation(width)
        weights[layer] = (scale[:, None] * weights[layer])[order]
        biases[layer] = (scale * biases[layer])[order]
        weights[layer + 1] = (weights[layer + 1] / scale)[:, order]
    other = network(*zip(weights, biases, strict=True))
    exact = exact_lipschitz(other, PS)
    assert_same(exact_lipschitz(net, PS).values, exact.values)
    assert_attained(other, exact)


def test_lower_bounds_change_nothing():
    net = draw(np.random.default_rng(5), 4, (12,), True)
    values = by_search(net, PS).values
    for share in (0.5, 1.0):
        exact = exact_lipschitz(net, PS, lower={p: share * v for p, v in values.items()})
        assert_same(values, exact.values)
        assert_attained(net, exact)
    assert exact_lipschitz(net, [1], lower=values[1.0]).values[1.0] == values[1.0]
    with pytest.raises(UserError, match=r"lower: .* p = 2\.0"):
        exact_lipschitz(net, PS, lower={2.0: values[2.0] * 1.01})
