"""Norms of operators on l^p and products of them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memrob.lipschitz.norms import norm
from memrob.lipschitz.random_networks import random_network
from memrob.lipschitz.upper.operator_norms import OperatorNorms, identity_norm
from memrob.lipschitz.upper.products import hidden_norms, product_bound

PS = [1.0, 1.2, 1.5, 2.0, 2.7, 6.0, np.inf]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 5), st.integers(1, 5), st.sampled_from(PS))
def test_no_vector_is_stretched_more(seed, rows, columns, p):
    rng = np.random.default_rng(seed)
    matrix = rng.standard_cauchy((rows, columns))
    vectors = np.concatenate(
        [rng.standard_normal((300, columns)), np.eye(columns), rng.choice([-1.0, 1], (50, columns))]
    )
    found = OperatorNorms(matrix)
    lengths, images = norm(vectors, p), vectors @ matrix.T
    assert (norm(images, p) <= found.on(p) * lengths * (1 + 1e-13)).all()
    assert (norm(images, 2.0) <= found.to_euclidean(p) * lengths * (1 + 1e-13)).all()
    assert (norm(vectors, 2.0) <= identity_norm(columns, p, 2) * lengths * (1 + 1e-13)).all()


def test_exact_at_one_two_and_infinity():
    matrix = np.random.default_rng(0).standard_normal((6, 4))
    found = OperatorNorms(matrix)
    for p in (1, 2, np.inf):
        assert found.on(p) == pytest.approx(np.linalg.norm(matrix, p), rel=1e-6)
    assert found.to_euclidean(1) == pytest.approx(np.linalg.norm(matrix, axis=0).max())
    assert found.to_euclidean(2) == pytest.approx(np.linalg.norm(matrix, 2), rel=1e-6)


def test_interpolation_never_exceeds_either_pair_of_ends():
    for seed in range(20):
        found = OperatorNorms(np.random.default_rng(seed).standard_normal((5, 9)))
        for p in (1.3, 1.8, 2.5, 7.0):
            outer = found.on(1) ** (1 / p) * found.on(np.inf) ** (1 - 1 / p)
            assert found.on(p) <= outer * (1 + 1e-12)


def test_products_by_hand():
    """The best of changing from l^p to l^2 before, between and after the layers."""
    network = random_network(4, 6, 2, "zero", 3)
    first, second, last = network.weights
    spectral = [np.linalg.norm(weight, 2) for weight in (first, second)]
    for p, dual in ((1, np.inf), (np.inf, 1)):
        same = [np.linalg.norm(weight, p) for weight in (first, second)]
        if p == 1:
            ends = [np.linalg.norm(weight, axis=0).max() for weight in (first, second)]
        else:
            ends = [
                np.sqrt(weight.shape[1]) * np.linalg.norm(weight, 2) for weight in (first, second)
            ]
        through = [ends[0] * spectral[1], same[0] * ends[1]]
        expected = min(min(through) * norm(last[0], 2.0), same[0] * same[1] * norm(last[0], dual))
        assert product_bound(network, [p])[p] <= expected * (1 + 1e-6)
    euclidean = spectral[0] * spectral[1] * norm(last[0], 2.0)
    assert product_bound(network, [2.0])[2.0] == pytest.approx(euclidean, rel=1e-6)


def test_no_layers_are_the_identity():
    assert hidden_norms([], 9, np.inf) == pytest.approx({np.inf: 1, 2.0: 3})
    assert hidden_norms([], 9, 1.0) == pytest.approx({1.0: 1, 2.0: 1})
