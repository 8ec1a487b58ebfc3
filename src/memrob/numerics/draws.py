"""Bounded random integers from a stream of words, as numpy's generators draw them."""

import numpy as np

from memrob.numerics.compiled import inlined

EXHAUSTED = -1
"""Instead of a draw: too few words."""


@inlined
def bounded_draw(words, cursor, bound):
    """Draw what `Generator.integers(bound)` does from a stream of 32-bit words.

    Lemire's method (ACM TOMACS 2019): no word is used when there is one possibility, and a word is
    rejected when the low half of the product lies below 2^32 mod bound. Returns the draw and the
    next cursor.
    """
    if bound == 1:
        return 0, cursor
    rejected = ((1 << 32) - bound) % bound
    while cursor < len(words):
        product = np.uint64(words[cursor]) * np.uint64(bound)
        cursor += 1
        if product & np.uint64(0xFFFFFFFF) >= rejected:
            return np.int64(product >> np.uint64(32)), cursor
    return EXHAUSTED, cursor
