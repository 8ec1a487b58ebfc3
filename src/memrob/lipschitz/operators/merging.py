"""Two linear operators made into one, where that needs no large matrix."""

import numpy as np

from memrob.lipschitz.operators.convolution import Convolution
from memrob.lipschitz.operators.linear import Dense, Diagonal, LinearOperator, Selection


def merged(
    second: LinearOperator, first: LinearOperator, most_numbers: float
) -> tuple[LinearOperator, bool] | None:
    """The composition of two operators as one.

    Parameters
    ----------
    second, first : LinearOperator
        `first` is applied first.
    most_numbers : float
        Most entries of a matrix that may be made.

    Returns
    -------
    (LinearOperator, bool) or None
        The composition and whether its entries are exact; None if they stay two.
    """
    if isinstance(first, Selection) and first.is_identity:
        return second, True
    if isinstance(second, Selection) and second.is_identity:
        return first, True
    if isinstance(second, Selection) and isinstance(first, Selection):
        return Selection(first.order[second.order], first.shape[1]), True
    if isinstance(first, Diagonal) and isinstance(second, Diagonal):
        exact = _are_powers_of_two(first.factors) or _are_powers_of_two(second.factors)
        return Diagonal(first.factors * second.factors), exact
    if isinstance(first, Convolution) and isinstance(second, Diagonal):
        return _scaled_outputs(first, second.factors)
    if isinstance(second, Convolution) and isinstance(first, Diagonal):
        return _scaled_inputs(second, first.factors)
    if isinstance(first, Dense) and isinstance(second, Diagonal):
        exact = _are_powers_of_two(second.factors)
        return Dense(second.factors[:, None] * first.matrix), exact
    if isinstance(second, Dense) and second.shape[0] * first.shape[1] <= most_numbers:
        exact = isinstance(first, Selection) and first.norms.column_sum <= 1
        exact |= isinstance(first, Diagonal) and _are_powers_of_two(first.factors)
        return Dense(np.ascontiguousarray(first.adjoint(second.matrix))), exact
    if isinstance(first, Dense) and second.shape[0] * first.shape[1] <= most_numbers:
        exact = isinstance(second, Selection)
        return Dense(np.ascontiguousarray(second.forward(first.matrix.T).T)), exact
    return None


def _scaled_outputs(convolution: Convolution, factors: np.ndarray):
    by_channel = factors.reshape(convolution.out_channels, -1)
    if (by_channel != by_channel[:, :1]).any():
        return None
    kernel = convolution.kernel * by_channel[:, :1, None, None]
    exact = _are_powers_of_two(factors)
    return Convolution(kernel, convolution.geometry, convolution.groups), exact


def _scaled_inputs(convolution: Convolution, factors: np.ndarray):
    by_channel = factors.reshape(convolution.in_channels, -1)
    if (by_channel != by_channel[:, :1]).any():
        return None
    per_group = convolution.kernel.shape[1]
    of_group = by_channel[:, 0].reshape(convolution.groups, per_group)
    of_output = np.repeat(of_group, convolution.out_channels // convolution.groups, axis=0)
    kernel = convolution.kernel * of_output[:, :, None, None]
    exact = _are_powers_of_two(factors)
    return Convolution(kernel, convolution.geometry, convolution.groups), exact


def _are_powers_of_two(factors: np.ndarray) -> bool:
    mantissas = np.abs(np.frexp(factors)[0])
    return bool(((mantissas == 0.5) | (mantissas == 0)).all())
