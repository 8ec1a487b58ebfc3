"""Files that are either whole or absent."""

import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PART = ".part-"
"""How names of unfinished files begin: what is left of them was written by a killed process."""


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

    Raises
    ------
    OSError
        If it cannot be written, or a folder or a device is there: with `path` as its file name,
        not with the temporary one.
    """
    path = Path(path)
    found = no_file_at(path)
    if found is not None:
        raise OSError(errno.EEXIST, f"{found} is there", os.fspath(path))
    name = None
    try:
        _make_folder(path.parent)
        handle, name = tempfile.mkstemp(
            prefix=f"{PART}{path.stem}-", suffix=path.suffix, dir=path.parent
        )
        os.close(handle)
        temporary = Path(name)
        yield temporary
        mask = os.umask(0)
        os.umask(mask)
        temporary.chmod(0o666 & ~mask)
        _to_disk(temporary)
        temporary.replace(path)
    except OSError as error:
        ours = error.filename is None or PART in Path(os.fsdecode(error.filename)).name
        if error.errno is None or not ours:
            raise
        raise OSError(error.errno, error.strerror, os.fspath(path)) from error
    finally:
        if name is not None:
            Path(name).unlink(missing_ok=True)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        within = [folder, *folder.parents]
        file = next((path for path in within if path.exists() and not path.is_dir()), folder)
        raise NotADirectoryError(errno.ENOTDIR, f"{file} is no folder") from None


def no_file_at(path: Path) -> str | None:
    """What is at `path` that a file must not replace, or None.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    {"a folder", "a device or a pipe"} or None
    """
    try:
        mode = path.stat().st_mode
    except OSError:
        return None
    if stat.S_ISDIR(mode):
        return "a folder"
    return None if stat.S_ISREG(mode) else "a device or a pipe"


def _to_disk(path: Path) -> None:
    # Without it, a power cut soon after the move can leave an empty file under the final name.
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def remove_parts(folder: str | os.PathLike) -> None:
    """Remove what killed processes left of unfinished files; none must be at work in the folder.

    Parameters
    ----------
    folder : path-like
        Searched with its subfolders; may be absent.
    """
    for path in Path(folder).glob(f"**/{PART}*"):
        with suppress(OSError):
            path.unlink()


def cache_folder() -> Path:
    """Folder of the user's for downloads and compiled kernels.

    Returns
    -------
    pathlib.Path
        The environment variable MEMROB_CACHE, or else the operating system's cache folder. Where
        the user can write neither HOME nor XDG_CACHE_HOME, a folder for temporary files that
        belongs to the user alone.
    """
    named = os.environ.get("MEMROB_CACHE")
    if named:
        return Path(named).expanduser().absolute()
    # Here, so that what needs no downloads does not wait for it.
    import pooch

    usual = Path(pooch.os_cache("memrob"))
    if _can_be_made(usual):
        return usual
    own = Path(tempfile.gettempdir()) / f"memrob-{_user()}"
    with suppress(OSError):
        own.mkdir(mode=0o700, exist_ok=True)
    return own if _is_private(own) else usual


def _can_be_made(folder: Path) -> bool:
    # A user without an entry in the system's list has no home: a path with a tilde is left.
    if not folder.is_absolute():
        return False
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    return existing.is_dir() and can_be_written(existing)


def can_be_written(folder: Path) -> bool:
    """Whether this process can make files in a folder.

    Parameters
    ----------
    folder : path
    """
    effective = os.access in os.supports_effective_ids
    return os.access(folder, os.W_OK | os.X_OK, effective_ids=effective)


def _is_private(folder: Path) -> bool:
    """Whether a folder is the user's, so that nobody else can put kernels there to be run."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == _user() and not found.st_mode & 0o022


def _user() -> int:
    # Windows has no such number, and a temporary folder for each user.
    return os.getuid() if hasattr(os, "getuid") else 0
