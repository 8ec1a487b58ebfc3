"""Convolutional layer: random filters, and the packed features of signals at all shifts."""

from dataclasses import dataclass, replace
from math import gcd, prod
from numbers import Integral

import numpy as np

from memrob.convolution.group import ShiftGroup
from memrob.convolution.preactivations import DirectProducts, FourierProducts, window_sources
from memrob.errors import UserError
from memrob.interpolation.first_layer import (
    SAMPLE_POINTS,
    FirstLayer,
    PackedFeatures,
    fill_spare_lanes,
    order_by_split,
    sample_first_layer,
    tiles_of,
    words_of,
)
from memrob.numerics.packed import LANES, WORD_BITS, aligned_words, pack_preactivations

LARGEST_BYTES = 6_000_000_000
"""Packed features of a training set; more is refused."""


@dataclass(frozen=True)
class ConvolutionalLayer(FirstLayer):
    """Filters that are laid on the signal at every shift: Phi(x)[i, g] = 1[<W_i, T_g x> + b_i > 0].

    A filter's support is the corner of the grid, positions 0 ... k - 1 along each axis.

    Attributes
    ----------
    weights : (first_width, n_channels * prod(filter_shape)) float32
        Filters, channel first and each channel in row-major order.
    biases : (first_width,) float32
    group : ShiftGroup
    filter_shape : tuple of int
        Support along each axis, the grid's own shape for filters of the size of the signal.
    n_channels : int
    """

    group: ShiftGroup
    filter_shape: tuple[int, ...]
    n_channels: int

    @property
    def input_dim(self) -> int:
        """Numbers of a signal, d."""
        return self.n_channels * self.group.grid_size

    @property
    def filters(self) -> np.ndarray:
        """The filters as arrays over channels and axes, (first_width, n_channels, k, ...)."""
        return self.weights.reshape(self.width, self.n_channels, *self.filter_shape)

    @property
    def hyperplanes(self) -> np.ndarray:
        """The filters in the shape of signals, zero outside their support: (first_width, d)."""
        out = np.zeros((self.width, self.n_channels, *self.group.grid_shape), np.float32)
        out[(slice(None), slice(None), *map(slice, self.filter_shape))] = self.filters
        return out.reshape(self.width, self.input_dim)


def sample_convolutional_layer(
    rng: np.random.Generator,
    first_width: int,
    n_channels: int,
    group: ShiftGroup,
    max_bias: float,
    filter_size: int | None = None,
) -> ConvolutionalLayer:
    """Draw filters with Gaussian entries and biases uniform on [-max_bias, max_bias].

    Parameters
    ----------
    rng : numpy.random.Generator
        Advanced as by `memrob.interpolation.first_layer.sample_first_layer` for hyperplanes with
        as many weights as a filter has.
    first_width : int
        Number of filters n.
    n_channels : int
    group : ShiftGroup
    max_bias : float
        Maximal bias lambda.
    filter_size : int, optional
        Support k along each axis, or all of an axis that is shorter; by default all of each.

    Raises
    ------
    UserError
        If `filter_size` is less than 1 or exceeds all axes.
    """
    filter_shape = support_of(group.grid_shape, filter_size)
    plain = sample_first_layer(rng, first_width, n_channels * prod(filter_shape), max_bias)
    return ConvolutionalLayer(plain.weights, plain.biases, group, filter_shape, n_channels)


def support_of(grid_shape: tuple[int, ...], filter_size: int | None) -> tuple[int, ...]:
    """Support of filters of size k along each axis: all of an axis that is shorter, or all of all.

    Raises
    ------
    UserError
        If `filter_size` is less than 1 or exceeds all axes.
    """
    if filter_size is None:
        return grid_shape
    if not isinstance(filter_size, Integral) or not 1 <= filter_size <= max(grid_shape):
        raise UserError(
            f"filter_size: is {filter_size}; it must be an integer between 1 and"
            f" {max(grid_shape)}, the length of the longest axis"
        )
    return tuple(min(int(filter_size), length) for length in grid_shape)


