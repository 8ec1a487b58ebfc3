"""Projections onto balls: known answers, and what makes a point the nearest of a convex set."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from memrob.errors import UserError
from memrob.lipschitz.norms import norm
from memrob.training.projections import EXPONENTS, projected


@pytest.mark.parametrize(
    ("p", "expected"),
    [(1.0, [0.0, -1.0, 0.0]), (2.0, [0.6, -0.8, 0.0]), (np.inf, [1.0, -1.0, 0.0])],
)
def test_known_points(p, expected):
    vector = np.array([[1.5, -2.0, 0.0]]) * (1.0 if p != 1 else np.array([1.0, 2.0, 1.0]))
    assert projected(vector, p, np.ones(1))[0] == pytest.approx(expected, abs=1e-15)


def test_l1_shares_the_threshold():
    found = projected(np.array([[3.0, -2.0, 0.5]]), 1.0, np.array([3.0]))[0]
    assert found == pytest.approx([2.0, -1.0, 0.0])


@pytest.mark.parametrize("p", EXPONENTS)
@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 9), st.floats(0.05, 5))
def test_no_point_of_the_ball_is_nearer(p, seed, dim, radius):
    """The angle between v - P(v) and z - P(v) is obtuse for every z in the ball."""
    rng = np.random.default_rng(seed)
    vectors = rng.standard_normal((20, dim)) * 2
    radii = np.full(20, radius)
    found = projected(vectors, p, radii)
    assert (norm(found, p) <= radius * (1 + 1e-12)).all()
    inside = norm(vectors, p) <= radius
    assert np.allclose(found[inside], vectors[inside], rtol=0, atol=1e-14)
    others = rng.standard_normal((200, dim))
    others *= radius / norm(others, p)[:, None]
    corners = radius * np.concatenate([np.eye(dim), -np.eye(dim)])
    for z in np.concatenate([others, corners if p == 1 else others * 0.5]):
        assert (((vectors - found) * (z - found)).sum(axis=1) <= 1e-10).all()


@pytest.mark.parametrize("p", EXPONENTS)
def test_tensors_of_torch_and_single_precision(p):
    vectors = np.random.default_rng(0).standard_normal((4, 3, 30))
    radii = np.random.default_rng(1).uniform(0.1, 8, (4, 3))
    expected = projected(vectors, p, radii)
    assert projected(torch.tensor(vectors), p, torch.tensor(radii)).numpy() == pytest.approx(
        expected, abs=1e-13
    )
    single = projected(vectors.astype(np.float32), p, radii.astype(np.float32))
    assert single.dtype == np.float32
    assert single == pytest.approx(expected, abs=1e-5)


def test_radius_zero():
    for p in EXPONENTS:
        assert not projected(np.ones((2, 3)), p, np.zeros(2)).any()


def test_other_exponents_are_refused():
    with pytest.raises(UserError, match="p: is 3"):
        projected(np.ones((1, 2)), 3.0, np.ones(1))
