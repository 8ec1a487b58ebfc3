"""First layer: random hyperplanes, and on which side of each a point lies ([M], Algorithm 2)."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from memrob.interpolation.exact_signs import ExactSigns
from memrob.numerics.packed import (
    LANES,
    WORD_BITS,
    aligned_words,
    pack_planar,
    pack_preactivations,
    unpack,
)
from memrob.numerics.sliced import GROUP, slice_tiles
from memrob.numerics.words import words_of

POINTS_A_BLOCK = 16 * LANES
"""Points whose pre-activations are held as floats at a time."""

SAMPLE_POINTS = 1024
"""Points that decide the order of hyperplanes."""


@dataclass(frozen=True)
class FirstLayer:
    """Hyperplanes of a tessellation.

    Attributes
    ----------
    weights : (first_width, input_dim) float32
        Normal vectors, independent standard Gaussian entries.
    biases : (first_width,) float32
        Shifts, independent and uniform on [-max_bias, max_bias].
    """

    weights: np.ndarray
    biases: np.ndarray

    @property
    def width(self) -> int:
        """Number of hyperplanes."""
        return len(self.biases)


def sample_first_layer(
    rng: np.random.Generator, first_width: int, input_dim: int, max_bias: float
) -> FirstLayer:
    """Draw a first layer, with the calls and in the order of the published trials.

    Parameters
    ----------
    rng : numpy.random.Generator
        Advanced by `first_width * input_dim` normal and `first_width` uniform float32 draws.
    first_width : int
        Number of hyperplanes n.
    input_dim : int
        Dimension d of the points.
    max_bias : float
        Maximal bias lambda.
    """
    weights = rng.standard_normal((first_width, input_dim), dtype=np.float32)
    biases = (rng.random(first_width, dtype=np.float32) * 2 - 1) * max_bias
    return FirstLayer(weights, biases.astype(np.float32))


def evenly_splitting_first(layer: FirstLayer, X: np.ndarray) -> FirstLayer:
    """Reorder hyperplanes by how evenly they split the points.

    The order of hidden units changes nothing but time: hyperplane i adds to <u, Phi(x)> most
    often when it splits the points evenly, so with those first the counts of most points reach
    the current minimum early, and the rest of them need not be counted.

    Parameters
    ----------
    layer : FirstLayer
        The hyperplanes, as drawn.
    X : (N, d) float32
        Points; an evenly spaced sample of at most about 1,000 is looked at.
    """
    order = order_by_split(sample_products(layer.weights, X), layer.biases)
    return FirstLayer(layer.weights[order], layer.biases[order])


def sample_products(weights: np.ndarray, X: np.ndarray) -> np.ndarray:
    """W x for the sample of points that decides the order: (n_sample, n) float32."""
    return X[:: -(-len(X) // SAMPLE_POINTS)] @ weights.T


def order_by_split(products: np.ndarray, biases: np.ndarray) -> np.ndarray:
    """Order of hyperplanes, those that split the sample most evenly first: (n,) int."""
    return np.argsort(np.abs((products > -biases).mean(axis=0) - 0.5), kind="stable")


@dataclass(frozen=True)
class PackedFeatures:
    """Bit-packed features of points that are grouped by class.

    Attributes
    ----------
    tiles : (n_tiles, n_words, 64) uint64
        Layout of `memrob.numerics.packed`. A class begins with a new tile; the lanes that it
        leaves over hold ones in every feature, so that they never attain a minimum alone.
    n_features : int
        Number of features.
    class_sizes : tuple of int
        Number of points of each class.
    """

    tiles: np.ndarray
    n_features: int
    class_sizes: tuple[int, ...]

    @cached_property
    def slices(self) -> np.ndarray:
        """The features in the layout of `memrob.numerics.sliced`; kept, as many bytes again."""
        shape = (-(-len(self.tiles) // GROUP), self.n_features + 1, GROUP)
        slices = aligned_words(shape)
        slice_tiles(self.tiles, slices)
        return slices

    @property
    def has_slices(self) -> bool:
        """Whether `slices` were asked for before."""
        return "slices" in self.__dict__

    def tile_range(self, k: int) -> tuple[int, int]:
        """First and past-the-last tile of class k."""
        start = sum(tiles_of(size) for size in self.class_sizes[:k])
        return start, start + tiles_of(self.class_sizes[k])

    def other_tile_ranges(self, k: int) -> list[tuple[int, int]]:
        """Ranges of tiles of all classes but k."""
        start, stop = self.tile_range(k)
        return [r for r in ((0, start), (stop, len(self.tiles))) if r[0] < r[1]]

    def complement_masks(self, k: int, members: np.ndarray) -> np.ndarray:
        """Masks u = 1 - Phi(x) of points of class k.

        Parameters
        ----------
        k : int
            The class.
        members : (m,) int
            Positions of the points within the class.

        Returns
        -------
        (m, n_words) uint64
            One mask per row, with zeros beyond the last feature.
        """
        start, _ = self.tile_range(k)
        words = self.tiles[start + members // LANES, :, members % LANES]
        return ~words & feature_bits(self.n_features, self.tiles.shape[1])

    def unpacked(self, k: int) -> np.ndarray:
        """Features of class k as a (class size, n_features) boolean matrix."""
        start, stop = self.tile_range(k)
        return unpack(self.tiles[start:stop], self.n_features)[: self.class_sizes[k]]


def tiles_of(n_points: int) -> int:
    """Number of tiles that hold so many points."""
    return -(-n_points // LANES)


def feature_bits(n_features: int, n_words: int) -> np.ndarray:
    """Words with ones at the first `n_features` bits and zeros beyond, (n_words,) uint64."""
    bits = np.clip(n_features - WORD_BITS * np.arange(n_words), 0, WORD_BITS)
    return np.array([(1 << int(b)) - 1 for b in bits], dtype=np.uint64)


def threshold_features(
    layer: FirstLayer,
    X: np.ndarray,
    classes: list[np.ndarray],
    signs: type = ExactSigns,
) -> PackedFeatures:
    """Compute sigma(W x + b) for all points and pack it, a block of points at a time.

    Parameters
    ----------
    layer : FirstLayer
        The hyperplanes, n of them.
    X : (N, d) float32
        Points; others are rounded to it.
    classes : list of (size,) int arrays
        Rows of X that belong to each class, in the order in which they are to be packed.
    signs : type
        `ExactSigns`, or `PublishedSigns`. In the plane neither is used: `pack_planar` rounds as the
        published trials did, on every machine.

    Returns
    -------
    PackedFeatures
        N n / 8 bytes and the padding; besides, only one block of floats is held.
    """
    variants = [(None, layer.biases)]
    return shared_threshold_features(layer.weights, variants, X, classes, signs)[0]


def shared_threshold_features(
    weights: np.ndarray,
    variants: list[tuple[np.ndarray | None, np.ndarray]],
    X: np.ndarray,
    classes: list[np.ndarray],
    signs: type = ExactSigns,
) -> list[PackedFeatures]:
    """Compute the features of several first layers that share their weights: one product W x.

    Parameters
    ----------
    weights : (n, d) float32
        W.
    variants : list of ((n,) int or None, (n,) float32)
        Each layer's order of the hyperplanes, None for that of `weights`, and its biases in that
        order.
    X, classes, signs
        As for `threshold_features`.

    Returns
    -------
    list of PackedFeatures
        One a layer; all are held.
    """
    width = len(weights)
    n_words = words_of(width)
    n_tiles = sum(tiles_of(len(rows)) for rows in classes)
    all_tiles = [aligned_words((n_tiles, n_words, LANES)) for _ in variants]
    products = None if X.shape[1] == 2 else signs(weights, X)
    first = 0
    for rows in classes:
        last = first + tiles_of(len(rows))
        targets = [tiles[first:last] for tiles in all_tiles]
        if products is None:
            _pack_plane(weights, variants, X, rows, targets)
        else:
            _pack_class(products, width, variants, X, rows, targets)
        for tiles in all_tiles:
            fill_spare_lanes(tiles[first:last], len(rows), width)
        first = last
    sizes = tuple(len(rows) for rows in classes)
    return [PackedFeatures(tiles, width, sizes) for tiles in all_tiles]


def fill_spare_lanes(tiles: np.ndarray, n_points: int, n_features: int) -> None:
    """Set every feature in the lanes that a class of so many points leaves over in its tiles."""
    spare = n_points % LANES
    if spare:
        tiles[-1, :, spare:] = feature_bits(n_features, tiles.shape[1])[:, None]


def _pack_plane(weights, variants, X, rows, targets: list[np.ndarray]) -> None:
    for tiles, block in _blocks(X, rows):
        points = np.ascontiguousarray(block.T)
        for (order, biases), target in zip(variants, targets, strict=True):
            own = weights if order is None else weights[order]
            pack_planar(points, own, biases, target[tiles])


def _pack_class(signs, width, variants, X, rows, targets: list[np.ndarray]) -> None:
    products = reordered = None
    for tiles, block in _blocks(X, rows):
        if products is None or products.shape[1] != len(block):
            products, reordered = np.empty((2, width, len(block)), np.float32)
        signs.multiply(block, products)
        for (order, biases), target in zip(variants, targets, strict=True):
            if order is None:
                signs.settle(products, block, biases)
                pack_preactivations(products, biases, target[tiles])
            else:
                as_drawn = np.empty_like(biases)
                as_drawn[order] = biases
                signs.settle(products, block, as_drawn)
                np.take(products, order, axis=0, out=reordered)
                pack_preactivations(reordered, biases, target[tiles])


def _blocks(X, rows: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
    # Tiles, and the points in them; the last tile is filled up with its last point, whose products
    # are seldom near zero.
    for begin in range(0, len(rows), POINTS_A_BLOCK):
        points = X[rows[begin : begin + POINTS_A_BLOCK]]
        block = _whole_tiles(points.astype(np.float32, copy=False))
        yield slice(begin // LANES, (begin + len(block)) // LANES), block


def _whole_tiles(points: np.ndarray) -> np.ndarray:
    missing = -len(points) % LANES
    return np.pad(points, ((0, missing), (0, 0)), mode="edge") if missing else points
