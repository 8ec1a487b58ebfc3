"""Counts of regions, their pictures, the cutting of cones, and which method is feasible."""

import math

import numpy as np
import pytest
from exact_networks import draw, network, shallow
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from memrob.errors import UserError
from memrob.lipschitz.exact import exact_lipschitz, feasible_method, linear_regions
from memrob.lipschitz.exact.branching import by_branching
from memrob.lipschitz.exact.cones import _by_simplex, open_cone
from memrob.lipschitz.exact.line import by_line
from memrob.lipschitz.exact.plane import by_plane
from memrob.lipschitz.exact.regions import activation_regions, by_regions, quadrants
from memrob.lipschitz.exact.result import Champions
from memrob.lipschitz.norms import conjugate, norm

quick = settings(deadline=None, max_examples=60)


@pytest.mark.parametrize("n", [1, 2, 3, 10, 57])
def test_number_of_regions_in_general_position(n):
    rng = np.random.default_rng(n)
    line, plane, cones, sectors = (
        draw(rng, dim, (n,), biased)
        for dim, biased in ((1, True), (2, True), (3, False), (2, False))
    )
    assert by_line(line, [2]).regions == by_regions(line, [2]).regions == n + 1
    assert by_line(sectors, [2]).regions == by_regions(sectors, [2]).regions == 2 * n
    expected = 1 + n + math.comb(n, 2)
    assert by_plane(plane, [2]).regions == by_regions(plane, [2]).regions == expected
    assert by_plane(cones, [2]).regions == 2 + n * (n - 1)


def test_number_of_regions_of_a_deep_network_on_the_line():
    net = draw(np.random.default_rng(1), 1, (6, 6, 6), True)
    # Changes of the pattern along a fine grid; no region of this network is thinner than a step.
    grid = np.linspace(-60, 60, 300_001)[:, None]
    patterns = np.hstack(net.activation_patterns(grid))
    changes = (patterns[1:] != patterns[:-1]).any(axis=1).sum()
    assert by_regions(net, [2]).regions == changes + 1


@pytest.mark.parametrize("widths", [(20,), (8, 8), (6, 5, 4)])
def test_codes_and_gradients_are_those_of_the_network(widths):
    net = draw(np.random.default_rng(2), 2, widths, True)
    for found in activation_regions(net, quadrants(2)):
        centres = found.fan.centres()
        points = centres[:, :2] / centres[:, 2:]
        np.testing.assert_allclose(found.gradients, net.gradients(points), rtol=1e-9, atol=1e-12)
        patterns = [np.packbits(on, axis=1) for on in net.activation_patterns(points)]
        assert (found.codes == np.hstack(patterns)).all()


def test_visiting_in_small_blocks_changes_nothing(monkeypatch):
    net = draw(np.random.default_rng(4), 2, (9, 9, 9), True)
    whole = by_regions(net, [1, 2])
    monkeypatch.setattr("memrob.lipschitz.exact.regions.BLOCK", 100)
    parts = by_regions(net, [1, 2])
    assert parts.regions == whole.regions
    assert parts.values == pytest.approx(whole.values, rel=1e-12)


def test_too_many_regions(monkeypatch):
    monkeypatch.setattr("memrob.lipschitz.exact.regions.LARGEST_COUNT", 20)
    with pytest.raises(UserError, match="more than 20 regions"):
        by_regions(draw(np.random.default_rng(0), 2, (30,), True), [2])


def test_a_search_that_ends_early_gives_an_interval():
    net = draw(np.random.default_rng(0), 4, (16,), True)
    whole = by_branching(net, [1, 2])
    found = {nodes: by_branching(net, [1, 2], nodes=nodes) for nodes in (0, 5, 50, 200)}
    for p in (1.0, 2.0):
        assert p not in whole.doubtful
        bounds = [part.doubtful.get(p, part.values[p]) for part in found.values()]
        assert (np.diff(bounds) <= 0).all()
        for part in found.values():
            assert part.values[p] <= whole.values[p] <= part.doubtful.get(p, np.inf)
    assert not by_branching(net, [2], seconds=60).doubtful
    assert by_branching(net, [2], seconds=0).doubtful


def area(polygon):
    x, y = polygon.T
    return abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2


@pytest.mark.parametrize("widths", [(), (1,), (15,), (7, 7), (6, 6, 6)])
def test_polygons_tile_the_square(widths):
    net = draw(np.random.default_rng(9), 2, widths, True)
    polygons = linear_regions(net, 1.5)
    assert sum(area(polygon.vertices) for polygon in polygons) == pytest.approx(9, rel=1e-9)
    for vertices, gradient in polygons:
        assert len(vertices) >= 3
        assert np.abs(vertices).max() <= 1.5 * (1 + 1e-12)
        point = vertices.mean(axis=0)
        np.testing.assert_allclose(net.gradients(point[None])[0], gradient, rtol=1e-9, atol=1e-12)


