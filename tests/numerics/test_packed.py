"""Every kernel over packed features against its NumPy twin."""

import numpy as np
import packed_twins as twins
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memrob.interpolation.first_layer import words_of
from memrob.numerics.bits import pack_words, unpack_words
from memrob.numerics.packed import (
    LANES,
    UNBOUNDED,
    WORD_BITS,
    masked_below,
    masked_minima,
    pack_planar,
    pack_preactivations,
    unpack,
)
from memrob.numerics.sliced import GROUP, slice_tiles, sliced_below, sliced_minima

WIDTHS = st.sampled_from([1, 63, 64, 65, 255, 256, 257, 512, 513])
DENSITIES = st.sampled_from([0, 0.03, 0.3, 0.5, 0.97, 1.0])
SEEDS = st.integers(0, 2**32 - 1)
quick = settings(deadline=None, max_examples=150)


def random_bits(rng, shape, density):
    return rng.random(shape) < density


def pack_tiles(features, rng):
    """Tiles of boolean rows, with random bits beyond the last feature: no mask may see them."""
    n_points, n_features = features.shape
    n_words = words_of(n_features)
    padded = rng.random((n_points, n_words * WORD_BITS)) < 0.5
    padded[:, :n_features] = features
    rows = pack_words(padded, n_words)
    return np.ascontiguousarray(rows.reshape(-1, LANES, n_words).transpose(0, 2, 1))


@st.composite
def masked_cases(draw):
    """Features of some tiles, a range of them, and a block of masks."""
    rng = np.random.default_rng(draw(SEEDS))
    n_tiles = draw(st.integers(1, 20))
    start, stop = sorted(rng.integers(n_tiles + 1, size=2))
    n_features = draw(WIDTHS)
    features = random_bits(rng, (n_tiles * LANES, n_features), draw(DENSITIES))
    masks = random_bits(rng, (draw(st.integers(0, 9)), n_features), draw(DENSITIES))
    return rng, features, masks, start, stop


def as_tiles(tiles, _n_features):
    return tiles


