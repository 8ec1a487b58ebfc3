"""Least angles between classes, against all pairs one by one."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import make_moons

from memrob.complexity import angles
from memrob.complexity.angles import class_angle, point_angle, separation_probability
from memrob.data import build
from memrob.errors import UserError


def by_all_pairs(X, y):
    """The least angle, by atan2 of the parts across and along: exact for every angle."""
    least = math.inf
    for i in range(len(X)):
        for j in range(i):
            if y[i] != y[j] and np.any(X[i]) and np.any(X[j]):
                u, v = (row.astype(float) / np.linalg.norm(row.astype(float)) for row in X[[i, j]])
                least = min(least, math.atan2(np.linalg.norm(u - v * (u @ v)), u @ v))
    return least


@settings(deadline=None, max_examples=40)
@given(st.integers(2, 40), st.sampled_from([1, 2, 3, 9, 40]), st.integers(2, 4), st.data())
def test_against_all_pairs(n, d, n_classes, data):
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    X = rng.standard_normal((n, d)).astype(np.float32)
    X[:, : d // 2] = 0
    X[rng.random(n) < 0.1] = 0
    y = rng.integers(n_classes, size=n)
    away = np.any(X != 0, axis=1)
    if len(np.unique(y[away])) < 2:
        with pytest.raises(UserError, match="two classes with points away from the origin"):
            class_angle(X, y)
        return
    found = class_angle(X, y)
    assert found.radians == pytest.approx(by_all_pairs(X, y), abs=1e-7)
    i, j = found.rows
    assert y[i] != y[j]
    assert by_all_pairs(X[[i, j]], y[[i, j]]) == pytest.approx(found.radians, abs=1e-7)


@pytest.mark.parametrize("spread", [1.0, 1e-3])
def test_screened_pairs_of_many_points(monkeypatch, spread):
    monkeypatch.setattr(angles, "SAMPLE", 30)
    rng = np.random.default_rng(5)
    X = (rng.standard_normal(60) + spread * rng.standard_normal((400, 60))).astype(np.float32)
    y = rng.integers(3, size=400)
    assert class_angle(X, y).radians == pytest.approx(by_all_pairs(X, y), rel=1e-9)


def test_points_of_one_ray_have_angle_zero():
    X = np.float32([[1, 2], [2, 4], [5, -1]])
    assert class_angle(X, np.array([0, 1, 1])) == (0.0, (0, 1))


def test_opposite_points():
    X = np.zeros((2, 20), dtype=np.float32)
    X[:, 3] = 1, -2
    assert class_angle(X, np.array([0, 1])).radians == pytest.approx(math.pi)


def test_moons():
    X, y = make_moons(1000, noise=0.05, random_state=0)
    # As published, of points in double precision; rounded to single precision it is a little less.
    assert class_angle(X, y).radians == pytest.approx(2.44e-6, abs=5e-9)
    found = class_angle(*build("moons"))
    assert found.rows == (119, 697)
    assert found.radians == pytest.approx(2.4317e-6, abs=5e-10)


def test_angle_of_any_two_points_is_at_most_that_between_classes():
    X, y = build("moons")
    assert point_angle(X).radians <= class_angle(X, y).radians
    rng = np.random.default_rng(8)
    X = rng.standard_normal((50, 20)).astype(np.float32)
    X[7] = 0
    every = by_all_pairs(X, np.arange(50))
    assert point_angle(X).radians == pytest.approx(every, rel=1e-9)


def test_angle_of_copies_of_one_point_is_refused():
    with pytest.raises(UserError, match="1 distinct point"):
        point_angle(np.float32([[1, 2], [1, 2]]))


@pytest.mark.parametrize("degrees", [10, 90, 180])
def test_hyperplanes_separate_as_often_as_the_angle_says(degrees):
    theta, n, draws = math.radians(degrees), 3, 40_000
    points = np.array([[1, 0], [math.cos(theta), math.sin(theta)]])
    sides = np.random.default_rng(1).standard_normal((draws, n, 2)) @ points.T > 0
    found = (~sides[..., 0] & sides[..., 1]).any(axis=1)
    error = found.std() / math.sqrt(draws)
    assert abs(found.mean() - separation_probability(theta, n)) < 4 * error
    # Small angles keep their digits.
    assert separation_probability(1e-12, 1) == pytest.approx(1e-12 / (2 * math.pi), rel=1e-9)
