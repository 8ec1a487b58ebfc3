"""Kernels over bit-sliced binary features: 512 points are counted at once, by logic alone.

Layout: `slices[g, f, w]` is a 64-bit word that holds feature f of the 64 points of tile 8 g + w of
`memrob.numerics.packed`, so that one row of eight words, a cache line, is one feature of 512
points. The counts <mask, feature> of these points are binary numbers whose digits lie in rows of
the same shape, the *planes*. Only features in the mask are looked at, 32 at a time: full adders
reduce them and the five lowest planes to new planes and a carry. A plane goes into the last adder
of its digit, so that features wait for those before them in one adder a digit.

Each kernel has a plain NumPy twin in the tests.
"""

import numba
import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from memrob.numerics.compiled import compiled, inlined
from memrob.numerics.packed import COUNTS, LANES, MASKS, TILES
from memrob.numerics.words import WORD_BITS

GROUP = 8
"""Tiles a group, words a row."""

LOW_PLANES = 5
"""Digits that the features which are added at a time fill, with what they carry."""

AT_ONCE = 1 << LOW_PLANES
"""Features that are added at a time. Sixteen would carry on more often, and 64 would look less
often whether all points have reached a bound: slower for a few hundred features."""

MOST_PLANES = 64
"""More digits than any count has."""

ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
NONE = np.uint64(0)

TABLES = 0x96, 0xE8
"""Truth tables of the sum and the carry of three bits, as AVX-512 takes them."""

SLICES = types.Array(types.uint64, 3, "C", readonly=True)
ROW = ir.VectorType(ir.IntType(WORD_BITS), GROUP)


def _full_adder(context, builder):
    """Function that adds three rows: their sum and what is carried.

    Two instructions where the processor has those that look three bits up in a table.
    """
    if "+avx512f" in context.codegen().magic_tuple()[2]:
        kind = ir.FunctionType(ROW, [ROW, ROW, ROW, ir.IntType(32)])
        look_up = cgutils.get_or_insert_function(
            builder.module, kind, f"llvm.x86.avx512.pternlog.q.{WORD_BITS * GROUP}"
        )

        def add(a, b, c):
            tables = [ir.Constant(ir.IntType(32), table) for table in TABLES]
            return [builder.call(look_up, [a, b, c, table]) for table in tables]
    else:

        def add(a, b, c):
            differ = builder.xor(a, b)
            carry = builder.or_(builder.and_(a, b), builder.and_(differ, c))
            return builder.xor(differ, c), carry

    return add


@intrinsic
def add_features(_context, slices, group, features, position, planes, n_planes):
    """Add `AT_ONCE` features of a group of points, from a position on, to the counts in `planes`.

    `features` is what `features_of` lists.
    `planes` is (at least n_planes + 1, 8) uint64: row 0 has a one for each point that has carried
    beyond the last digit, now or before; row 1 + k has digit k. Returns whether row 0 is all ones.

    As vectors of a whole row, which numba alone would take a word at a time.
    """

    def generate(context, builder, signature, arguments):
        full_adder = _full_adder(context, builder)

        def data(i):
            return cgutils.create_struct_proxy(signature.args[i])(context, builder, arguments[i])

        def number(value):
            return ir.Constant(ir.IntType(WORD_BITS), value)

        def row_at(pointer, row):
            place = builder.gep(pointer, [builder.mul(row, number(GROUP))])
            return builder.bitcast(place, ROW.as_pointer())

        def feature(i):
            place = builder.gep(data(2).data, [builder.add(arguments[3], number(i))])
            place = builder.gep(group_at, [builder.load(place)])
            return builder.load(builder.bitcast(place, ROW.as_pointer()), align=8)

        def added(addends, digit):
            # Adds an even number of rows to a digit: returns the new digit, and half as many rows
            # that are carried.
            carried = []
            while len(addends) > 2:
                a, b, c, *rest = addends
                total, carry = full_adder(a, b, c)
                addends = [*rest, total]
                carried.append(carry)
            total, carry = full_adder(*addends, digit)
            return total, [*carried, carry]

        n_rows = builder.extract_value(data(0).shape, 1)
        rows_before = builder.mul(arguments[1], n_rows)
        group_at = builder.gep(data(0).data, [builder.mul(rows_before, number(GROUP))])
        planes_at = data(4).data
        low = [builder.load(row_at(planes_at, number(1 + k)), align=8) for k in range(LOW_PLANES)]
        addends = [feature(k) for k in range(AT_ONCE)]
        for k in range(LOW_PLANES):
            low[k], addends = added(addends, low[k])
        carry = cgutils.alloca_once_value(builder, addends[0])
        for k, plane in enumerate(low):
            builder.store(plane, row_at(planes_at, number(1 + k)), align=8)
        n_high = builder.sub(arguments[5], number(LOW_PLANES))
        with cgutils.for_range(builder, n_high) as loop:
            place = row_at(planes_at, builder.add(loop.index, number(1 + LOW_PLANES)))
            digit, carried = builder.load(place, align=8), builder.load(carry)
            builder.store(builder.xor(digit, carried), place, align=8)
            builder.store(builder.and_(digit, carried), carry)
        place = row_at(planes_at, number(0))
        beyond = builder.or_(builder.load(place, align=8), builder.load(carry))
        builder.store(beyond, place, align=8)
        bits = ir.IntType(WORD_BITS * GROUP)
        return builder.icmp_signed("==", builder.bitcast(beyond, bits), ir.Constant(bits, -1))

    signature = types.boolean(slices, types.int64, features, types.int64, planes, types.int64)
    return signature, generate


