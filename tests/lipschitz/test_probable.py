"""Bounds that random networks satisfy with high probability."""

import math

import numpy as np
import pytest
from all_patterns import PS
from scipy.special import comb

from memrob.errors import UserError
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import conjugate, norm
from memrob.lipschitz.probable import (
    layer_factors,
    log_pattern_count,
    probable_upper,
    typical_upper,
)
from memrob.lipschitz.random_networks import random_network


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


@pytest.mark.parametrize("bias", ["zero", "cauchy"])
def test_layers_rarely_stretch_more_than_their_factors(bias):
    """Singular values of active rows on the range of the Jacobian, at many points of networks."""
    exceeded, largest = np.zeros(2), np.zeros(2)
    factors = layer_factors(2, (40, 40), 0.5, is_homogeneous=bias == "zero")
    for seed in range(100):
        network = random_network(2, 40, 2, bias, seed)
        points = np.random.default_rng(seed).standard_normal((200, 2)) * 3
        first, second = network.activation_patterns(points)
        jacobians = first[..., None] * network.weights[0]
        singular = np.linalg.svd(jacobians, compute_uv=False)[:, 0].max()
        basis, rank = np.linalg.qr(jacobians)
        known = np.abs(np.diagonal(rank, axis1=1, axis2=2)).min(axis=1) > 1e-9
        moved = second[..., None] * (network.weights[1] @ basis)
        stretched = np.linalg.svd(moved[known], compute_uv=False)[:, 0].max()
        exceeded += [singular > factors[0], stretched > factors[1]]
        largest = np.maximum(largest, [singular, stretched])
    assert exceeded.sum() <= 50
    # No bound that is far off would do.
    assert (factors < 2 * largest).all()


def test_factors_tend_to_one_for_wide_layers():
    products = [math.prod(layer_factors(4, (2**k,) * 8, 0.01)) for k in (10, 14, 18, 22, 26)]
    assert products == sorted(products, reverse=True)
    assert 1 < products[-1] < 1.1


@pytest.mark.parametrize("bias", ["zero", "gaussian"])
def test_symmetric_laws_have_lower_bounds_for_wide_networks(bias):
    network = random_network(3, 600, 3, bias, 0)
    usual, lower = (probable_upper(network, PS, symmetric=symmetric) for symmetric in (0, 1))
    points = np.random.default_rng(0).standard_normal((500, 3)) * 3
    gradients = network.gradients(points)
    for p in PS:
        assert norm(gradients, conjugate(p)).max() < lower[p] < usual[p]
    closed = typical_upper(3, (600,) * 3, PS)
    if bias == "zero":
        assert all(lower[p] <= closed[p] * (1 + 1e-9) for p in PS)


def test_bad_probability():
    with pytest.raises(UserError, match="probability: is 1; it must lie between 0 and 1"):
        probable_upper(random_network(2, 3, 1), PS, 1)
