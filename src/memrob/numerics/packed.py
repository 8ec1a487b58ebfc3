"""Kernels over bit-packed binary features.

Layout: points lie in *tiles* of 64. `tiles[t, w, l]` is a 64-bit word that holds features
64 w ... 64 w + 63 of point l of tile t, so that one vector instruction works on the same word of
several points and no sum across the lanes of a register is ever needed. The number of words is a
multiple of four; features beyond the last are zero in every mask.

Each kernel has a plain NumPy twin in the tests.
"""

import math

import numba
import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from memrob.numerics.bits import WORD_BITS, popcount, unpack_words
from memrob.numerics.compiled import compiled, inlined

LANES = 64
"""Points a tile."""

UNBOUNDED = 1 << 62
"""A count that no mask reaches."""

TILES = types.Array(types.uint64, 3, "C", readonly=True)
MASKS = types.Array(types.uint64, 2, "C", readonly=True)
COUNTS = types.Array(types.int64, 1, "C", readonly=True)


SIXTY_FOUR_FLOATS = ir.VectorType(ir.FloatType(), WORD_BITS)


@intrinsic
def planar_word(_context, weights_0, weights_1, floors, feature, x_0, x_1):
    """Word of the bits w_0 x_0 + w_1 x_1 > floor, for 64 features from `feature` on.

    One comparison gives 16 bits of the word where the processor can; numba alone would set them
    one at a time. The second product is added without being rounded, as matrix products do: the
    published trials replay only so.
    """

    def generate(context, builder, signature, arguments):
        def splat(value):
            undefined = ir.Constant(SIXTY_FOUR_FLOATS, ir.Undefined)
            lane = ir.IntType(32)
            first = builder.insert_element(undefined, value, ir.Constant(lane, 0))
            zeros = ir.Constant(ir.VectorType(lane, WORD_BITS), [0] * WORD_BITS)
            return builder.shuffle_vector(first, undefined, zeros)

        def sixty_four(i):
            data = cgutils.create_struct_proxy(signature.args[i])(
                context, builder, arguments[i]
            ).data
            place = builder.gep(data, [arguments[3]])
            return builder.load(builder.bitcast(place, SIXTY_FOUR_FLOATS.as_pointer()), align=4)

        fused = cgutils.get_or_insert_function(
            builder.module,
            ir.FunctionType(SIXTY_FOUR_FLOATS, [SIXTY_FOUR_FLOATS] * 3),
            f"llvm.fma.v{WORD_BITS}f32",
        )
        first = builder.fmul(sixty_four(0), splat(arguments[4]))
        products = builder.call(fused, [sixty_four(1), splat(arguments[5]), first])
        return builder.bitcast(builder.fcmp_ordered(">", products, sixty_four(2)), ir.IntType(64))

    signature = types.uint64(
        weights_0, weights_1, floors, types.int64, types.float32, types.float32
    )
    return signature, generate


def aligned_words(shape: tuple[int, ...]) -> np.ndarray:
    """Uninitialised uint64 words that begin at a multiple of 64 bytes.

    So that no load of eight words straddles two cache lines.
    """
    size = math.prod(shape)
    space = np.empty(size + 8, np.uint64)
    first = -space.ctypes.data % 64 // 8
    return space[first : first + size].reshape(shape)


def unpack(tiles: np.ndarray, n_features: int) -> np.ndarray:
    """Features of every lane as a (64 n_tiles, n_features) boolean matrix."""
    n_tiles, n_words, _ = tiles.shape
    words = np.ascontiguousarray(tiles.transpose(0, 2, 1)).reshape(n_tiles * LANES, n_words)
    return unpack_words(words, n_features)


@inlined
def eight_words(tile, mask, w, lane):
    """<mask, feature> over words w ... w + 7 of one lane."""
    return (
        popcount(tile[w, lane] & mask[w])
        + popcount(tile[w + 1, lane] & mask[w + 1])
        + popcount(tile[w + 2, lane] & mask[w + 2])
        + popcount(tile[w + 3, lane] & mask[w + 3])
        + popcount(tile[w + 4, lane] & mask[w + 4])
        + popcount(tile[w + 5, lane] & mask[w + 5])
        + popcount(tile[w + 6, lane] & mask[w + 6])
        + popcount(tile[w + 7, lane] & mask[w + 7])
    )


@inlined
def four_words(tile, mask, w, lane):
    """<mask, feature> over words w ... w + 3 of one lane."""
    return (
        popcount(tile[w, lane] & mask[w])
        + popcount(tile[w + 1, lane] & mask[w + 1])
        + popcount(tile[w + 2, lane] & mask[w + 2])
        + popcount(tile[w + 3, lane] & mask[w + 3])
    )


@inlined
def least_of_eight(tile, mask):
    """Least <mask, feature> over all lanes, for masks of eight words."""
    least = np.uint64(UNBOUNDED)
    for lane in range(LANES):
        least = min(least, eight_words(tile, mask, 0, lane))
    return least


@inlined
def count_lanes(tile, mask, bound, counts):
    """Count <mask, feature> for each lane, and return the least count.

    Counting stops early once every lane has reached `bound`: then the returned value is at least
    `bound`, and the counts are partial.
    """
    n_words = mask.shape[0]
    least = np.uint64(UNBOUNDED)
    if n_words < 8:
        for lane in range(LANES):
            counts[lane] = four_words(tile, mask, 0, lane)
            least = min(least, counts[lane])
        return least
    for lane in range(LANES):
        counts[lane] = eight_words(tile, mask, 0, lane)
        least = min(least, counts[lane])
    w = 8
    while w < n_words and least < bound:
        least = np.uint64(UNBOUNDED)
        if w + 8 <= n_words:
            for lane in range(LANES):
                counts[lane] += eight_words(tile, mask, w, lane)
                least = min(least, counts[lane])
        else:
            for lane in range(LANES):
                counts[lane] += four_words(tile, mask, w, lane)
                least = min(least, counts[lane])
        w += 8
    return least