@inlined
def transpose_bits(block):
    """Transpose a matrix of 64 x 64 bits, for each column of words of a (64, 8) block.

    Quadrants of 32 x 32 bits are swapped across the diagonal, then those of 16 x 16 within each,
    and so on.
    """
    step = WORD_BITS // 2
    low = np.uint64(0xFFFFFFFF)
    while step:
        shift = np.uint64(step)
        for first in range(0, WORD_BITS, 2 * step):
            for row in range(first, first + step):
                for i in range(GROUP):
                    swapped = ((block[row, i] >> shift) ^ block[row + step, i]) & low
                    block[row + step, i] ^= swapped
                    block[row, i] ^= swapped << shift
        step //= 2
        low ^= low << np.uint64(step)


@compiled(numba.void(TILES, numba.uint64[:, :, ::1]))
def slice_tiles(tiles, slices):
    """Transpose packed features.

    Parameters
    ----------
    tiles : (n_tiles, n_words, 64) uint64
        Layout of `memrob.numerics.packed`.
    slices : (n_groups, n_features + 1, 8) uint64
        Overwritten. The last row is zero; so are tiles beyond the last.
    """
    block = np.empty((WORD_BITS, GROUP), np.uint64)
    for group in range(slices.shape[0]):
        for w in range(tiles.shape[1]):
            if w * WORD_BITS >= slices.shape[1]:
                break
            for i in range(GROUP):
                t = group * GROUP + i
                for lane in range(LANES):
                    block[lane, i] = tiles[t, w, lane] if t < tiles.shape[0] else NONE
            transpose_bits(block)
            for f in range(w * WORD_BITS, min(slices.shape[1], (w + 1) * WORD_BITS)):
                slices[group, f] = block[f - w * WORD_BITS]
        slices[group, slices.shape[1] - 1] = NONE


