"""Norms of matrices as operators on l^p, bounded from above."""

import math
from functools import cached_property

import numpy as np

from memrob.lipschitz.upper.rounding import raised
from memrob.lipschitz.upper.spectral import certified_spectral_norm


def identity_norm(dim: int, p: float, q: float) -> float:
    """Norm of the identity of R^d from l^p to l^q: d^max(0, 1/q - 1/p)."""
    return float(raised(dim ** max(0.0, 1 / q - 1 / p)))


class OperatorNorms:
    """Upper bounds of the norms of one matrix W (m, n), each computed once.

    Interpolation is the Riesz-Thorin theorem, which holds with constant 1 for real matrices from
    l^p to l^q with p <= q, the only ones used here.
    """

    def __init__(self, matrix: np.ndarray):
        self.matrix = matrix

    @cached_property
    def column_sum(self) -> float:
        """|W|_{1->1}, the largest absolute sum of a column."""
        return float(raised(np.abs(self.matrix).sum(axis=0).max(), len(self.matrix)))

    @cached_property
    def row_sum(self) -> float:
        """|W|_{inf->inf}, the largest absolute sum of a row."""
        return float(raised(np.abs(self.matrix).sum(axis=1).max(), self.matrix.shape[1]))

    @cached_property
    def largest_column(self) -> float:
        """|W|_{1->2}, the largest Euclidean norm of a column."""
        return float(raised(np.linalg.norm(self.matrix, axis=0).max(), len(self.matrix)))

    @cached_property
    def spectral(self) -> float:
        """|W|_{2->2}."""
        return certified_spectral_norm(self.matrix)

    def on(self, p: float) -> float:
        """Upper bound of |W|_{p->p} for p in [1, inf]; exact up to rounding at 1, 2 and inf."""
        if p == 1:
            return self.column_sum
        if p == 2:
            return self.spectral
        if math.isinf(p):
            return self.row_sum
        ends = _between(self.column_sum, self.row_sum, 1 / p)
        if p < 2:
            return min(ends, _between(self.column_sum, self.spectral, 2 / p - 1))
        return min(ends, _between(self.spectral, self.row_sum, 2 / p))

    def to_euclidean(self, p: float) -> float:
        """Upper bound of |W|_{p->2} for p in [1, inf]; exact up to rounding at 1 and 2."""
        if p <= 2:
            return _between(self.largest_column, self.spectral, 2 / p - 1)
        return float(raised(identity_norm(self.matrix.shape[1], p, 2) * self.spectral))


def _between(first: float, second: float, share: float) -> float:
    if share in (0, 1):
        return first if share else second
    return float(raised(first**share * second ** (1 - share)))
