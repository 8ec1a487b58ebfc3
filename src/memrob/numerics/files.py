"""Files that are either whole or absent."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pooch


@contextmanager
def whole_file(path: str | os.PathLike) -> Iterator[Path]:
    """Yield a temporary path beside `path` that is moved onto it when the block succeeds.

    Parameters
    ----------
    path : path-like
        Where the finished file is to lie. Its folder is created.

    Yields
    ------
    pathlib.Path
        A path in the same folder with the same suffix, to be written in the block. When the
        block raises, it is removed and `path` stays as it was.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=path.suffix, dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        mask = os.umask(0)
        os.umask(mask)
        temporary.chmod(0o666 & ~mask)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def cache_folder() -> Path:
    """Folder of the user's for downloads and compiled kernels.

    Returns
    -------
    pathlib.Path
        The environment variable MEMROB_CACHE, or else the operating system's cache folder.
    """
    named = os.environ.get("MEMROB_CACHE")
    return Path(named).expanduser().absolute() if named else Path(pooch.os_cache("memrob"))
