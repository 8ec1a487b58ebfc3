"""The products <W_i, T_g x> of filters and shifted signals: by matrix products, or by FFT."""

from collections.abc import Iterator
from math import log2

import numpy as np
import scipy.fft

from memrob.numerics.packed import WORD_BITS

COLUMNS_A_BLOCK = 512
"""Approximate number of pairs of a signal and a shift whose products are held as floats."""

SPECTRUM_BLOCK = 1 << 18
"""Numbers of the products of a chunk of filters and a block of signals before shifts outside the
group are left out, about; they should stay in the cache."""


class DirectProducts:
    """Matrix products of the filters and what they cover of the shifted signals.

    Parameters
    ----------
    layer : ConvolutionalLayer

    Notes
    -----
    One product a signal: libraries round a column of a matrix product differently depending on
    its place.
    """

    def __init__(self, layer):
        self.layer = layer
        self.points_a_block = -(-COLUMNS_A_BLOCK // layer.group.order)
        self._sources = window_sources(layer, np.arange(layer.group.order))

    @staticmethod
    def cost(layer) -> float:
        """Predicted nanoseconds for one filter and one signal."""
        return layer.weights.shape[1] * (0.02 * layer.group.order + 0.1)

    def chunks(self, block: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
        """All products at once.

        Parameters
        ----------
        block : (members, d) float32

        Yields
        ------
        (slice, (n_filters, members * |S|) float32)
            Which filters, and their products.
        """
        weights, n_shifts = self.layer.weights, self.layer.group.order
        products = np.empty((len(weights), len(block), n_shifts), np.float32)
        for member, signal in enumerate(block):
            np.matmul(weights, signal[self._sources].T, out=products[:, member])
        yield slice(0, len(weights)), products.reshape(len(weights), -1)


class FourierProducts:
    """Products at all shifts of the grid, of which those of the group are kept, by FFT in float32.

    The transform over g of sum_j W[j] x[j - g] is that of W times the conjugate of that of x.

    Parameters
    ----------
    layer : ConvolutionalLayer

    Notes
    -----
    Filters are taken in chunks of 64, the last filled up with zeros, so that the number of
    transforms is a multiple of all vector lengths and each is computed by the same instructions.
    """

    def __init__(self, layer):
        self.layer = layer
        grid = layer.group.grid_shape
        self.points_a_block = max(1, SPECTRUM_BLOCK // (WORD_BITS * layer.group.grid_size))
        self._axes = tuple(range(2, 2 + len(grid)))
        n_filters = WORD_BITS * -(-layer.width // WORD_BITS)
        padded = np.zeros((n_filters, layer.n_channels, *grid), np.float32)
        padded[: layer.width] = layer.hyperplanes.reshape(layer.width, *padded.shape[1:])
        self._spectra = scipy.fft.rfftn(padded, axes=self._axes)

    @staticmethod
    def cost(layer) -> float:
        """Predicted nanoseconds for one filter and one signal."""
        size = layer.group.grid_size
        return size * (0.2 * layer.n_channels + 0.18 * log2(2 * size))

    def chunks(self, block: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
        """Products of 64 filters at a time; parameters and what it yields as `DirectProducts`."""
        layer = self.layer
        grid = layer.group.grid_shape
        signals = block.reshape(len(block), layer.n_channels, *grid)
        conjugates = np.conj(scipy.fft.rfftn(signals, axes=self._axes))
        spectra = np.empty((WORD_BITS, len(block), *conjugates.shape[2:]), np.complex64)
        scratch = np.empty_like(spectra) if layer.n_channels > 1 else None
        kept = (..., *(slice(None, None, stride) for stride in layer.group.strides))
        for first in range(0, layer.width, WORD_BITS):
            filters = self._spectra[first : first + WORD_BITS]
            np.multiply(filters[:, None, 0], conjugates[None, :, 0], out=spectra)
            for channel in range(1, layer.n_channels):
                np.multiply(filters[:, None, channel], conjugates[None, :, channel], out=scratch)
                spectra += scratch
            values = scipy.fft.irfftn(spectra, grid, axes=self._axes, overwrite_x=True)
            last = min(first + WORD_BITS, layer.width)
            products = np.ascontiguousarray(values[kept][: last - first])
            yield slice(first, last), products.reshape(last - first, -1)


def window_sources(layer, shifts: np.ndarray) -> np.ndarray:
    """Where in x the numbers are that a filter meets in T_g x.

    Parameters
    ----------
    layer : ConvolutionalLayer
    shifts : (m,) int
        Indices of shifts g.

    Returns
    -------
    (m, weights a filter) int64
        Positions in x, in the order of a filter's weights.
    """
    group = layer.group
    support = np.arange(group.grid_size).reshape(group.grid_shape)
    support = support[tuple(map(slice, layer.filter_shape))].ravel()
    on_grid = np.stack([group.sources(position, shifts) for position in support], axis=1)
    channels = np.arange(layer.n_channels)[:, None] * group.grid_size
    return (channels + on_grid[:, None, :]).reshape(len(shifts), -1)
