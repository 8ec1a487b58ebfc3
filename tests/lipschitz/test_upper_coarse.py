"""First multipliers of wide networks, from a small part of them."""

import numpy as np
import pytest

from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.random_networks import random_network
from memrob.lipschitz.upper.coarse import PART_WIDTH, coarse_start, part_of
from memrob.lipschitz.upper.deep_multipliers import DeepMultipliers
from memrob.lipschitz.upper.semidefinite import first_multipliers, least_bounds, semidefinite_bound
from memrob.lipschitz.vector.semidefinite import VectorMultipliers

WIDE = random_network(6, 2 * PART_WIDTH, 5, "zero", 3)


def test_part_has_layers_of_the_same_spectral_norms():
    part = part_of(WIDE, 20)
    assert part.widths == (20,) * 5 and part.input_dim == 6
    for small, whole in zip(part.weights, WIDE.weights, strict=True):
        norms = np.linalg.norm(small, 2), np.linalg.norm(whole, 2)
        assert norms[0] == pytest.approx(norms[1], rel=1e-6)
    assert part_of(WIDE, 10**6).weights[2] == pytest.approx(WIDE.weights[2], rel=1e-6)


@pytest.mark.parametrize("family", [DeepMultipliers, VectorMultipliers])
def test_coarse_start_is_feasible_and_a_constant_away_in_each_layer(family):
    problem = family(WIDE)
    start, found = problem.start(), coarse_start(problem, WIDE, 200, 5)
    change = (found - start).reshape(5, -1)
    assert np.ptp(change, axis=1) == pytest.approx(0, abs=1e-12)
    metric = np.ones(6)
    values = [problem.log_square(logs, metric)[0] for logs in (start, found)]
    assert values[1] < values[0] - 0.5
    assert problem.certified_square(found, metric) == pytest.approx(np.exp(values[1]), rel=1e-5)


def test_few_evaluations_lead_further_from_it():
    problem = DeepMultipliers(WIDE)
    found = semidefinite_bound(WIDE, [2.0], 20 * problem.cost)[2.0]
    assert found < 0.9 * least_bounds(problem, problem.start(), 6, 20, False)[0]
    # No work is no work.
    assert first_multipliers(problem, WIDE, 0, True) == pytest.approx(problem.start())
    plain = np.sqrt(problem.certified_square(problem.start(), np.ones(6)))
    assert semidefinite_bound(WIDE, [2.0], 0)[2.0] == pytest.approx(plain)


def test_sparse_network_whose_part_has_idle_neurons():
    rng = np.random.default_rng(0)
    weights = [weight * (rng.random(weight.shape) < 0.01) for weight in WIDE.weights[1:-1]]
    for weight in weights:
        np.fill_diagonal(weight, 1.0)
    sparse = ReluNetwork((WIDE.weights[0], *weights, WIDE.weights[-1]), WIDE.biases)
    problem = DeepMultipliers(sparse)
    assert coarse_start(problem, sparse, 50, 5) == pytest.approx(problem.start())
