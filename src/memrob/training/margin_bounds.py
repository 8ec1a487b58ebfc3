"""Upper bounds of the Lipschitz constants of all margins f_a - f_b of a classifier."""

import math
from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np

from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import checked_p
from memrob.lipschitz.upper import least_of, upper_bounds
from memrob.lipschitz.upper.bounds import ANCHORS
from memrob.lipschitz.upper.patterns import pattern_bound
from memrob.lipschitz.upper.rounding import gamma, raised
from memrob.lipschitz.upper.semidefinite import semidefinite_bound
from memrob.training.classifier import Classifier

OPERATIONS = 1e11
"""Floating-point operations for the semidefinite bounds of all pairs of classes together."""

LEAST_SHARE = 1e-3
"""Share of the mean metric that every coordinate has."""


def margin_bounds(
    classifier: Classifier,
    ps: Sequence[float],
    *,
    points: np.ndarray | None = None,
    operations: float = OPERATIONS,
) -> dict[float, np.ndarray]:
    """Upper bounds of lip_p of f_a - f_b for every pair of classes.

    Parameters
    ----------
    classifier : Classifier
        Of any depth.
    ps : sequence of float
        Exponents in [1, inf].
    points : ndarray of float64, shape (M, d), optional
        Typical points. The metric in which lip_inf is bounded follows the gradients there; the
        bounds hold on all of R^d whatever they are.
    operations : float
        Work allowed for semidefinite bounds (`semidefinite_bound`), shared by all pairs.

    Returns
    -------
    dict of float to ndarray of float64, shape (K, K)
        By p: symmetric, 0 on the diagonal, rounding included.

    Notes
    -----
    For one hidden layer the least of `pattern_bound` and `metric_bound`, for p = 2 in the metric I
    and for p = inf in one that follows the gradients; for more layers the least of all methods.
    """
    ps = [checked_p(p) for p in ps]
    found = {p: np.zeros((classifier.n_outputs,) * 2) for p in ps}
    pairs = list(combinations(range(classifier.n_outputs), 2))
    share = operations / (2 * len(pairs))
    for a, b in pairs:
        network = classifier.margin(a, b)
        for p, bound in _least(network, _closed_forms(network, ps), ps, points, share).items():
            # The differences of the last layer's weights are rounded.
            found[p][a, b] = found[p][b, a] = raised(bound)
    return found


class Largest(NamedTuple):
    """An upper bound that holds for all pairs of classes, and the pair whose bound it is."""

    bound: float
    pair: tuple[int, int]


def largest_margin_bounds(
    classifier: Classifier,
    ps: Sequence[float],
    *,
    points: np.ndarray | None = None,
    operations: float = OPERATIONS,
) -> dict[float, Largest]:
    """The largest of `margin_bounds` over all pairs of classes, by p, with less work.

    Semidefinite bounds are computed for the pairs with the largest closed forms alone, until no
    other pair can exceed the largest found.
    """
    ps = [checked_p(p) for p in ps]
    pairs = list(combinations(range(classifier.n_outputs), 2))
    networks = {pair: classifier.margin(*pair) for pair in pairs}
    forms = {pair: _closed_forms(network, ps) for pair, network in networks.items()}
    share, least, found = operations / (2 * len(pairs)), {}, {}
    for p in ps:
        at_most = {pair: min(by_p[p] for by_p in forms[pair].values()) for pair in pairs}
        found[p] = Largest(0.0, pairs[0])
        for pair in sorted(pairs, key=lambda pair, at_most=at_most: -at_most[pair]):
            if raised(at_most[pair]) <= found[p].bound:
                break
            if pair not in least:
                least[pair] = _least(networks[pair], forms[pair], ps, points, share)
            found[p] = max(found[p], Largest(float(raised(least[pair][p])), pair))
    return found


