"""The raw image sets: reading their published file formats into bytes, each content-checked."""

import gzip
import tarfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np

from memrob.data.checks import (
    CIFAR10_RECORD,
    MNIST_SHA256,
    check_cifar10_records,
    check_mnist_file,
)
from memrob.data.torchvision_mnist import read_mnist_files
from memrob.errors import UserError

#: The raw sets that data sets of the catalogue are made from.
RAW_SETS = ("mnist", "cifar10")

#: The four files of MNIST, unpacked.
MNIST_FILES = tuple(MNIST_SHA256)

#: The files of CIFAR-10's binary version, in the order in which their records are taken.
CIFAR10_TRAIN_FILES = tuple(f"data_batch_{i}.bin" for i in range(1, 6))
CIFAR10_TEST_FILE = "test_batch.bin"
CIFAR10_FILES = (*CIFAR10_TRAIN_FILES, CIFAR10_TEST_FILE)

_GZIP = b"\x1f\x8b"
_DAMAGED = (EOFError, zlib.error, gzip.BadGzipFile, tarfile.TarError)


class RawImages(NamedTuple):
    """An image set as published, training images first.

    Attributes
    ----------
    pixels : ndarray of shape (N, d), dtype uint8
        One image per row; colour images plane by plane.
    labels : ndarray of shape (N,), dtype uint8
    n_train : int
        The first `n_train` images are the training set, the others the test set.
    origin : str
        The folder or the file that it was read from.
    """

    pixels: np.ndarray
    labels: np.ndarray
    n_train: int
    origin: str


def read_mnist(files: Mapping[str, Path], origin: str) -> RawImages:
    """Read MNIST from its four files.

    Parameters
    ----------
    files : mapping of str to path
        Each name of `MNIST_FILES` to where it lies, unpacked or with the suffix ``.gz``.
    origin : str
        The folder they came from.

    Returns
    -------
    RawImages
        60,000 training and 10,000 test images of 784 pixels.

    Raises
    ------
    UserError
        If a file is damaged or has another content; it names that file.
    """
    contents = {name: _read_mnist_file(name, files[name]) for name in MNIST_FILES}
    try:
        train, train_labels, test, test_labels = read_mnist_files(contents)
    except OSError as error:
        raise UserError(
            f"MNIST cannot be unpacked in the folder for temporary files ({error.strerror}); "
            "name another in the environment variable TMPDIR"
        ) from error
    pixels = np.concatenate([train.reshape(len(train), -1), test.reshape(len(test), -1)])
    return RawImages(pixels, np.concatenate([train_labels, test_labels]), len(train), origin)


def _read_mnist_file(name: str, path: Path) -> bytes:
    try:
        content = path.read_bytes()
        # Not by its suffix: some browsers unpack what they save, and keep the name.
        if content.startswith(_GZIP):
            content = gzip.decompress(content)
    except _DAMAGED as error:
        raise UserError(f"{path}: expected MNIST's {name}, packed; {_damage(error)}") from error
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror})") from error
    check_mnist_file(name, content, str(path))
    return content


def read_cifar10(path: Path) -> RawImages:
    """Read CIFAR-10's binary version from its archive, without unpacking it, or from its folder.

    Parameters
    ----------
    path : path
        ``cifar-10-binary.tar.gz`` or an unpacked ``cifar-10-batches-bin``.

    Returns
    -------
    RawImages
        50,000 training images (batches 1 to 5) and 10,000 test images of 3,072 pixels.

    Raises
    ------
    UserError
        If the archive is damaged, lacks a file or has another content; it names the archive.
    """
    try:
        contents = _read_folder(path) if path.is_dir() else _read_archive(path)
    except _DAMAGED as error:
        raise UserError(f"{path}: expected CIFAR-10's binary version; {_damage(error)}") from error
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror})") from error
    missing = [name for name in CIFAR10_FILES if name not in contents]
    if missing:
        raise UserError(f"{path}: expected CIFAR-10's binary version, found no {missing[0]} in it")
    for name, content in contents.items():
        if len(content) % CIFAR10_RECORD:
            raise UserError(
                f"{path}: expected whole records of {CIFAR10_RECORD:,} bytes in {name}, "
                f"found {len(content):,} bytes"
            )
    records = np.frombuffer(b"".join(contents[name] for name in CIFAR10_FILES), dtype=np.uint8)
    records = records.reshape(-1, CIFAR10_RECORD)
    n_train = len(records) - len(contents[CIFAR10_TEST_FILE]) // CIFAR10_RECORD
    check_cifar10_records("train", records[:n_train], str(path))
    check_cifar10_records("test", records[n_train:], str(path))
    return RawImages(records[:, 1:], records[:, 0], n_train, str(path))


def _read_folder(path: Path) -> dict[str, bytes]:
    found = (path / name for name in CIFAR10_FILES)
    return {file.name: file.read_bytes() for file in found if file.is_file()}


def _read_archive(path: Path) -> dict[str, bytes]:
    contents = {}
    with path.open("rb") as file:
        mode = "r:gz" if file.read(len(_GZIP)) == _GZIP else "r:"
    with tarfile.open(path, mode) as archive:
        for member in archive:
            name = member.name.rsplit("/", 1)[-1]
            if member.isfile() and name in CIFAR10_FILES:
                contents[name] = archive.extractfile(member).read()
            if len(contents) == len(CIFAR10_FILES):
                break
    return contents


def _damage(error: Exception) -> str:
    return f"found a truncated or damaged file ({error})"
