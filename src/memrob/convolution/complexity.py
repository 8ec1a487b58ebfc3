"""Instance-specific complexity of labelled signals, with and without translation invariance.

The translation-invariant one is that of `memrob.complexity` with the distance of orbits for that of
points (our own construction in the spirit of [M]): balls of the mutual covering hold orbits that
come near to the centre under some shift, and omega is that of pieces whose signals are shifted to
be nearest to their centre.
"""

import numpy as np

from memrob.complexity.covering import DEFAULT_CONSTANT
from memrob.complexity.profile import (
    Complexity,
    Parameters,
    check_points,
    complexity,
    complexity_of,
)
from memrob.complexity.separation import Separation, least_distance, nearest_by_class
from memrob.convolution.geometry import Orbits
from memrob.convolution.group import ShiftGroup, orbits, representatives


def orbit_separation(X: np.ndarray, y: np.ndarray, group: ShiftGroup) -> Separation:
    """Delta between orbits: least distance of two signals of different classes over all shifts.

    Parameters
    ----------
    X : ndarray of shape (N, d), floating
        Signals, channel first and row-major.
    y : ndarray of shape (N,), integer
    group : ShiftGroup

    Returns
    -------
    Separation
        Exact in float64; 0 if an orbit lies in two classes.

    Raises
    ------
    UserError
        If d is no multiple of the size of the grid, and as for
        `memrob.complexity.separation.nearest_by_class`.
    """
    return least_distance(nearest_by_class(Orbits(X, group), y))


def invariant_complexity(
    X: np.ndarray,
    y: np.ndarray,
    group: ShiftGroup,
    max_bias: float,
    *,
    constant: float = DEFAULT_CONSTANT,
    eta: float = 0.01,
    draws: int = 1000,
    seed: int = 0,
) -> Complexity:
    """Translation-invariant complexity of labelled signals.

    Parameters
    ----------
    X : ndarray of shape (N, d), dtype float32 or float64
        Signals, channel first and row-major.
    y : ndarray of shape (N,), integer
        Labels; as for `memrob.complexity.profile.complexity`.
    group : ShiftGroup
        The shifts S under which the network is invariant.
    max_bias, constant, eta, draws, seed
        As for `memrob.complexity.profile.complexity`.

    Returns
    -------
    Complexity
        Bit by bit the same for any shifts of the signals. `separation` and coverings are of
        orbits, and `first_width` allows for all pairs of centres and shifts. With the trivial
        group all is that of `memrob.complexity.profile.complexity`.

    Raises
    ------
    UserError
        If d is no multiple of the size of the grid, some shift of a signal lies in another class,
        and as for `memrob.complexity.profile.complexity`.
    """
    check_points(X)
    parameters = Parameters(max_bias, constant, eta, draws, seed, group.order)
    # Distances of shifted copies would agree up to rounding only.
    points = Orbits(representatives(X, group), group)
    return complexity_of(points, y, parameters, name="X, up to shifts")


def augmented_complexity(
    X: np.ndarray, y: np.ndarray, group: ShiftGroup, max_bias: float, **options
) -> Complexity:
    """Complexity of all shifts of labelled signals as points of their own.

    It is what a fully connected network faces that is to be right on every shift.

    Parameters
    ----------
    X, y, group, max_bias
        As for `invariant_complexity`; N |S| points of dimension d are held.
    **options
        `constant`, `eta`, `draws` and `seed`.

    Returns
    -------
    Complexity
        Rows count the |S| shifts of the first signal, then those of the second, and so on.

    Raises
    ------
    UserError
        As for `invariant_complexity`.
    """
    if X.ndim == 2:
        X, y = orbits(X, group).reshape(-1, X.shape[1]), np.repeat(y, group.order)
    return complexity(X, y, max_bias, **options)
