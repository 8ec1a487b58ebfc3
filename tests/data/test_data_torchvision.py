"""MNIST as torchvision reads it, beside the IDX format read by hand."""

import subprocess
import sys

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from memrob.data.folders import load_folder
from memrob.data.torchvision_mnist import mnist_mirrors, read_mnist_files


def idx(array):
    """Zeros, the type (8: unsigned byte), the number of axes, their lengths, then the bytes."""
    shape = np.array(array.shape, dtype=">u4").tobytes()
    return bytes([0, 0, 8, array.ndim]) + shape + array.tobytes()


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 5), st.integers(1, 4), st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_arrays_come_back_as_they_were_written(n_samples, height, width, seed):
    rng = np.random.default_rng(seed)
    shapes = [(n_samples, height, width), (n_samples,)] * 2
    names = ["train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"]
    arrays = [rng.integers(256, size=shape, dtype=np.uint8) for shape in shapes]
    contents = {f"{n}-ubyte": idx(a) for n, a in zip(names, arrays, strict=True)}
    for found, written in zip(read_mnist_files(contents), arrays, strict=True):
        assert found.dtype == np.uint8
        np.testing.assert_array_equal(found, written)


def test_images_and_labels_are_in_the_published_order(tmp_path, mnist):
    mnist.write(tmp_path)
    raw = load_folder("mnist", tmp_path)
    np.testing.assert_array_equal(raw.pixels, mnist.images.reshape(52, 6))
    np.testing.assert_array_equal(raw.labels, mnist.labels)
    assert raw.n_train == 40


def test_files_that_a_browser_unpacked_under_their_old_names_are_read(tmp_path, mnist):
    for name, content in mnist.files.items():
        (tmp_path / f"{name}.gz").write_bytes(content)
    np.testing.assert_array_equal(load_folder("mnist", tmp_path).labels, mnist.labels)


def test_addresses_are_those_of_torchvision():
    assert "https://ossci-datasets.s3.amazonaws.com/mnist/" in mnist_mirrors()


def test_nothing_but_reading_mnist_starts_torch():
    program = "import sys, memrob.cli, memrob.data; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0
