"""The semidefinite bound of a map into R^K, from l^p to l^2."""

import math

import numpy as np
from scipy.linalg import LinAlgError

from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.upper.deep_multipliers import SLACK, DeepMultipliers, _divided
from memrob.lipschitz.upper.semidefinite import (
    _at,
    _without_idle_neurons,
    first_multipliers,
    least_bounds,
)

OPERATIONS = 2e11
"""Work allowed to improve the multipliers, in floating-point operations."""

MOST_EVALUATIONS = 600
"""Most evaluations however small the network."""

BARRIERS = (10, 3, 1, 0.2, 0.05, 0.01)
"""Weights of the barriers, over the number of neurons."""

SHARPNESS = 30.0
"""Power of the mean that stands for the largest eigenvalue, at the barrier of weight 1."""

SHARPEST = (8.0, 600.0)
"""Least and greatest power."""


class VectorMultipliers(DeepMultipliers):
    """Bounds of lip^2 from l^2, or a metric, to l^2, for K outputs.

    As `DeepMultipliers`, with the largest eigenvalue of V X_{L-1}^{-1} V^T, V the last matrix, in
    place of w^T X_{L-1}^{-1} w; where a derivative is needed, with a mean of a high power of its
    eigenvalues, which is larger.

    Parameters
    ----------
    network : ReluNetwork
        At least one hidden layer; every neuron has incoming and outgoing weights.
    """

    def __init__(self, network: ReluNetwork):
        super().__init__(network)
        self.rows = network.weights[-1]
        self.barriers = tuple(weight / sum(self.widths) for weight in BARRIERS)
        # The closed form of the multipliers takes one size for each neuron.
        self.last = np.linalg.norm(self.rows, axis=0)

    def log_square(self, logs, metric, barrier=0.0):
        """Logarithm of the bound of lip^2, and its derivatives, as in `DeepMultipliers`."""
        with np.errstate(over="ignore", invalid="ignore"):
            multipliers, inner = self._by_layer(np.exp(logs)), (1 - SLACK) * metric
            blocks = self._eliminated(multipliers, inner)
        if blocks is None:
            return np.inf, None, None
        roots, _, factors = blocks
        reached = _divided(factors[-1], self.rows.T)
        value, share = self._largest(reached.T @ reached, barrier)
        if not np.isfinite(value):
            return np.inf, None, None
        dual = _divided(factors[-1], reached @ share, transposed=True)
        slopes = []
        for layer in reversed(range(len(multipliers))):
            values = multipliers[layer]
            before = roots[layer] @ (values[:, None] * dual)
            if layer:
                before = _divided(factors[layer - 1], before, transposed=True)
            else:
                before = before / np.sqrt(inner)[:, None]
            ahead = self.hidden[layer] @ before
            change = dual * ((2 - SLACK) * dual - 2 * ahead)
            slopes.append(-values * change.sum(axis=1))
            dual = before
        by_log, by_metric = np.concatenate(slopes[::-1]), -(1 - SLACK) * (dual**2).sum(axis=1)
        if barrier:
            size, size_by_log, size_by_metric = self._log_determinants(multipliers, inner, blocks)
            value -= barrier * size
            by_log -= barrier * size_by_log
            by_metric -= barrier * size_by_metric
        return value, by_log, by_metric

    def _largest(self, gram: np.ndarray, barrier: float) -> tuple[float, np.ndarray]:
        """Logarithm of the largest eigenvalue, and a root of its derivative by the matrix."""
        try:
            values, vectors = np.linalg.eigh(gram)
        except (LinAlgError, np.linalg.LinAlgError):
            return np.inf, gram
        largest = values[-1]
        if not (np.isfinite(largest) and largest > 0):
            return np.inf, gram
        if not barrier:
            share = np.zeros_like(values)
            share[-1] = 1 / largest
            return float(np.log(largest)), vectors * np.sqrt(share)
        power = float(np.clip(SHARPNESS / (barrier * sum(self.widths)), *SHARPEST))
        shares = np.maximum(values / largest, 0)
        total = (shares**power).sum()
        share = shares ** (power - 1) / (total * largest)
        return float(np.log(largest) + np.log(total) / power), vectors * np.sqrt(share)

    def _of_outputs(self, scale, square) -> tuple[np.ndarray, float]:
        """What the outputs take from the last block, and the size of what is rounded."""
        scaled = self.rows * scale / np.sqrt(square)
        return scaled.T @ scaled, float((scaled**2).sum()) * (len(scaled) + 2)


def euclidean_bounds(
    network: ReluNetwork, ps: list[float], operations: float = OPERATIONS
) -> dict[float, float]:
    """Upper bounds of lip_{p->2} of a network with K outputs; hold for every p in [1, inf].

    Parameters
    ----------
    network : ReluNetwork
        Of any depth.
    ps : list of float
        Exponents in [1, inf].
    operations : float
        Work allowed.

    Returns
    -------
    dict
        Upper bound by p; NaN for networks that are too large or have no hidden layer. For p <= 2
        that for p = 2; for p = inf that in an optimised metric; between, by interpolation.

    Notes
    -----
    M. Fazlyab, A. Robey, H. Hassani, M. Morari, G. J. Pappas (*Efficient and accurate estimation
    of Lipschitz constants for deep neural networks*, 2019), LipSDP-Neuron for vector outputs:
    gamma^2 bounds lip_2^2 if the block tridiagonal matrix of `DeepMultipliers` with V^T V / gamma^2
    in place of w w^T / gamma^2 is positive semidefinite, which is certified as there.
    """
    network = _without_idle_neurons(network)
    if 0 in network.widths or not network.weights[-1].any():
        return dict.fromkeys(ps, 0.0)
    if not network.depth:
        return dict.fromkeys(ps, math.nan)
    problem = VectorMultipliers(network)
    if not problem.is_feasible:
        return dict.fromkeys(ps, math.nan)
    evaluations = int(min(MOST_EVALUATIONS, operations / problem.cost))
    start = first_multipliers(problem, network, operations, evaluations < MOST_EVALUATIONS)
    evaluations = evaluations if problem.is_worth_improving else 0
    dim, weighted = network.input_dim, any(p > 2 for p in ps)
    euclidean, largest = least_bounds(problem, start, dim, evaluations, weighted)
    return {p: _at(p, euclidean, largest, dim) for p in ps}
