"""The semidefinite bound of a deep network, its blocks eliminated from the input on."""

import numpy as np
from scipy.linalg import LinAlgError, cholesky, solve_triangular
from scipy.linalg.lapack import dtrtri

from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.upper.rounding import ROUNDOFF, cholesky_shift, power_of_two, raised
from memrob.lipschitz.upper.spectral import largest_eigenvalue

SLACK = 1e-7
"""Share of the diagonal that is held back, so that the optimum is not where blocks are singular."""

LARGEST_WIDTH = 4096
"""Widest layer for which the bound is computed."""

LARGEST_IMPROVED_WIDTH = 2048
"""Widest layer for which multipliers are improved."""


class DeepMultipliers:
    """Bounds of lip^2 of a deep network as functions of multipliers and metric.

    Parameters
    ----------
    network : ReluNetwork
        At least one hidden layer; every neuron has incoming and outgoing weights.
    """

    def __init__(self, network: ReluNetwork):
        *self.hidden, last = network.weights
        self.last, self.dim, self.widths = last[0], network.input_dim, network.widths
        sizes = [self.dim, *self.widths, 0]
        self.cost = float(
            sum(
                n**2 * (before + 3 * n + 7 * after)
                for before, n, after in zip(sizes, sizes[1:], sizes[2:], strict=False)
            )
        )
        self.barriers = tuple(weight / sum(self.widths) for weight in (10, 3, 1, 0.2))
        self.last_barriers = tuple(weight / sum(self.widths) for weight in (0.02, 2e-3))
        self.is_feasible = max(self.widths) <= LARGEST_WIDTH
        self.is_worth_improving = max(self.widths) <= LARGEST_IMPROVED_WIDTH

    def start(self) -> np.ndarray:
        """Logarithms of multipliers in closed form, for the metric B = I.

        Layer by layer c_l / |row j of W_l|^2, in the last c_l |w_j| / |row j of W_l|, which is
        invariant under scaling of neurons, with the c_l that makes 2c - c^2 mu greatest, mu the
        largest eigenvalue of what is subtracted from 2 Lambda_l (Y. Xu, S. Sivaranjani,
        *ECLipsE*, 2024, take the same c_l for multipliers that are equal in each layer).
        """
        found, root = [], self.hidden[0].T
        for layer, weight in enumerate(self.hidden):
            lengths = np.linalg.norm(weight, axis=1)
            shape = 1 / lengths**2
            if layer == len(self.hidden) - 1:
                shape = np.abs(self.last) / lengths
            scaled = root * np.sqrt(shape)
            gram = scaled.T @ scaled
            multipliers = shape / (largest_eigenvalue(gram) * (1 + 1e-6))
            found.append(np.log(multipliers))
            if layer + 1 < len(self.hidden):
                block = _block(root.T @ root, multipliers)
                factor = cholesky(block, lower=True, overwrite_a=True, check_finite=False)
                root = _divided(factor, self.hidden[layer + 1].T)
        return np.concatenate(found)

    def log_square(self, logs, metric, barrier=0.0):
        """Logarithm of the bound of lip^2, and its derivatives.

        Parameters
        ----------
        logs : ndarray of float64, shape (N_1 + ... + N_L,)
            Logarithms of the multipliers, layer by layer.
        metric : ndarray of float64, shape (d,)
            Diagonal of B, positive.
        barrier : float
            Weight at which log det B + sum of log det Lambda_l^{-1} X_l is subtracted.

        Returns
        -------
        (float, ndarray or None, ndarray or None)
            Value, derivatives by `logs` and by `metric` (d,); inf and None where infeasible.

        Notes
        -----
        With y_{L-1} = X_{L-1}^{-1} w and y_{l-1} = X_{l-1}^{-1} W_l^T Lambda_l y_l the derivatives
        of the bound are -2 y_l (y_l - W_l y_{l-1}) by Lambda_l and -y_{-1}^2 by B: a change dX of
        X_{L-1} changes it by -y^T dX y, and y_l^T dX_l y_l contains y_{l-1}^T dX_{l-1} y_{l-1}.
        """
        with np.errstate(over="ignore", invalid="ignore"):
            multipliers, inner = self._by_layer(np.exp(logs)), (1 - SLACK) * metric
            blocks = self._eliminated(multipliers, inner)
        if blocks is None:
            return np.inf, None, None
        roots, _, factors = blocks
        dual = _divided(factors[-1], _divided(factors[-1], self.last), transposed=True)
        square = self.last @ dual
        if not (np.isfinite(square) and square > 0):
            return np.inf, None, None
        slopes = []
        for layer in reversed(range(len(multipliers))):
            values, before = multipliers[layer], roots[layer] @ (multipliers[layer] * dual)
            if layer:
                before = _divided(factors[layer - 1], before, transposed=True)
            else:
                before = before / np.sqrt(inner)
            ahead = self.hidden[layer] @ before
            slopes.append(-values * dual * ((2 - SLACK) * dual - 2 * ahead) / square)
            dual = before
        value, by_log = float(np.log(square)), np.concatenate(slopes[::-1])
        by_metric = -(1 - SLACK) * dual**2 / square
        if barrier:
            size, size_by_log, size_by_metric = self._log_determinants(multipliers, inner, blocks)
            value -= barrier * size
            by_log -= barrier * size_by_log
            by_metric -= barrier * size_by_metric
        return value, by_log, by_metric

    def _eliminated(self, multipliers, inner):
        """V_l with V_l^T V_l = W_l X_{l-1}^{-1} W_l^T, these products, and the factors of X_l."""
        roots, grams, factors = [self.hidden[0].T / np.sqrt(inner)[:, None]], [], []
        try:
            for layer, values in enumerate(multipliers):
                grams.append(roots[-1].T @ roots[-1])
                factors.append(cholesky(_block(grams[-1], values), lower=True, overwrite_a=True))
                if layer + 1 < len(multipliers):
                    roots.append(_divided(factors[-1], self.hidden[layer + 1].T))
        except (LinAlgError, ValueError):
            return None
        return roots, grams, factors

    def _log_determinants(self, multipliers, inner, blocks):
        """Logarithms of determinants in the barrier, and their derivatives.

        These are entries of the inverse of the whole block tridiagonal matrix, whose diagonal
        blocks are S_{L-1} = X_{L-1}^{-1} and S_{l-1} = X_{l-1}^{-1} + U S_l U^T where
        U = X_{l-1}^{-1} W_l^T Lambda_l, and whose blocks beside them are S_l U^T.
        """
        roots, grams, factors = blocks
        value, slopes, whole, back = np.log(inner).sum(), [], 0.0, None
        for layer in reversed(range(len(multipliers))):
            values = multipliers[layer]
            inverse = dtrtri(factors[layer], lower=1)[0]
            if layer + 1 < len(multipliers):
                back = inverse.T @ (roots[layer + 1] * multipliers[layer + 1])
                whole = back @ whole @ back.T
            whole = whole + inverse.T @ inverse
            beside = np.einsum("ij,ij->i", whole * values, grams[layer])
            slopes.append(values * ((2 - SLACK) * np.diagonal(whole) - 2 * beside) - 1)
            value += 2 * np.log(np.diagonal(factors[layer])).sum() - np.log(values).sum()
        back = roots[0] * multipliers[0] / np.sqrt(inner)[:, None]
        by_metric = 1 / inner + np.einsum("ij,ij->i", back @ whole, back)
        return value, np.concatenate(slopes[::-1]), (1 - SLACK) * by_metric

    def certified_square(self, logs, metric) -> float:
        """Bound of lip^2 that the multipliers prove, rounding included; inf if they prove none.

        gamma^2 is a bound if and only if the block tridiagonal matrix of diagonal blocks B,
        2 Lambda_0, ..., 2 Lambda_{L-1} - w w^T / gamma^2 and blocks -Lambda_l W_l beside them is
        positive semidefinite, which is tested at the value computed, raised step by step. Rows
        and columns are scaled by powers of two so that the diagonal lies in [1/2, 2].
        """
        value, by_log, _ = self.log_square(logs, metric)
        if by_log is None:
            return np.inf
        for excess in np.logspace(-9, -1, 17):
            square = np.exp(value) * (1 + excess)
            if self._is_certain(square, np.exp(logs), metric):
                return float(raised(square))
        return np.inf

    def _is_certain(self, square, multipliers, metric) -> bool:
        """Whether Cholesky factorises the scaled matrix less a shift (see `cholesky_shift`).

        Entries of the factor of a block tridiagonal matrix are sums over two layers at most, and
        the factorisation by blocks differs from the usual one in the order of these sums alone.
        """
        diagonals = [metric, *(2 * values for values in self._by_layer(multipliers))]
        scales = [1 / power_of_two(np.sqrt(values)) for values in diagonals]
        beside = [
            weight * (0.5 * values * scale)[:, None] * scale_before
            for weight, values, scale, scale_before in zip(
                self.hidden, diagonals[1:], scales[1:], scales, strict=False
            )
        ]
        outputs, output_error = self._of_outputs(scales[-1], square)
        largest = max(np.linalg.norm(block) for block in beside)
        sizes = [len(values) for values in diagonals]
        shift = cholesky_shift(2 * max(sizes), 2.0 * sum(sizes))
        shift = raised(shift + 16 * ROUNDOFF * (2 + largest + output_error), max(sizes))
        squares = 0.0
        try:
            for before, scale, block in zip(diagonals, scales, beside, strict=False):
                pivot = np.diag(before * scale**2 - shift) - squares
                factor = cholesky(pivot, lower=True, overwrite_a=True, check_finite=False)
                root = _divided(factor, block.T)
                squares = root.T @ root
            pivot = np.diag(diagonals[-1] * scales[-1] ** 2 - shift) - squares
            pivot -= outputs
            cholesky(pivot, lower=True, overwrite_a=True, check_finite=False)
        except LinAlgError:
            return False
        return bool(np.isfinite(shift))

    def _of_outputs(self, scale, square) -> tuple[np.ndarray, float]:
        """What the outputs take from the last block, scaled, and the size of its rounding."""
        last = self.last * scale / np.sqrt(square)
        return np.outer(last, last), last @ last

    def _by_layer(self, values) -> list[np.ndarray]:
        return np.split(values, np.cumsum(self.widths)[:-1])


def _block(gram: np.ndarray, multipliers: np.ndarray) -> np.ndarray:
    """X_l from W_l X_{l-1}^{-1} W_l^T, less the slack."""
    block = gram * -multipliers
    block *= multipliers[:, None]
    block[np.diag_indices_from(block)] += (2 - SLACK) * multipliers
    return block


def _divided(factor: np.ndarray, right: np.ndarray, transposed: bool = False) -> np.ndarray:
    """C^{-1} R or C^{-T} R for the lower factor C of a Cholesky factorisation."""
    return solve_triangular(
        factor, right, lower=True, trans="T" if transposed else "N", check_finite=False
    )
