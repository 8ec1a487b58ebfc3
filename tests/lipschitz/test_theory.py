"""Expected norms and predicted exponents."""

import math

import numpy as np
import pytest
from scipy.integrate import quad

from memrob.errors import UserError
from memrob.lipschitz.norms import norm
from memrob.lipschitz.theory import (
    expected_norm,
    gradient_exponent,
    predicted_exponent,
)

QS = [1.0, 8 / 7, 4 / 3, 1.5, 2.0, 3.0, 5.0, 40.0, np.inf]


@pytest.mark.parametrize("q", [1.0, 1.01, *QS, 200.0])
def test_one_dimension(q):
    assert expected_norm(q, 1) == pytest.approx(math.sqrt(2 / math.pi), rel=1e-6)


@pytest.mark.parametrize("q", [1.05, 1.5, 3.0, 7.0, 40.0])
def test_two_dimensions_by_polar_coordinates(q):
    """The radius is independent of the angle: E|g|_q = E|g|_2 times the mean over the circle."""
    mean = quad(lambda a: (math.cos(a) ** q + math.sin(a) ** q) ** (1 / q), 0, math.pi / 2)[0]
    expected = math.sqrt(math.pi / 2) * mean / (math.pi / 2)
    assert expected_norm(q, 2) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("dim", [3, 64])
@pytest.mark.parametrize("q", QS)
def test_sample_means(q, dim):
    sample = norm(np.random.default_rng(0).standard_normal((40_000, dim)), q)
    error = sample.std() / math.sqrt(len(sample))
    assert expected_norm(q, dim) == pytest.approx(sample.mean(), abs=4 * error)


@pytest.mark.parametrize("dim", [1, 2, 30, 1024])
def test_closed_forms_are_limits_of_the_quadrature(dim):
    for q in (1.0, 2.0):
        assert expected_norm(q + 1e-9, dim) == pytest.approx(expected_norm(q, dim), rel=1e-6)
    values = [expected_norm(q, dim) for q in QS]
    assert values == sorted(values, reverse=True) or dim == 1
    assert expected_norm(2.0, dim) ** 2 <= dim


def test_expected_maximum_of_two():
    assert expected_norm(np.inf, 2) == pytest.approx(2 / math.sqrt(math.pi), rel=1e-9)


def test_exponents():
    assert [predicted_exponent(p) for p in (1, 1.5, 2, 4, np.inf)] == [0.5, 0.5, 0.5, 0.75, 1]
    assert [gradient_exponent(p) for p in (1, 2, 4, np.inf)] == [0, 0.5, 0.75, 1]


def test_mistakes():
    with pytest.raises(UserError, match="at least 1"):
        expected_norm(0.5, 3)
    with pytest.raises(UserError, match="dim: is 0"):
        expected_norm(2.0, 0)
