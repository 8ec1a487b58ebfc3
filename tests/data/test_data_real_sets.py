"""The real image sets, where MEMROB_DATA names a folder that holds them."""

import os

import numpy as np
import pytest

from memrob.convolution import ShiftGroup, representatives
from memrob.data import (
    DATASETS,
    availability,
    build,
    largest_norm,
    obtain,
    require_disjoint_classes,
)
from memrob.data.images import scale_pixels

# Read at import: the fixture in conftest.py takes it out of the environment.
FOLDER = os.environ.get("MEMROB_DATA")
pytestmark = pytest.mark.skipif(not FOLDER, reason="MEMROB_DATA is not set")


@pytest.fixture(autouse=True)
def skip_what_the_folder_lacks(request):
    raw_set = "cifar10" if "cifar10" in request.node.name else "mnist"
    if not availability(raw_set, FOLDER)[0]:
        pytest.skip(f"MEMROB_DATA lacks {raw_set}")


@pytest.mark.parametrize(("name", "ones"), [("mnist_1v8", 7877), ("mnist_1v9", 7877)])
def test_two_digits(name, ones):
    X, y = build(name, mirror=FOLDER)
    assert X.shape == (DATASETS[name].n_samples, 784)
    assert y.sum() == ones
    for n in (1470, 7351):
        assert abs(y[:n].mean() - y.mean()) < 1 / n
    require_disjoint_classes(X, y)


def test_shifted_digits_are_those_of_mnist_in_their_order():
    X, y = build("mnist_shifted", mirror=FOLDER)
    images = build("mnist_1v8", mirror=FOLDER)
    assert X.shape == (DATASETS["mnist_shifted"].n_samples, 1024)
    np.testing.assert_array_equal(y, images.y)
    np.testing.assert_array_equal(np.sort(X[:500])[:, -784:], np.sort(images.X[:500]))
    group = ShiftGroup.full((32, 32))
    require_disjoint_classes(representatives(X[:500], group), y[:500])


def test_mnist():
    X, y = build("mnist", mirror=FOLDER)
    assert X.shape == (70_000, 784)
    # The first digits of the training and of the test set.
    assert y[:5].tolist() == [5, 0, 4, 1, 9]
    assert y[60_000:60_005].tolist() == [7, 2, 1, 0, 4]
    assert np.linalg.norm(X, axis=1).max() == pytest.approx(1, abs=1e-6)
    require_disjoint_classes(X, y)


@pytest.mark.parametrize(("raw_set", "radius"), [("mnist", 17.179039), ("cifar10", 54.915688)])
def test_radius_by_which_the_published_images_were_divided(raw_set, radius):
    if not availability(raw_set, FOLDER)[0]:
        pytest.skip(f"MEMROB_DATA has no {raw_set}")
    assert largest_norm(scale_pixels(obtain(raw_set, FOLDER).pixels)) == np.float32(radius)


def test_cifar10():
    raw = obtain("cifar10", FOLDER)
    assert raw.pixels.shape == (60_000, 3072)
    assert raw.n_train == 50_000
    assert np.bincount(raw.labels).tolist() == [6000] * 10
