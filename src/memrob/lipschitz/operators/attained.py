"""Slopes that a network of operators attains, with everything that rounding may do."""

import numpy as np

from memrob.lipschitz.norms import conjugate, norm
from memrob.lipschitz.operators.activations import FUNCTION_ERROR, STEEPEST_CHANGE
from memrob.lipschitz.operators.network import OperatorNetwork
from memrob.lipschitz.upper.rounding import gamma, raised

LEAST = float(np.finfo(np.float64).tiny)
"""Allowed for whatever underflows on the way to one number."""


def attained_slope(
    network: OperatorNetwork, point: np.ndarray, combination: np.ndarray, p: float
) -> float:
    """Lower bound of |gradient of y^T f|_{p'} at a point, rounding included.

    Parameters
    ----------
    network : OperatorNetwork
    point : ndarray of float64, shape (d,)
    combination : ndarray of float64, shape (K,)
        y.
    p : float
        Exponent in [1, inf].

    Returns
    -------
    float
        0 where the sign of a pre-activation of a (leaky) ReLU is not certain.

    Notes
    -----
    A sum of n products errs by at most gamma(n) times the sum of their sizes (N. J. Higham,
    *Accuracy*, section 3.1); errors are carried forwards and backwards through the sizes of the
    operators' entries. An activation and its derivative err by what their slopes make of the error
    of their argument.
    """
    sizes = [operator.absolute() for operator in network.operators]
    hidden, error, slopes = point[None], np.zeros((1, len(point))), []
    layers = zip(network.operators, sizes, network.biases, network.activations, strict=False)
    with np.errstate(all="ignore"):
        for operator, size, bias, activation in layers:
            found = operator.forward(hidden) + bias
            reach = size.forward(np.abs(hidden) + error) + np.abs(bias)
            terms = operator.terms[0] + 3
            error = raised(size.forward(error) + 2 * gamma(terms) * reach, terms) + LEAST
            slopes.append(
                (activation.derivatives(found), activation.derivative_errors(found, error))
            )
            hidden = activation(found)
            error = raised(activation.steepness * error) + 2 * gamma(2) * np.abs(hidden)
            if activation.name in STEEPEST_CHANGE:
                error = error + FUNCTION_ERROR
        if not all(np.isfinite(errors).all() for _, errors in slopes):
            return 0.0
        row, error = combination[None], np.zeros((1, len(combination)))
        for index in reversed(range(len(network.operators))):
            operator, size = network.operators[index], sizes[index]
            terms = operator.terms[1] + 3
            reach = size.adjoint(np.abs(row) + error)
            row = operator.adjoint(row)
            error = raised(size.adjoint(error) + 2 * gamma(terms) * reach, terms) + LEAST
            if index:
                slope, slope_error = slopes[index - 1]
                apart = np.abs(row) * slope_error + error * (np.abs(slope) + slope_error)
                row = row * slope
                error = raised(apart + 2 * gamma(3) * np.abs(row)) + LEAST
        low = norm(np.maximum(np.abs(row) - error, 0), conjugate(p))[0]
    low = float(low * (1 - 4 * gamma(row.size + 256)))
    return low if np.isfinite(low) else 0.0
