"""Signals on cyclic grids: pulses, and images at random places of a torus."""

import numpy as np
import pytest

from memrob.convolution import ShiftGroup, representatives
from memrob.data import DATASETS, Dataset, build, largest_norm, require_disjoint_classes
from memrob.data.pulses import pulses
from memrob.data.shifted import on_torus


@pytest.mark.parametrize("name", ["pulses", "pulses_2d"])
def test_pulses_are_what_the_catalogue_says(name):
    X, y = build(name)
    entry = DATASETS[name]
    assert X.shape == (entry.n_samples, entry.input_dim)
    assert (X.dtype, y.dtype, y.shape) == (np.float32, np.int64, (len(X),))
    assert np.bincount(y).tolist() == [1000, 1000]
    assert largest_norm(X) == pytest.approx(1, abs=1e-6)
    # Shuffled: a prefix holds both classes, about evenly but not alternating.
    assert 0.4 < y[:200].mean() < 0.6
    assert np.unique(y[:200:2]).size == 2
    require_disjoint_classes(representatives(X, ShiftGroup.full(entry.grid_shape)), y)
    again = build(name)
    assert again.X.tobytes() == X.tobytes()


@pytest.mark.parametrize("name", ["pulses", "pulses_2d"])
def test_a_class_has_one_bump_and_the_other_two(name):
    X, y = build(name)
    grid = X.reshape(len(X), *DATASETS[name].grid_shape).astype(float)
    high = grid > 0.6 * X.max(axis=1).reshape(-1, *(1,) * (grid.ndim - 1))
    found = np.array([_components(mask) for mask in high[:300]])
    # Noise splits a bump or hides a second one now and then.
    assert (found[y[:300] == 1] == 1).mean() > 0.9
    assert (found[y[:300] == 0] == 2).mean() > 0.9


def test_bumps_lie_anywhere_on_the_grid():
    X, y = build("pulses")
    places = X[y == 1].argmax(axis=1)
    assert np.bincount(places, minlength=64).min() > 0
    assert abs(np.exp(2j * np.pi * places / 64).mean()) < 0.1


def test_a_pulse_is_its_formula():
    X, y = pulses(40, (32,), widths=(3, 3), gaps=(12, 12))
    # Up to scale and noise, the spectrum of a bump of deviation 3 on a circle of 32 points.
    frequencies = np.arange(4)
    expected = np.exp(-2 * (np.pi * frequencies * 3 / 32) ** 2)
    found = np.abs(np.fft.rfft(X[y == 1].astype(float))[:, :4])
    np.testing.assert_allclose(found / found[:, :1], np.tile(expected, (20, 1)), atol=0.05)
    # Of two bumps at distance 12: times |cos(pi f 12 / 32)|.
    expected *= np.abs(np.cos(np.pi * frequencies * 12 / 32))
    found = np.abs(np.fft.rfft(X[y == 0].astype(float))[:, :4])
    np.testing.assert_allclose(found / found[:, :1], np.tile(expected, (20, 1)), atol=0.05)


def test_images_lie_whole_at_random_places_of_the_torus():
    rng = np.random.default_rng(0)
    images = Dataset(rng.random((3000, 6), dtype=np.float32) + 0.1, np.arange(3000) % 7)
    X, y = on_torus(images, (2, 3), (5, 8))
    np.testing.assert_array_equal(y, images.y)
    assert (X.shape, X.dtype) == ((3000, 40), np.float32)
    padded = np.zeros((3000, 5, 8), dtype=np.float32)
    padded[:, :2, :3] = images.X.reshape(-1, 2, 3)
    group = ShiftGroup.full((5, 8))
    of_padded = representatives(padded.reshape(3000, -1), group)
    np.testing.assert_array_equal(representatives(X, group), of_padded)
    # The upper left corner of an image is the only pixel with none above and none to the left.
    lit = X.reshape(-1, 5, 8) > 0
    corner = lit & ~np.roll(lit, 1, axis=1) & ~np.roll(lit, 1, axis=2)
    places = np.bincount(np.nonzero(corner.reshape(3000, -1))[1], minlength=40)
    assert places.sum() == 3000
    assert np.abs(places - 75).max() < 5 * np.sqrt(75)


def _components(mask):
    """Connected parts of a mask on a torus, neighbours by edges."""
    labels = np.where(mask, np.arange(mask.size).reshape(mask.shape) + 1, 0)
    while True:
        largest = labels
        for axis in range(mask.ndim):
            for step in (1, -1):
                largest = np.maximum(largest, np.roll(largest, step, axis))
        largest = np.where(mask, largest, 0)
        if (largest == labels).all():
            return len(np.unique(labels[mask]))
        labels = largest
