import numpy as np
import pytest
from sklearn.datasets import make_moons

from memrob.data import DATASETS, RAW_SETS, build, largest_norm, normalise, stratified_order
from memrob.data.images import scale_pixels
from memrob.errors import UserError


@pytest.mark.parametrize("name", ["moons", "moons_size", "lines"])
def test_synthetic_sets_are_what_the_catalogue_says(name):
    X, y = build(name)
    entry = DATASETS[name]
    assert X.shape == (entry.n_samples, entry.input_dim)
    assert (X.dtype, y.dtype, y.shape) == (np.float32, np.int64, (len(X),))
    assert np.bincount(y).tolist() == [len(X) // 2] * 2


def test_moons_are_make_moons_over_the_largest_norm():
    X, y = make_moons(1000, noise=0.05, random_state=0)
    moons = build("moons")
    expected = X / np.sqrt((X**2).sum(axis=1).max())
    np.testing.assert_allclose(moons.X, expected, rtol=0, atol=1e-6)
    np.testing.assert_array_equal(moons.y, y)
    # X- is the lower moon.
    assert moons.X[moons.y == 1, 1].mean() < moons.X[moons.y == 0, 1].mean()


def test_lines_are_parallel_equispaced_and_not_normalised():
    X, y = build("lines")
    lower, upper = X[y == 1], X[y == 0]
    np.testing.assert_allclose(lower[:, 1], -0.05)
    np.testing.assert_allclose(upper[:, 1], 0.05)
    for line in (lower, upper):
        np.testing.assert_allclose(line[:, 0], np.linspace(-1, 1, 10), rtol=1e-6)


def test_normalise_works_in_single_precision_and_by_rows():
    X = np.random.default_rng(0).normal(size=(5000, 7))
    single = X.astype(np.float32)
    expected = single / np.linalg.norm(single, axis=1).max()
    found = normalise(X)
    assert found.dtype == np.float32
    assert found.tobytes() == expected.tobytes()
    assert largest_norm(found) == pytest.approx(1, abs=1e-6)


def test_normalise_leaves_double_precision_input_alone_and_does_not_copy_single():
    X = np.full((3, 2), 3.0)
    normalise(X)
    assert (X == 3).all()
    single = X.astype(np.float32)
    assert normalise(single) is single


@pytest.mark.parametrize("n", [1, 1023, 1024, 1025, 3000])
def test_largest_norm_covers_every_block(n):
    X = np.random.default_rng(n).normal(size=(n, 3)).astype(np.float32)
    X[-1] *= 100
    assert largest_norm(X) == np.linalg.norm(X, axis=1).max()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_largest_norm_adds_squares_one_after_the_other(dtype):
    X = np.random.default_rng(3).random((50, 784)).astype(dtype)
    norms = []
    for row in X:
        total = dtype(0)
        for value in row:
            total += value * value
        norms.append(np.sqrt(total))
    assert largest_norm(X) == max(norms)
    assert largest_norm(X).dtype == dtype
    in_columns = np.linalg.norm(np.asfortranarray(X), axis=1).max()
    assert largest_norm(X) == largest_norm(np.asfortranarray(X)) == in_columns


def test_pixels_are_scaled_in_double_precision():
    pixels = np.resize(np.arange(256, dtype=np.uint8), (2000, 3))
    expected = np.array([float(p) / 255 for p in pixels.ravel()]).astype(np.float32)
    assert scale_pixels(pixels).tobytes() == expected.tobytes()


@pytest.mark.parametrize("sizes", [(60, 40), (7877, 6825), (3, 500), (50, 30, 20)])
def test_every_prefix_is_stratified(sizes):
    y = np.random.default_rng(0).permutation(np.repeat(np.arange(len(sizes)), sizes))
    order = stratified_order(y, seed=0)
    assert sorted(order.tolist()) == list(range(len(y)))
    prefix = np.arange(1, len(y) + 1)
    for label, size in enumerate(sizes):
        count = np.cumsum(y[order] == label)
        assert np.abs(count - prefix * size / len(y)).max() <= (len(sizes) - 1) / 2 + 1e-9


def test_stratified_order_is_shuffled_within_a_class_and_fixed_by_its_seed():
    y = np.repeat([0, 1], 100)
    order = stratified_order(y, seed=0)
    assert (np.diff(order[y[order] == 0]) < 0).any()
    np.testing.assert_array_equal(order, stratified_order(y, seed=0))
    assert (order != stratified_order(y, seed=1)).any()


def test_mnist_keeps_its_order_and_is_normalised(tmp_path, mnist):
    mnist.write(tmp_path)
    X, y = build("mnist", mirror=tmp_path)
    np.testing.assert_array_equal(y, mnist.labels)
    pixels = mnist.images.reshape(52, 6) / 255
    np.testing.assert_allclose(X, pixels / np.linalg.norm(pixels, axis=1).max(), rtol=1e-6)
    assert (X.dtype, y.dtype) == (np.float32, np.int64)


def test_cifar10_keeps_its_order_and_its_planes(tmp_path, cifar10):
    cifar10.write_archive(tmp_path / "cifar-10-binary.tar.gz")
    X, y = build("cifar10", mirror=tmp_path)
    np.testing.assert_array_equal(y, cifar10.records[:, 0])
    pixels = cifar10.records[:, 1:] / 255
    np.testing.assert_allclose(X, pixels / np.linalg.norm(pixels, axis=1).max(), rtol=1e-6)


@pytest.mark.parametrize("other", [8, 9])
def test_two_digits_have_their_own_norm_and_digit_1_is_labelled_1(tmp_path, mnist, other):
    # The largest image of all is of neither digit: it must not count for the norm.
    mnist.write(tmp_path)
    X, y = build(f"mnist_1v{other}", mirror=tmp_path)
    pixels = {d: mnist.images[mnist.labels == d].reshape(-1, 6) / 255 for d in (1, other)}
    radius = np.linalg.norm(np.concatenate(list(pixels.values())), axis=1).max()
    for label, digit in ((1, 1), (0, other)):
        expected = sorted((pixels[digit] / radius).astype(np.float32).round(5).tolist())
        np.testing.assert_allclose(sorted(X[y == label].round(5).tolist()), expected, atol=2e-5)
    assert largest_norm(X) == pytest.approx(1, abs=1e-6)


def test_unknown_name_lists_the_names():
    with pytest.raises(UserError, match="'moon': there are moons, moons_size, lines, mnist"):
        build("moon")


def test_entries_are_consistent():
    for entry in DATASETS.values():
        assert entry.downloads in (None, *RAW_SETS)
        if entry.image_shape is not None:
            assert np.prod(entry.image_shape) == entry.input_dim
        if entry.grid_shape is not None:
            assert entry.input_dim % np.prod(entry.grid_shape) == 0
    assert DATASETS["cifar10"].class_names[5] == "dog"
    assert DATASETS["mnist_1v8"].class_names == ("8", "1")
