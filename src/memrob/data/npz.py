"""Data sets in NPZ files: written whole, and read strictly, since users bring their own."""

import os
from functools import partial
from pathlib import Path
from typing import BinaryIO

import numpy as np

from memrob.data.dataset import Dataset, rounded_integer, single
from memrob.data.opened import opened
from memrob.errors import UserError
from memrob.numerics.archives import read_npz, require_file
from memrob.numerics.files import whole_file

_EXPECTED = "an NPZ file with X and y"


def save_npz(path: str | os.PathLike, dataset: Dataset) -> None:
    """Write a data set as an uncompressed NPZ file with the arrays ``X`` and ``y``.

    Parameters
    ----------
    path : path
        Its folder is created. The file is replaced only once the new one is whole.
    dataset : Dataset

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    try:
        # Through an open file, since np.savez appends ".npz" to a name that lacks it.
        with whole_file(path) as part, part.open("wb") as file:
            np.savez(file, X=dataset.X, y=dataset.y)
    except OSError as error:
        raise UserError(f"{path}: cannot be written ({error.strerror or error})") from error


def load_npz(path: str | os.PathLike) -> Dataset:
    """Read labelled points from an NPZ file and check that they can be worked with.

    Parameters
    ----------
    path : path
        Holds ``X`` (N, d), finite numbers, and ``y`` (N,), whole numbers of at least two values.
        Anything pickled in it is refused.

    Returns
    -------
    Dataset
        ``X`` as float32 and ``y`` as int64.

    Raises
    ------
    UserError
        In one line that names the file, says what was found and what would be right.
    """
    require_file(Path(path), _EXPECTED)
    with opened(path, _EXPECTED) as (name, file):
        X, y = read_arrays(name, file)
    points = single(X)
    finite = np.isfinite(points).all(axis=1)
    if not finite.all():
        row = int(np.argmin(finite))
        raise UserError(
            f"{name}: X must be finite, row {row} (counted from 0) exceeds single precision"
        )
    return Dataset(points, y)


def read_arrays(name: str, file: BinaryIO) -> tuple[np.ndarray, np.ndarray]:
    """Read labelled points from an open NPZ file, as `load_npz` does.

    Parameters
    ----------
    name : str
        Of the file, for messages.
    file : binary file

    Returns
    -------
    X : (N, d) array
        In the precision of the file.
    y : (N,) int64
    """
    arrays = read_npz(name, partial(_keys, name), _EXPECTED, file)
    X, y = _points(name, arrays["X"]), _labels(name, arrays["y"])
    if len(X) != len(y):
        raise UserError(f"{name}: X has {len(X):,} rows and y {len(y):,} labels, must be as many")
    if len(X) == 0:
        raise UserError(f"{name}: holds no points, must hold at least two")
    if (y == y[0]).all():
        raise UserError(f"{name}: all labels in y are {y[0]}, must be of at least two classes")
    return X, y


def load_prepared(path: str | os.PathLike) -> Dataset:
    """Read a data set that the workflow has built; see `load_npz`.

    Raises
    ------
    UserError
        As `load_npz` does, with what helps here: to have it built anew.
    """
    try:
        return load_npz(path)
    except UserError as error:
        raise UserError(f"{error}; delete it and run the same command again") from error


def _keys(name: str, keys: list[str]) -> tuple[str, str]:
    if not {"X", "y"} <= set(keys):
        found = ", ".join(sorted(keys)) or "nothing"
        raise UserError(f"{name}: expected arrays X and y, found {found}")
    return "X", "y"


def _points(name: str, X: np.ndarray) -> np.ndarray:
    if X.dtype.kind not in "biuf":
        raise UserError(f"{name}: X must hold real numbers, found dtype {X.dtype}")
    if X.ndim != 2 or X.shape[1] == 0:
        raise UserError(f"{name}: X must have shape (N, d) with d >= 1, found {X.shape}")
    rounded = rounded_integer(X) if X.dtype.kind in "iu" else None
    if rounded is not None:
        row = rounded // X.shape[1]
        raise UserError(
            f"{name}: X holds the integer {X.flat[rounded]} in row {row} (counted from 0), which "
            "double precision rounds, as it is beyond 2^53"
        )
    finite = np.isfinite(X).all(axis=1)
    if not finite.all():
        row = int(np.argmin(finite))
        raise UserError(f"{name}: X must be finite, row {row} (counted from 0) is not finite")
    return X


def _labels(name: str, y: np.ndarray) -> np.ndarray:
    if y.dtype.kind not in "biuf":
        raise UserError(f"{name}: y must hold whole numbers, found dtype {y.dtype}")
    if y.ndim != 1:
        raise UserError(f"{name}: y must have shape (N,), found {y.shape}")
    whole = np.ones(len(y), dtype=bool)
    if y.dtype.kind == "f":
        # Up to 2^53 a double still tells whole numbers apart.
        whole = (np.abs(y) <= 2.0**53) & (y == np.floor(y))
    elif y.dtype.kind == "u":
        whole = y <= np.iinfo(np.int64).max
    if not whole.all():
        row = int(np.argmin(whole))
        raise UserError(
            f"{name}: y must hold whole numbers, found {y[row]} in row {row} (counted from 0)"
        )
    return y.astype(np.int64)
