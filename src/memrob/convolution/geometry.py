"""Distances between orbits of signals under a group of cyclic shifts, all shifts at once.

The squared distance of the orbits of x and x' is |x|^2 + |x'|^2 - 2 max_g <x, T_g x'>, and the
products for all g are a cross-correlation: a product of spectra. In float32 it is off by at most a
known slack. Pairs and shifts that this leaves open are settled by differences in float64, so that
results are those of float64 over every shift (our own derivation).
"""

import math
from collections.abc import Callable

import numpy as np
import scipy.fft

from memrob.complexity.distances import ScreenedDistances
from memrob.convolution.group import ShiftGroup, shifted

TILE_ELEMENTS = 2**20
"""Approximate number of correlations that are computed at once."""

DIFFERENCE_ELEMENTS = 2**20
"""Differences in float64 that are held at once."""

_UNIT_ROUNDOFF = 2.0**-24


class Orbits(ScreenedDistances):
    """Orbits of signals, with what it takes to compute distances between them.

    Has the methods of `memrob.complexity.distances.Points`, for the least distance over all shifts
    of the group. With the trivial group it is that of the points.

    Parameters
    ----------
    X : ndarray of shape (N, d), floating
        One signal of each orbit, channel first and row-major, finite.
    group : ShiftGroup

    Attributes
    ----------
    X : ndarray of shape (N, d)
        As given.
    group : ShiftGroup

    Raises
    ------
    UserError
        If d is no multiple of the size of the grid.

    Notes
    -----
    With strides s, the values at positions r, r + s, r + 2s, ... form a channel of their own on a
    grid that is s times coarser: there the group is that of all shifts. What all signals share
    and no shift moves, the mean of each such channel, is taken off: the slack grows with norms.
    """

    def __init__(self, X: np.ndarray, group: ShiftGroup):
        self.X = X
        self.group = group
        # (N, channels, |S|)
        self._signals = _on_coarse_grid(X, group)
        self._coarse = tuple(
            length // stride for length, stride in zip(group.grid_shape, group.strides, strict=True)
        )
        means = self._signals.mean(axis=(0, 2), dtype=np.float64)
        centred = (self._signals - means[:, None]).astype(np.float32)
        self._norms = np.einsum("nck,nck->n", centred, centred, dtype=np.float64)
        self.slack = self._slack(centred.shape[1], float(self._norms.max()))
        # (frequencies, N, channels)
        on_grid = centred.reshape(*centred.shape[:2], *self._coarse)
        axes = tuple(range(2, on_grid.ndim))
        spectra = scipy.fft.rfftn(on_grid, axes=axes, overwrite_x=True)
        spectra = spectra.reshape(*centred.shape[:2], -1)
        self._spectra = np.ascontiguousarray(spectra.transpose(2, 0, 1))

    def __len__(self) -> int:
        return len(self.X)

    def _slack(self, n_channels: int, largest: float) -> float:
        # Each product sums over the channels; the error of a transform grows with the logarithm
        # of its length. The errors that were seen are a hundredth of this.
        terms = n_channels + 16 * (1 + math.log2(self.group.order))
        return terms * _UNIT_ROUNDOFF * 4 * largest

    def squared(self, i: np.ndarray, j: np.ndarray) -> np.ndarray:
        """Squared distances of orbits i[k] and j[k], float64 of the shape of `i`."""
        return self._settle(i, j)[0]

    def aligning_shifts(self, i: np.ndarray, j: np.ndarray) -> np.ndarray:
        """Which shift brings signal j[k] nearest to signal i[k].

        Returns
        -------
        ndarray of shape (len(i),), dtype int64
            Rows of `group.shifts`. Where several do, one of them; the zero shift if it is.
        """
        return self._settle(i, j)[1]

    def aligned(self, i: np.ndarray, j: np.ndarray) -> np.ndarray:
        """Signals j[k] shifted to be nearest to i[k]: (len(j), d) of the dtype of `X`."""
        shifts = self.aligning_shifts(i, j)
        found = np.empty((len(j), self.X.shape[1]), dtype=self.X.dtype)
        for shift in np.unique(shifts):
            of_shift = np.flatnonzero(shifts == shift)
            found[of_shift] = shifted(self.X[j[of_shift]], self.group, shift)
        return found

    def approximate(self, columns: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
        """See `memrob.complexity.distances.ScreenedDistances.approximate`."""
        right = self._spectra[:, columns].conj().transpose(0, 2, 1)
        right_norms = self._norms[columns].astype(np.float32)
        side = max(1, int(np.sqrt(TILE_ELEMENTS / self.group.order)))

        def squares(rows: np.ndarray) -> np.ndarray:
            norms = self._norms[rows].astype(np.float32)
            found = norms[:, None] + right_norms
            for i in range(0, len(rows), side):
                left = self._spectra[:, rows[i : i + side]]
                for j in range(0, len(columns), side):
                    products = self._correlations(left @ right[:, :, j : j + side])
                    found[i : i + side, j : j + side] -= 2 * products.max(axis=0)
            return found

        return squares

    def _correlations(self, spectra: np.ndarray) -> np.ndarray:
        """Products with all shifts, (|S|, ...), from their spectra (frequencies, ...)."""
        last = len(self._coarse) - 1
        shape = (*self._coarse[:-1], self._coarse[-1] // 2 + 1, *spectra.shape[1:])
        found = spectra.reshape(shape)
        # One axis at a time is twice as fast as all in one call.
        for axis in range(last):
            found = scipy.fft.ifft(found, axis=axis, overwrite_x=True)
        found = scipy.fft.irfft(found, n=self._coarse[-1], axis=last, overwrite_x=True)
        return found.reshape(-1, *spectra.shape[1:])

    def _settle(self, i: np.ndarray, j: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Exact squared distance and aligning shift of each pair."""
        # Differences are taken in one order of each pair, so that distances are symmetric.
        first, second = np.minimum(i, j), np.maximum(i, j)
        squares = np.empty(len(first))
        shifts = np.empty(len(first), dtype=np.int64)
        step = max(1, TILE_ELEMENTS // self.X.shape[1])
        for start in range(0, len(first), step):
            part = slice(start, start + step)
            squares[part], shifts[part] = self._settle_block(first[part], second[part])
        inverse = np.ravel_multi_index(
            tuple(-at for at in np.unravel_index(shifts, self._coarse)), self._coarse, mode="wrap"
        )
        return squares, np.where(i <= j, shifts, inverse)

    def _settle_block(self, i: np.ndarray, j: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        spectra = np.einsum("fpc,fpc->fp", self._spectra[:, i], self._spectra[:, j].conj())
        products = self._correlations(spectra).T
        # Errors of products are half of those of squared distances.
        pairs, shifts = np.nonzero(products >= products.max(axis=1)[:, None] - self.slack)
        squares = np.empty(len(pairs))
        step = max(1, DIFFERENCE_ELEMENTS // self.X.shape[1])
        for start in range(0, len(pairs), step):
            part = slice(start, start + step)
            at = pairs[part]
            squares[part] = self._by_differences(i[at], j[at], shifts[part])
        starts = np.flatnonzero(np.diff(pairs, prepend=-1))
        least = np.minimum.reduceat(squares, starts)
        attained = np.flatnonzero(squares == least[pairs])
        first = attained[np.diff(pairs[attained], prepend=-1) > 0]
        return least, shifts[first]

    def _by_differences(self, i: np.ndarray, j: np.ndarray, shifts: np.ndarray) -> np.ndarray:
        """Squared distances of signals i[k] to signals j[k] shifted by shifts[k]."""
        # Position of the grid that a shift brings to each position.
        sources = np.zeros((len(shifts), *(1,) * len(self._coarse)), dtype=np.int64)
        for axis, (length, shift) in enumerate(
            zip(self._coarse, np.unravel_index(shifts, self._coarse), strict=True)
        ):
            at = (np.arange(length) - shift[:, None]) % length
            shape = [len(shifts), *(1,) * len(self._coarse)]
            shape[1 + axis] = length
            sources = sources * length + at.reshape(shape)
        sources = sources.reshape(len(shifts), 1, -1)
        channels = np.arange(self._signals.shape[1])[None, :, None]
        moved = self._signals[j[:, None, None], channels, sources]
        difference = np.subtract(self._signals[i], moved, dtype=np.float64)
        return np.einsum("pck,pck->p", difference, difference)


def _on_coarse_grid(X: np.ndarray, group: ShiftGroup) -> np.ndarray:
    """Signals on the grid on which the group is that of all shifts: (N, channels, |S|)."""
    n_axes = len(group.grid_shape)
    shape = [len(X), group.n_channels(X.shape[1])]
    for length, stride in zip(group.grid_shape, group.strides, strict=True):
        shape += [length // stride, stride]
    strides_first = [0, 1, *range(3, 3 + 2 * n_axes, 2), *range(2, 2 + 2 * n_axes, 2)]
    return np.ascontiguousarray(X.reshape(shape).transpose(strides_first)).reshape(
        len(X), X.shape[1] // group.order, group.order
    )
