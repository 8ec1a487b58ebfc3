"""The semidefinite bound of a network with one hidden layer, in matrices of the input's size."""

import numpy as np
from scipy.linalg import LinAlgError, cho_solve, cholesky, solve_triangular

from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.upper.rounding import certainly_positive, gamma, power_of_two, raised

SLACK = 1e-7
"""Share of the metric that is held back, so that the optimum is not at the edge of definiteness."""

LARGEST_INPUT = 2048
"""Largest dimension of the input."""


class ShallowMultipliers:
    """Bounds of lip^2 of v^T relu(Wx + b) as functions of multipliers and metric.

    By the Woodbury identity the bound v^T T (2T - W B^{-1} W^T)^{-1} T v, T = Lambda^{-1}, is

        1/2 sum t_j v_j^2 + 1/4 q^T M^{-1} q,  q = W^T v,  M = B - 1/2 W^T T^{-1} W,

    provided that M is positive definite: no matrix is larger than d x d.

    Parameters
    ----------
    network : ReluNetwork
        One hidden layer in which every neuron has incoming and outgoing weights.
    """

    def __init__(self, network: ReluNetwork):
        self.rows, self.last = network.weights[0], network.weights[1][0]
        width, dim = self.rows.shape
        self.cost = float(2 * width * dim**2 + dim**3)
        self.barriers = (0.1 / dim, 0.01 / dim)
        self.last_barriers = (1e-3 / dim, 1e-4 / dim, 1e-5 / dim)
        self.is_feasible = dim <= LARGEST_INPUT
        self.is_worth_improving = True

    def start(self) -> np.ndarray:
        """Logarithms of multipliers in proportion to |v_j| / |w_j|, of the best scale for B = I.

        The proportions are best when the w_j point in all directions alike. The bound as a
        function of the scale is a sum over the eigenvalues of W^T Lambda W.
        """
        times = np.linalg.norm(self.rows, axis=1) / np.abs(self.last)
        values, vectors = np.linalg.eigh(self._half_gram(times))
        squares = (self.last @ self.rows @ vectors) ** 2
        scales = values[-1] * (1 + np.logspace(-6, 4, 200))
        bounds = 0.5 * scales * (times @ self.last**2)
        bounds += 0.25 * (squares / (1 - values / scales[:, None])).sum(axis=1)
        return -np.log(times * scales[np.argmin(bounds)])

    def log_square(self, logs, metric, barrier=0.0):
        """Logarithm of the bound of lip^2, and its derivatives.

        Parameters
        ----------
        logs : ndarray of float64, shape (N,)
            Logarithms of the multipliers.
        metric : ndarray of float64, shape (d,)
            Diagonal of B, positive.
        barrier : float
            Weight at which log det M is subtracted.

        Returns
        -------
        (float, ndarray or None, ndarray or None)
            Value, derivatives by `logs` (N,) and `metric` (d,); inf and None where infeasible.

        Notes
        -----
        The derivatives of the bound are v_j^2 / 2 - (w_j . y)^2 / (8 t_j^2) by t_j and -y_i^2 / 4
        by b_i, where y = M^{-1} q.
        """
        with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
            times = np.exp(-logs)
            inner = (1 - SLACK) * np.diag(metric) - self._half_gram(times)
        try:
            factor = cholesky(inner, lower=True)
        except (LinAlgError, ValueError):
            return np.inf, None, None
        target = self.last @ self.rows
        solution = cho_solve((factor, True), target, check_finite=False)
        square = float(0.5 * times @ self.last**2 + 0.25 * target @ solution)
        if not np.isfinite(square):
            return np.inf, None, None
        by_log = (self.rows @ solution) ** 2 / (8 * times) - 0.5 * times * self.last**2
        by_log, by_metric = by_log / square, -0.25 * (1 - SLACK) * solution**2 / square
        value = np.log(square)
        if barrier:
            root = solve_triangular(factor, np.eye(len(inner)), lower=True, check_finite=False)
            value -= 2 * barrier * np.log(np.diagonal(factor)).sum()
            spread = self.rows @ root.T
            by_log += barrier * 0.5 / times * np.einsum("ij,ij->i", spread, spread)
            by_metric -= barrier * (1 - SLACK) * np.einsum("ij,ij->j", root, root)
        return float(value), by_log, by_metric

    def certified_square(self, logs, metric) -> float:
        """Bound of lip^2 that the multipliers prove, rounding included; inf if they prove none.

        gamma^2 is a bound if and only if the matrix of blocks M, q/2 and gamma^2 - sum t_j v_j^2/2
        is positive semidefinite (a Schur complement), which is tested at the value computed,
        raised step by step. Rounding changes M by at most gamma(N + 8) tr(W^T Lambda W) and q by
        at most gamma(N + 1) times the norm of |W|^T |v|. Rows and columns are scaled by powers
        of two.
        """
        value, by_log, _ = self.log_square(logs, metric)
        if by_log is None:
            return np.inf
        times, scale = np.exp(-logs), 1 / power_of_two(np.sqrt(metric))
        gram = self._half_gram(times, scale)
        head = 0.5 * raised(times @ self.last**2, len(times))
        target = 0.5 * (self.last @ self.rows) * scale
        allowance = 2 * gamma(len(times) + 8)
        error = allowance * raised(np.trace(gram), len(gram))
        sizes = np.linalg.norm(np.abs(self.last) @ np.abs(self.rows) * scale)
        target_error = allowance * raised(sizes, self.rows.size)
        bordered = np.zeros((len(gram) + 1, len(gram) + 1))
        bordered[:-1, :-1] = np.diag(metric * scale**2) - gram
        for excess in np.logspace(-9, -1, 17):
            total = np.exp(value) * (1 + excess)
            unit = power_of_two(np.sqrt(total))
            bordered[-1, :-1] = target / unit
            bordered[-1, -1] = (total - head) / unit**2
            if certainly_positive(bordered, error + target_error / unit + 32 * gamma(1)):
                return float(raised(total))
        return np.inf

    def _half_gram(self, times, scale=1.0) -> np.ndarray:
        rows = self.rows * scale * np.sqrt(0.5 / times)[:, None]
        return rows.T @ rows
