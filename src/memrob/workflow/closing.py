"""The end of a run: what was made, what it says, and what is missing."""

import json
import sys
import time
from pathlib import Path

import pandas as pd

from memrob.data.sources import availability
from memrob.errors import UserError
from memrob.numerics.files import whole_file
from memrob.workflow import notes

STARTED = time.time()
_NAMED = 3


def write_verdict(raw_set: str, verdict: Path, mirror: str | None = None) -> None:
    """Try to obtain a raw set and write whether it can be had, and if not, why.

    Parameters
    ----------
    raw_set : str
        "mnist" or "cifar10".
    verdict : path
        JSON to write, with `available` and `reason`.
    mirror : str, optional
        Folder of the user's with copies.
    """
    available, reason = availability(raw_set, mirror)
    with whole_file(verdict) as temporary:
        temporary.write_text(json.dumps({"available": available, "reason": reason}) + "\n")


def read_verdict(path: str | Path) -> dict:
    """What `write_verdict` wrote; nothing is missing that was not asked for.

    Raises
    ------
    UserError
        If the file holds something else.
    """
    path = Path(path)
    if not path.exists():
        return {"available": True, "reason": ""}
    try:
        verdict = json.loads(path.read_text())
        return {"available": bool(verdict["available"]), "reason": str(verdict["reason"])}
    except (ValueError, TypeError, KeyError):
        raise UserError(f"{path}: is damaged; delete it and run the same command again") from None


def end_run(root: Path, scale: str, missing: dict[str, str], strict: bool) -> None:
    """Print the summary of a run that succeeded, and forget what was missing.

    A missing set is looked for again by the next run, so its verdict does not stay.

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
    """
    for line in _summary(root, scale):
        print(line, file=sys.stderr)
    for raw_set, reason in missing.items():
        print(f"memrob: missing: {reason}", file=sys.stderr)
        (root / "data" / "prepared" / f"{raw_set}.json").unlink(missing_ok=True)
    notes.clear_notes()
    if missing and strict:
        print("memrob: error: strict: true, and a data set is missing", file=sys.stderr)
        sys.exit(1)


def _summary(root: Path, scale: str) -> list[str]:
    figures = list((root / "figures").glob("**/*.pdf"))
    tables = list((root / "results").glob("*/*.csv"))
    minutes, seconds = divmod(round(time.time() - STARTED), 60)
    lines = [
        "",
        f"memrob: scale {scale}, done after {minutes} min {seconds} s; {len(figures)} figures and "
        f"{len(tables)} tables, of which this run made {_made(figures)} and {_made(tables)}",
    ]
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


def _made(paths: list[Path]) -> int:
    return sum(path.stat().st_mtime >= STARTED for path in paths)


def end_failed_run() -> None:
    """End a run in which jobs failed: repeat the user's mistakes, with status 2 if there are any.

    Everything that was finished stays; the same command goes on from there.
    """
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
