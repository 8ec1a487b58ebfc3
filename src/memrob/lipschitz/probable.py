"""Upper bounds of lip_p that random networks satisfy with high probability."""

import math
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from scipy.special import gammaln, logsumexp

from memrob.errors import UserError
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import checked_p, conjugate, norm
from memrob.lipschitz.theory import expected_norm
from memrob.lipschitz.upper.operator_norms import OperatorNorms, identity_norm
from memrob.lipschitz.upper.rounding import raised


def log_pattern_count(network: ReluNetwork) -> float:
    """Logarithm of an upper bound of the number of activation patterns on regions of R^d.

    A layer of N neurons adds N affine functions on each region of the layers before, on which
    the network is affine: N hyperplanes cut a convex open set into at most as many pieces as R^d,
    sum_{i <= d} C(N, i) (L. Schläfli), and 2 sum_{i < d} C(N - 1, i) if they all pass through the
    origin (T. M. Cover, 1965) and the set is a cone, as it is when no hidden layer has a bias.
    """
    return sum(_log_cells(network.input_dim, network.widths, network.is_homogeneous))


def _log_cells(dim: int, widths: tuple[int, ...], is_homogeneous: bool) -> list[float]:
    """Logarithm of the most pieces into which each layer cuts a region of the layers before."""
    if is_homogeneous:
        return [math.log(2) + _log_sum(width - 1, dim - 1) for width in widths]
    return [_log_sum(width, dim) for width in widths]


def _log_sum(n: int, most: int) -> float:
    """Logarithm of sum of C(n, i) for i <= most."""
    i = np.arange(min(n, most) + 1)
    return float(logsumexp(gammaln(n + 1) - gammaln(i + 1) - gammaln(n - i + 1)))


def layer_factors(
    input_dim: int,
    widths: tuple[int, ...],
    failure: float,
    *,
    is_homogeneous: bool = False,
    dim: int | None = None,
) -> list[float]:
    """Factors by which hidden layers stretch gradients, at most, with high probability.

    Parameters
    ----------
    input_dim : int
        Dimension d.
    widths : tuple of int
        Widths N_1, ..., N_L of the hidden layers. Weights are independent, N(0, 2/N_l) in layer l,
        and the law of the biases is symmetric.
    failure : float
        Probability in (0, 1) that any of the factors is exceeded, at most.
    is_homogeneous : bool
        Whether all biases are zero.
    dim : int, optional
        Dimension of the subspace on which the first layer is looked at; d if left out.

    Returns
    -------
    list of float
        Bounds r_l of |D W_l u|_2 / |u|_2, the same for all activation patterns D that occur in
        layer l and all u in the range of the Jacobian of the layers before.

    Notes
    -----
    Our own derivation. Given the layers before, fix a region of theirs; on it, layer l is affine
    and the range E of the Jacobian has dimension d or less. Write each row and bias as a random
    sign times an unsigned pair, which a symmetric law permits. The unsigned pairs determine the
    hyperplanes that cut the region; in a piece of it, each neuron is active with probability 1/2,
    independently of the others and of the unsigned pairs. So n of the N rows are active, with n
    binomial, and D W_l on E is a Gaussian matrix of n rows and d columns, up to signs of rows that
    do not change its norm. With probability 1 - 2 e^-t (W. Hoeffding, 1963; K. R. Davidson and
    S. J. Szarek, 2001, Theorem II.13)

        |D W_l|_E <= (2/N)^{1/2} (n^{1/2} + d^{1/2} + (2t)^{1/2}),  n <= N/2 + (N t / 2)^{1/2}.

    The union of the regions and pieces takes t = log(2 L K_l / failure), where K_l counts the
    patterns of the layers up to l. For N large against d L^2 log N the product of all factors is
    bounded: this is where the width pays, which products of operator norms do not see.
    """
    found, depth = [], len(widths)
    totals = accumulate(_log_cells(input_dim, widths, is_homogeneous))
    for layer, (width, patterns) in enumerate(zip(widths, totals, strict=True)):
        t = math.log(2 * depth / failure) + patterns
        rank = dim if dim is not None and layer == 0 else input_dim
        if dim is not None and layer == 0:
            # The union of the d subspaces that the coordinate vectors span.
            t += math.log(input_dim)
        active = min(width / 2 + math.sqrt(width * t / 2), width)
        length = math.sqrt(active) + math.sqrt(min(rank, width)) + math.sqrt(2 * t)
        found.append(math.sqrt(2 / width) * length)
    return found


