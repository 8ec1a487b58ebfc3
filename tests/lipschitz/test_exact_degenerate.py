"""Arrangements that are not in general position."""

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
from hypothesis import given, settings
from hypothesis import strategies as st

from memrob.lipschitz.exact import exact_lipschitz
from memrob.lipschitz.exact.branching import by_branching
from memrob.lipschitz.exact.fan import cut
from memrob.lipschitz.exact.line import by_line
from memrob.lipschitz.exact.plane import by_plane
from memrob.lipschitz.exact.regions import by_regions, quadrants
from memrob.lipschitz.exact.result import Champions
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import norm

quick = settings(deadline=None, max_examples=40)


def repeated(net, rng):
    """The same function with every neuron in three scaled copies."""
    weight, bias, last = net.weights[0], net.biases[0], net.weights[1][0]
    # Powers of two: other factors move the copies apart by rounding.
    scale = 2.0 ** rng.integers(-3, 3, size=(3, len(last)))
    share = rng.dirichlet(np.ones(3), size=len(last)).T
    return shallow(
        np.vstack(scale[:, :, None] * weight),
        np.ravel(scale * bias),
        np.ravel(share / scale * last),
    )


@pytest.mark.parametrize("dim, biased", [(1, True), (2, True), (2, False), (3, False)])
def test_repeated_neurons(dim, biased):
    rng = np.random.default_rng(dim)
    net = draw(rng, dim, (60,), biased)
    other = repeated(net, rng)
    method = by_plane if (dim, biased) != (1, True) else by_line
    if (dim, biased) == (2, False):
        method = by_line
    exact = method(other, PS)
    assert exact.regions == method(net, PS).regions
    assert_same(method(net, PS).values, exact.values)
    assert_attained(other, exact)


@pytest.mark.parametrize("dim, biased", [(1, True), (2, True), (2, False), (3, False)])
def test_opposite_orientation_adds_a_linear_function(dim, biased):
    # relu(-z) = relu(z) - z; the linear part is put back by two more neurons with the same line.
    rng = np.random.default_rng(dim)
    net = draw(rng, dim, (12,), biased)
    weight, bias, last = net.weights[0].copy(), net.biases[0].copy(), net.weights[1][0]
    turned = rng.random(12) < 0.5
    linear = last[turned] @ weight[turned]
    weight[turned] *= -1
    bias[turned] *= -1
    other = shallow(
        np.vstack([weight, linear, -linear]), np.append(bias, [0, 0]), np.append(last, [1, -1])
    )
    expected = by_search(net, PS).values
    for method in (by_search, by_line if dim == 1 or (dim == 2 and not biased) else by_plane):
        assert_same(expected, method(other, PS).values)


def test_neurons_with_zero_weights():
    net = draw(np.random.default_rng(0), 2, (9,), True)
    weight = np.vstack([net.weights[0], np.zeros((2, 2))])
    other = shallow(weight, np.append(net.biases[0], [1, -1]), np.append(net.weights[1], [5, 5]))
    expected = by_plane(net, PS)
    for method in (by_plane, by_regions, by_search):
        assert_same(expected.values, method(other, PS).values)
    assert by_plane(other, PS).regions == by_regions(other, PS).regions == expected.regions


@pytest.mark.parametrize("method", [by_line, by_plane, by_regions, by_search])
@pytest.mark.parametrize("bias", [0.0, 1.0, -1.0])
def test_no_neuron_with_weights(method, bias):
    dim = 1 if method is by_line else 2
    net = shallow(np.zeros((3, dim)), np.full(3, bias), np.ones(3))
    exact = method(net, PS)
    assert set(exact.values.values()) == {0.0}
    assert all(np.isfinite(point).all() for point in exact.points.values())


@pytest.mark.parametrize("direction", [(1, 0), (0, 1), (3, 1), (-1, 2)])
def test_parallel_lines(direction):
    rng = np.random.default_rng(1)
    direction = np.array(direction, dtype=float)
    # Lines that rounding makes cross, 1e16 away, have regions there that these have not.
    signed = np.round(rng.standard_normal(15), 3) * 2.0**20 // 1 / 2.0**20
    bias, last = rng.standard_normal((2, 15))
    on_line = shallow(signed[:, None], bias, last)
    in_plane = shallow(signed[:, None] * direction, bias, last)
    slope = by_line(on_line, [1]).values[1.0] * np.linalg.norm(direction)
    for method in (by_plane, by_regions, by_search):
        exact = method(in_plane, [2])
        assert exact.values[2.0] == pytest.approx(slope, rel=1e-9)
        assert_attained(in_plane, exact)
    assert by_plane(in_plane, [2]).regions == by_regions(in_plane, [2]).regions == 16


@pytest.mark.parametrize("center", [(0.0, 0.0), (1.0, -2.0), (0.125, 0.375)])
@pytest.mark.parametrize("seed", range(3))
def test_concurrent_lines(center, seed):
    rng = np.random.default_rng(seed)
    drawn = draw(rng, 2, (40,), False)
    # Few binary places: lines that rounding moves meet in many points.
    weight, last = np.round(drawn.weights[0] * 2.0**20) / 2.0**20, drawn.weights[1][0]
    homogeneous = shallow(weight, np.zeros(40), last)
    net = shallow(weight, -weight @ np.array(center), last)
    expected = by_line(homogeneous, PS)
    for method in (by_plane, by_regions):
        exact = method(net, PS)
        assert_same(expected.values, exact.values)
        assert exact.regions == expected.regions == 80
        assert_attained(net, exact)