def evenly_splitting_filters_first(layer: ConvolutionalLayer, X: np.ndarray) -> ConvolutionalLayer:
    """Reorder filters by how evenly they split signals and their shifts, which saves time alone.

    See `memrob.interpolation.first_layer.evenly_splitting_first`.

    Parameters
    ----------
    layer : ConvolutionalLayer
    X : (N, d) float32
        Signals; at most about 1,000 pairs of a signal and a shift are looked at.
    """
    n_shifts = layer.group.order
    pairs = np.arange(0, len(X) * n_shifts, -(-len(X) * n_shifts // SAMPLE_POINTS))
    rows = pairs // n_shifts
    windows = X[rows[:, None], window_sources(layer, (pairs + rows) % n_shifts)]
    order = order_by_split(windows @ layer.weights.T, layer.biases)
    return replace(layer, weights=layer.weights[order], biases=layer.biases[order])


def shift_features(
    layer: ConvolutionalLayer, X: np.ndarray, classes: list[np.ndarray]
) -> PackedFeatures:
    """Compute the features of all signals at all shifts and pack them, a block at a time.

    Parameters
    ----------
    layer : ConvolutionalLayer
        The filters, n of them.
    X : (N, d) float32
        Signals, which should be `representatives` of their orbits.
    classes : list of (size,) int arrays
        Rows of X that belong to each class, in the order in which they are to be packed.

    Returns
    -------
    PackedFeatures
        Of the pairs of a signal and a shift: position m |S| + k of a class is its m-th member at
        shift k. N |S| n / 8 bytes and the padding; besides, only one block of floats is held.

    Raises
    ------
    UserError
        If they would take more than 6 GB.

    Notes
    -----
    The products of a signal are rounded in the same way wherever it stands in X and whatever else
    X holds: blocks have one size, the last being filled up, and the instructions that compute a
    signal's products do not depend on its place in a block.
    """
    n_words = words_of(layer.width)
    sizes = tuple(len(rows) * layer.group.order for rows in classes)
    n_tiles = sum(tiles_of(size) for size in sizes)
    _require_bytes(8 * n_tiles * LANES * n_words, layer)
    tiles = aligned_words((n_tiles, n_words, LANES))
    products = preactivations_of(layer)
    first = 0
    for rows, size in zip(classes, sizes, strict=True):
        last = first + tiles_of(size)
        _pack_class(products, layer.biases, X, rows, tiles[first:last])
        fill_spare_lanes(tiles[first:last], size, layer.width)
        first = last
    return PackedFeatures(tiles, layer.width, sizes)


def preactivations_of(layer: ConvolutionalLayer) -> DirectProducts | FourierProducts:
    """The cheaper way to compute <W_i, T_g x>; it depends on the layer alone."""
    ways = (DirectProducts, FourierProducts)
    return min(ways, key=lambda way: way.cost(layer))(layer)


def members_a_tile(n_shifts: int) -> int:
    """Least number of signals whose shifts fill whole tiles."""
    return LANES // gcd(LANES, n_shifts)


def _pack_class(products, biases, X, rows, tiles) -> None:
    n_shifts = products.layer.group.order
    step = members_a_tile(n_shifts)
    members = step * -(-products.points_a_block // step)
    tiles_a_block = members * n_shifts // LANES
    tiles[:, -(-len(biases) // WORD_BITS) :] = 0
    for begin in range(0, len(rows), members):
        block = np.zeros((members, X.shape[1]), dtype=np.float32)
        here = X[rows[begin : begin + members]]
        block[: len(here)] = here
        start = begin * n_shifts // LANES
        target = tiles[start : start + tiles_a_block]
        for filters, values in products.chunks(block):
            words = slice(filters.start // WORD_BITS, -(-filters.stop // WORD_BITS))
            packed = np.empty((tiles_a_block, words.stop - words.start, LANES), np.uint64)
            pack_preactivations(values, biases[filters], packed)
            target[:, words] = packed[: len(target)]


def _require_bytes(n_bytes: int, layer: ConvolutionalLayer) -> None:
    if n_bytes > LARGEST_BYTES:
        raise UserError(
            f"first_width: features of {layer.width} filters at {layer.group.order} shifts of"
            f" these signals take {n_bytes / 1e9:.1f} GB, more than {LARGEST_BYTES / 1e9:g} GB;"
            " take fewer filters, fewer shifts (strides) or fewer signals"
        )
