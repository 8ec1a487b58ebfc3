"""Certified spectral norms and the criterion they rest on."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from memrob.lipschitz.upper import spectral
from memrob.lipschitz.upper.rounding import certainly_positive
from memrob.lipschitz.upper.spectral import certified_spectral_norm

SIDES = st.integers(1, 6)


def with_singular_values(rng, rows, columns, values):
    left = np.linalg.qr(rng.standard_normal((rows, len(values))))[0]
    right = np.linalg.qr(rng.standard_normal((columns, len(values))))[0]
    return left * values @ right.T


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (40, 3), (30, 30), (20, 500), (350, 400)])
@pytest.mark.parametrize("values", ["flat", "simple", "close"])
def test_known_singular_values(shape, values):
    rng = np.random.default_rng(0)
    size = min(shape)
    spectrum = {
        "flat": np.ones(size),
        "simple": np.linspace(1, 0, size, endpoint=False) ** 4,
        "close": 1 - 1e-9 * np.arange(size),
    }[values]
    for scale in (1.0, 1e-120, 1e150):
        found = certified_spectral_norm(scale * with_singular_values(rng, *shape, spectrum))
        assert found >= scale * (1 - 1e-14)
        assert found <= scale * (1 + 1e-6)


def test_power_iteration_that_starts_orthogonally_would_fall_short():
    matrix = np.diag([1.0] * 350 + [5.0])
    matrix[:, -1] = 0
    matrix[-1, -1] = 5
    assert certified_spectral_norm(matrix) == pytest.approx(5, rel=1e-6)


def test_estimates_that_are_too_small_are_raised(monkeypatch):
    matrix = np.random.default_rng(1).standard_normal((20, 30))
    exact = np.linalg.norm(matrix, 2)
    monkeypatch.setattr(spectral, "largest_eigenvalue", lambda gram: 0.5 * exact**2)
    assert certified_spectral_norm(matrix) >= exact


def test_matrices_beyond_the_largest_gram(monkeypatch):
    monkeypatch.setattr(spectral, "LARGEST_GRAM", 10)
    rng = np.random.default_rng(2)
    for matrix in (rng.standard_normal((12, 15)), np.eye(11)):
        assert certified_spectral_norm(matrix) >= np.linalg.norm(matrix, 2)
    assert certified_spectral_norm(np.eye(11)) == pytest.approx(1)


@settings(max_examples=100, deadline=None)
@given(
    arrays.arrays(
        np.float64,
        arrays.array_shapes(min_dims=2, max_dims=2, max_side=6),
        elements=st.floats(-9, 9),
    )
)
def test_never_below_the_singular_value(matrix):
    exact = np.linalg.norm(matrix, 2)
    found = certified_spectral_norm(matrix)
    assert exact * (1 - 1e-14) <= found <= exact * (1 + 1e-6)


def test_no_proof_for_indefinite_matrices():
    """Cholesky alone accepts some matrices with a least eigenvalue just below zero."""
    rng = np.random.default_rng(3)
    for size in (2, 10, 60):
        basis = np.linalg.qr(rng.standard_normal((size, size)))[0]
        for least in (-1e-3, -1e-17, 0.0):
            values = np.ones(size)
            values[0] = least
            matrix = basis * values @ basis.T
            assert not certainly_positive((matrix + matrix.T) / 2, 0.0)
        assert certainly_positive(basis @ basis.T, 0.5)
        assert not certainly_positive(basis @ basis.T, 1.0)
