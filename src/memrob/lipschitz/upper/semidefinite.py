"""Semidefinite bounds of LipSDP type with diagonal multipliers.

General solvers state an optimum within a tolerance, no bound, and take networks of some ten
neurons; tests compare with cvxpy.
"""

import math

import numpy as np

from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import conjugate, norm
from memrob.lipschitz.upper.coarse import PART_WIDTH, coarse_start
from memrob.lipschitz.upper.deep_multipliers import DeepMultipliers
from memrob.lipschitz.upper.descent import minimise
from memrob.lipschitz.upper.operator_norms import identity_norm
from memrob.lipschitz.upper.rounding import gamma, raised
from memrob.lipschitz.upper.shallow_multipliers import ShallowMultipliers
from memrob.lipschitz.upper.spectral import certified_spectral_norm

OPERATIONS = 1e12
"""Work allowed to improve the multipliers for one p: half a minute or less on one core."""

MOST_EVALUATIONS = 1000
"""Most evaluations however small the network."""

TOLERANCE, LAST_TOLERANCE = 1e-3, 1e-6
"""Gains in the logarithm of the square over five steps below which descents end."""

PART_WORK = 0.1
"""Share of the work that finds the first multipliers of wide networks."""

CHEAP = 3e7
"""Operations of one evaluation up to which the optimum is followed to the last barriers."""


def semidefinite_bound(
    network: ReluNetwork, ps: list[float], operations: float = OPERATIONS
) -> dict[float, float]:
    """Upper bounds of lip_p by semidefinite programming; hold for every p in [1, inf].

    Parameters
    ----------
    network : ReluNetwork
        Of any depth.
    ps : list of float
        Exponents in [1, inf].
    operations : float
        Work allowed to improve the multipliers, in floating-point operations for each of p = 2
        and p = inf; any multipliers give a bound.

    Returns
    -------
    dict
        Upper bound by p; NaN for networks that are too large. For p <= 2 the bound of lip_2. For
        p = inf that in the metric |x|_B^2 = sum b_i x_i^2 with sum b_i <= 1 and b > 0, which is at
        most |x|_inf^2, with b optimised. Between, U_2^(2/p) U_inf^(1 - 2/p). Where the work
        suffices the bound of lip_2 is within about one per cent of the programme's optimum.

    Notes
    -----
    M. Fazlyab, A. Robey, H. Hassani, M. Morari, G. J. Pappas (*Efficient and accurate estimation
    of Lipschitz constants for deep neural networks*, 2019), with multipliers of single neurons
    (LipSDP-Neuron): relu' lies in [0, 1], so that differences of pre-activations z and of
    activations h satisfy h^T Lambda (z - h) >= 0 for every diagonal Lambda > 0. The matrix
    inequality is block tridiagonal, and eliminating its blocks from the input on leaves the bound

        gamma^2 = w^T X_{L-1}^{-1} w,    X_{-1} = B,
        X_l = 2 Lambda_l - Lambda_l W_l X_{l-1}^{-1} W_l^T Lambda_l,

    provided that every X_l is positive definite. The result is certified apart from the search
    for multipliers (`ShallowMultipliers`, `DeepMultipliers`).
    """
    network = _without_idle_neurons(network)
    if 0 in network.widths:
        return dict.fromkeys(ps, 0.0)
    if not network.depth:
        size = {p: norm(network.weights[0][0], conjugate(p)) for p in ps}
        return {p: float(raised(found, network.input_dim)) for p, found in size.items()}
    weighted = any(p > 2 for p in ps)
    if not weighted and network.input_dim > 2 * network.widths[0]:
        reduced, stretch, rest = _on_row_space(network)
        found = semidefinite_bound(reduced, [2.0], operations)[2.0]
        return dict.fromkeys(ps, float(raised(stretch * found + rest)))
    family = ShallowMultipliers if network.depth == 1 else DeepMultipliers
    problem = family(network)
    if not problem.is_feasible:
        return dict.fromkeys(ps, math.nan)
    evaluations = int(min(MOST_EVALUATIONS, operations / problem.cost))
    start = first_multipliers(problem, network, operations, evaluations < MOST_EVALUATIONS)
    evaluations = evaluations if problem.is_worth_improving else 0
    ends = least_bounds(problem, start, network.input_dim, evaluations, weighted)
    return {p: _at(p, *ends, network.input_dim) for p in ps}


def first_multipliers(
    problem, network: ReluNetwork, operations: float, is_limited: bool
) -> np.ndarray:
    """Logarithms of the multipliers from which on they are improved, where work is limited."""
    wide = network.depth > 1 and max(network.widths) >= 2 * PART_WIDTH
    if not (wide and is_limited and operations):
        return problem.start()
    layer = PART_WIDTH**2 * (10 * PART_WIDTH + network.input_dim)
    evaluations = PART_WORK * operations / (network.depth * layer)
    tries = 5 if problem.is_worth_improving else 2
    return coarse_start(problem, network, int(min(MOST_EVALUATIONS, evaluations)), tries)


