"""Covers by packed sets against plain NumPy."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from second_layer_twin import greedy_cover as plain_greedy_cover

from memrob.numerics.bits import pack_words, unpack_words
from memrob.numerics.cover import (
    find_dominated,
    greedy_cover,
    taken,
    transposed,
    without_redundant,
)

quick = settings(deadline=None, max_examples=150)


@st.composite
def families(draw):
    """Sets as a (n_sets, n_elements) boolean matrix, empty and equal ones among them."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n_sets, n_elements = draw(st.integers(1, 150)), draw(st.integers(1, 150))
    sets = rng.random((n_sets, n_elements)) < draw(st.sampled_from([0.01, 0.1, 0.5, 0.9]))
    copied = rng.random(n_sets) < draw(st.sampled_from([0.0, 0.3]))
    sets[copied] = sets[rng.integers(n_sets, size=copied.sum())]
    return sets


@quick
@given(families())
def test_greedy_is_that_of_the_twin(sets):
    assert greedy_cover(pack_words(sets)).tolist() == plain_greedy_cover(sets)


@quick
@given(families())
def test_dominated_rows(sets):
    n = len(sets)
    inside = np.array([[not (a & ~b).any() for b in sets] for a in sets], dtype=bool)
    inside = inside.reshape(n, n)
    earlier = np.tri(n, n, -1, dtype=bool)
    # Of equal sets the later one is within the earlier one.
    proper = inside & (~inside.T | earlier)
    within, around = np.zeros(n, bool), np.zeros(n, bool)
    rows = pack_words(sets)
    find_dominated(rows, transposed(rows, sets.shape[1]), within, around)
    assert np.array_equal(within, proper.any(axis=1))
    assert np.array_equal(around, proper.any(axis=0))


@quick
@given(families(), st.integers(0, 2**32 - 1))
def test_no_set_of_a_pruned_cover_is_redundant(sets, seed):
    rows, everything = pack_words(sets), sets.any(axis=0)
    cover = np.random.default_rng(seed).permutation(len(sets))
    kept = without_redundant(rows, cover)
    assert np.array_equal(sets[kept].any(axis=0), everything)
    assert kept.tolist() == [i for i in cover if i in set(kept)]
    for i in range(len(kept)):
        assert not np.array_equal(sets[np.delete(kept, i)].any(axis=0), everything)


@quick
@given(families(), st.integers(0, 2**32 - 1))
def test_transposed_and_taken(sets, seed):
    rng = np.random.default_rng(seed)
    rows = pack_words(sets)
    n_sets, n_elements = sets.shape
    assert np.array_equal(unpack_words(transposed(rows, n_elements), n_sets), sets.T)
    which, columns = rng.random(n_sets) < 0.5, rng.random(n_elements) < 0.5
    found = unpack_words(taken(rows, which, columns), columns.sum())
    assert np.array_equal(found, sets[which][:, columns])
