"""Rows of bits against lists of positions."""

import numba
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from memrob.numerics.bits import count_ones, nth_one, pack_words

count = numba.njit(lambda words: count_ones(words))
nth = numba.njit(lambda words, n: nth_one(words, n))


@settings(deadline=None)
@given(st.sets(st.integers(0, 299), min_size=1))
def test_ones_of_a_row(positions):
    bits = np.zeros((1, 300), bool)
    bits[0, list(positions)] = True
    words = pack_words(bits)[0]
    assert count(words) == len(positions)
    assert [nth(words, n) for n in range(len(positions))] == sorted(positions)
