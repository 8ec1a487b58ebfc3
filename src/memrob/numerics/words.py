"""How many 64-bit words hold rows of bits; without numba, so that costs are predicted at once."""

WORD_BITS = 64
"""Bits in a word."""


def words_of(n_features: int) -> int:
    """Number of words that hold that many features, a multiple of four."""
    return 4 * -(-n_features // (4 * WORD_BITS))
