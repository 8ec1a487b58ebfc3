"""Norms of small matrices from l^p to l^q: bounds from above, and directions that attain much."""

import itertools
import math

import numpy as np

from memrob.lipschitz.norms import conjugate, dual_vector, norm
from memrob.lipschitz.operators.linear import ScaledNorms
from memrob.lipschitz.upper.operator_norms import identity_norm
from memrob.lipschitz.upper.rounding import raised

MOST_SIGNS = 12
"""Rows up to which all signs are tried."""

ROUNDS = 30
"""Steps of the power method."""


def norm_above(matrix: np.ndarray, p: float, q: float) -> float:
    """Upper bound of |A|_{p->q} for A (m, n), rounding included.

    Exact up to rounding for p = 1, for q = inf and for p = q = 2. Otherwise the least of the norm
    of l^q of the rows' norms, |A|_{p->p} and |A|_{q->q} moved by norms of the identity, and the
    same by way of l^2.
    """
    rows, columns = matrix.shape
    if p == 1:
        return float(raised(norm(matrix.T, q).max(), rows))
    by_row = raised(norm(raised(norm(matrix, conjugate(p)), columns), q), rows)
    if math.isinf(q):
        return float(by_row)
    norms = ScaledNorms(matrix)
    found = [
        by_row,
        norms.on(p) * identity_norm(rows, p, q),
        identity_norm(columns, p, q) * norms.on(q),
        identity_norm(columns, p, 2) * norms.spectral * identity_norm(rows, 2, q),
        norms.to_euclidean(p) * identity_norm(rows, 2, q),
    ]
    return float(raised(min(found)))


def steep_combination(matrix: np.ndarray, p: float, q: float) -> np.ndarray:
    """A vector y (m,), |y|_{q'} = 1 about, for which |y^T A|_{p'} is large.

    Parameters
    ----------
    matrix : ndarray of float64, shape (m, n)
    p, q : float
        Exponents in [1, inf].

    Returns
    -------
    ndarray of float64, shape (m,)
        |A|_{p->q} is the largest |y^T A|_{p'}. Attained, apart from rounding, for p = 1, q = inf,
        p = q = 2, and q = 1 with at most `MOST_SIGNS` rows; elsewhere a local maximum of the power
        method (D. W. Boyd, *The power method for l^p norms*, 1974).
    """
    rows = len(matrix)
    if math.isinf(q):
        return np.eye(rows)[np.argmax(norm(matrix, conjugate(p)))]
    if p == 1:
        column = matrix[:, np.argmax(norm(matrix.T, q))]
        return dual_vector(column, conjugate(q))
    if q == 1 and rows <= MOST_SIGNS:
        signs = np.array(list(itertools.product([1.0], *[[1.0, -1.0]] * (rows - 1))))
        return signs[np.argmax(norm(signs @ matrix, conjugate(p)))]
    left, _, right = np.linalg.svd(matrix, full_matrices=False)
    if p == q == 2:
        return left[:, 0]
    starts = [right[0], dual_vector(matrix[np.argmax(norm(matrix, conjugate(p)))], p)]
    found = [_climbed(matrix, p, q, start) for start in starts]
    return max(found, key=lambda y: norm(y @ matrix, conjugate(p)))


def _climbed(matrix: np.ndarray, p: float, q: float, right: np.ndarray) -> np.ndarray:
    for _ in range(ROUNDS):
        left = dual_vector(matrix @ right, conjugate(q))
        right = dual_vector(left @ matrix, p)
    return left
