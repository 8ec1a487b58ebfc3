"""Products of operator norms."""

from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import conjugate, norm
from memrob.lipschitz.upper.operator_norms import OperatorNorms, identity_norm
from memrob.lipschitz.upper.rounding import raised


def hidden_norms(weights: list[OperatorNorms], input_dim: int, p: float) -> dict[float, float]:
    """Bound what layers can do to a vector of l^p, measured in l^p and in l^2.

    Parameters
    ----------
    weights : list of OperatorNorms
        Hidden layers from the input on; may be empty.
    input_dim : int
        Dimension d of the input.
    p : float
        Exponent in [1, inf].

    Returns
    -------
    dict
        Upper bounds of |D W ... D W_0|_{p->p} and |D W ... D W_0|_{p->2}, by exponent p and 2,
        over all diagonal D with entries in [0, 1].

    Notes
    -----
    Either norm is a product of norms p -> p up to some layer, of one p -> 2 and of norms 2 -> 2
    from there on; the least over the layer of the change is taken.
    """
    same, euclidean = 1.0, identity_norm(input_dim, p, 2)
    for layer in weights:
        euclidean = min(euclidean * layer.spectral, same * layer.to_euclidean(p))
        same = same * layer.on(p)
        if p <= 2:
            euclidean = min(euclidean, same)
        else:
            same = min(same, euclidean)
    return {p: float(raised(same)), 2.0: float(raised(euclidean if p != 2 else same))}


def product_bound(network: ReluNetwork, ps: list[float]) -> dict[float, float]:
    """Upper bounds of lip_p by products of operator norms; hold for every p in [1, inf].

    The lesser of prod |W_l|_{p->p} times |w|_{p'}, w the last row, and |W_0|_{p->2} prod |W_l|_2
    times |w|_2, or a mixture of both (`hidden_norms`).
    """
    *hidden, last = network.weights
    norms = [OperatorNorms(weight) for weight in hidden]
    found = {}
    for p in ps:
        reached = hidden_norms(norms, network.input_dim, p)
        bounds = (size * norm(last[0], conjugate(q)) for q, size in reached.items())
        found[p] = float(raised(min(bounds), last.size))
    return found
