"""The end of a run: what was made, what it says, and what is missing."""

import sys
import time
from collections.abc import Collection
from pathlib import Path

import pandas as pd

from memrob.workflow import notes, supply

STARTED = time.time()
_NAMED = 3


def end_run(
    root: Path, scale: str, missing: dict[str, str], strict: bool, known: Collection[str]
) -> None:
    """Print the summary of a run that succeeded, and what is missing.

    Parameters
    ----------
    root : path
        Folder of the repository.
    scale : str
        Scale of the run.
    missing : dict
        Raw sets that no source delivered, with the reason.
    strict : bool
        Whether that is a failure: then the process exits with status 1.
    known : collection of str
        Paths of all files that this configuration and scale make. Others are left from an earlier
        run of more experiments, perhaps by other code.
    """
    for line in _summary(root, scale, set(known)):
        print(line, file=sys.stderr)
    end_idle_run(missing, strict)


def end_idle_run(missing: dict[str, str], strict: bool) -> None:
    """End a run that had nothing to make, or nothing more: print what is missing.

    Parameters
    ----------
    missing, strict
        As for `end_run`.
    """
    _tell_missing(missing)
    notes.clear_notes()
    if missing and strict:
        print("memrob: error: strict: true, and a data set is missing", file=sys.stderr)
        sys.exit(1)


def _tell_missing(missing: dict[str, str]) -> None:
    for reason in missing.values():
        print(f"memrob: missing: {reason}", file=sys.stderr)
    supply.forget()


def _summary(root: Path, scale: str, known: set[str]) -> list[str]:
    figures, old_figures = _split(root, "figures/**/*.pdf", known)
    tables, old_tables = _split(root, "results/*/*.csv", known)
    minutes, seconds = divmod(round(time.time() - STARTED), 60)
    lines = [
        "",
        f"memrob: scale {scale}, done after {minutes} min {seconds} s; {len(figures)} figures and "
        f"{len(tables)} tables, of which this run made {_made(figures)} and {_made(tables)}",
    ]
    if old_figures or old_tables:
        lines.append(
            f"memrob: {len(old_figures)} figures and {len(old_tables)} tables in figures/ and "
            "results/ are of an earlier run with other experiments, and may be of other code"
        )
    replay = root / "results" / "replay_summary.csv"
    if replay.exists():
        for row in pd.read_csv(replay).itertuples():
            lines.append(
                f"memrob: replay of {row.experiment}: {row.exact} of {row.rows} published trials"
                " come out exactly"
            )
    fidelity = root / "results" / "fidelity.csv"
    if fidelity.exists() and len(cells := pd.read_csv(fidelity)):
        certain = (cells["standard_error"] == 0) & (cells["z"] == 0)
        share = (cells.loc[~certain, "z"].abs() <= 3).mean() if (~certain).any() else 1.0
        counts = cells["verdict"].value_counts()
        lines.append(
            f"memrob: {len(cells)} published values compared: {certain.sum()} agree exactly, "
            f"{100 * share:.1f} % of the others within |z| <= 3; "
            + ", ".join(f"{verdict}: {count}" for verdict, count in counts.items())
        )
    claims = root / "results" / "claims.csv"
    if claims.exists():
        holds = pd.read_csv(claims)["holds"].astype("boolean")
        lines.append(
            f"memrob: {len(holds)} claims about figures: {int(holds.sum())} hold, "
            f"{int((~holds).sum())} do not, {int(holds.isna().sum())} are not decided by this run"
        )
    if (root / "figures" / "index.html").exists():
        lines.append("memrob: gallery: figures/index.html")
    return lines


def _split(root: Path, pattern: str, known: set[str]) -> tuple[list[Path], list[Path]]:
    """Files that are known, and the others."""
    paths = list(root.glob(pattern))
    ours = [path for path in paths if path.relative_to(root).as_posix() in known]
    return ours, [path for path in paths if path not in ours]


def _made(paths: list[Path]) -> int:
    return sum(path.stat().st_mtime >= STARTED for path in paths)


def end_failed_run(missing: dict[str, str]) -> None:
    """End a run in which jobs failed: repeat the user's mistakes, with status 2 if there are any.

    Everything that was finished stays; the same command goes on from there.

    Parameters
    ----------
    missing : dict
        Raw sets that no source delivered, with the reason.
    """
    _tell_missing(missing)
    found = notes.read_notes()
    notes.clear_notes()
    logs = {state: [n.log for n in found if n.state == state] for state in notes.STATES}
    if killed := logs[notes.AT_WORK]:
        print(
            f"memrob: error: {_listed(killed)}: killed from outside, as the system does when memory"
            " runs out; fewer --cores need less memory",
            file=sys.stderr,
        )
    mistakes = dict.fromkeys(note.message for note in found if note.state == notes.MISTAKE)
    for mistake in mistakes:
        print(f"memrob: error: {mistake}", file=sys.stderr)
    if mistakes:
        sys.exit(2)
    if logs[notes.FAILED] or killed:
        what = "some jobs failed, see the logs named above"
    elif found:
        what = "the run was stopped"
    else:
        what = "some jobs failed or the run was stopped"
    print(
        f"memrob: {what}; what was finished is kept, and the same command goes on from there",
        file=sys.stderr,
    )


def _listed(logs: list[str]) -> str:
    more = f" and {len(logs) - _NAMED} more" if len(logs) > _NAMED else ""
    return f"the jobs of {', '.join(logs[:_NAMED])}{more}" if logs[1:] else f"the job of {logs[0]}"
