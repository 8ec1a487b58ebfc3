"""Files of the user's, opened as they come: regular, compressed with gzip, or a pipe."""

import gzip
import os
import shutil
import stat
import sys
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from memrob.errors import UserError

STANDARD_INPUT = "-"
_GZIP = b"\x1f\x8b"


@contextmanager
def opened(path: str | os.PathLike, expected: str) -> Iterator[tuple[str, BinaryIO]]:
    """Open a file for reading, such that one can go back to its beginning.

    Parameters
    ----------
    path : path
        A file, a pipe, or ``-`` for standard input. What is compressed with gzip is unpacked.
    expected : str
        What the file should be, for messages.

    Yields
    ------
    name : str
        For messages.
    file : binary file
        At its beginning.

    Raises
    ------
    UserError
        If there is no file, or it cannot be read.
    """
    name = "standard input" if os.fspath(path) == STANDARD_INPUT else os.fspath(path)
    with ExitStack() as stack:
        try:
            file = stack.enter_context(_reader(path, name, expected))
            if not file.seekable():
                file = stack.enter_context(_copied(file))
            if file.read(len(_GZIP)) == _GZIP:
                file.seek(0)
                file = stack.enter_context(_copied(gzip.GzipFile(fileobj=file)))
            file.seek(0)
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise UserError(
                f"{name}: is compressed with gzip and damaged or truncated ({error})"
            ) from error
        except OSError as error:
            raise UserError(f"{name}: cannot be read ({error.strerror or error})") from error
        yield name, file


def _reader(path: str | os.PathLike, name: str, expected: str) -> BinaryIO:
    if os.fspath(path) == STANDARD_INPUT:
        if sys.stdin is None:
            raise UserError(f"{name}: expected {expected}, found it closed")
        return open(os.dup(sys.stdin.fileno()), "rb")  # noqa: PTH123
    path = Path(path)
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError) as error:
        raise UserError(f"{name}: expected {expected}, found no such file") from error
    if stat.S_ISDIR(mode):
        raise UserError(f"{name}: expected {expected}, found a folder")
    file = path.open("rb")
    if stat.S_ISCHR(mode) and not file.isatty():
        file.close()
        raise UserError(f"{name}: expected {expected}, found a device")
    return file


def _copied(file: BinaryIO) -> BinaryIO:
    copy = tempfile.TemporaryFile()  # noqa: SIM115
    shutil.copyfileobj(file, copy, 1 << 20)
    copy.seek(0)
    return copy
