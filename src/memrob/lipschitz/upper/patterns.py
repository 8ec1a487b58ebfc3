"""Closed forms over all activation patterns of the last hidden layer."""

import numpy as np

from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import conjugate, norm
from memrob.lipschitz.upper.operator_norms import OperatorNorms, identity_norm
from memrob.lipschitz.upper.products import hidden_norms, product_bound
from memrob.lipschitz.upper.rounding import gamma, raised
from memrob.lipschitz.upper.spectral import certified_spectral_norm


def pattern_bound(network: ReluNetwork, ps: list[float]) -> dict[float, float]:
    """Upper bounds of lip_p over all patterns, attained at a point or not; for every p in [1, inf].

    Shallow networks: `largest_over_patterns`. Deep ones: that of the last two layers times the
    operator norms of the layers before, in l^p or from l^p to l^2.
    """
    if not network.depth:
        return product_bound(network, ps)
    *front, rows, last = network.weights
    norms = [OperatorNorms(weight) for weight in front]
    over_patterns = largest_over_patterns(last[0][:, None] * rows, sorted({2.0, *ps}))
    if rows[last[0] != 0].any():
        # What underflows in the products.
        lost = rows.size * float(np.finfo(np.float64).tiny)
        over_patterns = {p: bound + lost for p, bound in over_patterns.items()}
    found = {}
    for p in ps:
        reached = hidden_norms(norms, network.input_dim, p)
        found[p] = float(raised(min(size * over_patterns[q] for q, size in reached.items())))
    return found


def largest_over_patterns(terms: np.ndarray, ps: list[float]) -> dict[float, float]:
    """Upper bounds of |sum of a_j over j in J|_{p'} for every subset J of the rows a_j.

    Parameters
    ----------
    terms : ndarray of float64, shape (N, d)
        Rows a_j = v_j w_j: what neuron j adds to the gradient while it is active.
    ps : list of float
        Exponents in [1, inf]; norms are those of the conjugate exponents.

    Returns
    -------
    dict
        Upper bound by p, the lesser of two. The greatest a coordinate can be, coordinate by
        coordinate: exact for p = 1. And (|sum a_j|_{p'} + max over signs |sum +-a_j|_{p'}) / 2,
        where the second term is at most d^{(1/2 - 1/p)_+} times (sum t_j)^{1/2} |T^{-1/2} A|_2
        for every diagonal T > 0, here the identity and the norms |a_j|_2.

    Notes
    -----
    Our own derivation: an indicator is half of one plus a sign, and s^T A A^T s is at most
    |T^{1/2} s|_2^2 |T^{-1/2} A|_2^2 with |T^{1/2} s|_2^2 = sum t_j. The products v_j w_ji are
    rounded, which the allowance for sums covers.
    """
    count, dim = terms.shape
    above, below = np.maximum(terms, 0).sum(axis=0), np.maximum(-terms, 0).sum(axis=0)
    coordinates = raised(np.maximum(above, below), count)
    total = np.abs(above - below) + 4 * gamma(count + 4) * (above + below)
    lengths = np.linalg.norm(terms, axis=1)
    kept = lengths > 0
    spread = 0.0
    if kept.any():
        scaled = terms[kept] / np.sqrt(lengths[kept])[:, None]
        spread = min(
            np.sqrt(count) * certified_spectral_norm(terms),
            np.sqrt(lengths.sum()) * certified_spectral_norm(scaled),
        )
    found = {}
    for p in ps:
        halves = norm(total, conjugate(p)) + identity_norm(dim, p, 2) * spread
        bound = min(norm(coordinates, conjugate(p)), halves / 2)
        found[p] = float(raised(bound, count + dim))
    return found
