"""Semidefinite bounds: derivations, derivatives, certificates and optima."""

import numpy as np
import pytest
from all_patterns import largest_over_all_patterns, small_networks
from hypothesis import given, settings
from hypothesis import strategies as st

from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.random_networks import random_network
from memrob.lipschitz.upper.deep_multipliers import DeepMultipliers
from memrob.lipschitz.upper.descent import minimise
from memrob.lipschitz.upper.products import product_bound
from memrob.lipschitz.upper.semidefinite import semidefinite_bound
from memrob.lipschitz.upper.shallow_multipliers import ShallowMultipliers

BARRIERS = [0.0, 0.3]


def problem_and_point(depth, seed=0, d=4, width=6):
    """Multipliers and a metric at which the bound is finite, near no special point."""
    rng = np.random.default_rng(seed)
    network = random_network(d, width, depth, "zero", seed)
    problem = (ShallowMultipliers if depth == 1 else DeepMultipliers)(network)
    logs = problem.start() - 0.4 + 0.05 * rng.standard_normal(width * depth)
    return network, problem, logs, np.exp(0.05 * rng.standard_normal(d))


def block_matrix(network, square, multipliers, metric):
    """The matrix of the semidefinite programme, not eliminated, divided by gamma^2."""
    sizes = [network.input_dim, *network.widths]
    ends = np.cumsum(sizes)
    whole = np.diag(np.concatenate([metric, 2 * multipliers]))
    layers = np.split(multipliers, np.cumsum(network.widths)[:-1])
    for i, (weight, values) in enumerate(zip(network.weights[:-1], layers, strict=True)):
        before = slice(ends[i] - sizes[i], ends[i])
        after = slice(ends[i], ends[i + 1])
        whole[after, before] = -values[:, None] * weight
        whole[before, after] = whole[after, before].T
    whole[-sizes[-1] :, -sizes[-1] :] -= network.weights[-1].T @ network.weights[-1] / square
    return whole


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_bound_is_where_the_block_matrix_turns_indefinite(depth):
    network, problem, logs, metric = problem_and_point(depth)
    square = np.exp(problem.log_square(logs, metric)[0])
    for factor, sign in ((1 + 1e-4, 1), (1 - 1e-4, -1)):
        whole = block_matrix(network, square * factor, np.exp(logs), metric)
        assert np.sign(np.linalg.eigvalsh(whole)[0]) == sign


def test_shallow_formula_is_the_deep_recursion():
    network, shallow, logs, metric = problem_and_point(1)
    deep = DeepMultipliers(network)
    for barrier in BARRIERS:
        one, two = (problem.log_square(logs, metric, barrier) for problem in (shallow, deep))
        constant = barrier * len(logs) * np.log(2)
        assert one[0] == pytest.approx(two[0] + constant, abs=1e-5)
        assert one[1] == pytest.approx(two[1], abs=1e-4)
        assert one[2] == pytest.approx(two[2], abs=1e-4)
    one, two = (problem.certified_square(logs, metric) for problem in (shallow, deep))
    assert one == pytest.approx(two, rel=1e-5)


@pytest.mark.parametrize("barrier", BARRIERS)
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_derivatives_are_those_of_finite_differences(depth, barrier):
    _, problem, logs, metric = problem_and_point(depth, seed=depth)
    _, by_log, by_metric = problem.log_square(logs, metric, barrier)
    step = 1e-5
    for point, found, value in (
        (logs, by_log, lambda x: problem.log_square(x, metric, barrier)[0]),
        (metric, by_metric, lambda x: problem.log_square(logs, x, barrier)[0]),
    ):
        expected = [
            (value(point + step * unit) - value(point - step * unit)) / (2 * step)
            for unit in np.eye(len(point))
        ]
        assert found == pytest.approx(np.array(expected), rel=1e-5, abs=1e-7)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([1, 2, 3]))
def test_any_multipliers_that_are_accepted_give_a_bound(seed, depth):
    """For every pattern, |J^T u| in the metric, J the gradient: sum g_i^2 / b_i."""
    rng = np.random.default_rng(seed)
    network = random_network(3, 4 if depth < 3 else 3, depth, "zero", seed)
    problem = (ShallowMultipliers if depth == 1 else DeepMultipliers)(network)
    logs = problem.start() + rng.normal(0, 0.6, sum(network.widths)) + rng.normal(-0.5, 1)
    metric = np.exp(rng.normal(0, 0.3, 3))
    scaled = ReluNetwork(
        (network.weights[0] / np.sqrt(metric), *network.weights[1:]), network.biases
    )
    exact = largest_over_all_patterns(scaled, 2.0)
    assert np.sqrt(problem.certified_square(logs, metric)) >= exact * (1 - 1e-14)


