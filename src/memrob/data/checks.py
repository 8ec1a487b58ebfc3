"""What a copy of MNIST or CIFAR-10 must contain to be accepted, wherever it comes from."""

import hashlib
from collections.abc import Iterable

import numpy as np

from memrob.errors import UserError

#: SHA-256 of the four unpacked files of MNIST. Archives are compared by what they contain, because
#: a repacked copy has other bytes and the same data.
MNIST_SHA256 = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}

#: SHA-256 over the sorted records of CIFAR-10's two parts.
CIFAR10_SHA256 = {
    "train": "72083841cd0fa633f09b24c0833cf6d6a1809caff400317117334e0aa6b0ed46",
    "test": "f1bbb931260cda782c84c1948c82d910e2c193cb1d56756293f445027090946b",
}

#: Bytes of a CIFAR-10 record: one label, then 32 x 32 pixels in each of three colour planes.
CIFAR10_RECORD = 1 + 3 * 32 * 32

_SHOWN_DIGITS = 16
_BLOCK_ROWS = 1024


def check_mnist_file(name: str, content: bytes, origin: str) -> None:
    """Reject the content of one unpacked MNIST file unless it is the published one.

    Parameters
    ----------
    name : str
        Which of the four files it should be, a key of `MNIST_SHA256`.
    content : bytes
        The file, unpacked.
    origin : str
        The file it was read from, for the message.

    Raises
    ------
    UserError
        If the SHA-256 differs.
    """
    expected, found = MNIST_SHA256[name], hashlib.sha256(content).hexdigest()
    if found != expected:
        raise UserError(
            f"{origin}: expected MNIST's {name} (SHA-256 {_short(expected)} when unpacked), "
            f"found {len(content):,} bytes with SHA-256 {_short(found)}"
        )


def check_cifar10_records(part: str, records: np.ndarray, origin: str) -> None:
    """Reject the records of one part of CIFAR-10 unless they are the published ones, in any order.

    Parameters
    ----------
    part : {"train", "test"}
        Which part they should be.
    records : ndarray of shape (N, 3073), dtype uint8
        One record a row: the label, then the pixels plane by plane.
    origin : str
        The file or folder they were read from, for the message.

    Raises
    ------
    UserError
        If the SHA-256 over the sorted records differs.
    """
    expected, found = CIFAR10_SHA256[part], sorted_records_sha256(records)
    if found != expected:
        raise UserError(
            f"{origin}: expected CIFAR-10's {part} records (SHA-256 {_short(expected)} over the "
            f"sorted records), found {len(records):,} records with SHA-256 {_short(found)}"
        )


def sorted_records_sha256(records: np.ndarray) -> str:
    """SHA-256 over the rows of a byte matrix in ascending lexicographic order.

    Parameters
    ----------
    records : ndarray of shape (N, n_bytes), dtype uint8

    Returns
    -------
    str
        The digest in hexadecimal, the same for every order of the rows.
    """
    records = np.ascontiguousarray(records)
    # NumPy compares void items as unsigned bytes, first byte first.
    order = np.argsort(records.view(f"V{records.shape[1]}").ravel())
    return _sha256(records[rows] for rows in _blocks(order))


def _blocks(order: np.ndarray) -> Iterable[np.ndarray]:
    return (order[i : i + _BLOCK_ROWS] for i in range(0, len(order), _BLOCK_ROWS))


def _sha256(pieces: Iterable[np.ndarray]) -> str:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(np.ascontiguousarray(piece))
    return digest.hexdigest()


def _short(digest: str) -> str:
    return f"{digest[:_SHOWN_DIGITS]}..."
