"""Notes that jobs leave for the end of their run: at work, failed, stopped, or a user's mistake."""

from dataclasses import dataclass
from pathlib import Path

from memrob.numerics.files import whole_file

FOLDER = Path(".snakemake/memrob/jobs")
"""A file per job that has not succeeded; its name is made of the path of the job's log."""

STATES = AT_WORK, FAILED, STOPPED, MISTAKE = "at work", "failed", "stopped", "mistake"


@dataclass(frozen=True)
class Note:
    """How it stands with a job.

    Attributes
    ----------
    log : str
        Path of the job's log.
    state : str
        `AT_WORK`, which at the end of a run means killed; `FAILED`; `STOPPED` by a signal;
        `MISTAKE` of the user's.
    message : str
        The user's mistake, in one line.
    """

    log: str
    state: str
    message: str = ""


def write_note(note: Note) -> None:
    """Write the note of a job in place of its earlier one."""
    with whole_file(_path(note.log)) as temporary:
        temporary.write_text(f"{note.log}\n{note.state}\n{note.message}\n", encoding="utf-8")


def remove_note(log: str) -> None:
    """Remove the note of a job that succeeded."""
    _path(log).unlink(missing_ok=True)


def read_notes() -> list[Note]:
    """Notes of all jobs that have not succeeded, the oldest first."""
    found = []
    for path in FOLDER.glob("*.note"):
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
            found.append((path.stat().st_mtime_ns, Note(*lines[:3])))
        except (OSError, TypeError):
            continue  # of a job that ended just now
    return [note for _, note in sorted(found, key=lambda item: item[0])]


def clear_notes() -> None:
    """Remove all notes."""
    for path in FOLDER.glob("*"):
        path.unlink(missing_ok=True)


def _path(log: str) -> Path:
    return FOLDER / (log.replace("/", "+") + ".note")
