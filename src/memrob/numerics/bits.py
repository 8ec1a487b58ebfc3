"""Rows of bits in 64-bit words, the lowest bit of a word first."""

import numpy as np
from numba import types
from numba.extending import intrinsic

from memrob.numerics.compiled import inlined
from memrob.numerics.words import WORD_BITS


@intrinsic
def popcount(_context, _word):
    """Number of ones in a 64-bit word: one instruction, vectorised where the processor can."""

    def generate(_context, builder, _signature, arguments):
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), generate


@inlined
def count_ones(words):
    """Number of ones in a row of words."""
    n = np.uint64(0)
    for w in range(len(words)):
        n += popcount(words[w])
    return np.int64(n)


@inlined
def nth_one(words, n):
    """Position of the n-th one, counted from zero, in a row of words that has more than n."""
    w = 0
    ones = np.int64(popcount(words[0]))
    while ones <= n:
        n -= ones
        w += 1
        ones = np.int64(popcount(words[w]))
    word = words[w]
    for _ in range(n):
        word &= word - np.uint64(1)
    lowest = word & (~word + np.uint64(1))
    return w * WORD_BITS + np.int64(popcount(lowest - np.uint64(1)))


def pack_words(rows: np.ndarray, n_words: int | None = None) -> np.ndarray:
    """Boolean rows, (n_rows, n_bits), as (n_rows, n_words) uint64, padded with zeros.

    Parameters
    ----------
    rows : (n_rows, n_bits) bool
        The bits.
    n_words : int, optional
        Words in a row; by default as few as hold the bits.
    """
    octets = np.packbits(rows, axis=1, bitorder="little")
    width = 8 * (-(-rows.shape[1] // WORD_BITS) if n_words is None else n_words)
    padded = np.zeros((len(rows), width), dtype=np.uint8)
    padded[:, : octets.shape[1]] = octets
    return padded.view("<u8").astype(np.uint64, copy=False)


def unpack_words(words: np.ndarray, n_bits: int) -> np.ndarray:
    """Rows of packed words, (n_rows, n_words) uint64, as a (n_rows, n_bits) boolean matrix."""
    octets = words.astype("<u8").view(np.uint8)
    return np.unpackbits(octets, axis=1, count=n_bits, bitorder="little").astype(bool)