def metric_bound(network: ReluNetwork, metric: np.ndarray, operations: float) -> float:
    """Semidefinite bound of the greatest norm of a gradient of one hidden layer, in a metric.

    Parameters
    ----------
    network : ReluNetwork
        With one hidden layer.
    metric : ndarray of float64, shape (d,)
        Positive diagonal of B.
    operations : float
        Work allowed, as in `semidefinite_bound`.

    Returns
    -------
    float
        Upper bound of (g^T B^{-1} g)^(1/2) for every gradient g, rounding included. For B = I this
        bounds lip_2; with b^(1/2) for the square root of the trace of B, b^(1/2) times this bounds
        lip_inf, since |g|_1 <= b^(1/2) (g^T B^{-1} g)^(1/2).

    Notes
    -----
    Our own derivation: the rows of W B^{-1/2} are turned into a space of the dimension of their
    span by W B^{-1/2} = R Q + E, Q with orthonormal rows, which leaves the norms of gradients and
    makes matrices of N x N out of d x d. E, and how far Q is from orthonormal, are measured: a
    gradient is v^T D R Q + v^T D E with D diagonal and in [0, 1].
    """
    rows = network.weights[0] / np.sqrt(metric)
    basis, turned = np.linalg.qr(rows.T)
    last = network.weights[1]
    reduced = ReluNetwork((turned.T.copy(), last), network.biases)
    bound = semidefinite_bound(reduced, [2.0], operations=operations)[2.0]
    size, dim = len(turned), rows.shape[1]
    apart = basis.T @ basis - np.eye(size)
    stretch = 1 + np.linalg.norm(apart) + gamma(dim + 4) * size
    rounding = gamma(size + 8) * np.linalg.norm(turned) * np.linalg.norm(basis)
    error = np.linalg.norm(rows - turned.T @ basis.T) + rounding + gamma(8) * np.linalg.norm(rows)
    return float(raised(bound * stretch + error * np.linalg.norm(last), rows.size))


def _closed_forms(network: ReluNetwork, ps: list[float]) -> dict[str, dict[float, float]]:
    anchors = list(dict.fromkeys([*ANCHORS, *ps]))
    if network.depth == 1:
        return {"patterns": pattern_bound(network, anchors)}
    return upper_bounds(network, anchors, ["product", "patterns", "intervals"])


def _least(
    network: ReluNetwork,
    bounds: dict[str, dict[float, float]],
    ps: list[float],
    points: np.ndarray | None,
    operations: float,
) -> dict[float, float]:
    """Least bounds that follow from closed forms and semidefinite bounds."""
    if any(p > 1 for p in ps) and all(by_p[1.0] > 0 for by_p in bounds.values()):
        bounds = bounds | {"semidefinite": _semidefinite(network, ps, points, operations)}
    return least_of(bounds, ps, network.input_dim)


def _semidefinite(
    network: ReluNetwork, ps: list[float], points: np.ndarray | None, operations: float
) -> dict[float, float]:
    if network.depth != 1:
        return semidefinite_bound(network, [2.0, math.inf], operations=operations)
    found = {2.0: metric_bound(network, np.ones(network.input_dim), operations)}
    if any(p > 2 for p in ps):
        metric = _metric(network, points)
        size = math.sqrt(raised(metric.sum(), len(metric)))
        found[math.inf] = float(raised(size * metric_bound(network, metric, operations)))
    return found


def _metric(network: ReluNetwork, points: np.ndarray | None) -> np.ndarray:
    """Mean size of each coordinate of the gradient, or its bound: the metric for which B fits."""
    if points is not None:
        sizes = np.abs(network.gradients(points)).mean(axis=0)
    if points is None or not sizes.any():
        terms = network.weights[1].T * network.weights[0]
        sizes = np.maximum(np.maximum(terms, 0).sum(axis=0), np.maximum(-terms, 0).sum(axis=0))
    sizes = sizes + LEAST_SHARE * sizes.mean()
    return sizes / sizes.sum()
