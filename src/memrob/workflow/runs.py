"""The start of a run: one at a time in a folder, after what a killed one left is cleared."""

import json
import os
import socket
import sys
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import NoReturn

from filelock import FileLock, Timeout

from memrob.errors import UserError
from memrob.numerics.files import remove_parts, whole_file
from memrob.workflow import notes

LOCK = Path(".snakemake/memrob/lock")
HOLDER = LOCK.with_name("holder.json")
SNAKEMAKE_LOCKS = Path(".snakemake/locks")
MADE = ("results", "figures", "data/prepared")
"""Folders that only runs write to."""

_held: list[FileLock] = []


def refuse(error: UserError) -> NoReturn:
    """End the process because of a mistake of the user's: one line, and status 2."""
    print(f"memrob: error: {error}", file=sys.stderr)
    sys.exit(2)


def refuse_name(name: str, source: str) -> NoReturn:
    """End the process because an experiment has the name of a rule or a study."""
    refuse(UserError(f"{source}: {name} is the name of a rule or a study; name the file otherwise"))


def refuse_target(target: str, known: Iterable[str]) -> NoReturn:
    """End the process because of a target that nothing makes.

    Parameters
    ----------
    target : str
        What was asked for.
    known : iterable of str
        What can be asked for.
    """
    near = get_close_matches(target, list(known), n=1)
    advice = f"did you mean {near[0]}?" if near else "`snakemake --list-target-rules` lists targets"
    refuse(UserError(f"{target}: is no target of this configuration and scale; {advice}"))


def begin_run() -> None:
    """Make this the only run in the working folder, and clear what a killed one left there.

    The lock is the operating system's: it ends with the process, however that ends. So whoever
    holds it knows that Snakemake's own lock, a file, is of a process that is no more.

    Raises
    ------
    UserError
        If another run is at work in the folder.
    """
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


def remove_outdated(outputs: Iterable[str]) -> None:
    """Remove tables and figures that a run is about to make anew.

    Else those of old code would stay if a job before them failed. The trials of chunks stay until
    their own job starts: they took long, and are up to date again if a change is taken back.

    Parameters
    ----------
    outputs : iterable of str
        Paths of all files that the run will make.
    """
    for path in map(Path, outputs):
        if path.parts[0] in ("results", "figures") and "chunks" not in path.parts:
            path.unlink(missing_ok=True)


def _clear_lock(holder: dict) -> None:
    # Some network file systems keep locks of this kind to one machine.
    if holder.get("host") != socket.gethostname():
        print(
            f"memrob: a run was left unfinished here ({_named(holder)}); if it is no more, "
            "run `snakemake --unlock` and the same command again",
            file=sys.stderr,
        )
        return
    for path in SNAKEMAKE_LOCKS.glob("*.lock"):
        path.unlink(missing_ok=True)
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
