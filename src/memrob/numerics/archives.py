"""NPZ files of the user's: read strictly, and nothing pickled."""

import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO

import numpy as np

from memrob.errors import UserError

DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    RuntimeError,
    MemoryError,
    ValueError,
    KeyError,
)
"""What reading a damaged archive raises."""


def read_npz(
    path: Path | str,
    choose: Callable[[list[str]], Iterable[str]],
    expected: str,
    file: BinaryIO | None = None,
) -> dict[str, np.ndarray]:
    """Read arrays of an NPZ file.

    Parameters
    ----------
    path : pathlib.Path or str
    choose : callable
        From the keys in the file to those to read; it raises a UserError if they do not do.
    expected : str
        What the file should be, for messages, such as "an NPZ file with X and y".
    file : binary file, optional
        The open file, if there is one; `path` is then its name in messages.

    Returns
    -------
    dict of str to ndarray

    Raises
    ------
    UserError
        In one line that names the file, if it is absent, truncated, damaged or another file, or
        if what is to be read is no array without pickled objects.
    """
    if file is None:
        require_file(path, expected)
    source = path if file is None else file
    # By content: what is not a ZIP archive NumPy would take for a single array or a pickle.
    if not zipfile.is_zipfile(source):
        raise UserError(f"{path}: expected {expected}, found a truncated or other file")
    try:
        with np.load(source, allow_pickle=False) as archive:
            return {key: _read(path, archive, key) for key in choose(archive.files)}
    except DAMAGED as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise UserError(f"{path}: expected {expected}, found a damaged one ({reason})") from error
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror or error})") from error


def require_file(path: Path, expected: str) -> None:
    """Raise a UserError unless there is a file at `path`."""
    if not path.is_file():
        found = "a folder" if path.is_dir() else "no regular file"
        found = found if path.exists() else "no such file"
        raise UserError(f"{path}: expected {expected}, found {found}")


def _read(path: Path | str, archive: np.lib.npyio.NpzFile, key: str) -> np.ndarray:
    try:
        array = archive[key]
    except ValueError as error:
        # Some of NumPy's messages have several lines.
        reason = str(error).partition("\n")[0]
        found = "pickled objects" if "allow_pickle" in str(error) else f"no array ({reason})"
        raise UserError(f"{path}: {key} must be an array of numbers, found {found}") from error
    if not isinstance(array, np.ndarray):
        raise UserError(f"{path}: {key} must be an array of numbers, found another file")
    return array
