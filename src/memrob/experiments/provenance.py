"""Where results come from: versions, commit, machine."""

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

from memrob import __version__

PACKAGES = ("numpy", "scipy", "numba", "pandas", "scikit-learn", "matplotlib", "snakemake")


def provenance(root: Path) -> dict:
    """Version of memrob, commit, package versions and machine.

    Parameters
    ----------
    root : path
        Folder of the repository; outside one the commit is None.
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


def _commit(root: Path) -> str | None:
    try:
        answer = subprocess.run(
            ["git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"],
            cwd=root,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return answer.stdout.strip()


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
