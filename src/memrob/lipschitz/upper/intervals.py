"""Jacobians in interval arithmetic, on a box or on all of R^d."""

import numpy as np

from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import conjugate, norm
from memrob.lipschitz.upper.rounding import gamma, raised

TINY = float(np.finfo(np.float64).tiny)

FORWARD_OPERATIONS = 2e10
"""Most operations for the Jacobian from the input on, which costs d times the one backwards."""


def interval_bound(
    network: ReluNetwork,
    ps: list[float],
    centre: np.ndarray | None = None,
    radius: float | np.ndarray = np.inf,
) -> dict[float, float]:
    """Upper bounds of lip_p on a box; hold for every p in [1, inf].

    Parameters
    ----------
    network : ReluNetwork
        Of any depth.
    ps : list of float
        Exponents in [1, inf].
    centre : ndarray of float64, shape (d,), optional
        Centre of the box; the origin without it.
    radius : float or ndarray of float64, shape (d,)
        Half the sides of the box, at least 0; infinite for all of R^d, where every neuron may be
        active or inactive.

    Returns
    -------
    dict
        Upper bound by p. As the box shrinks to a point at which no pre-activation is zero, it
        tends to the norm of the gradient there.

    Notes
    -----
    A neuron whose pre-activation keeps its sign on the box has a fixed relu', the others any
    relu' in [0, 1]. The entries of the product of the W_l and these diagonal matrices are bounded
    by intervals from the output backwards and, unless that takes too long, from the input on; of
    the two bounds of each entry the lesser counts. Intervals are kept by centre and radius, the
    radius raised by what rounding can do.
    """
    slopes = _slopes(network, centre, radius)
    *hidden, last = network.weights
    middle, spread = last, np.zeros_like(last)
    for weight, slope in zip(reversed(hidden), reversed(slopes), strict=True):
        middle, spread = _activated(middle, spread, slope)
        middle, spread = _product(middle, spread, weight)
    largest = raised(np.abs(middle) + spread)[0]
    operations = sum(weight.size for weight in hidden[1:]) * network.input_dim
    if hidden and operations <= FORWARD_OPERATIONS:
        largest = np.minimum(largest, _forward(network, slopes))
    return {p: float(raised(norm(largest, conjugate(p)), network.input_dim)) for p in ps}


def _forward(network: ReluNetwork, slopes: list) -> np.ndarray:
    first, *others = network.weights
    middle, spread = first.T, np.zeros_like(first.T)
    for weight, slope in zip(others, slopes, strict=True):
        middle, spread = _activated(middle, spread, slope)
        middle, spread = _product(middle, spread, weight.T)
    return raised(np.abs(middle) + spread)[:, 0]


def _slopes(network, centre, radius) -> list[tuple[np.ndarray, np.ndarray]]:
    """Least and greatest relu' of each neuron on the box."""
    radius = np.broadcast_to(np.asarray(radius, dtype=np.float64), network.input_dim)
    if not np.isfinite(radius).all():
        return [(np.zeros(width), np.ones(width)) for width in network.widths]
    middle = np.zeros(network.input_dim) if centre is None else np.asarray(centre, dtype=float)
    found, spread = [], radius
    for weight, bias in zip(network.weights[:-1], network.biases[:-1], strict=True):
        middle, spread = _product(middle, spread, weight.T)
        spread = raised(spread + gamma(2) * (np.abs(middle) + np.abs(bias)))
        middle = middle + bias
        low, high = middle - spread, middle + spread
        # NaN, of infinities, tells no sign.
        found.append((np.where(low > 0, 1.0, 0.0), np.where(high <= 0, 0.0, 1.0)))
        middle, spread = _from_ends(np.maximum(low, 0), np.maximum(high, 0))
    return found


def _activated(middle, spread, slope):
    """Interval times relu' in [least, greatest]: the hull with 0 where these are 0 and 1."""
    least, greatest = slope
    low, high = middle - spread, middle + spread
    hull = _from_ends(np.minimum(low, 0), np.maximum(high, 0))
    active, inactive = least > 0, greatest == 0
    middle = np.where(active, middle, np.where(inactive, 0.0, hull[0]))
    return middle, np.where(active, spread, np.where(inactive, 0.0, hull[1]))


def _from_ends(low, high):
    middle = (low + high) / 2
    return middle, raised((high - low) / 2) + 4 * gamma(1) * np.maximum(np.abs(low), np.abs(high))


def _product(middle, spread, weight):
    """Interval times a matrix that is known, (..., m) times (m, n)."""
    size = np.abs(weight)
    rounding = 2 * gamma(len(weight) + 2) * (np.abs(middle) @ size)
    # What is 0 for want of weights stays 0; what underflows does not.
    used = ((np.abs(middle) + spread) > 0).any(axis=-1, keepdims=True)
    return middle @ weight, raised(spread @ size + rounding, len(weight)) + TINY * used
