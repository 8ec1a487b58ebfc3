"""Brackets about a point."""

import numpy as np
import pytest
from exact_networks import draw
from hypothesis import given, settings
from hypothesis import strategies as st

from memrob.errors import UserError
from memrob.lipschitz.bracket import bracket
from memrob.lipschitz.exact import exact_lipschitz
from memrob.lipschitz.exact.branching import by_branching
from memrob.lipschitz.local import Region, local_bracket
from memrob.lipschitz.local.relaxation import Boxes, activation_bounds, gradient_bounds
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import conjugate, norm
from memrob.lipschitz.random_networks import random_network
from memrob.lipschitz.upper import interval_bound

PS = [1.0, 1.5, 2.0, np.inf]
few = settings(deadline=None, max_examples=8)


@few
@given(st.integers(0, 2**32 - 1))
def test_relaxation_contains_what_happens_and_is_within_intervals(seed):
    rng = np.random.default_rng(seed)
    dim, widths = int(rng.integers(1, 5)), rng.integers(1, 9, rng.integers(1, 4))
    net = draw(rng, dim, tuple(map(int, widths)), True)
    centre, radius = rng.standard_normal(dim), 10.0 ** rng.uniform(-3, 1, dim)
    bounds = activation_bounds(net, Boxes((centre - radius)[None], (centre + radius)[None]))
    points = centre + rng.uniform(-1, 1, (500, dim)) * radius
    for values, (low, high) in zip(net.pre_activations(points), bounds, strict=True):
        assert (values >= low[0] - 1e-12).all() and (values <= high[0] + 1e-12).all()
    largest = gradient_bounds(net, bounds)[0]
    assert (np.abs(net.gradients(points)) <= largest * (1 + 1e-12) + 1e-300).all()
    intervals = interval_bound(net, [1.0, 2.0], centre, radius)
    for p, bound in intervals.items():
        assert norm(largest, conjugate(p)) <= bound * (1 + 1e-9)


@pytest.mark.parametrize("dim, widths", [(2, (6,)), (3, (4, 3))])
@pytest.mark.parametrize("radius", [0.05, 0.7, [0.5, 0.1, 2.0]])
def test_boxes_and_branching_on_neurons_agree(dim, widths, radius):
    net = draw(np.random.default_rng([dim, *widths]), dim, widths, True)
    centre, radius = np.full(dim, 0.3), np.broadcast_to(radius, 3)[:dim]
    exact = by_branching(net, PS, region=Region(centre, radius))
    samples = Region(centre, radius).samples(1000, seed=3)
    found = local_bracket(net, PS, centre, radius, nodes=150)
    for p, known in found.items():
        value = exact.values[p]
        assert p not in exact.doubtful
        assert norm(net.gradients(samples), conjugate(p)).max() <= value * (1 + 1e-9)
        assert known.lower <= value * (1 + 1e-12) and value <= known.upper * (1 + 1e-12)
        assert known.exact == pytest.approx(value, rel=1e-9)


def test_a_large_box_has_the_constant_of_the_whole_space():
    net = draw(np.random.default_rng(3), 2, (5, 4), True)
    whole = exact_lipschitz(net, PS).values
    for p, known in local_bracket(net, PS, np.zeros(2), 1e6).items():
        assert known.exact == pytest.approx(whole[p], rel=1e-9)


def test_balls_lie_between_boxes():
    net = random_network(3, 8, 2, bias="gaussian", seed=4)
    centre = np.array([0.5, -0.2, 0.1])
    inner, outer = (local_bracket(net, PS, centre, r) for r in (0.4 / np.sqrt(3), 0.4))
    ball = bracket(net, PS, at=centre, radius=0.4, ball_norm=2)
    for p in PS:
        assert inner[p].lower <= ball[p].upper
        assert ball[p].lower <= outer[p].upper
        assert np.linalg.norm(ball[p].point - centre) <= 0.4
        assert ball[p].lower <= ball[p].upper


def test_more_boxes_never_give_more():
    net = random_network(4, 20, 3, bias="gaussian", seed=1)
    uppers = [local_bracket(net, [2.0], np.zeros(4), 1.0, nodes=n)[2.0] for n in (1, 20, 200)]
    bounds, lowers = [known.upper for known in uppers], [known.lower for known in uppers]
    assert bounds == sorted(bounds, reverse=True) and lowers == sorted(lowers)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"at": [0.0], "radius": 1.0}, "at: has 1 coordinates; the network has 2 inputs"),
        ({"at": [0, 0], "radius": 0.0}, "radius: is 0.0; it must be finite and above 0"),
        ({"at": [0, 0], "radius": [1, 1, 1]}, "radius: has 3 entries"),
        ({"at": [0, np.nan], "radius": 1.0}, "at: its coordinates must be finite"),
        ({"at": [0, 0], "radius": [1, 2], "ball_norm": 2}, "radius: has several entries"),
        ({"at": [0, 0], "radius": 1.0, "ball_norm": 3}, "norm: is 3"),
    ],
)
def test_mistakes(options, message):
    with pytest.raises(UserError, match=message):
        bracket(random_network(2, 4, 1), [2.0], **options)


@pytest.mark.parametrize("norm_of_ball", [2, np.inf])
def test_an_affine_function_about_a_point(norm_of_ball):
    net = ReluNetwork((np.array([[3.0, -4.0]]),), (np.ones(1),))
    for p, known in local_bracket(net, PS, [1.0, 2.0], 0.1, ball_norm=norm_of_ball).items():
        value = norm(net.weights[0], conjugate(p))[0]
        assert known.exact == pytest.approx(value, rel=1e-12)
        assert known.lower <= value <= known.upper


def test_pre_activations_beyond_float64_tell_no_sign():
    # On the box the first values are infinite, and differences of them NaN.
    net = ReluNetwork(
        (np.full((2, 1), 1e200), np.array([[1.0, -1.0]]), np.eye(1)),
        (np.zeros(2), np.zeros(1), np.zeros(1)),
    )
    with np.errstate(all="ignore"):
        bounds = activation_bounds(net, Boxes(np.array([[-1e200]]), np.array([[1e200]])))
        for low, high in bounds:
            assert (low < 0).all()
            assert (high > 0).all()
        assert not (gradient_bounds(net, bounds) < 1e200).any()


@pytest.mark.parametrize("radius", [1e308, [1.0, 1.5e308]])
def test_a_box_beyond_float64_is_refused(radius):
    net = draw(np.random.default_rng(0), 2, (3,), True)
    with pytest.raises(UserError, match="radius: reaches beyond the range of float64"):
        local_bracket(net, [2.0], [0.0, 1e308], radius)


@pytest.mark.parametrize("size", [1e100, 1e200])
def test_hyperplanes_far_away_about_a_point_far_away(size):
    # relu(x - size) + 3 relu(y - 5) about (size, 0): both slopes of the first, none of the second.
    net = ReluNetwork((np.eye(2), np.array([[1.0, 3.0]])), (np.array([-size, -5.0]), np.zeros(1)))
    known = local_bracket(net, [np.inf], [size, 0.0], [size / 4, 1.0])[np.inf]
    assert (known.lower, known.upper) == pytest.approx((1, 1))
    known = local_bracket(net, [np.inf], [size, 0.0], [size / 4, 9.0])[np.inf]
    assert (known.lower, known.upper) == pytest.approx((4, 4))
