"""Copies of the repository in which the workflow can run."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARTS = ("Snakefile", "workflow", "scripts", "config", "profiles", "data/reference")


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: runs Snakemake, some seconds each")


class Repository:
    """A copy of what the workflow consists of; the package is the installed one."""

    def __init__(self, folder):
        self.folder = folder
        for part in PARTS:
            source, target = ROOT / part, folder / part
            if source.is_dir():
                shutil.copytree(source, target)
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, target)

    def command(self, *arguments):
        return [sys.executable, "-m", "snakemake", *arguments]

    def environment(self, **changes):
        kept = {k: v for k, v in os.environ.items() if not k.startswith("MEMROB_")}
        if "MEMROB_CACHE" in os.environ:  # compiled kernels lie there
            kept["MEMROB_CACHE"] = os.environ["MEMROB_CACHE"]
        bin_folder = str(Path(sys.executable).parent)
        return kept | {"PATH": bin_folder + os.pathsep + kept["PATH"]} | changes

    def snakemake(self, *arguments, **environment):
        return subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            env=self.environment(**environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
        )

    def files(self):
        """Every file but Snakemake's own."""
        paths = (path.relative_to(self.folder) for path in self.folder.glob("**/*"))
        return {path for path in paths if path.parts[0] != ".snakemake"}


@pytest.fixture
def repository(tmp_path):
    return Repository(tmp_path / "repository")
