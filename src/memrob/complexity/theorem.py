"""What the theorems of [M] ask for, up to constants that they leave open.

Only how these numbers move with the data means something, not their values.
"""

import math
from typing import NamedTuple


class Sizes(NamedTuple):
    """Numbers of neurons and of parameters of a network, up to constants."""

    neurons: float
    parameters: float


def first_width_shape(
    M_minus: int,
    M_plus: int,
    delta: float,
    omega: float,
    max_bias: float,
    eta: float,
    n_shifts: int = 1,
) -> float:
    """(lambda / delta) log(2 M- M+ |S| / eta) + lambda omega, with |S| = 1 for points.

    If lambda is at least of order R and the first width at least of this order, the network
    interpolates with probability at least 1 - eta, and its second width is at most M- ([M],
    Theorem 11).

    A network that is invariant under |S| shifts must tell each centre of X- from every shift of
    each centre of X+: the union bound is over |S| times as many pairs (own extension).
    """
    pairs = M_minus * M_plus * n_shifts
    return max_bias / delta * math.log(2 * pairs / eta) + max_bias * omega


def network_sizes(
    M_minus: int, M_plus: int, delta: float, omega: float, radius: float, input_dim: int
) -> Sizes:
    """Sizes of an interpolating network ([M], Theorem 4).

    M- + R delta^-1 log(2 M- M+) + R omega neurons and
    R (d + M-) (delta^-1 log(2 M- M+) + omega) parameters: linear in M-, logarithmic in M+. The
    class that fewer balls cover should therefore play X-.

    Parameters
    ----------
    M_minus, M_plus : int
        Numbers of pieces of a mutual covering.
    delta : float
        Least distance between centres of different classes.
    omega : float
        Of the covering, see `memrob.complexity.omega.omega`.
    radius : float
        R, the largest norm.
    input_dim : int
        d.
    """
    first = radius * (math.log(2 * M_minus * M_plus) / delta + omega)
    return Sizes(M_minus + first, (input_dim + M_minus) * first)
