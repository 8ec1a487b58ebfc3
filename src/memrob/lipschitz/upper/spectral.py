"""Spectral norms that are upper bounds for certain, not the limits of an iteration."""

import numpy as np
from scipy.sparse.linalg import ArpackError, eigsh

from memrob.lipschitz.upper.rounding import certainly_positive, gamma, power_of_two, raised

LARGEST_GRAM = 4096
"""Largest Gram matrix that is factorised: 128 MB, and about a second on one core."""

DENSE_EIGENVALUES = 300
"""Size from which on Lanczos finds the largest eigenvalue sooner than a reduction of the matrix."""


def largest_eigenvalue(matrix: np.ndarray) -> float:
    """Largest eigenvalue of a symmetric positive semidefinite matrix, as an estimate."""
    size = len(matrix)
    if size > DENSE_EIGENVALUES:
        start = np.random.default_rng(0).standard_normal(size)
        try:
            return float(eigsh(matrix, 1, which="LA", tol=1e-8, v0=start)[0][0])
        except ArpackError:
            pass
    return float(np.linalg.eigvalsh(matrix)[-1])


def certified_spectral_norm(matrix: np.ndarray) -> float:
    """Upper bound of the largest singular value |A|_2 that rounding cannot make too small.

    Parameters
    ----------
    matrix : ndarray of float64, shape (m, n)
        Any; with an entry that is not finite the bound is inf.

    Returns
    -------
    float
        At least |A|_2, and at most (1 + 1e-6) |A|_2 where min(m, n) <= `LARGEST_GRAM`; beyond
        that the lesser of the Frobenius norm and (|A|_1 |A|_inf)^(1/2), at least |A|_2 too.

    Notes
    -----
    |A|_2 <= s if and only if s^2 I - G is positive semidefinite, G the smaller of A^T A and
    A A^T. An estimate of s is raised until a Cholesky factorisation proves that. The Gram matrix
    in float64 is off by at most gamma(k) |A|^T |A| entry by entry, k the longer side, hence by
    gamma(k) |A|_F^2 in the spectral norm.
    """
    matrix = np.asarray(matrix, dtype=np.float64)
    largest = np.abs(matrix).max(initial=0.0)
    if largest == 0:
        return 0.0
    if not np.isfinite(largest):
        return np.inf
    scale = power_of_two(largest)
    matrix = matrix / scale
    if min(matrix.shape) > LARGEST_GRAM:
        return float(scale * _simple_norm(matrix))
    if min(matrix.shape) == 1:
        return float(scale * raised(np.linalg.norm(matrix), matrix.size))
    tall = matrix if matrix.shape[0] >= matrix.shape[1] else matrix.T
    gram = tall.T @ tall
    square = max(largest_eigenvalue(gram), np.trace(gram) / len(gram))
    error = 2 * gamma(len(tall)) * raised(np.trace(gram), len(gram) + len(tall))
    excess = 1e-8
    while not _exceeds(square * (1 + excess), gram, error):
        excess *= 10
    return float(scale * raised(np.sqrt(square * (1 + excess))))


def _exceeds(square: float, gram: np.ndarray, error: float) -> bool:
    difference = -gram
    difference[np.diag_indices_from(gram)] += square
    return certainly_positive(difference, error)


def _simple_norm(matrix: np.ndarray) -> float:
    size = np.abs(matrix)
    sums = size.sum(axis=0).max() * size.sum(axis=1).max()
    squares = np.einsum("ij,ij->", size, size)
    return raised(np.sqrt(min(sums, squares)), matrix.size)
