"""Linear operators that keep their matrices, or need none: dense, diagonal, permuting."""

from functools import cached_property
from typing import Protocol

import numpy as np

from memrob.lipschitz.upper.operator_norms import OperatorNorms


class ScaledNorms(OperatorNorms):
    """Norms of a matrix of any scale: squares of its entries neither over- nor underflow."""

    def __init__(self, matrix: np.ndarray):
        largest = np.abs(matrix).max(initial=0.0)
        self.power = int(np.frexp(largest)[1]) if np.isfinite(largest) else 0
        super().__init__(np.ldexp(matrix, -self.power))

    @cached_property
    def column_sum(self) -> float:
        """|W|_{1->1}."""
        return self._back(super().column_sum)

    @cached_property
    def row_sum(self) -> float:
        """|W|_{inf->inf}."""
        return self._back(super().row_sum)

    @cached_property
    def largest_column(self) -> float:
        """|W|_{1->2}."""
        return self._back(super().largest_column)

    @cached_property
    def spectral(self) -> float:
        """|W|_{2->2}."""
        return self._back(super().spectral)

    def _back(self, value: float) -> float:
        # A result that is subnormal is rounded: one more unit keeps it above.
        return float(np.nextafter(np.ldexp(value, self.power), np.inf)) if value else 0.0


class LinearOperator(Protocol):
    """A linear map A from R^n to R^m.

    Attributes
    ----------
    shape : (int, int)
        (m, n).
    terms : (int, int)
        Most products in an entry of A x, and of A^T y.
    norms : OperatorNorms
        Upper bounds of its norms.
    """

    shape: tuple[int, int]
    terms: tuple[int, int]
    norms: OperatorNorms

    def forward(self, X: np.ndarray) -> np.ndarray:
        """A x for rows x of X (M, n)."""

    def adjoint(self, Y: np.ndarray) -> np.ndarray:
        """A^T y for rows y of Y (M, m)."""

    def absolute(self) -> "LinearOperator":
        """The operator with the absolute values of A's entries."""

    def dense(self) -> np.ndarray:
        """The matrix A, (m, n)."""


class Dense:
    """An operator with the matrix given."""

    def __init__(self, matrix: np.ndarray):
        self.matrix = matrix
        self.shape = matrix.shape
        self.terms = matrix.shape[::-1]

    @cached_property
    def norms(self) -> OperatorNorms:
        """Upper bounds of the matrix's norms."""
        return ScaledNorms(self.matrix)

    def forward(self, X: np.ndarray) -> np.ndarray:
        """A x for rows x of X (M, n)."""
        return X @ self.matrix.T

    def adjoint(self, Y: np.ndarray) -> np.ndarray:
        """A^T y for rows y of Y (M, m)."""
        return Y @ self.matrix

    def absolute(self) -> "Dense":
        """The operator with the absolute values of the entries."""
        return Dense(np.abs(self.matrix))

    def dense(self) -> np.ndarray:
        """The matrix."""
        return self.matrix


class _DiagonalNorms(OperatorNorms):
    """All norms of a diagonal matrix from l^p to l^p are its largest entry."""

    @property
    def column_sum(self) -> float:
        return float(np.abs(self.matrix.factors).max(initial=0.0))

    row_sum = largest_column = spectral = column_sum


class Diagonal:
    """x -> (a_1 x_1, ..., a_n x_n)."""

    def __init__(self, factors: np.ndarray):
        self.factors = factors
        self.shape = (len(factors),) * 2
        self.terms = (1, 1)

    @cached_property
    def norms(self) -> OperatorNorms:
        """Exact norms."""
        return _DiagonalNorms(self)

    def forward(self, X: np.ndarray) -> np.ndarray:
        """A x for rows x of X (M, n)."""
        return X * self.factors

    adjoint = forward

    def absolute(self) -> "Diagonal":
        """The operator with the absolute values of the factors."""
        return Diagonal(np.abs(self.factors))

    def dense(self) -> np.ndarray:
        """The diagonal matrix."""
        return np.diag(self.factors)


class _SelectionNorms(OperatorNorms):
    @cached_property
    def column_sum(self) -> float:
        return float(np.bincount(self.matrix.order).max(initial=0))

    @cached_property
    def row_sum(self) -> float:
        return 1.0

    @cached_property
    def spectral(self) -> float:
        # A^T A is diagonal: how often each coordinate is selected.
        return float(np.nextafter(np.sqrt(self.column_sum), np.inf)) if self.repeats else 1.0

    @property
    def repeats(self) -> bool:
        return self.column_sum > 1

    @cached_property
    def largest_column(self) -> float:
        return self.spectral


class Selection:
    """x -> (x_j for j in `order`), such as a permutation of coordinates."""

    def __init__(self, order: np.ndarray, input_dim: int):
        self.order = order
        self.shape = (len(order), input_dim)
        self.terms = (1, int(np.bincount(order).max(initial=1)))

    @cached_property
    def norms(self) -> OperatorNorms:
        """Exact norms, apart from the rounding of a root."""
        return _SelectionNorms(self)

    @property
    def is_identity(self) -> bool:
        """Whether all coordinates stay in place."""
        return self.shape[0] == self.shape[1] and bool(
            (self.order == np.arange(self.shape[0])).all()
        )

    def forward(self, X: np.ndarray) -> np.ndarray:
        """A x for rows x of X (M, n)."""
        return X[:, self.order]

    def adjoint(self, Y: np.ndarray) -> np.ndarray:
        """A^T y for rows y of Y (M, m)."""
        found = np.zeros((len(Y), self.shape[1]))
        np.add.at(found, (slice(None), self.order), Y)
        return found

    def absolute(self) -> "Selection":
        """Itself: the entries are 0 and 1."""
        return self

    def dense(self) -> np.ndarray:
        """The matrix of zeros and ones."""
        found = np.zeros(self.shape)
        found[np.arange(self.shape[0]), self.order] = 1
        return found
