"""Covers by packed sets: greedy selection, and what is redundant or dominated.

A family of sets is a matrix of bits, one row per set and one column per element, packed as in
`memrob.numerics.bits`. Written by hand since libraries hold such a relation as a matrix of
numbers, 64 times as large. Each kernel has a plain NumPy twin in the tests.
"""

import heapq

import numba
import numpy as np
from numba.core import types

from memrob.numerics.bits import WORD_BITS, pack_words, popcount, unpack_words
from memrob.numerics.compiled import compiled, inlined

ROWS = types.Array(types.uint64, 2, "C", readonly=True)
ROWS_A_BLOCK = 512
"""Rows that are held unpacked at a time."""


def greedy_cover(rows: np.ndarray) -> np.ndarray:
    """Greedy cover: always the set with most elements that are not covered yet.

    Parameters
    ----------
    rows : (n_sets, n_words) uint64
        The sets.

    Returns
    -------
    (m,) int64
        Selected sets in order of selection; of several with as many new elements the first. They
        cover what all sets cover.

    Notes
    -----
    Lazy evaluation (Minoux 1978): the number of new elements of a set only falls, so the last
    known one is an upper bound, and only the set with the largest bound is looked at.
    """
    chosen = np.empty(len(rows), dtype=np.int64)
    return chosen[: _greedy(rows, chosen)].copy()


@inlined
def _n_common(row, words):
    count = np.int64(0)
    for w in range(len(words)):
        count += np.int64(popcount(row[w] & words[w]))
    return count


@inlined
def _lowest_bit(word):
    return np.int64(popcount(word ^ (word - np.uint64(1)))) - 1


@compiled(numba.int64(ROWS, numba.int64[::1]))
def _greedy(rows, chosen):
    n_sets = rows.shape[0]
    left = np.zeros(rows.shape[1], np.uint64)
    for i in range(n_sets):
        left |= rows[i]
    # Keys in ascending order: more new elements first, then the first set.
    queue = [i - n_sets * _n_common(rows[i], left) for i in range(n_sets)]
    heapq.heapify(queue)
    n_left = _n_common(left, left)
    n_chosen = 0
    while n_left > 0:
        i = queue[0] % n_sets
        gain = _n_common(rows[i], left)
        key = i - n_sets * gain
        if key > queue[0]:
            heapq.heapreplace(queue, key)
            continue
        heapq.heappop(queue)
        chosen[n_chosen] = i
        n_chosen += 1
        left &= ~rows[i]
        n_left -= gain
    return n_chosen


@compiled(numba.void(ROWS, ROWS, numba.boolean[::1], numba.boolean[::1]))
def find_dominated(rows, columns, within, around):
    """Tell which rows lie within another row, and which lie around another one.

    Of equal rows the first lies around the others and is not within them.

    Parameters
    ----------
    rows : (n_rows, n_words) uint64
        Rows of bits.
    columns : (n_columns, n_row_words) uint64
        The same matrix transposed.
    within, around : (n_rows,) bool
        The answers; false at first. A row is around another if it holds all of its bits.
    """
    sizes = np.zeros(rows.shape[0], np.int64)
    for i in range(rows.shape[0]):
        sizes[i] = _n_common(rows[i], rows[i])
    everything = np.zeros(columns.shape[1], np.uint64)
    for i in range(rows.shape[0]):
        everything[i // WORD_BITS] |= np.uint64(1) << np.uint64(i % WORD_BITS)
    others = np.empty(columns.shape[1], np.uint64)
    for i in range(rows.shape[0]):
        # Rows with all bits of row i: what the columns of its bits have in common.
        others[:] = everything
        n_others = rows.shape[0]
        for w in range(rows.shape[1]):
            word = rows[i, w]
            while word and n_others > 1:
                others &= columns[w * WORD_BITS + _lowest_bit(word)]
                word &= word - np.uint64(1)
                n_others = _n_common(others, others)
        for w in range(len(others)):
            word = others[w]
            while word:
                j = w * WORD_BITS + _lowest_bit(word)
                word &= word - np.uint64(1)
                if sizes[j] > sizes[i] or (sizes[j] == sizes[i] and j < i):
                    within[i] = True
                    around[j] = True


def without_redundant(rows: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Drop sets of a cover, from the last to the first, whose elements are in others of it.

    Parameters
    ----------
    rows : (n_sets, n_words) uint64
        The sets.
    chosen : (m,) int64
        A cover.

    Returns
    -------
    (m',) int64
        Those that are kept, in their order.
    """
    times = np.zeros(rows.shape[1] * WORD_BITS, dtype=np.int64)
    for i in chosen:
        times += unpack_words(rows[i : i + 1], len(times))[0]
    kept = np.ones(len(chosen), dtype=bool)
    for position in range(len(chosen) - 1, -1, -1):
        elements = unpack_words(rows[chosen[position]][None], len(times))[0]
        if (times[elements] > 1).all():
            kept[position] = False
            times -= elements
    return chosen[kept]


def transposed(rows: np.ndarray, n_columns: int) -> np.ndarray:
    """Transpose of a matrix of bits: (n_rows, .) uint64 -> (n_columns, .) uint64."""
    blocks = [
        pack_words(unpack_words(rows[first : first + ROWS_A_BLOCK], n_columns).T)
        for first in range(0, max(len(rows), 1), ROWS_A_BLOCK)
    ]
    return np.ascontiguousarray(np.concatenate(blocks, axis=1))


def taken(rows: np.ndarray, which: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Some rows and columns of a matrix of bits: booleans (n_rows,), (n_columns,) -> packed."""
    chosen = np.flatnonzero(which)
    blocks = [
        pack_words(unpack_words(rows[chosen[i : i + ROWS_A_BLOCK]], len(columns))[:, columns])
        for i in range(0, max(len(chosen), 1), ROWS_A_BLOCK)
    ]
    return np.concatenate(blocks)