def probable_upper(
    network: ReluNetwork, ps: list[float], probability: float = 0.99, *, symmetric: bool = False
) -> dict[float, float]:
    """Upper bounds of lip_p that hold with high probability.

    Parameters
    ----------
    network : ReluNetwork
        Network whose last row is standard Gaussian and independent of the weights and biases
        before it, such as `random_network` draws. The last row itself is not read.
    ps : list of float
        Exponents in [1, inf].
    probability : float
        Probability in (0, 1) with which each bound, on its own, holds.
    symmetric : bool
        Whether the hidden layers, too, are as `random_network` draws them, with a symmetric law of
        the biases: the probability is then one over all layers, and the bounds are lower for wide
        networks.

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
    over all patterns at once by products, of operator norms or of `layer_factors`, and the union
    of at most K patterns (`log_pattern_count`) leaves
    lip_p <= E + |J|_{p->2} (2 log(K / (1 - probability)))^{1/2}.
    Because the thresholds do not depend on v, the least that moves from another p to this one
    (lip_p <= lip_q for p <= q, lip_p <= d^{1/q - 1/p} lip_q for q <= p) holds just as probably.
    """
    norms, failure = _computed(network), _failure(probability)
    if symmetric and network.depth:
        # A third each for all directions, for the coordinates, and for the last row.
        failure /= 3
        sizes = network.input_dim, network.widths
        norms = norms.least(_of_factors(*sizes, failure, network.is_homogeneous))
    return _thresholds(norms, ps, log_pattern_count(network) - math.log(failure))


def typical_upper(
    input_dim: int, widths: tuple[int, ...], ps: list[float], probability: float = 0.99
) -> dict[float, float]:
    """Upper bounds of lip_p that networks of some sizes with zero biases satisfy, in closed form.

    Parameters
    ----------
    input_dim, widths : int, tuple of int
        Dimension d and widths of the hidden layers, which may be larger than any computer holds.
    ps, probability
        See `probable_upper`, whose bound for symmetric laws is this or less.

    Raises
    ------
    UserError
        For a probability outside (0, 1) or an exponent below 1.
    """
    failure = _failure(probability) / 3
    norms = _of_factors(input_dim, widths, failure, is_homogeneous=True)
    patterns = sum(_log_cells(input_dim, widths, is_homogeneous=True))
    return _thresholds(norms, ps, patterns - math.log(failure))


def _failure(probability: float) -> float:
    if not 0 < probability < 1:
        raise UserError(f"probability: is {probability}; it must lie between 0 and 1")
    return 1 - probability


@dataclass(frozen=True)
class _HiddenNorms:
    """Upper bounds, over all patterns, of norms of the Jacobian J of the hidden layers.

    Attributes
    ----------
    columns : ndarray of float64, shape (d,)
        Of |J e_i|_2, as far as the first layer is concerned.
    first : float
        Of the norm |.|_{2->2} of the first layer.
    others : tuple of float
        Of those of the other layers.
    """

    columns: np.ndarray
    first: float
    others: tuple[float, ...]

    def least(self, other: "_HiddenNorms") -> "_HiddenNorms":
        """Take the lesser of each."""
        return _HiddenNorms(
            np.minimum(self.columns, other.columns),
            min(self.first, other.first),
            tuple(map(min, self.others, other.others)),
        )

    def to_euclidean(self, p: float) -> float:
        """Bound of |J|_{p->2}: between those at p = 1 and 2, or from that at p = 2."""
        spectral = self.first * math.prod(self.others)
        if p > 2:
            return float(raised(identity_norm(len(self.columns), p, 2) * spectral))
        share, largest = 2 / p - 1, float(self.columns.max()) * math.prod(self.others)
        return float(raised(largest**share * spectral ** (1 - share)))


def _computed(network: ReluNetwork) -> _HiddenNorms:
    if not network.depth:
        return _HiddenNorms(np.ones(network.input_dim), 1.0, ())
    first, *others = (OperatorNorms(weight) for weight in network.weights[:-1])
    columns = raised(np.linalg.norm(first.matrix, axis=0), len(first.matrix))
    return _HiddenNorms(columns, first.spectral, tuple(layer.spectral for layer in others))


def _of_factors(
    input_dim: int, widths: tuple[int, ...], failure: float, is_homogeneous: bool
) -> _HiddenNorms:
    """Norms that hold with a probability of 1 - 2 failure."""
    options = {"is_homogeneous": is_homogeneous}
    first, *others = layer_factors(input_dim, widths, failure, **options)
    single = layer_factors(input_dim, widths, failure, dim=1, **options)[0]
    return _HiddenNorms(np.full(input_dim, single), first, tuple(others))


def _thresholds(norms: _HiddenNorms, ps: list[float], exponent: float) -> dict[float, float]:
    ps, dim = [checked_p(p) for p in ps], len(norms.columns)
    exponents = dict.fromkeys([1.0, 2.0, math.inf, *ps])
    at = {p: _threshold(norms, p, math.sqrt(2 * exponent)) for p in exponents}
    return {p: min(at[q] * identity_norm(dim, p, q) for q in exponents) for p in ps}


def _threshold(norms: _HiddenNorms, p: float, deviation: float) -> float:
    q, dim = conjugate(p), len(norms.columns)
    columns = norms.columns * math.prod(norms.others)
    if math.isinf(q):
        mean = expected_norm(q, dim) * columns.max()
    else:
        moment = math.exp((q / 2 * math.log(2) + gammaln((q + 1) / 2) - math.log(math.pi) / 2) / q)
        mean = moment * float(norm(columns, q))
    return float(raised(mean + norms.to_euclidean(p) * deviation, dim))