def test_polygon_of_one_neuron():
    left, right = sorted(
        linear_regions(shallow([[2.0, 0]], [-1.0], [3.0]), 1.0), key=lambda found: found.gradient[0]
    )
    assert left.gradient.tolist() == [0, 0]
    assert right.gradient.tolist() == [6, 0]
    assert sorted(map(tuple, right.vertices.round(12))) == [(0.5, -1), (0.5, 1), (1, -1), (1, 1)]


def test_pictures_only_of_the_plane():
    with pytest.raises(UserError, match="input_dim is 3"):
        linear_regions(draw(np.random.default_rng(0), 3, (4,), True), 1.0)
    with pytest.raises(UserError, match="radius"):
        linear_regions(draw(np.random.default_rng(0), 2, (4,), True), 0.0)


@quick
@given(st.integers(0, 2**32 - 1))
def test_open_cones_against_linear_programming(seed):
    rng = np.random.default_rng(seed)
    m, k = int(rng.integers(1, 14)), int(rng.integers(1, 6))
    rows = rng.integers(-2, 3, size=(m, k))
    programme = linprog(
        np.append(np.zeros(k), -1.0),
        A_ub=np.column_stack([-rows, np.ones(m)]),
        b_ub=np.zeros(m),
        bounds=[(-1, 1)] * k + [(None, 1)],
    )
    for method in (open_cone, _by_simplex):
        found = method(rows.astype(object))
        assert found.is_empty == (-programme.fun < 1e-7)
        assert found.is_empty or (rows @ found.inside > 0).all()


def test_a_cone_far_thinner_than_rounding():
    # Between two hyperplanes at an angle of 2^-300.
    rows = np.array([[1, 0, 0], [-1, 0, 1], [0, 1, 0], [0, -1, 1], [0, 0, 0]], dtype=object)
    rows[:2, 2] += [0, -1]
    rows = rows[:4]
    rows[1, 1] = 1
    rows[0, 0], rows[1, 0] = 2**300, -(2**300)
    assert not open_cone(rows).is_empty
    rows[1, 1] = -1
    assert open_cone(rows).is_empty


@quick
@given(st.integers(0, 2**32 - 1))
def test_champions_are_the_largest(seed):
    rng = np.random.default_rng(seed)
    dim, ps = int(rng.integers(1, 5)), (1.0, 1.5, 2.0, 4.0, np.inf)
    rows = rng.standard_normal((50, dim)) * rng.choice([1e-3, 1, 1e3], size=dim)
    champions = Champions(ps, dim)
    for start in range(0, 50, 7):
        champions.offer(rows[start : start + 7], lambda row, start=start: start + row)
    for p, value, tag in zip(ps, champions.values, champions.tags, strict=True):
        norms = norm(rows, conjugate(p))
        assert value == norms.max()
        assert norms[tag] == value


@pytest.mark.parametrize(
    "dim, widths, biased, method",
    [
        (5, (), True, "linear"),
        (1, (10_000,), True, "line"),
        (2, (10_000,), False, "line"),
        (2, (10_000,), True, "plane"),
        (3, (10_000,), False, "plane"),
        (2, (64, 64, 64), True, "regions"),
        (1, (64, 64), True, "regions"),
        (3, (12,), True, "branching"),
        (4, (8, 8), False, "branching"),
    ],
)
def test_choice_of_method(dim, widths, biased, method):
    net = draw(np.random.default_rng(0), dim, widths, biased)
    assert feasible_method(net) == method
    if sum(widths) < 100:
        assert exact_lipschitz(net, [2]).method == method


@pytest.mark.parametrize("dim, widths", [(3, (20_001, 101)), (16, (1500, 1500))])
def test_infeasible(dim, widths):
    net = network(
        *((np.ones((n, m)), np.ones(n)) for m, n in zip((dim, *widths), (*widths, 1), strict=True))
    )
    with pytest.raises(UserError, match=f"infeasible for input_dim {dim}, .* feasible are ") as e:
        exact_lipschitz(net, [2])
    assert "\n" not in str(e.value)


def test_no_exponent():
    with pytest.raises(UserError, match="p: "):
        exact_lipschitz(draw(np.random.default_rng(0), 2, (4,), True), [])
    with pytest.raises(UserError, match="p: "):
        exact_lipschitz(draw(np.random.default_rng(0), 2, (4,), True), [0.5])