@compiled(numba.void(TILES, numba.int64, numba.int64, MASKS, numba.uint64[::1]))
def masked_minima(tiles, start, stop, masks, minima):
    """Lower `minima` to the least <mask, feature> over the points of tiles start ... stop - 1.

    Parameters
    ----------
    tiles : (n_tiles, n_words, 64) uint64
        Packed features; every lane counts, so padding must hold ones.
    start, stop : int
        Range of tiles.
    masks : (n_masks, n_words) uint64
        One mask per row. Masks are taken in one block, so that a tile is read from memory once.
    minima : (n_masks,) uint64
        Minima so far; updated in place.
    """
    counts = np.empty(LANES, np.uint64)
    for t in range(start, stop):
        undecided = False
        for m in range(masks.shape[0]):
            if minima[m] > 0:
                undecided = True
                if masks.shape[1] == 8:
                    least = least_of_eight(tiles[t], masks[m])
                else:
                    least = count_lanes(tiles[t], masks[m], minima[m], counts)
                minima[m] = min(minima[m], least)
        if not undecided:
            break


@compiled(numba.void(TILES, numba.int64, numba.int64, MASKS, COUNTS, numba.boolean[:, ::1]))
def masked_below(tiles, start, stop, masks, thresholds, below):
    """Tell which points of tiles start ... stop - 1 have <mask, feature> < threshold.

    Parameters
    ----------
    tiles : (n_tiles, n_words, 64) uint64
        Packed features.
    start, stop : int
        Range of tiles.
    masks : (n_masks, n_words) uint64
        One mask per row.
    thresholds : (n_masks,) int64
        One threshold a mask; a mask with threshold 0 is passed over.
    below : (n_masks, 64 (stop - start)) bool
        The answer, padding lanes included.
    """
    counts = np.empty(LANES, np.uint64)
    for t in range(start, stop):
        first = (t - start) * LANES
        for m in range(masks.shape[0]):
            threshold = np.uint64(thresholds[m])
            if count_lanes(tiles[t], masks[m], threshold, counts) >= threshold:
                below[m, first : first + LANES] = False
            else:
                for lane in range(LANES):
                    below[m, first + lane] = counts[lane] < threshold


@compiled(
    numba.void(
        types.Array(types.float32, 2, "C", readonly=True),
        types.Array(types.float32, 1, "C", readonly=True),
        numba.uint64[:, :, ::1],
    )
)
def pack_preactivations(products, biases, tiles):
    """Threshold W x + b at 0 and pack it.

    Parameters
    ----------
    products : (n_features, 64 n_tiles) float32
        W x, one column per point.
    biases : (n_features,) float32
        b. In floating point W x + b > 0 iff W x > -b: a rounded sum is 0 only if it is exact.
    tiles : (n_tiles, n_words, 64) uint64
        Overwritten, words beyond the last feature with zeros.
    """
    n_features = products.shape[0]
    for t in range(tiles.shape[0]):
        first = t * LANES
        for w in range(tiles.shape[1]):
            word = tiles[t, w]
            word[:] = 0
            for bit in range(min(WORD_BITS, n_features - w * WORD_BITS)):
                feature = w * WORD_BITS + bit
                one = np.uint64(1) << np.uint64(bit)
                floor = -biases[feature]
                for lane in range(LANES):
                    if products[feature, first + lane] > floor:
                        word[lane] |= one


@compiled(
    numba.void(
        types.Array(types.float32, 2, "C", readonly=True),
        types.Array(types.float32, 2, "C", readonly=True),
        types.Array(types.float32, 1, "C", readonly=True),
        numba.uint64[:, :, ::1],
    )
)
def pack_planar(points, weights, biases, tiles):
    """Compute, threshold at 0 and pack W x + b for points of the plane, without a matrix product.

    Parameters
    ----------
    points : (2, 64 n_tiles) float32
        One column per point.
    weights : (n_features, 2) float32
        W.
    biases : (n_features,) float32
        b.
    tiles : (n_tiles, n_words, 64) uint64
        Overwritten, words beyond the last feature with zeros.
    """
    n_features = weights.shape[0]
    n_bits = tiles.shape[1] * WORD_BITS
    weights_0 = np.zeros(n_bits, np.float32)
    weights_1 = np.zeros(n_bits, np.float32)
    floors = np.full(n_bits, np.float32(np.inf))
    weights_0[:n_features] = weights[:, 0]
    weights_1[:n_features] = weights[:, 1]
    floors[:n_features] = -biases
    for t in range(tiles.shape[0]):
        for w in range(tiles.shape[1]):
            for lane in range(LANES):
                point = t * LANES + lane
                tiles[t, w, lane] = planar_word(
                    weights_0,
                    weights_1,
                    floors,
                    w * WORD_BITS,
                    points[0, point],
                    points[1, point],
                )


@inlined
def complement(tiles, start, member, bits, mask):
    """Write the mask 1 - Phi(x) of a point of the class whose tiles begin at `start`."""
    for w in range(len(mask)):
        mask[w] = ~tiles[start + member // LANES, w, member % LANES] & bits[w]