def least_bounds(
    problem, start: np.ndarray, dim: int, evaluations: int, weighted: bool
) -> tuple[float, float]:
    """Upper bounds of lip_2 and lip_inf, optimised over the multipliers and the metric.

    Parameters
    ----------
    problem : ShallowMultipliers or DeepMultipliers
        Bounds as functions of multipliers and metric.
    start : ndarray of float64
        Logarithms of the multipliers to begin with.
    dim : int
        Dimension d of the input.
    evaluations : int
        Most evaluations for each of the two bounds.
    weighted : bool
        Whether to optimise the metric of lip_inf; without it that bound is d^{1/2} times the
        bound of lip_2, which is what the metric I / d gives.

    Returns
    -------
    (float, float)
        Certified bounds at p = 2 and at p = inf.
    """
    uniform = np.ones(dim)
    last = problem.last_barriers if problem.cost <= CHEAP else ()
    barriers = [(weight, LAST_TOLERANCE if last else TOLERANCE) for weight in problem.barriers]
    barriers += [(weight, LAST_TOLERANCE) for weight in last]
    logs = _improved(
        lambda x, barrier: problem.log_square(x, uniform, barrier)[:2],
        start,
        barriers,
        evaluations,
    )
    euclidean = raised(np.sqrt(problem.certified_square(logs, uniform)))
    largest = raised(euclidean * np.sqrt(dim))
    if weighted and dim > 1 and evaluations:

        def objective(point, barrier):
            metric = _shares(point[-dim:])
            value, by_log, by_metric = problem.log_square(point[:-dim], metric, barrier)
            if by_log is None:
                return value, None
            return value, np.concatenate([by_log, metric * (by_metric - metric @ by_metric)])

        point = np.concatenate([logs - np.log(dim), np.zeros(dim)])
        point = _improved(objective, point, barriers[len(problem.barriers) - 1 :], evaluations // 2)
        metric = _shares(point[-dim:]) / raised(1.0, dim)
        largest = min(largest, raised(np.sqrt(problem.certified_square(point[:-dim], metric))))
    return float(euclidean), float(largest)


def _improved(objective, start, barriers, evaluations):
    """Follow the minimisers for barriers of falling weight.

    Without a barrier the descent ends at the first edge of the feasible set that it meets: the
    bound stays finite there wherever w is orthogonal to the directions that degenerate.
    """
    best, point, left = start, start, evaluations
    least = objective(start, 0.0)[0] if left else 0.0
    for weight, tolerance in barriers:
        if left < 2:
            break
        point, used = minimise(
            lambda x, weight=weight: objective(x, weight), point, left, tolerance
        )
        left -= used
        value = objective(point, 0.0)[0]
        if value < least:
            best, least = point, value
    return best


def _shares(logs: np.ndarray) -> np.ndarray:
    """Positive numbers of sum 1 in proportion to exp(logs)."""
    weights = np.exp(logs - logs.max())
    return weights / weights.sum()


def _at(p: float, euclidean: float, largest: float, dim: int) -> float:
    if p <= 2:
        return euclidean
    between = raised(euclidean ** (2 / p) * largest ** (1 - 2 / p))
    return float(min(between, raised(euclidean * identity_norm(dim, p, 2))))


def _on_row_space(network: ReluNetwork) -> tuple[ReluNetwork, float, float]:
    """The network on coordinates of the row space of W_0, when that has fewer than R^d.

    With W_0 = R Q + E, |gradient|_2 is at most |Q|_2 times lip_2 of the network with R in place of
    W_0, plus what E adds: the product of the norms of the other layers times |E|_2.
    """
    first = network.weights[0]
    basis, factor = np.linalg.qr(first.T)
    rest = np.abs(first - factor.T @ basis.T)
    rest += 2 * gamma(len(first) + 2) * (np.abs(factor.T) @ np.abs(basis.T) + np.abs(first))
    lost = raised(np.linalg.norm(rest), rest.size)
    for weight in network.weights[1:]:
        lost *= certified_spectral_norm(weight)
    weights = (np.ascontiguousarray(factor.T), *network.weights[1:])
    reduced = ReluNetwork(weights, network.biases)
    return reduced, certified_spectral_norm(basis), float(raised(lost, network.depth))


def _without_idle_neurons(network: ReluNetwork) -> ReluNetwork:
    """Drop neurons without incoming or without outgoing weights: gradients do not see them."""
    weights, biases = list(network.weights), list(network.biases)
    for _ in range(network.depth):
        for layer in range(network.depth):
            kept = weights[layer].any(axis=1) & weights[layer + 1].any(axis=0)
            if not kept.all():
                weights[layer], biases[layer] = weights[layer][kept], biases[layer][kept]
                weights[layer + 1] = weights[layer + 1][:, kept]
    return ReluNetwork(tuple(weights), tuple(biases))