@inlined
def features_of(mask, n_features, features):
    """List the features of a mask, filled up to a multiple of `AT_ONCE` with the row of zeros.

    By where their rows begin within a group, in words. Returns how many are listed.
    """
    n = 0
    for f in range(n_features):
        # Overwritten by the next one unless the mask has it: no branch, half of which would be
        # predicted wrongly.
        features[n] = f * GROUP
        n += np.int64((mask[f // WORD_BITS] >> np.uint64(f % WORD_BITS)) & np.uint64(1))
    while n % AT_ONCE:
        features[n] = n_features * GROUP
        n += 1
    return n


@inlined
def features_of_all(masks, n_features):
    """List the features of each mask, as `features_of` does, and how many are listed."""
    features = np.empty((len(masks), n_features + AT_ONCE), np.int64)
    lengths = np.empty(len(masks), np.int64)
    for m in range(len(masks)):
        lengths[m] = features_of(masks[m], n_features, features[m])
    return features, lengths


@inlined
def digits_of(bound):
    """Digits of the counts that lie below a bound, at least those of `AT_ONCE` features."""
    n_planes = LOW_PLANES
    while np.int64(1) << n_planes < bound:
        n_planes += 1
    return n_planes


@inlined
def leave_out_others(group, start, stop, planes):
    """Have a count leave out the points that are not in tiles start ... stop - 1: row 0."""
    for w in range(GROUP):
        planes[0, w] = NONE if start <= group * GROUP + w < stop else ALL


@inlined
def count_below(slices, group, features, n, bound, planes):
    """Count a group until each of its points has reached the bound, or is left out.

    Counts start at 2^n_planes - bound, so that a point carries beyond the last digit when it
    reaches the bound. Row 0 of the planes has ones, when it begins, for points to leave out.
    Returns whether some other point has not; row 0 then has a zero for each of those, and the
    other rows have its count, plus where counts started.
    """
    n_planes = digits_of(bound)
    first = (np.int64(1) << n_planes) - bound
    for k in range(n_planes):
        planes[1 + k, :] = ALL if (first >> k) & 1 else NONE
    for position in range(0, n, AT_ONCE):
        if add_features(slices, group, features, position, planes, n_planes):
            return False
    return True


@inlined
def least_below(bound, planes):
    """Least count that `count_below` has left in the planes."""
    n_planes = digits_of(bound)
    for w in range(GROUP):
        planes[0, w] = ~planes[0, w]
    least = np.int64(0)
    for k in range(n_planes - 1, -1, -1):
        some = NONE
        for w in range(GROUP):
            some |= planes[0, w] & ~planes[1 + k, w]
        if some:
            for w in range(GROUP):
                planes[0, w] &= ~planes[1 + k, w]
        else:
            least |= np.int64(1) << k
    return least + bound - (np.int64(1) << n_planes)


@inlined
def least_of_group(slices, group, start, stop, features, n, bound, planes):
    """Least count of a group's points in tiles start ... stop - 1, or the bound if none is less."""
    leave_out_others(group, start, stop, planes)
    if bound > 0 and count_below(slices, group, features, n, bound, planes):
        return least_below(bound, planes)
    return bound


@inlined
def groups_of(start, stop):
    """Groups that tiles start ... stop - 1 lie in."""
    first = start // GROUP
    return range(first, (stop + GROUP - 1) // GROUP if start < stop else first)


@compiled(numba.void(SLICES, numba.int64, numba.int64, MASKS, numba.uint64[::1]))
def sliced_minima(slices, start, stop, masks, minima):
    """Lower `minima` to the least <mask, feature> over the points of tiles start ... stop - 1.

    Parameters
    ----------
    slices : (n_groups, n_features + 1, 8) uint64
        Sliced features; every lane counts, so padding must hold ones.
    start, stop : int
        Range of tiles.
    masks : (n_masks, n_words) uint64
        One mask per row. Masks are taken in one block, so that a group is read from memory once.
    minima : (n_masks,) uint64
        Minima so far; updated in place.
    """
    features, lengths = features_of_all(masks, slices.shape[1] - 1)
    planes = np.empty((MOST_PLANES, GROUP), np.uint64)
    for m in range(len(lengths)):
        if start < stop:
            minima[m] = min(minima[m], np.uint64(lengths[m] + 1))
    for group in groups_of(start, stop):
        for m in range(len(lengths)):
            minima[m] = np.uint64(
                least_of_group(
                    slices, group, start, stop, features[m], lengths[m], np.int64(minima[m]), planes
                )
            )


@compiled(numba.void(SLICES, numba.int64, numba.int64, MASKS, COUNTS, numba.boolean[:, ::1]))
def sliced_below(slices, start, stop, masks, thresholds, below):
    """Tell which points of tiles start ... stop - 1 have <mask, feature> < threshold.

    Parameters
    ----------
    slices : (n_groups, n_features + 1, 8) uint64
        Sliced features.
    start, stop : int
        Range of tiles.
    masks : (n_masks, n_words) uint64
        One mask per row.
    thresholds : (n_masks,) int64
        One threshold a mask; a mask with threshold 0 has none.
    below : (n_masks, 64 (stop - start)) bool
        The answer, padding lanes included.
    """
    features, lengths = features_of_all(masks, slices.shape[1] - 1)
    planes = np.empty((MOST_PLANES, GROUP), np.uint64)
    below[:] = False
    for group in groups_of(start, stop):
        for m in range(masks.shape[0]):
            bound = min(thresholds[m], lengths[m] + 1)
            leave_out_others(group, start, stop, planes)
            if bound > 0 and count_below(slices, group, features[m], lengths[m], bound, planes):
                mark_below(planes, group, start, stop, below[m])


@inlined
def mark_below(planes, group, start, stop, below):
    """Set `below` at the points of tiles start ... stop - 1 for which row 0 has a zero."""
    for t in range(max(start, group * GROUP), min(stop, group * GROUP + GROUP)):
        word = ~planes[0, t - group * GROUP]
        if word:
            first = (t - start) * LANES
            for lane in range(LANES):
                below[first + lane] = (word >> np.uint64(lane)) & np.uint64(1)
