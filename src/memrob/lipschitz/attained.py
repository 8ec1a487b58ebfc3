"""Which activation pattern a network has about a point, for certain, and the gradient of it."""

import numpy as np

from memrob.lipschitz.integers import IntegerNetwork, norm_between
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import norm
from memrob.lipschitz.upper.rounding import gamma, raised

MOST_INTEGERS = 30_000_000
"""Weights up to which a pattern is settled in integers: some seconds."""

MOST_EXACT = 300_000
"""Weights up to which a gradient is computed in integers in any case."""

LEAST = float(np.finfo(np.float64).tiny)
"""Allowed for whatever underflows on the way to one number."""


class Attained:
    """Gradients of one network at points, for certain.

    Parameters
    ----------
    network : ReluNetwork
        With finite weights.
    """

    def __init__(self, network: ReluNetwork):
        self.network = network
        self.weights = sum(weight.size for weight in network.weights)
        self._integers: IntegerNetwork | None = None

    @property
    def integers(self) -> IntegerNetwork:
        """The network in integers."""
        if self._integers is None:
            self._integers = IntegerNetwork(self.network)
        return self._integers

    def pattern(self, point: np.ndarray) -> list[np.ndarray] | None:
        """Activation pattern in a neighbourhood of a point of float64, (d,).

        None where the network is not known to be differentiable: at a kink, and where float64
        leaves a doubt although the network is too large for integers.
        """
        if not np.isfinite(point).all():
            return None
        found = certain_pattern(self.network, point)
        if found is None and self.weights <= MOST_INTEGERS:
            found = self.integers.pattern(point)
        return found

    def norms(self, pattern: list[np.ndarray], qs: list[float]) -> list[tuple[float, float]]:
        """Two numbers that enclose the norm of l^q of the gradient of a pattern, for each q."""
        if self.weights > MOST_EXACT:
            gradient, error = gradient_of(self.network, pattern)
            largest = norm(np.abs(gradient), 2)
            if error.max() <= 1e-9 * largest:
                return [_norm_with(gradient, error, q) for q in qs]
        if self.weights > MOST_INTEGERS:
            return [_norm_with(gradient, error, q) for q in qs]
        whole, power = self.integers.gradient(pattern)
        return [norm_between(whole, power, q) for q in qs]


def is_differentiable(network: ReluNetwork, point: np.ndarray) -> bool:
    """Whether float64 shows that a network is differentiable at a point, (d,)."""
    return certain_pattern(network, point) is not None


def certain_pattern(network: ReluNetwork, point: np.ndarray) -> list[np.ndarray] | None:
    """Activation pattern about a point, where float64 is sure of it.

    Parameters
    ----------
    network : ReluNetwork
    point : ndarray of float64, shape (d,)

    Returns
    -------
    list of ndarray of bool, or None
        None where some pre-activation is closer to 0 than its rounding error can be. One that is 0
        about the point for certain, for want of inputs, counts as inactive.

    Notes
    -----
    A sum of n products in any order errs by at most n eps/(1 - n eps) times the sum of their
    sizes (N. J. Higham, *Accuracy and Stability of Numerical Algorithms*, 2002, section 3.1); the
    errors of a layer's inputs are carried through the sizes of its weights.
    """
    hidden, error, patterns = point, np.zeros_like(point), []
    with np.errstate(all="ignore"):
        for weight, bias in zip(network.weights[:-1], network.biases[:-1], strict=True):
            found = weight @ hidden + bias
            size = np.abs(weight)
            reach = size @ (np.abs(hidden) + error) + np.abs(bias)
            error = raised(size @ error + 2 * gamma(weight.shape[1] + 3) * reach, len(hidden))
            idle = (bias == 0) & ~(weight[:, hidden != 0] != 0).any(axis=1)
            error = np.where(idle, 0.0, error + LEAST)
            if not ((np.abs(found) > error) | idle).all():
                return None
            patterns.append(found > 0)
            hidden = np.where(found > 0, found, 0)
            error = np.where(found > 0, error, 0)
    return patterns


def gradient_of(network: ReluNetwork, pattern: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Gradient of a pattern in float64, (d,), and a bound of the error of each entry."""
    row, size = network.weights[-1][0], np.abs(network.weights[-1][0])
    operations = 0
    for weight, active in zip(reversed(network.weights[:-1]), reversed(pattern), strict=True):
        row = (row * active) @ weight
        size = (size * active) @ np.abs(weight)
        operations += len(active) + 3
    return row, raised(2 * gamma(operations) * size, operations) + LEAST


def _norm_with(gradient: np.ndarray, error: np.ndarray, q: float) -> tuple[float, float]:
    size = np.abs(gradient)
    low = float(norm(np.maximum(size - error, 0), q))
    high = float(raised(norm(size + error, q), len(size)))
    return low * (1 - 2 * gamma(len(size) + 256)), high
