"""Allowances for rounding: what makes a bound computed in float64 a bound."""

import numpy as np
from scipy.linalg import LinAlgError, cholesky

ROUNDOFF = 2.0**-53
"""Relative error of one float64 operation rounded to nearest."""

FUNCTION_OPERATIONS = 256
"""Operations that a power counts for, of numbers from e^-100 to e^100: rounded exponents too."""


def gamma(operations: int) -> float:
    """Relative error n u / (1 - n u) of n operations (N. J. Higham, *Accuracy*, section 3.1)."""
    return operations * ROUNDOFF / (1 - operations * ROUNDOFF)


def raised(value, operations: int = 0):
    """Upper bound of a number computed from non-negative numbers.

    Parameters
    ----------
    value : float or ndarray
        Result of sums, products, quotients and powers of non-negative numbers, no difference.
    operations : int
        Operations on the way to one entry, such as the length of a sum; a few powers, roots and
        products are allowed for besides.

    Returns
    -------
    float or ndarray
        At least the exact result, unless an intermediate result underflows.
    """
    return value * (1 + 2 * gamma(operations + FUNCTION_OPERATIONS))


def lowered(value, operations: int = 0):
    """Lower bound of a number computed as for `raised`: at most the exact result."""
    return value * (1 - 2 * gamma(operations + FUNCTION_OPERATIONS))


def power_of_two(value):
    """Power of two next to a positive number on the logarithmic scale: scaling by it is exact."""
    return np.exp2(np.round(np.log2(value)))


def cholesky_shift(terms: int, trace: float) -> float:
    """How negative an eigenvalue may be although a Cholesky factorisation in float64 succeeds.

    S. M. Rump (*Verification of positive definiteness*, BIT 46, 2006): if the factorisation of a
    symmetric float64 matrix H runs to completion, the least eigenvalue of H is at least
    -g tr(H) / (1 - g), g = gamma(n + 1), in any order of summation.

    Parameters
    ----------
    terms : int
        Upper bound n of the products in one entry of the factorisation: the size of the matrix.
    trace : float
        Upper bound of the trace of H.

    Returns
    -------
    float
        Twice Rump's value, since blocked factorisations multiply by rounded reciprocals of pivots.
    """
    share = gamma(terms + 8)
    return 2 * share / (1 - share) * trace


def certainly_positive(matrix: np.ndarray, error: float) -> bool:
    """Whether every symmetric matrix near a given one is certain to be positive semidefinite.

    Parameters
    ----------
    matrix : ndarray of float64, shape (n, n)
        Symmetric; the lower triangle is read.
    error : float
        Radius of the neighbourhood in the spectral norm: what rounding did to the matrix.

    Returns
    -------
    bool
        True is a proof (`cholesky_shift`); False says nothing.
    """
    trace = np.abs(np.diagonal(matrix)).sum()
    largest = np.abs(np.diagonal(matrix)).max()
    shift = raised(error + cholesky_shift(len(matrix), trace) + 4 * ROUNDOFF * largest)
    try:
        shifted = matrix.copy()
        shifted[np.diag_indices_from(shifted)] -= shift
        cholesky(shifted, lower=True, overwrite_a=True, check_finite=False)
    except LinAlgError:
        return False
    return bool(np.isfinite(shift))
