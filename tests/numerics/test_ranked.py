"""Order statistics and margins over packed features against their NumPy twins."""

import numpy as np
import packed_twins as twins
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memrob.interpolation.first_layer import words_of
from memrob.numerics.bits import pack_words
from memrob.numerics.packed import LANES, UNBOUNDED
from memrob.numerics.ranked import masked_counts, masked_margins, masked_ranks

WIDTHS = st.sampled_from([1, 63, 64, 65, 255, 256, 257, 512, 600])
DENSITIES = st.sampled_from([0.0, 0.05, 0.5, 0.95, 1.0])
quick = settings(deadline=None, max_examples=120)


def tiles_with(features, spare):
    """Tiles of the points, with `spare` in the lanes that are left over."""
    n_points, n_features = features.shape
    padded = np.full((-(-n_points // LANES) * LANES, n_features), spare)
    padded[:n_points] = features
    words = pack_words(padded, words_of(n_features))
    return np.ascontiguousarray(words.reshape(-1, LANES, words.shape[1]).transpose(0, 2, 1))


@quick
@given(
    st.integers(0, 2**32 - 1),
    WIDTHS,
    DENSITIES,
    st.sampled_from([1, 2, 3, 16, 64, 100]),
    st.integers(1, 40),
    st.integers(1, 40),
    st.integers(0, 50),
    st.booleans(),
)
def test_ranks_over_two_classes(seed, n, density, group, first, second, rank, spare):
    rng = np.random.default_rng(seed)
    features = rng.random(((first + second) * group, n)) < density
    masks = rng.random((5, n)) < 0.5
    bounds = np.full(5, UNBOUNDED, dtype=np.int64)
    histograms, n_below = np.zeros((5, n + 1), np.int64), np.zeros(5, np.int64)
    ends = np.split(features, [first * group])
    tiles = np.concatenate([tiles_with(rows, spare) for rows in ends])
    starts = [0, len(tiles_with(ends[0], spare))]
    words = pack_words(masks, tiles.shape[1])
    for start, rows in zip(starts, ends, strict=True):
        masked_ranks(tiles, start, len(rows), group, rank, words, bounds, histograms, n_below)
    if rank < first + second:
        assert bounds.tolist() == twins.masked_ranks(features, masks, rank, group).tolist()
    else:
        assert (bounds == UNBOUNDED).all()


@quick
@given(
    st.integers(0, 2**32 - 1),
    WIDTHS,
    DENSITIES,
    st.integers(1, 150),
    st.integers(0, 20),
    st.integers(-700, 20),
)
def test_margins_above_a_floor(seed, n, density, n_points, n_masks, floor):
    rng = np.random.default_rng(seed)
    features = rng.random((n_points, n)) < density
    masks = rng.random((n_masks, n)) < 0.5
    thresholds = rng.integers(0, n + 2, n_masks)
    tiles = tiles_with(features, True)
    margins = np.full(len(tiles) * LANES, floor)
    masked_margins(tiles, 0, len(tiles), pack_words(masks, tiles.shape[1]), thresholds, margins)
    expected = np.full(n_points, floor)
    if n_masks:
        expected = np.maximum(twins.masked_margins(features, masks, thresholds), floor)
    assert margins[:n_points].tolist() == expected.tolist()


@quick
@given(st.integers(0, 2**32 - 1), WIDTHS, DENSITIES, st.integers(1, 200))
def test_counts(seed, n, density, n_points):
    rng = np.random.default_rng(seed)
    features, mask = rng.random((n_points, n)) < density, rng.random(n) < 0.5
    tiles = tiles_with(features, True)
    stop = len(tiles)
    counts = np.empty(stop * LANES, dtype=np.int64)
    masked_counts(tiles, 0, stop, pack_words(mask[None], tiles.shape[1])[0], counts)
    assert counts[:n_points].tolist() == twins.masked_counts(features, mask).tolist()
    last = np.empty(LANES, dtype=np.int64)
    masked_counts(tiles, stop - 1, stop, pack_words(mask[None], tiles.shape[1])[0], last)
    assert last.tolist() == counts[-LANES:].tolist()


@pytest.mark.parametrize("group", [1, 4])
def test_rank_of_known_counts(group):
    # Points with 0, 1, ..., 79 ones, each `group` times.
    features = np.repeat(np.tri(80, 80, -1, dtype=bool), group, axis=0)
    tiles = tiles_with(features, True)
    masks = pack_words(np.ones((1, 80), bool), tiles.shape[1])
    for rank in (0, 1, 17, 79):
        bounds = np.array([UNBOUNDED])
        state = np.zeros((1, 81), np.int64), np.zeros(1, np.int64)
        masked_ranks(tiles, 0, len(features), group, rank, masks, bounds, *state)
        assert bounds.tolist() == [rank]
