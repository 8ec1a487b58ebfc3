"""Where results come from: versions, commit, machine."""

import json
import os
import platform
from importlib.metadata import version
from pathlib import Path

from memrob import __version__
from memrob.studies.commit import UnknownCommitError, find_commit

PACKAGES = ("numpy", "scipy", "numba", "pandas", "scikit-learn", "matplotlib", "torch", "snakemake")


def provenance(root: Path) -> dict:
    """Version of memrob, commit, package versions and machine.

    Parameters
    ----------
    root : path
        Folder of the repository; where `find_commit` cannot tell the commit it is None.
    """
    return {
        "memrob_version": __version__,
        "git_commit": _commit(root),
        "versions": {
            "python": platform.python_version(),
            **{package: version(package) for package in PACKAGES},
        },
        "machine": f"{_processor()}, {os.cpu_count()} cores, {platform.system()}",
    }


def origin(root: Path, name: str, table: Path | None) -> str:
    """Say in one line where a figure comes from.

    Parameters
    ----------
    root : path
        Folder of the repository.
    name : str
        Of the figure.
    table : path, optional
        What it is drawn from; the record beside it says how that was made.
    """
    texts = [name, f"memrob {__version__}, commit {_commit(root) or 'unknown'}"]
    record = table and table.with_suffix(".json")
    if record and record.exists():
        made = json.loads(record.read_text())
        texts.append(
            f"table {table.name}: scale {made.get('scale')}, "
            f"commit {made.get('git_commit') or 'unknown'}, "
            f"seeds by {made.get('seed')}"
        )
    return "; ".join(texts)


def _commit(root: Path) -> str | None:
    try:
        return find_commit(root)
    except UnknownCommitError:
        return None


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
