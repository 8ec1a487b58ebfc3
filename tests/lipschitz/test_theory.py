"""Expected norms, predicted exponents and the bound that holds with high probability."""

import math

import numpy as np
import pytest
from all_patterns import PS
from scipy.integrate import quad
from scipy.special import comb

from memrob.errors import UserError
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import conjugate, norm
from memrob.lipschitz.random_networks import random_network
from memrob.lipschitz.theory import (
    expected_norm,
    gradient_exponent,
    log_pattern_count,
    predicted_exponent,
    probable_upper,
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


def test_pattern_counts():
    network = random_network(3, 7, 2, "zero", 0)
    central = 2 * sum(comb(6, i) for i in range(3))
    assert log_pattern_count(network) == pytest.approx(2 * math.log(central))
    network = random_network(3, 7, 2, "gaussian", 0)
    assert log_pattern_count(network) == pytest.approx(
        2 * math.log(sum(comb(7, i) for i in range(4)))
    )
    assert log_pattern_count(random_network(9, 5, 1, "zero", 0)) == pytest.approx(5 * math.log(2))
    assert log_pattern_count(random_network(9, 5, 1, "cauchy", 0)) == pytest.approx(5 * math.log(2))
    assert math.isfinite(log_pattern_count(random_network(512, 2048, 1, "zero", 0)))


@pytest.mark.parametrize(
    ("depth", "bias"), [(1, "zero"), (1, "gaussian"), (2, "zero"), (3, "uniform")]
)
def test_patterns_that_occur_are_no_more_than_counted(depth, bias):
    network = random_network(2, 6, depth, bias, 1)
    points = np.random.default_rng(0).standard_normal((100_000, 2)) * 3
    occurring = np.unique(np.concatenate(network.activation_patterns(points), axis=1), axis=0)
    assert len(occurring) <= math.exp(log_pattern_count(network)) * (1 + 1e-9)
    if depth == 1 and bias == "zero":
        assert len(occurring) == round(math.exp(log_pattern_count(network)))


@pytest.mark.parametrize(("depth", "bias"), [(1, "zero"), (1, "gaussian"), (2, "zero")])
def test_last_rows_rarely_exceed_the_probable_bound(depth, bias):
    """With probability 1/2: far more often than 100 of 200 times only if the bound is wrong."""
    network = random_network(2, 10, depth, bias, 3)
    points = np.random.default_rng(0).standard_normal((3000, 2)) * 3
    patterns = network.activation_patterns(points)
    _, first = np.unique(np.concatenate(patterns, axis=1), axis=0, return_index=True)
    patterns = [active[first] for active in patterns]
    bounds, likely = (probable_upper(network, PS, level) for level in (0.5, 0.99))
    rng = np.random.default_rng(1)
    largest = []
    for _ in range(200):
        drawn = ReluNetwork((*network.weights[:-1], rng.standard_normal((1, 10))), network.biases)
        gradients = drawn.jacobians(patterns)
        largest.append([norm(gradients, conjugate(p)).max() for p in PS])
    for p, values in zip(PS, np.transpose(largest), strict=True):
        assert bounds[p] < likely[p]
        assert (values > bounds[p]).sum() <= 100
        assert (values > likely[p]).sum() <= 6
        assert likely[p] <= 20 * np.median(values)


def test_probable_bound_of_a_linear_form_is_of_the_right_size():
    """Without hidden layers lip_p is |v|_{p'} itself and K = 1."""
    network = ReluNetwork((np.ones((1, 50)),), (np.zeros(1),))
    rng = np.random.default_rng(0)
    for p, bound in probable_upper(network, PS, 0.9).items():
        lengths = norm(rng.standard_normal((4000, 50)), conjugate(p))
        assert (lengths > bound).mean() <= 0.1
        assert bound <= 1.9 * lengths.mean()


def test_probable_bound_does_not_read_the_last_row():
    network = random_network(3, 8, 2, "zero", 0)
    other = ReluNetwork((*network.weights[:-1], np.zeros((1, 8))), network.biases)
    assert probable_upper(network, PS) == probable_upper(other, PS)


def test_mistakes():
    with pytest.raises(UserError, match="probability: is 1; it must lie between 0 and 1"):
        probable_upper(random_network(2, 3, 1), PS, 1)
    with pytest.raises(UserError, match="at least 1"):
        expected_norm(0.5, 3)
    with pytest.raises(UserError, match="dim: is 0"):
        expected_norm(2.0, 0)
