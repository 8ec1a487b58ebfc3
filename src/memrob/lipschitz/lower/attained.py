"""Whether a lower bound is attained: signs of pre-activations that no rounding error can turn."""

import numpy as np

from memrob.lipschitz.network import ReluNetwork

EPS = np.finfo(np.float64).eps


def is_differentiable(network: ReluNetwork, point: np.ndarray) -> bool:
    """Whether every pre-activation at a point has the sign that its float64 value has.

    Parameters
    ----------
    network : ReluNetwork
        The network.
    point : ndarray of float64, shape (d,)
        The point.

    Returns
    -------
    bool
        False where some pre-activation is closer to 0 than its rounding error can be: the
        activation pattern seen there may belong to no region.

    Notes
    -----
    A sum of n products in any order errs by at most n eps/(1 - n eps) times the sum of their
    sizes (Higham, Accuracy and Stability of Numerical Algorithms, 2002, section 3.1); the errors of
    a layer's inputs are carried through the sizes of its weights.
    """
    hidden, error = point, np.zeros_like(point)
    for weight, bias in zip(network.weights[:-1], network.biases[:-1], strict=True):
        found = weight @ hidden + bias
        size = np.abs(weight)
        growth = (weight.shape[1] + 3) * EPS
        error = size @ error + growth * (size @ (np.abs(hidden) + error) + np.abs(bias))
        if not (np.abs(found) > error).all():
            return False
        hidden = np.maximum(found, 0)
    return True
