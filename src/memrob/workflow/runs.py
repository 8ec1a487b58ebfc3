"""The start of a run: one at a time in a folder, after what a killed one left is cleared."""

import json
import os
import shutil
import socket
import sys
from pathlib import Path

from filelock import FileLock, Timeout

from memrob.errors import UserError
from memrob.numerics.files import remove_parts, whole_file
from memrob.workflow import notes

LOCK = Path(".snakemake/memrob/lock")
HOLDER = LOCK.with_name("holder.json")
SNAKEMAKE_LOCKS = Path(".snakemake/locks")
MADE = ("results", "figures", "data/prepared")
"""Folders that only runs write to."""

MODES = ("-n", "--dry", "--unlock", "--nolock", "--report", "--lint", "--list", "--summary")
MODES += ("--detailed-summary", "--rulegraph", "--dag", "--filegraph", "--cleanup", "--touch")
"""How options begin with which Snakemake makes nothing, or with which the user takes care."""

_held: list[FileLock] = []


def begin_run(arguments: list[str]) -> None:
    """Make this the only run in the working folder, and clear what a killed one left there.

    The lock is the operating system's: it ends with the process, however that ends. So whoever
    holds it knows that Snakemake's own lock, a file, is of a process that is no more.

    Parameters
    ----------
    arguments : list of str
        The command line; with one of `MODES` nothing is locked and nothing cleared.

    Raises
    ------
    UserError
        If another run is at work in the folder.
    """
    if any(argument.startswith(MODES) for argument in arguments):
        return
    holder = _holder()
    lock = FileLock(LOCK, timeout=0)
    try:
        LOCK.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise UserError(
            f"another run is at work in {Path.cwd()} ({_named(holder)}); "
            "wait until it ends, or end it, and run the same command again"
        ) from None
    except (OSError, NotImplementedError):
        return  # no such locks on this file system: Snakemake's own must do
    _held.append(lock)
    if any(SNAKEMAKE_LOCKS.glob("*.lock")):
        _clear_lock(holder)
    with whole_file(HOLDER) as temporary:
        temporary.write_text(json.dumps({"host": socket.gethostname(), "pid": os.getpid()}))
    notes.clear_notes()
    for folder in MADE:
        remove_parts(folder)
    _drop_verdicts(Path("data/prepared"))


def _clear_lock(holder: dict) -> None:
    # Some network file systems keep locks of this kind to one machine.
    if holder.get("host") != socket.gethostname():
        print(
            f"memrob: a run was left unfinished here ({_named(holder)}); if it is no more, "
            "run `snakemake --unlock` and the same command again",
            file=sys.stderr,
        )
        return
    shutil.rmtree(SNAKEMAKE_LOCKS)
    print(
        f"memrob: the last run here was killed ({_named(holder)}); its lock is cleared, and this "
        "run goes on from what it had finished",
        file=sys.stderr,
    )


def _holder() -> dict:
    """Host and process of the run that holds the lock, or held it last."""
    try:
        content = json.loads(HOLDER.read_text())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _named(holder: dict) -> str:
    return f"process {holder.get('pid', 'unknown')} on {holder.get('host', 'an unknown machine')}"


def _drop_verdicts(folder: Path) -> None:
    """Drop verdicts that do not hold for this run: a missing set is looked for again."""
    for path in folder.glob("*.json"):
        try:
            available = json.loads(path.read_text())["available"]
        except (OSError, ValueError, TypeError, KeyError):
            available = False
        if available is not True:
            path.unlink()
