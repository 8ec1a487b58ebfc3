import complexity_brute as brute
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memrob.complexity import covering as module
from memrob.complexity.covering import admissible_radius, mutual_covering
from memrob.errors import UserError


@st.composite
def two_classes(draw):
    """Random disjoint classes in low and high dimension, overlapping or apart, with copies."""
    rng = np.random.default_rng(draw(st.integers(0, 2**31)))
    dim = draw(st.sampled_from([1, 2, 5, 30]))
    sizes = draw(st.tuples(st.integers(1, 60), st.integers(1, 60)))
    gap = draw(st.sampled_from([0.0, 1.0, 20.0]))
    X_minus, X_plus = (rng.standard_normal((size, dim)) for size in sizes)
    X_plus = X_plus * draw(st.sampled_from([0.1, 1.0])) + gap
    X_plus = X_plus[rng.integers(len(X_plus), size=len(X_plus))]
    dtype = draw(st.sampled_from([np.float32, np.float64]))
    return X_minus.astype(dtype), X_plus.astype(dtype)


@settings(max_examples=60, deadline=None)
@given(
    classes=two_classes(),
    max_bias=st.sampled_from([0.01, 1.0, 50.0]),
    constant=st.sampled_from([0.1, 0.5, 1.0, 2.0]),
    candidates=st.sampled_from([1, 7, 256]),
)
def test_every_condition_of_the_definition(classes, max_bias, constant, candidates):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "CANDIDATES", candidates)
        covering = mutual_covering(*classes, max_bias, constant)
    brute.require_mutual_covering(covering, *classes)


@pytest.mark.parametrize("dim", [1, 3, 100])
def test_two_distant_clusters_need_one_ball_each(rng, dim):
    X_minus = rng.uniform(-0.5, 0.5, (200, dim)) / np.sqrt(dim)
    X_plus = X_minus + 30 / np.sqrt(dim)
    covering = mutual_covering(X_minus, X_plus, 30.0, 1.0)
    assert (len(covering.minus), len(covering.plus)) == (1, 1)


def test_alternating_points_on_a_line_need_one_ball_each():
    # At distance 1 from the other class, 2 from their own: no ball of radius <= 1 holds two.
    points = np.arange(20.0)[:, None]
    covering = mutual_covering(points[::2], points[1::2], 1.0, 1.0)
    assert (len(covering.minus), len(covering.plus)) == (10, 10)
    assert covering.separation == 1
    np.testing.assert_allclose(covering.minus.radii, 1)
    np.testing.assert_allclose(covering.minus.extents, 0)


def test_distances_to_centres_leave_fewer_balls_than_those_to_all_points():
    # The ball around (10, 4.75) is the largest of X+ and covers (8, 4.75), which then is no centre:
    # the points of X-, 9.5 apart, are at distance 9.3 from that point and 11.1 from the centre.
    X_minus = np.array([[0.0, 0.0], [0.0, 9.5]])
    X_plus = np.array([[8.0, 4.75], [10.0, 4.75]])
    covering = mutual_covering(X_minus, X_plus, 1.0, 1.0)
    np.testing.assert_array_equal(covering.plus.centres, [1])
    assert covering.separation == np.hypot(10, 4.75)
    assert len(covering.minus) == 1


@pytest.mark.parametrize("dim", [2, 25])
@pytest.mark.parametrize("scale", [2.0**-12, 2.0**9])
def test_scaling_points_and_bias_together_changes_no_centre(rng, dim, scale):
    X_minus, X_plus = rng.standard_normal((150, dim)), rng.standard_normal((140, dim)) + 0.3
    small = mutual_covering(X_minus, X_plus, 1.5)
    large = mutual_covering(scale * X_minus, scale * X_plus, scale * 1.5)
    for one, other in ((small.minus, large.minus), (small.plus, large.plus)):
        np.testing.assert_array_equal(one.centres, other.centres)
        np.testing.assert_array_equal(one.assignment, other.assignment)
        np.testing.assert_allclose(scale * one.radii, other.radii)


def test_copies_of_points_need_no_further_balls(rng):
    X_minus, X_plus = rng.standard_normal((50, 2)), rng.standard_normal((60, 2))
    once = mutual_covering(X_minus, X_plus, 1.0, 0.3)
    thrice = mutual_covering(np.repeat(X_minus, 3, axis=0), np.repeat(X_plus, 3, axis=0), 1.0, 0.3)
    brute.require_mutual_covering(thrice, np.repeat(X_minus, 3, axis=0), np.repeat(X_plus, 3, 0))
    assert len(thrice.minus) <= 2 * len(once.minus)
    assert len(thrice.minus) <= 50


def test_numbers_of_balls_do_not_grow_with_the_sample():
    counts = []
    for n in (500, 8000):
        angles = np.random.default_rng(3).uniform(0, 2 * np.pi, n)
        circle = np.column_stack([np.cos(angles), np.sin(angles)])
        covering = mutual_covering(circle, 2 * circle, 2.0)
        counts.append(len(covering.minus))
    assert counts[1] <= 1.5 * counts[0] < 50


def test_admissible_radius_grows_with_distance_and_is_capped():
    distances = np.geomspace(1e-6, 1e6, 200)
    radii = admissible_radius(distances, 2.0, 0.7)
    assert (np.diff(radii) > 0).all()
    expected = [brute.admissible(d, 2.0, 0.7) for d in distances]
    np.testing.assert_allclose(radii, expected, rtol=1e-12)
    np.testing.assert_allclose(radii[distances > 2], 0.7 * distances[distances > 2])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"max_bias": 0.0}, "max_bias: is 0.0"),
        ({"constant": -1.0}, "constant: is -1.0"),
        ({"max_bias": float("nan")}, "max_bias: is nan"),
        ({"X_plus": np.empty((0, 2))}, "at least one point"),
        ({"X_plus": np.ones((2, 2))}, "X_minus: row 1 is also a point of X_plus"),
    ],
)
def test_mistakes_are_refused(change, message):
    arguments = {
        "X_minus": np.array([[0.0, 0.0], [1.0, 1.0]]),
        "X_plus": np.array([[3.0, 0.0]]),
        "max_bias": 1.0,
        "constant": 1.0,
    }
    with pytest.raises(UserError, match=message):
        mutual_covering(**arguments | change)
