"""A user who cannot write everywhere, and clones of a small repository."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

# Another user, who may read what root can: the interpreter may lie in root's home.
READER = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
READER += ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]


@pytest.fixture
def as_reader():
    """Function that runs a command as a user to whom folders without write bits are closed."""
    prefix = []
    if os.getuid() == 0:
        if shutil.which("setpriv") is None or subprocess.run([*READER, "true"]).returncode:
            pytest.skip("root writes everywhere, and cannot become another user here")
        prefix = READER

    def run(command, **environment):
        # What this process has set for itself is not that user's.
        own = ("MEMROB_", "XDG_", "MPLCONFIGDIR")
        kept = {key: value for key, value in os.environ.items() if not key.startswith(own)}
        bin_folder = str(Path(sys.executable).parent)
        kept["PATH"] = bin_folder + os.pathsep + kept["PATH"]
        return subprocess.run(
            [*prefix, *command],
            env=kept | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=600,
        )

    return run


@pytest.fixture
def git(tmp_path, monkeypatch):
    """Function that runs git in a folder as somebody, and the settings of nobody else."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)

    def run(folder, *arguments):
        folder.mkdir(parents=True, exist_ok=True)
        author = ["-c", "user.name=A", "-c", "user.email=a@localhost", "-c", "safe.directory=*"]
        command = ["git", *author, *arguments]
        return subprocess.run(
            command, cwd=folder, check=True, capture_output=True, text=True
        ).stdout.strip()

    return run


@pytest.fixture
def clone(git, tmp_path):
    """A repository with the file that tells this project's, and its commit."""
    folder = tmp_path / "clone"
    git(folder, "init", "-q")
    (folder / "Snakefile").write_text("rule all:\n")
    git(folder, "add", "Snakefile")
    git(folder, "commit", "-qm", "first")
    return folder, git(folder, "rev-parse", "HEAD")
