"""Bounds on smallest covers: brute force, known answers, and prices that prove too little."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memrob.numerics import set_cover
from memrob.numerics.bits import pack_words
from memrob.numerics.cover import greedy_cover
from memrob.numerics.set_cover import cover_bounds, price_bound


def smallest(sets):
    """Size of the smallest subfamily with the union of the family, by trying all."""
    everything = sets.any(axis=0)
    for size in range(len(sets) + 1):
        for chosen in itertools.combinations(range(len(sets)), size):
            if np.array_equal(sets[list(chosen)].any(axis=0), everything):
                return size
    raise AssertionError


def random_sets(seed):
    rng = np.random.default_rng(seed)
    n_sets, n_elements = rng.integers(1, 11), rng.integers(1, 80)
    sets = rng.random((n_sets, n_elements)) < rng.choice([0.05, 0.2, 0.4])
    return sets


def covers(sets, chosen):
    return np.array_equal(sets[chosen].any(axis=0), sets.any(axis=0))


@pytest.mark.parametrize("elements", [1, 500])
@pytest.mark.parametrize("seed", range(200))
def test_bounds_are_around_the_optimum(seed, elements, monkeypatch):
    monkeypatch.setattr(set_cover, "ELEMENTS_A_ROUND", elements)
    sets = random_sets(seed)
    rows = pack_words(sets)
    optimum = smallest(sets)
    bounds = cover_bounds(rows, sets.shape[1])
    assert bounds.lower <= optimum <= bounds.upper <= len(greedy_cover(rows))
    assert covers(sets, bounds.cover)
    if bounds.closed:
        assert bounds.lower == bounds.upper == optimum
    searched = cover_bounds(rows, sets.shape[1], seconds=10)
    assert (searched.closed, searched.upper) == (True, optimum)
    assert covers(sets, searched.cover)


@settings(deadline=None, max_examples=150)
@given(st.integers(0, 2**32 - 1))
def test_any_prices_prove_no_more_than_the_optimum(seed):
    sets = random_sets(seed)
    optimum = smallest(sets)
    rng = np.random.default_rng(seed)
    coverable = sets.any(axis=0)
    matrix = set_cover._sparse(pack_words(sets), sets.shape[1])
    for scale in (0.01, 0.3, 1, 5):
        prices = rng.normal(scale=scale, size=sets.shape[1]) * coverable
        assert price_bound(matrix, prices) <= optimum
    assert price_bound(matrix, np.full(sets.shape[1], np.nan)) == 0


def test_instance_that_greedy_gets_wrong():
    # Two disjoint halves cover; greedy takes the larger sets of halves of halves first.
    sets = np.zeros((5, 14), dtype=bool)
    sets[0, :7], sets[1, 7:] = True, True
    for row, (begin, stop) in zip((2, 3, 4), ((0, 4), (4, 6), (6, 7)), strict=True):
        sets[row, begin:stop] = sets[row, begin + 7 : stop + 7] = True
    rows = pack_words(sets)
    assert len(greedy_cover(rows)) == 3
    bounds = cover_bounds(rows, 14)
    assert (bounds.lower, bounds.upper, bounds.closed) == (2, 2, True)
    assert sorted(bounds.cover) == [0, 1]


def test_gap_of_the_linear_programme_is_closed_by_the_search():
    # Elements and sets are the points and lines of the plane of order 2 (Fano): the linear
    # programme gives 7 / 3, and three lines are needed.
    lines = [(0, 1, 2), (0, 3, 4), (0, 5, 6), (1, 3, 5), (1, 4, 6), (2, 3, 6), (2, 4, 5)]
    sets = np.zeros((7, 7), dtype=bool)
    for row, line in enumerate(lines):
        sets[row, list(line)] = True
    bounds = cover_bounds(pack_words(sets), 7, seconds=10)
    assert (bounds.lower, bounds.upper, bounds.closed) == (3, 3, True)


def test_bounds_hold_whenever_programmes_are_cut_off(monkeypatch):
    monkeypatch.setattr(set_cover, "ELEMENTS_A_ROUND", 1)
    for rounds in range(4):
        monkeypatch.setattr(set_cover, "ROUNDS", rounds)
        for seed in range(20):
            sets = random_sets(seed)
            bounds = cover_bounds(pack_words(sets), sets.shape[1])
            assert bounds.lower <= smallest(sets) <= bounds.upper
            assert covers(sets, bounds.cover)


def test_nothing_to_cover():
    bounds = cover_bounds(np.zeros((3, 1), np.uint64), 40)
    assert (bounds.lower, bounds.upper, bounds.closed) == (0, 0, True)
