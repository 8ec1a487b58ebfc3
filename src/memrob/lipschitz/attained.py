"""Which activation pattern a network has about a point, for certain, and the gradient of it."""

from functools import cached_property

import numpy as np

from memrob.lipschitz.integers import IntegerNetwork, norm_between
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import norm
from memrob.lipschitz.upper.rounding import gamma, raised
from memrob.lipschitz.upper.spectral import certified_spectral_norm

MOST_INTEGERS = 30_000_000
"""Weights up to which a pattern is settled in integers: some seconds."""

MOST_EXACT = 300_000
"""Weights up to which a gradient is computed in integers in any case."""

CLOSE = 1e-6
"""Relative error of a gradient in float64 up to which integers are not asked."""

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

    @cached_property
    def lengths(self) -> list[float]:
        """Upper bounds of the spectral norms of the weights."""
        return [certified_spectral_norm(weight) for weight in self.network.weights]

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
        if found is None and self.weights > MOST_EXACT:
            found = certain_pattern(self.network, point, self.lengths)
        if found is None and self.weights <= MOST_INTEGERS:
            found = self.integers.pattern(point)
        return found

    def norms(self, pattern: list[np.ndarray], qs: list[float]) -> list[tuple[float, float]]:
        """Two numbers that enclose the norm of l^q of the gradient of a pattern, for each q."""
        if self.weights > MOST_EXACT:
            for lengths in (None, self.lengths):
                gradient, error = gradient_of(self.network, pattern, lengths)
                if error.max() <= CLOSE * norm(np.abs(gradient), 2):
                    return [_norm_with(gradient, error, q) for q in qs]
        if self.weights > MOST_INTEGERS:
            return [_norm_with(gradient, error, q) for q in qs]
        whole, power = self.integers.gradient(pattern)
        return [norm_between(whole, power, q) for q in qs]


def is_differentiable(network: ReluNetwork, point: np.ndarray) -> bool:
    """Whether float64 shows that a network is differentiable at a point, (d,)."""
    return certain_pattern(network, point) is not None


def certain_pattern(
    network: ReluNetwork, point: np.ndarray, lengths: list[float] | None = None
) -> list[np.ndarray] | None:
    """Activation pattern about a point, where float64 is sure of it.

    Parameters
    ----------
    network : ReluNetwork
    point : ndarray of float64, shape (d,)
    lengths : list of float, optional
        Upper bounds of the spectral norms of the weights. Errors of deep wide networks grow far
        less in the Euclidean norm than they do entry by entry.

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
    hidden, error, length, patterns = point, np.zeros_like(point), 0.0, []
    with np.errstate(all="ignore"):
        for layer, bias in enumerate(network.biases[:-1]):
            weight = network.weights[layer]
            found = weight @ hidden + bias
            size = np.abs(weight)
            reach = size @ (np.abs(hidden) + error) + np.abs(bias)
            own = raised(2 * gamma(weight.shape[1] + 3) * reach, len(hidden)) + LEAST
            error, length = _carried(weight, size @ error, own, length, lengths and lengths[layer])
            idle = (bias == 0) & ~(weight[:, hidden != 0] != 0).any(axis=1)
            error = np.where(idle, 0.0, error)
            if not ((np.abs(found) > error) | idle).all():
                return None
            patterns.append(found > 0)
            hidden = np.where(found > 0, found, 0)
            error = np.where(found > 0, error, 0)
    return patterns


def gradient_of(
    network: ReluNetwork, pattern: list[np.ndarray], lengths: list[float] | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Gradient of a pattern in float64, (d,), and a bound of the error of each entry.

    Like `certain_pattern` it takes bounds of the spectral norms of the weights.
    """
    row = network.weights[-1][0]
    error, length = np.zeros_like(row), 0.0
    for layer in range(len(pattern) - 1, -1, -1):
        weight, active = network.weights[layer], pattern[layer]
        row, error = row * active, error * active
        size = np.abs(weight)
        reach = (np.abs(row) + error) @ size
        own = raised(2 * gamma(len(active) + 3) * reach, len(active)) + LEAST
        spectral = lengths and lengths[layer]
        error, length = _carried(weight.T, error @ size, own, length, spectral)
        row = row @ weight
    return row, error


def _carried(
    weight: np.ndarray, through: np.ndarray, own: np.ndarray, length: float, spectral: float | None
) -> tuple[np.ndarray, float]:
    """Errors of a product with (m, n) weights, entry by entry and in the Euclidean norm.

    Those of the inputs are bounded by `through` entry by entry and by `length` in the Euclidean
    norm; `own` is what the rounding of the product adds.
    """
    if spectral is None:
        return raised(through + own, weight.shape[1]), 0.0
    by_rows = norm(weight, 2) * length
    error = raised(np.minimum(through, by_rows) + own, weight.shape[1])
    by_length = spectral * length + norm(own, 2)
    return error, float(raised(min(by_length, norm(error, 2)), len(own)))


def _norm_with(gradient: np.ndarray, error: np.ndarray, q: float) -> tuple[float, float]:
    size = np.abs(gradient)
    low = float(norm(np.maximum(size - error, 0), q))
    high = float(raised(norm(size + error, q), len(size)))
    return low * (1 - 2 * gamma(len(size) + 256)), high
