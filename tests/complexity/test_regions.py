"""Regions of neurons along rays, against the neurons themselves; and how they approach balls."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memrob.complexity.regions import directions, distance_to_ball, reach, region_radii, spread
from memrob.data import build
from memrob.interpolation import fit
from memrob.interpolation.first_layer import FirstLayer, sample_first_layer


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**32 - 1), st.sampled_from([1, 2, 5]), st.sampled_from([5, 60]))
def test_a_neuron_fires_up_to_the_radius_and_no_further(seed, dim, first_width):
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((30, dim)).astype(np.float32)
    y = rng.permutation(np.repeat([0, 1], 15))
    network = fit(X, y, first_width=first_width, max_bias=2.0, seed=seed)
    (detector,) = network.detectors
    rays = directions(rng, 40, dim)
    for k, candidate in enumerate(detector.candidates):
        radii = region_radii(network.layer, X[candidate], X[y == 0], rays)
        ends = np.isfinite(radii)
        inner = X[candidate] + 0.999 * np.where(ends, radii, 9)[:, None] * rays
        outer = X[candidate] + 1.001 * radii[ends, None] * rays[ends]
        assert detector.fires(inner.astype(np.float32))[:, k].all()
        assert not detector.fires(outer.astype(np.float32))[:, k].any()


def test_a_point_without_a_neuron():
    layer = FirstLayer(np.float32([[1, 0]]), np.float32([0]))
    plus = np.float32([[-1, 3], [2, 0]])
    radii = region_radii(layer, np.float32([-1, 0]), plus, directions(None, 8, 2))
    assert (radii == 0).all()


def test_one_hyperplane_cuts_a_half_plane_off():
    layer = FirstLayer(np.float32([[1, 0]]), np.float32([-2]))
    rays = np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.6, 0.8]])
    radii = region_radii(layer, np.float32([-1, 0]), np.float32([[5, 1]]), rays)
    np.testing.assert_allclose(radii, [3, np.inf, np.inf, 5])


def test_distance_of_a_ball_and_of_others():
    plus = np.float32([[3, 4], [6, 8]])
    origin = np.zeros(2)
    assert distance_to_ball(np.full(8, 5.0), origin, plus) == 0
    assert distance_to_ball(np.full(8, 2.5), origin, plus) == pytest.approx(0.5)
    assert distance_to_ball(np.full(8, np.inf), origin, plus) == 1


def test_regions_approach_the_ball_as_hyperplanes_are_added():
    X, y = build("moons")
    plus, points = X[y == 0], X[y == 1][:20]
    rays = directions(None, 90, 2)
    means = []
    for first_width in (200, 2000, 20_000):
        layer = sample_first_layer(np.random.default_rng(0), first_width, 2, 4.0)
        found = [distance_to_ball(region_radii(layer, x, plus, rays), x, plus) for x in points]
        means.append(np.mean(found))
    assert means[0] > 1.5 * means[1] > 2 * means[2]


def test_spread_is_zero_for_balls_of_any_size():
    plus, origin = np.float32([[3, 4]]), np.zeros(2)
    assert spread(np.full(8, 2.5), origin, plus) == 0
    assert spread(np.array([2.5, 7.5]), origin, plus) == pytest.approx(0.5)
    assert np.isnan(spread(np.zeros(8), origin, plus))


def test_reach_is_where_the_neuron_stops_firing():
    X, y = build("moons")
    network = fit(X, y, first_width=300, max_bias=1.0, seed=3)
    (detector,) = network.detectors
    plus = X[y == 0].astype(float)
    for k, candidate in enumerate(detector.candidates):
        point = X[candidate]
        nearest = plus[np.square(plus - point).sum(axis=1).argmin()]
        share = reach(network.layer, point, X[y == 0])
        assert 0 < share < 1
        ends = point + np.array([[0.999], [1.001]]) * share * (nearest - point)
        assert detector.fires(ends.astype(np.float32))[:, k].tolist() == [True, False]
