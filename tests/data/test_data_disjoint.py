import numpy as np
import pytest

from memrob.data import disjoint, require_disjoint_classes
from memrob.errors import UserError


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_same_point_in_two_classes_is_refused_by_its_rows(dtype):
    X = np.random.default_rng(0).normal(size=(500, 5)).astype(dtype)
    y = np.arange(500) % 3
    require_disjoint_classes(X, y)
    X[400] = X[7]
    assert (y[7], y[400]) == (1, 1)
    require_disjoint_classes(X, y)
    X[401] = X[7]
    with pytest.raises(UserError, match=r"^d\.npz: rows 7 and 401 .* with labels 1 and 2"):
        require_disjoint_classes(X, y, "d.npz")


def test_negative_zero_is_zero():
    X = np.array([[0.0, 1.0], [5.0, 5.0], [-0.0, 1.0]], dtype=np.float32)
    with pytest.raises(UserError, match="rows 0 and 2"):
        require_disjoint_classes(X, np.array([0, 0, 1]))


def test_repeated_points_within_a_class_are_allowed():
    X = np.repeat([[1.0, 2.0], [2.0, 1.0]], 50, axis=0).astype(np.float32)
    require_disjoint_classes(X, np.repeat([0, 1], 50))


def test_equal_hashes_of_different_points_are_told_apart(monkeypatch):
    monkeypatch.setattr(disjoint, "_row_hashes", lambda X: np.zeros(len(X), dtype=np.uint64))
    X = np.arange(20, dtype=np.float32).reshape(10, 2)
    y = np.arange(10) % 2
    require_disjoint_classes(X, y)
    X[5] = X[2]
    with pytest.raises(UserError, match="rows 2 and 5"):
        require_disjoint_classes(X, y)


def test_rows_across_blocks_are_compared():
    X = np.random.default_rng(1).normal(size=(10_000, 2)).astype(np.float32)
    X[9_999] = X[0]
    y = np.zeros(10_000, dtype=np.int64)
    y[9_999] = 1
    with pytest.raises(UserError, match="rows 0 and 9999"):
        require_disjoint_classes(X, y)


@pytest.mark.parametrize("n", [0, 1])
def test_few_points_have_no_conflict(n):
    require_disjoint_classes(np.zeros((n, 2), dtype=np.float32), np.zeros(n, dtype=np.int64))
