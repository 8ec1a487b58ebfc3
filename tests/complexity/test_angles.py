"""Least angles between classes, against all pairs one by one."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import make_moons

from memrob.complexity import angles
from memrob.complexity.angles import class_angle
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
