"""What theory says of the Lipschitz constants of random networks."""

import math

import numpy as np
from scipy.special import erf, gammaln, log_ndtr, logsumexp

from memrob.errors import UserError
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import checked_p, conjugate, norm
from memrob.lipschitz.upper.operator_norms import OperatorNorms, identity_norm
from memrob.lipschitz.upper.rounding import raised

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
    points, weights = np.polynomial.legendre.leggauss(400)
    end = math.sqrt(2 * math.log(2 * dim)) + 9
    radii = end * (points + 1) / 2
    inside = dim * np.log1p(-2 * np.exp(log_ndtr(-radii)))
    return float(-np.expm1(inside) @ weights) * end / 2


def log_pattern_count(network: ReluNetwork) -> float:
    """Logarithm of an upper bound of the number of activation patterns on regions of R^d.

    A layer of N neurons adds N affine functions on each region of the layers before, on which
    the network is affine: N hyperplanes cut a convex open set into at most as many pieces as R^d,
    sum_{i <= d} C(N, i) (L. Schläfli), and 2 sum_{i < d} C(N - 1, i) if they all pass through the
    origin (T. M. Cover, 1965) and the set is a cone, as it is when no hidden layer has a bias.
    """
    dim = network.input_dim
    if network.is_homogeneous:
        return sum(math.log(2) + _log_sum(width - 1, dim - 1) for width in network.widths)
    return sum(_log_sum(width, dim) for width in network.widths)


def _log_sum(n: int, most: int) -> float:
    """Logarithm of sum of C(n, i) for i <= most."""
    i = np.arange(min(n, most) + 1)
    return float(logsumexp(gammaln(n + 1) - gammaln(i + 1) - gammaln(n - i + 1)))


def probable_upper(
    network: ReluNetwork, ps: list[float], probability: float = 0.99
) -> dict[float, float]:
    """Upper bounds of lip_p that hold with high probability over the last row.

    Parameters
    ----------
    network : ReluNetwork
        Network whose last row is standard Gaussian and independent of the weights and biases
        before it, such as `random_network` draws. The last row itself is not read.
    ps : list of float
        Exponents in [1, inf].
    probability : float
        Probability in (0, 1) with which each bound, on its own, holds.

    Returns
    -------
    dict
        Upper bound by p, a function of the hidden layers alone.

    Raises
    ------
    UserError
        For a probability outside (0, 1) or an exponent below 1.

    Notes
    -----
    Our own derivation. Hidden activation patterns do not depend on the last row v. On the region
    of one pattern the gradient is J^T v with a fixed J. |J^T v|_{p'} as a function of v has the
    Lipschitz constant |J|_{p->2} in the Euclidean norm, so that (Gaussian concentration)

        P(|J^T v|_{p'} > E|J^T v|_{p'} + r) <= exp(-r^2 / (2 |J|_{p->2}^2)),

    and E|J^T v|_{p'} is at most (E|g|^{p'})^{1/p'} (sum |J e_i|_2^{p'})^{1/p'} by Jensen's
    inequality; for p' = inf at most max |J e_i|_2 E|g|_inf, by Šidák's inequality: the largest of
    dependent Gaussian variables is at least as likely to be small. The norms of J are bounded
    over all patterns at once by products, and the union of at most K patterns
    (`log_pattern_count`) leaves lip_p <= E + |J|_{p->2} (2 log(K / (1 - probability)))^{1/2}.
    Because the thresholds do not depend on v, the least that moves from another p to this one
    (lip_p <= lip_q for p <= q, lip_p <= d^{1/q - 1/p} lip_q for q <= p) holds just as probably.
    """
    ps = [checked_p(p) for p in ps]
    if not 0 < probability < 1:
        raise UserError(f"probability: is {probability}; it must lie between 0 and 1")
    dim = network.input_dim
    deviation = math.sqrt(2 * (log_pattern_count(network) - math.log1p(-probability)))
    hidden = [OperatorNorms(weight) for weight in network.weights[:-1]]
    columns = _column_norms(network, hidden)
    exponents = dict.fromkeys([1.0, 2.0, math.inf, *ps])
    at = {p: _threshold(columns, hidden, dim, p, deviation) for p in exponents}
    return {p: min(at[q] * identity_norm(dim, p, q) for q in exponents) for p in ps}


def _column_norms(network: ReluNetwork, hidden: list[OperatorNorms]) -> np.ndarray:
    """Upper bounds of |J e_i|_2 over all patterns, (d,)."""
    if not hidden:
        return np.ones(network.input_dim)
    first = np.linalg.norm(network.weights[0], axis=0)
    others = math.prod(layer.spectral for layer in hidden[1:])
    return raised(first * others, len(network.weights[0]))


def _threshold(columns, hidden, dim, p, deviation) -> float:
    q = conjugate(p)
    if math.isinf(q):
        mean = expected_norm(q, dim) * columns.max()
    else:
        moment = math.exp((q / 2 * math.log(2) + gammaln((q + 1) / 2) - math.log(math.pi) / 2) / q)
        mean = moment * float(norm(columns, q))
    if hidden:
        spread = hidden[0].to_euclidean(p) * math.prod(layer.spectral for layer in hidden[1:])
    else:
        spread = identity_norm(dim, p, 2)
    return float(raised(mean + spread * deviation, dim))
