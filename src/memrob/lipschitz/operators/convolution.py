"""Convolutions as linear operators on flat vectors.

By hand, with NumPy's matrix products: torch takes seconds to import, and certified bounds need
the absolute values and squares of the kernel at the same places.
"""

from functools import cached_property
from itertools import product
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array

from memrob.lipschitz.operators.fourier import convolution_norm
from memrob.lipschitz.upper.operator_norms import OperatorNorms
from memrob.lipschitz.upper.rounding import raised

SPARSE_NUMBERS = 2**24
"""Most numbers of a sparse matrix, 200 MB: with it products are many times faster."""


class Geometry(NamedTuple):
    """How a two-dimensional convolution moves over its input.

    Attributes
    ----------
    size : (int, int)
        Height and width of the input.
    strides, dilations : (int, int)
    pads : (int, int, int, int)
        Zeros before the first row and column, and after the last row and column.
    """

    size: tuple[int, int]
    strides: tuple[int, int] = (1, 1)
    dilations: tuple[int, int] = (1, 1)
    pads: tuple[int, int, int, int] = (0, 0, 0, 0)

    def output_size(self, kernel: tuple[int, int]) -> tuple[int, int]:
        """Height and width of the output for a kernel of the given size; below 1 if none fits."""
        return tuple(
            (
                self.size[a]
                + self.pads[a]
                + self.pads[a + 2]
                - self.dilations[a] * (kernel[a] - 1)
                - 1
            )
            // self.strides[a]
            + 1
            for a in (0, 1)
        )

    def reached(self, axis: int, tap: int, outputs: int) -> tuple[slice, slice]:
        """Outputs for which a tap of the kernel lies inside the input, and where it lies."""
        shift, step = tap * self.dilations[axis] - self.pads[axis], self.strides[axis]
        first = max(0, -(shift // step))
        last = min(outputs, (self.size[axis] - 1 - shift) // step + 1)
        if last <= first:
            return slice(0, 0), slice(0, 0)
        start = first * step + shift
        return slice(first, last), slice(start, start + (last - first - 1) * step + 1, step)


class _ConvolutionNorms(OperatorNorms):
    """Sums of rows and columns by the operator itself, the spectral norm by Fourier transforms."""

    @cached_property
    def column_sum(self) -> float:
        operator = self.matrix.absolute()
        ones = np.ones((1, operator.shape[0]))
        return float(raised(operator.adjoint(ones).max(), operator.terms[1]))

    @cached_property
    def row_sum(self) -> float:
        operator = self.matrix.absolute()
        ones = np.ones((1, operator.shape[1]))
        return float(raised(operator.forward(ones).max(), operator.terms[0]))

    @cached_property
    def largest_column(self) -> float:
        scale = np.abs(self.matrix.kernel).max(initial=0.0)
        if scale == 0:
            return 0.0
        squares = Convolution(
            (self.matrix.kernel / scale) ** 2, self.matrix.geometry, self.matrix.groups
        )
        sums = squares.adjoint(np.ones((1, squares.shape[0]))).max()
        return float(raised(scale * np.sqrt(raised(sums, squares.terms[1])), 4))

    @cached_property
    def spectral(self) -> float:
        operator = self.matrix
        simple = raised(np.sqrt(self.column_sum * self.row_sum))
        return float(
            min(simple, convolution_norm(operator.kernel, operator.geometry, operator.groups))
        )


class Convolution:
    """A two-dimensional convolution (cross-correlation) with zero padding.

    Parameters
    ----------
    kernel : ndarray of float64, shape (C_out, C_in / groups, k_h, k_w)
    geometry : Geometry
    groups : int
        Blocks of channels that do not mix; C_in for pooling.

    Notes
    -----
    Vectors are channels, rows and columns of an image in that order, flat.
    """

    def __init__(self, kernel: np.ndarray, geometry: Geometry, groups: int = 1):
        self.kernel, self.geometry, self.groups = kernel, geometry, groups
        self.in_channels, self.out_channels = kernel.shape[1] * groups, len(kernel)
        self.out_size = geometry.output_size(kernel.shape[2:])
        self.shape = (
            self.out_channels * self.out_size[0] * self.out_size[1],
            self.in_channels * geometry.size[0] * geometry.size[1],
        )
        taps = kernel.shape[2] * kernel.shape[3]
        self.terms = (kernel.shape[1] * taps, len(kernel) // groups * taps)
        # One matrix for each tap and group: (taps, groups, C_out / groups, C_in / groups).
        self._blocks = np.moveaxis(kernel, (2, 3), (0, 1)).reshape(
            *kernel.shape[2:], groups, len(kernel) // groups, kernel.shape[1]
        )

    @cached_property
    def norms(self) -> OperatorNorms:
        """Upper bounds of its norms."""
        return _ConvolutionNorms(self)

    @cached_property
    def matrix(self) -> csr_array | None:
        """The sparse matrix A, (m, n), unless it has more than `SPARSE_NUMBERS` numbers."""
        if self.shape[0] * self.terms[0] > SPARSE_NUMBERS:
            return None
        to_index = np.arange(self.shape[0]).reshape(self.groups, -1, 1, *self.out_size)
        from_index = np.arange(self.shape[1]).reshape(self.groups, 1, -1, *self.geometry.size)
        parts = []
        for block, to, source in self._taps():
            rows = to_index[..., to[0], to[1]]
            places = np.broadcast_arrays(
                rows, from_index[..., source[0], source[1]], block[..., None, None]
            )
            parts.append([place.ravel() for place in places])
        rows, columns, values = map(np.concatenate, zip(*parts, strict=True))
        return csr_array((values, (rows, columns)), shape=self.shape)

    def forward(self, X: np.ndarray) -> np.ndarray:
        """A x for rows x of X (M, n)."""
        if self.matrix is not None:
            return np.ascontiguousarray((self.matrix @ X.T).T)
        images = X.reshape(len(X), self.groups, -1, *self.geometry.size)
        found = np.zeros((len(X), self.groups, self._blocks.shape[3], *self.out_size))
        for block, to, source in self._taps():
            part = images[..., source[0], source[1]]
            flat = block @ part.reshape(*part.shape[:3], -1)
            found[..., to[0], to[1]] += flat.reshape(*flat.shape[:3], *part.shape[3:])
        return found.reshape(len(X), -1)

    def adjoint(self, Y: np.ndarray) -> np.ndarray:
        """A^T y for rows y of Y (M, m)."""
        if self.matrix is not None:
            return np.ascontiguousarray((self.matrix.T @ Y.T).T)
        images = Y.reshape(len(Y), self.groups, -1, *self.out_size)
        found = np.zeros((len(Y), self.groups, self._blocks.shape[4], *self.geometry.size))
        for block, to, source in self._taps():
            part = images[..., to[0], to[1]]
            flat = block.mT @ part.reshape(*part.shape[:3], -1)
            found[..., source[0], source[1]] += flat.reshape(*flat.shape[:3], *part.shape[3:])
        return found.reshape(len(Y), -1)

    def absolute(self) -> "Convolution":
        """The convolution with the absolute values of the kernel."""
        return Convolution(np.abs(self.kernel), self.geometry, self.groups)

    def dense(self) -> np.ndarray:
        """The matrix A, (m, n)."""
        if self.matrix is None:
            return self.forward(np.eye(self.shape[1])).T
        return self.matrix.toarray()

    def _taps(self):
        """Matrix (groups, out, in) of each tap, and the outputs and inputs that it connects."""
        for i, j in product(*map(range, self.kernel.shape[2:])):
            to_rows, from_rows = self.geometry.reached(0, i, self.out_size[0])
            to_columns, from_columns = self.geometry.reached(1, j, self.out_size[1])
            yield self._blocks[i, j], (to_rows, to_columns), (from_rows, from_columns)