@pytest.mark.parametrize("depth", [1, 3])
def test_certified_value_is_the_computed_one_and_a_little(depth):
    _, problem, logs, metric = problem_and_point(depth, d=20, width=80)
    computed = np.exp(problem.log_square(logs, metric)[0])
    assert computed < problem.certified_square(logs, metric) <= computed * (1 + 1e-5)


@pytest.mark.parametrize("depth", [1, 2])
def test_multipliers_that_are_too_large_prove_nothing(depth):
    _, problem, logs, metric = problem_and_point(depth)
    assert problem.certified_square(logs + 5, metric) == np.inf
    assert problem.log_square(logs + 5, metric) == (np.inf, None, None)
    assert problem.log_square(logs + 1e3, metric)[0] == np.inf


def test_at_most_the_product_at_2():
    for network in small_networks():
        found, product = semidefinite_bound(network, [2.0]), product_bound(network, [2.0])
        assert found[2.0] <= product[2.0] * (1 + 1e-3)
    for shape in [(5, 60, 1), (5, 40, 3)]:
        network = random_network(*shape, "zero", 1)
        found, product = semidefinite_bound(network, [2.0]), product_bound(network, [2.0])
        assert found[2.0] < 0.5 * product[2.0]


def test_optimum_of_identical_neurons():
    """N copies of one neuron are one neuron: the bound is exact whatever the starting point."""
    row = np.array([[1.0, -2.0, 2.0]])
    network = ReluNetwork(
        (np.repeat(row, 5, axis=0), np.full((1, 5), 0.2)), (np.ones(5), np.ones(1))
    )
    assert semidefinite_bound(network, [2.0])[2.0] == pytest.approx(3, rel=1e-5)


def test_known_optimum_of_orthogonal_neurons():
    """|D v|_2 over all patterns is |v|_2 for W = I, which the programme attains."""
    last = np.array([[1.0, -3.0, 0.5]])
    network = ReluNetwork((np.eye(3), last), (np.zeros(3), np.zeros(1)))
    assert semidefinite_bound(network, [2.0])[2.0] == pytest.approx(np.linalg.norm(last), rel=1e-3)
    assert semidefinite_bound(network, [np.inf])[np.inf] == pytest.approx(4.5, rel=1e-2)


@pytest.mark.parametrize("shape", [(4, 12, 1), (3, 7, 2), (3, 6, 3)])
def test_scaling_of_neurons_does_not_matter(shape):
    network = random_network(*shape, "zero", 2)
    factors = np.exp(np.random.default_rng(0).normal(0, 2, shape[1]))
    weights = list(network.weights)
    weights[0] = weights[0] * factors[:, None]
    weights[1] = weights[1] / factors
    scaled = ReluNetwork(tuple(weights), network.biases)
    for p in (2.0, np.inf):
        expected = semidefinite_bound(network, [p])[p]
        assert semidefinite_bound(scaled, [p])[p] == pytest.approx(expected, rel=1e-2)


def test_improvement_and_metric_pay():
    network = random_network(6, 30, 3, "zero", 4)
    network.weights[0][:, 0] *= 10
    start = semidefinite_bound(network, [2.0, np.inf], operations=0)
    found = semidefinite_bound(network, [1.0, 2.0, 4.0, np.inf])
    assert found[2.0] < 0.8 * start[2.0]
    assert found[np.inf] < 0.8 * np.sqrt(6) * found[2.0]
    assert found[1.0] == found[2.0] < found[4.0] < found[np.inf]


def test_networks_that_are_too_large_have_no_bound(monkeypatch):
    monkeypatch.setattr("memrob.lipschitz.upper.deep_multipliers.LARGEST_WIDTH", 3)
    assert np.isnan(semidefinite_bound(random_network(2, 4, 2), [2.0])[2.0])


def test_descent_stays_where_the_objective_is_finite():
    """A quadratic cut off at a plane just beyond its minimum, badly scaled."""
    scales = np.array([1.0, 30.0, 1e3])

    def objective(x):
        if x.sum() > 3.3:
            return np.inf, None
        return float(scales @ (x - 1) ** 2), 2 * scales * (x - 1)

    point, used = minimise(objective, np.array([-5.0, 2.0, 3.0]), 200, 1e-9)
    assert point == pytest.approx(np.ones(3), abs=1e-3)
    assert used < 200
    start = np.full(3, 9.0)
    assert minimise(objective, start, 10)[0] is start
