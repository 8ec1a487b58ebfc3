"""What theory says of the Lipschitz constants of random networks."""

import math
from functools import cache

import numpy as np
from scipy.special import erf, gammaln, log_ndtr

from memrob.errors import UserError
from memrob.lipschitz.norms import checked_p

STEP = 0.1
"""Step of the trapezoidal rule in the logarithm of the variable, for errors below 1e-8."""


def predicted_exponent(p: float) -> float:
    """Exponent a with lip_p of order d^a for random networks ([L]): max(1/2, 1 - 1/p)."""
    return max(0.5, gradient_exponent(p))


def gradient_exponent(p: float) -> float:
    """Exponent a with |grad|_{p'} of order d^a at a fixed point ([L]): 1/p' = 1 - 1/p."""
    return 1 - 1 / checked_p(p)


def expected_norm(q: float, dim: int) -> float:
    """Expectation of |g|_q for a standard Gaussian vector g in R^d.

    Parameters
    ----------
    q : float
        Exponent in [1, inf].
    dim : int
        Dimension d, at least 1.

    Returns
    -------
    float
        Relative error below 1e-6; the time it takes is in proportion to q.

    Raises
    ------
    UserError
        For an exponent below 1 or a dimension below 1.

    Notes
    -----
    Closed forms for q = 1 and 2. For q = inf the integral of P(|g|_inf > r) = 1 - erf(r/2^{1/2})^d.
    Otherwise our own derivation: with S = sum |g_i|^q, s = 1/q and M(t) = E exp(-tS),

        E S^s = 1/Gamma(1 - s) int_0^inf t^{-s} (-M'(t)) dt.

    The same formula for the constant E S in place of S is subtracted, which leaves (E S)^s and an
    integrand of order t^{1-s} at 0. In log t it is smooth and decays exponentially at either end,
    so that the trapezoidal rule converges exponentially.
    """
    q = checked_p(q)
    if dim < 1:
        raise UserError(f"dim: is {dim}; it must be at least 1")
    return _expected_norm(q, int(dim))


@cache  # claims and figures ask for the same few pairs again and again
def _expected_norm(q: float, dim: int) -> float:
    if q == 1:
        return dim * math.sqrt(2 / math.pi)
    if q == 2:
        return math.sqrt(2) * math.exp(gammaln((dim + 1) / 2) - gammaln(dim / 2))
    if math.isinf(q):
        return _expected_maximum(dim)
    log_mean = q / 2 * math.log(2) + gammaln((q + 1) / 2) - math.log(math.pi) / 2 + math.log(dim)
    end = q * (40 / (dim + 1) + 3) + 40
    logs = np.arange(-log_mean - 20, end, STEP)
    found = sum(
        _integrand(part, q, dim, log_mean).sum()
        for part in np.array_split(logs, len(logs) // 2000 + 1)
    )
    return math.exp(log_mean / q) + found * STEP / math.gamma(1 - 1 / q)


def _integrand(logs, q, dim, log_mean):
    """t^{-s} (-t M'(t) + t E S exp(-t E S)), the sign as for -M', at t = exp(logs)."""
    nodes = np.arange(-40.0, 4.0, STEP)
    weights = STEP * np.exp(nodes - np.exp(nodes))
    reach = np.exp((nodes - logs[:, None]) / q)
    single = erf(reach / math.sqrt(2)) @ weights
    density = np.exp(-(reach**2) / 2) * math.sqrt(2 / math.pi) * reach / q
    slope = dim * single ** (dim - 1) * (density @ weights)
    means = np.exp(np.minimum(logs + log_mean, 700.0))
    return np.exp(-logs / q) * (slope - means * np.exp(-means))


def _expected_maximum(dim: int) -> float:
    points, weights = _legendre()
    end = math.sqrt(2 * math.log(2 * dim)) + 9
    radii = end * (points + 1) / 2
    inside = dim * np.log1p(-2 * np.exp(log_ndtr(-radii)))
    return float(-np.expm1(inside) @ weights) * end / 2


@cache
def _legendre() -> tuple[np.ndarray, np.ndarray]:
    return np.polynomial.legendre.leggauss(400)