@quick
@given(st.integers(0, 2**32 - 1))
def test_lattices_of_lines(seed):
    # Small integers: many concurrent, parallel and repeated lines at once.
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 10))
    weight, bias = rng.integers(-2, 3, size=(n, 2)), rng.integers(-2, 3, size=n)
    net = shallow(weight, bias, rng.standard_normal(n))
    plane, regions = by_plane(net, PS), by_regions(net, PS)
    assert_same(regions.values, plane.values)
    assert_same(regions.values, by_search(net, PS).values)
    assert_attained(net, plane)
    assert_attained(net, regions)
    assert plane.regions == regions.regions


@quick
@given(st.integers(0, 2**32 - 1))
def test_lattices_of_planes_through_the_origin(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 9))
    weight = rng.integers(-2, 3, size=(n, 3))
    net = shallow(weight, np.zeros(n), rng.standard_normal(n))
    exact = by_plane(net, PS)
    assert_same(by_search(net, PS).values, exact.values)
    assert_attained(net, exact)


@pytest.mark.parametrize("seed", range(6))
def test_deep_networks_of_small_integers(seed):
    rng = np.random.default_rng(seed)
    net = network(
        (rng.integers(-1, 2, size=(4, 2)), rng.integers(-1, 2, size=4)),
        (rng.integers(-1, 2, size=(4, 4)), rng.integers(-1, 2, size=4)),
        (rng.standard_normal((1, 4)), [0.0]),
    )
    expected = by_exhaustion(net)
    assert_same(expected, by_regions(net, PS).values)
    assert_same(expected, by_search(net, PS).values)


@pytest.mark.parametrize("dim", [2, 4])
def test_deep_networks_with_dead_neurons(dim):
    # Neurons that are 0 everywhere, ahead of a layer that is not.
    net = draw(np.random.default_rng(dim), dim, (3, 4, 2), False)
    net.weights[1][[0, 2]] = 0
    expected = by_exhaustion(net)
    for method in (by_regions, by_search) if dim == 2 else (by_search,):
        exact = method(net, PS)
        assert_same(expected, exact.values)
        assert_attained(net, exact)


def triangle(gap):
    """Neurons active together, with gradient (2, 0), just in a triangle about (3, 5)."""
    weight = np.array([[1.0, 0], [-0.5, np.sqrt(0.75)], [-0.5, -np.sqrt(0.75)]])
    return shallow(weight, gap - weight @ np.array([3.0, 5.0]), [1.0, -1.0, -1.0])


def test_a_region_thinner_than_rounding_is_found():
    wide = by_plane(triangle(1e-3), [2])
    assert wide.regions == 7
    assert wide.values[2.0] == pytest.approx(2)
    # There, two of the neurons are active outside the triangle.
    fine = by_plane(triangle(2e-15), [2])
    assert fine.regions == 7
    assert fine.values[2.0] == pytest.approx(2)
    assert not fine.doubtful


def test_strip_between_numbers_whose_squares_overflow():
    # z = x_1/2 + x_2/4 + 2^900 is in (0, 1), where both neurons of the second layer are active,
    # on a strip that float64 cannot tell from its edge: its gradient is 5/4 of (1/2, 1/4).
    weights = (np.array([[0.5, 0.25]]), np.array([[-1.0], [1.0]]), np.array([[1.0, -0.25]]))
    net = ReluNetwork(weights, (np.array([2.0**900]), np.ones(2), np.zeros(1)))
    by_cutting = by_regions(net, [np.inf])
    assert by_cutting.above[np.inf] >= 0.9375 and np.inf in by_cutting.doubtful
    assert exact_lipschitz(net, [np.inf]).values == {np.inf: 0.9375}
    assert by_branching(net, [np.inf]).values == {np.inf: 0.9375}


@pytest.mark.parametrize("scale", [1e-300, 1e-170, 1.0, 1e170, 1e300])
def test_champions_of_any_size(scale):
    champions = Champions([1.0, 1.5, 2.0, np.inf], 2)
    gradients = scale * np.array([[1.0, 2.0], [3.0, -4.0], [0.0, 0.0]])
    for rows in (gradients[:1], gradients[1:]):
        champions.offer(rows, lambda row, rows=rows: tuple(rows[row] / scale))
    wanted = [float(norm(gradients[1], q)) for q in champions.qs]
    assert champions.values.tolist() == wanted
    assert all(np.allclose(tag, (3, -4)) for tag in champions.tags)


def test_champion_that_overflowed_is_above_all():
    champions = Champions([1.0, 2.0], 1)
    champions.offer(np.array([[np.nan]]), lambda row: row)
    assert champions.values.tolist() == [np.inf, np.inf]


@pytest.mark.parametrize("scale", [1e-250, 1.0, 1e250])
def test_cut_does_not_depend_on_the_size_of_the_function(scale):
    fan = quadrants(2)
    values = fan.rays @ np.array([1.0, -2.0, 0.5])
    parts, sources = cut(fan, scale * values, np.full(len(values), scale * 1e-15))
    expected, origins = cut(fan, values, np.full(len(values), 1e-15))
    np.testing.assert_allclose(parts.rays, expected.rays, rtol=1e-14)
    np.testing.assert_allclose(parts.errors, expected.errors, rtol=1e-12)
    assert (sources == origins).all()
