import numpy as np
import pytest

from memrob.data.folders import UnavailableError, load_folder
from memrob.errors import UserError


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("place", ["mnist", ".", "MNIST/raw"])
def test_mnist_is_read_from_every_place(tmp_path, mnist, place, packed):
    mnist.write(tmp_path / place, packed)
    raw = load_folder("mnist", tmp_path)
    np.testing.assert_array_equal(raw.pixels, mnist.images.reshape(52, 6))
    np.testing.assert_array_equal(raw.labels, mnist.labels)
    assert (raw.n_train, raw.origin) == (40, str(tmp_path))


@pytest.mark.parametrize("place", ["cifar10", "."])
def test_cifar10_archive_is_read_training_batches_first(tmp_path, cifar10, place):
    cifar10.write_archive(tmp_path / place / "cifar-10-binary.tar.gz")
    raw = load_folder("cifar10", tmp_path)
    np.testing.assert_array_equal(raw.pixels, cifar10.records[:, 1:])
    np.testing.assert_array_equal(raw.labels, cifar10.records[:, 0])
    assert raw.n_train == 20


@pytest.mark.parametrize(
    "place", ["cifar-10-batches-bin", "cifar10/cifar-10-batches-bin", "cifar10", "."]
)
def test_unpacked_cifar10_is_read_from_every_place(tmp_path, cifar10, place):
    cifar10.write_folder(tmp_path / place)
    raw = load_folder("cifar10", tmp_path)
    np.testing.assert_array_equal(raw.pixels, cifar10.records[:, 1:])


def test_any_order_of_the_records_is_accepted(tmp_path, cifar10):
    batches = sorted(name for name in cifar10.files if name.startswith("data"))
    contents = [cifar10.files[name] for name in reversed(batches)]
    cifar10.files.update(zip(batches, contents, strict=True))
    cifar10.write_archive(tmp_path / "cifar-10-binary.tar.gz")
    np.testing.assert_array_equal(
        load_folder("cifar10", tmp_path).labels[:4], cifar10.records[16:20, 0]
    )


@pytest.mark.parametrize("raw_set", ["mnist", "cifar10"])
def test_a_folder_without_the_set_lacks_it(tmp_path, raw_set):
    with pytest.raises(UnavailableError, match="lacks it"):
        load_folder(raw_set, tmp_path)


def test_a_folder_with_a_part_of_the_set_says_what_it_lacks(tmp_path, mnist, cifar10):
    mnist.write(tmp_path)
    (tmp_path / "t10k-images-idx3-ubyte.gz").unlink()
    cifar10.write_folder(tmp_path / "cifar10")
    (tmp_path / "cifar10" / "data_batch_3.bin").unlink()
    with pytest.raises(UnavailableError, match=r"lacks t10k-images-idx3-ubyte\.gz"):
        load_folder("mnist", tmp_path)
    with pytest.raises(UnavailableError, match=r"lacks data_batch_3\.bin"):
        load_folder("cifar10", tmp_path)


def test_truncated_mnist_file_is_rejected_by_name(tmp_path, mnist):
    mnist.write(tmp_path / "mnist")
    path = tmp_path / "mnist" / "train-images-idx3-ubyte.gz"
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(UserError, match=r"train-images-idx3-ubyte\.gz: .*truncated"):
        load_folder("mnist", tmp_path)


def test_unpacked_mnist_file_with_a_flipped_bit_is_rejected_by_name(tmp_path, mnist):
    mnist.write(tmp_path, packed=False)
    path = tmp_path / "t10k-labels-idx1-ubyte"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(UserError, match=f"^{path}: expected MNIST's t10k-labels"):
        load_folder("mnist", tmp_path)


@pytest.mark.parametrize("kept", [0, 100, -2000])
def test_truncated_cifar10_archive_is_rejected_by_name(tmp_path, cifar10, kept):
    path = tmp_path / "cifar-10-binary.tar.gz"
    cifar10.write_archive(path)
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(UserError, match=f"^{path}: expected CIFAR-10's binary version"):
        load_folder("cifar10", tmp_path)


def test_cifar10_archive_that_lacks_a_batch_is_rejected(tmp_path, cifar10):
    cifar10.write_archive(tmp_path / "cifar-10-binary.tar.gz", without=["data_batch_4.bin"])
    with pytest.raises(UserError, match=r"found no data_batch_4\.bin in it"):
        load_folder("cifar10", tmp_path)


def test_cifar10_batch_of_broken_records_is_rejected(tmp_path, cifar10):
    cifar10.files["data_batch_2.bin"] += b"x"
    cifar10.write_folder(tmp_path)
    with pytest.raises(UserError, match=r"records of 3,073 bytes in data_batch_2\.bin, found"):
        load_folder("cifar10", tmp_path)


def test_cifar10_with_other_test_records_is_rejected(tmp_path, cifar10):
    content = bytearray(cifar10.files["test_batch.bin"])
    content[5] ^= 1
    cifar10.files["test_batch.bin"] = bytes(content)
    cifar10.write_archive(tmp_path / "cifar-10-binary.tar.gz")
    with pytest.raises(UserError, match="expected CIFAR-10's test records"):
        load_folder("cifar10", tmp_path)