def as_slices(tiles, n_features):
    """Slices of tiles, on memory that held other things before."""
    shape = (-(-len(tiles) // GROUP), n_features + 1, GROUP)
    slices = np.full(shape, 0x5555555555555555, dtype=np.uint64)
    slice_tiles(tiles, slices)
    return slices


@pytest.mark.parametrize(
    ("kernel", "layout"), [(masked_minima, as_tiles), (sliced_minima, as_slices)]
)
@quick
@given(masked_cases())
def test_masked_minima(kernel, layout, case):
    rng, features, masks, start, stop = case
    # Starting minima below, at and above what the tiles hold: an early stop must not show.
    before = rng.choice([0, 1, 5, features.shape[1] // 4 + 1, UNBOUNDED], size=len(masks))
    minima = before.astype(np.uint64)
    tiles = pack_tiles(features, rng)
    packed_masks = pack_words(masks, tiles.shape[1])
    kernel(layout(tiles, features.shape[1]), start, stop, packed_masks, minima)
    points = features[start * LANES : stop * LANES]
    expected = np.minimum(before, twins.masked_minima(points, masks)) if len(points) else before
    assert minima.tolist() == expected.tolist()


@pytest.mark.parametrize(
    ("kernel", "layout"), [(masked_below, as_tiles), (sliced_below, as_slices)]
)
@quick
@given(masked_cases())
def test_masked_below(kernel, layout, case):
    rng, features, masks, start, stop = case
    points = features[start * LANES : stop * LANES]
    counts = masks.astype(int) @ points.astype(int).T
    # Thresholds that are attained exactly by some point are where < and <= part.
    attained = [rng.choice(row) if len(row) else 0 for row in counts]
    thresholds = np.where(
        rng.random(len(masks)) < 0.5,
        np.array(attained, dtype=np.int64),
        rng.choice([0, 1, 7, features.shape[1] + 1, UNBOUNDED], size=len(masks)),
    )
    tiles = pack_tiles(features, rng)
    below = random_bits(rng, (len(masks), len(points)), 0.5)
    packed_masks = pack_words(masks, tiles.shape[1])
    slices = layout(tiles, features.shape[1])
    kernel(slices, start, stop, packed_masks, thresholds, below)
    assert np.array_equal(below, twins.masked_below(points, masks, thresholds))


SPECIAL = np.array(
    [0, 1, 1.0000001, 0.1, 1e-45, 1.2e-38, 1e-30, 3.4e38, np.inf, np.nan], dtype=np.float32
)


@quick
@given(WIDTHS, st.integers(1, 3), SEEDS)
def test_pack_preactivations(n_features, n_tiles, seed):
    rng = np.random.default_rng(seed)
    products = rng.choice(np.concatenate([SPECIAL, -SPECIAL]), size=(n_features, n_tiles * LANES))
    biases = rng.choice(np.concatenate([SPECIAL, -SPECIAL]), size=n_features)
    tiles = rng.integers(1 << 63, size=(n_tiles, words_of(n_features), LANES), dtype=np.uint64)
    pack_preactivations(products, biases, tiles)
    with np.errstate(over="ignore", invalid="ignore"):
        expected = (products + biases[:, None] > 0).T
    assert_packed(tiles, expected)


@quick
@given(WIDTHS, st.integers(1, 3), SEEDS)
def test_pack_planar(n_features, n_tiles, seed):
    rng = np.random.default_rng(seed)
    # Products with powers of two are exact, so that W x is rounded once, however it is summed.
    points = rng.choice([0, 0.5, 1, 2, -0.5, -1, -4], size=(2, n_tiles * LANES)).astype(np.float32)
    weights = rng.standard_normal((n_features, 2), dtype=np.float32)
    biases = np.where(rng.random(n_features) < 0.5, -weights[:, 0], weights[:, 1])
    tiles = rng.integers(1 << 63, size=(n_tiles, words_of(n_features), LANES), dtype=np.uint64)
    pack_planar(points, weights, biases, tiles)
    assert_packed(tiles, twins.threshold_features(points.T, weights, biases))
    again = np.empty_like(tiles)
    pack_preactivations(weights @ points, biases, again)
    assert np.array_equal(tiles, again)


def assert_packed(tiles, expected):
    n_bits = tiles.shape[1] * WORD_BITS
    unpacked = unpack(tiles, n_bits)
    assert np.array_equal(unpacked[:, : expected.shape[1]], expected)
    assert not unpacked[:, expected.shape[1] :].any()


@quick
@given(WIDTHS, st.integers(1, 20), SEEDS)
def test_slice_tiles(n_features, n_tiles, seed):
    rng = np.random.default_rng(seed)
    features = random_bits(rng, (n_tiles * LANES, n_features), 0.5)
    slices = as_slices(pack_tiles(features, rng), n_features)
    assert not slices[:, -1].any()
    assert not slices[-1, :, n_tiles % GROUP or GROUP :].any()
    by_tile = slices[:, :-1].transpose(0, 2, 1).reshape(-1, n_features)[:n_tiles]
    points = unpack_words(by_tile.reshape(-1, 1), WORD_BITS)
    points = points.reshape(n_tiles, n_features, LANES).transpose(0, 2, 1)
    assert np.array_equal(points.reshape(-1, n_features), features)


@quick
@given(WIDTHS, st.integers(0, 5), SEEDS)
def test_words_round_trip(n_features, n_rows, seed):
    rows = random_bits(np.random.default_rng(seed), (n_rows, n_features), 0.5)
    words = pack_words(rows, words_of(n_features))
    assert words.dtype == np.uint64
    assert words.shape == (n_rows, words_of(n_features))
    assert np.array_equal(unpack_words(words, n_features), rows)
    ones = [sum(int(word).bit_count() for word in row) for row in words]
    assert ones == rows.sum(axis=1).tolist()


@pytest.mark.parametrize(("feature", "lane"), [(0, 0), (63, 1), (64, 0), (200, 63)])
def test_place_of_one_feature(feature, lane):
    tiles = np.zeros((2, 4, LANES), dtype=np.uint64)
    tiles[1, feature // WORD_BITS, lane] = 1 << feature % WORD_BITS
    assert np.argwhere(unpack(tiles, 256)).tolist() == [[LANES + lane, feature]]
