"""Upper bounds of the Lipschitz constants of networks of operators."""

import numpy as np

from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.operators.activations import IDENTITY, RELU
from memrob.lipschitz.operators.linear import Dense
from memrob.lipschitz.operators.network import OperatorNetwork
from memrob.lipschitz.upper.operator_norms import identity_norm
from memrob.lipschitz.upper.rounding import raised
from memrob.lipschitz.vector.matrix_norms import norm_above

LEAST = float(np.finfo(np.float64).tiny)


def product_above(network: OperatorNetwork, p: float, q: float) -> float:
    """Upper bound of lip_{p->q} of f by products of operator norms; holds for all p and q.

    Either all norms are those of l^p, or from one layer on those of l^2, and the last operator goes
    to l^q; between, activations count by their steepest slope.
    """
    with np.errstate(all="ignore"):
        return _product_above(network, p, q)


def _product_above(network: OperatorNetwork, p: float, q: float) -> float:
    dim = network.input_dim
    same, euclidean = 1.0, identity_norm(dim, p, 2)
    for operator, activation in zip(network.operators[:-1], network.activations, strict=True):
        norms, steepness = operator.norms, activation.steepness
        ways = _times(euclidean, norms.spectral), _times(same, norms.to_euclidean(p))
        euclidean = _times(min(ways), steepness)
        same = _times(same, norms.on(p), steepness)
        if p <= 2:
            euclidean = min(euclidean, same)
        else:
            same = min(same, euclidean)
    last, rows = network.operators[-1], network.n_outputs
    if isinstance(last, Dense):
        ends = norm_above(last.matrix, p, q), norm_above(last.matrix, 2, q)
    else:
        norms, to_q = last.norms, identity_norm(rows, 2, q)
        ends = norms.on(p) * identity_norm(rows, p, q), norms.spectral * to_q
    found = min(_times(same, ends[0]), _times(euclidean, ends[1]))
    return float(raised(found, 8 * len(network.operators)))


def _times(*factors: float) -> float:
    """A product that is 0 only if a factor is, and inf where it overflows."""
    if not all(factors):
        return 0.0
    found = 1.0
    for factor in factors:
        found = max(found * factor, LEAST)
    return found


def with_all_slopes(network: OperatorNetwork) -> ReluNetwork | None:
    """A ReLU network whose gradients of all patterns, attained or not, span those of the network.

    Parameters
    ----------
    network : OperatorNetwork
        With dense matrices that fit into memory.

    Returns
    -------
    ReluNetwork or None
        Upper bounds that hold for all diagonal matrices with entries in [0, 1] in place of relu'
        are upper bounds for the network too: of a leaky ReLU of positive slope, of tanh, and, with
        the next weights divided by 4, of the sigmoid. None for slopes below 0. Biases are zero.
    """
    weights, factor, pending = [], 1.0, None
    for operator, activation in zip(network.operators, (*network.activations, RELU), strict=True):
        if activation.slopes[0] < 0:
            return None
        matrix = operator.dense() if pending is None else operator.forward(pending.T).T
        pending = matrix if activation == IDENTITY else None
        if pending is None:
            weights.append(np.ascontiguousarray(factor * matrix))
            factor = activation.steepness
    return ReluNetwork(tuple(weights), tuple(np.zeros(len(weight)) for weight in weights))
