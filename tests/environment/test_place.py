"""A home that cannot be written, a clone that cannot, and a run from elsewhere."""

import shutil
import stat
import sys
import tempfile
from pathlib import Path

import pytest

from memrob.numerics import files
from memrob.numerics.files import cache_folder

ROOT = Path(__file__).parents[2]
SNAKEMAKE = [sys.executable, "-m", "snakemake", "--cores", "1"]
NO_HOME = "/dev/null/home"  # not even root can make it


@pytest.fixture
def tmp_path():
    """A folder to which every user finds the way, unlike pytest's own."""
    with tempfile.TemporaryDirectory(prefix="memrob-test-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def workflow(tmp_path):
    """A copy of the workflow; the package is the installed one."""
    folder = tmp_path / "workflow_folder"
    for name in ("workflow", "scripts", "config", "profiles", "data/reference"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "Snakefile", folder)
    return folder


def own_lines(done):
    return [line for line in done.stderr.splitlines() if line.startswith("memrob: error: ")]


def test_a_clone_that_cannot_be_written_is_one_line(workflow, as_reader):
    workflow.chmod(0o555)
    command = ["env", "-C", str(workflow), *SNAKEMAKE, "smoke"]
    done = as_reader(command, HOME=NO_HOME)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    (line,) = own_lines(done)
    assert f"{workflow}: cannot be written" in line


def test_a_folder_of_results_that_cannot_be_written_is_one_line(workflow, as_reader):
    workflow.chmod(0o777)
    (workflow / "results").mkdir(mode=0o555)
    done = as_reader(["env", "-C", str(workflow), *SNAKEMAKE, "smoke"], HOME=NO_HOME)
    assert done.returncode == 2
    (line,) = own_lines(done)
    assert f"{workflow / 'results'}: cannot be written" in line


def test_a_home_that_cannot_be_written_stops_nothing(workflow, as_reader, tmp_path):
    shutil.copytree(workflow, tmp_path / "own", copy_function=shutil.copy)
    for path in (tmp_path / "own", *(tmp_path / "own").rglob("*")):
        path.chmod(0o777)
    target = ["figures/interpolation/lines/boundary.pdf", "--config", "scale=smoke"]
    command = ["env", "-C", str(tmp_path / "own"), *SNAKEMAKE, *target]
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    temporary.chmod(0o777)
    done = as_reader(command, TMPDIR=str(temporary), HOME=NO_HOME)
    assert done.returncode == 0, done.stderr
    assert "PermissionError" not in done.stderr
    assert "Matplotlib created a temporary" not in done.stderr
    assert (tmp_path / "own" / target[0]).stat().st_size


@pytest.mark.parametrize(
    "options", [["--snakefile"], ["--directory"], ["--snakefile", "--directory"]]
)
def test_a_run_from_elsewhere_says_where_to_run(workflow, as_reader, tmp_path, options):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    elsewhere.chmod(0o777)
    given = {"--snakefile": str(workflow / "Snakefile"), "--directory": str(elsewhere)}
    start = elsewhere if "--snakefile" in options else workflow
    arguments = [argument for option in options for argument in (option, given[option])]
    done = as_reader(["env", "-C", str(start), *SNAKEMAKE, *arguments, "smoke"], HOME=NO_HOME)
    assert done.returncode == 2
    (line,) = own_lines(done)
    assert f"run `cd {workflow}` first" in line


def test_cache_of_a_user_without_a_home_is_the_users_alone(tmp_path, monkeypatch):
    monkeypatch.delenv("MEMROB_CACHE", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", NO_HOME)
    monkeypatch.setattr(files.tempfile, "gettempdir", lambda: str(tmp_path))
    folder = cache_folder()
    assert folder.parent == tmp_path
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert cache_folder() == folder

    # One that others can write to is not taken: kernels in it would be run.
    folder.chmod(0o777)
    assert cache_folder() == Path(NO_HOME) / ".cache" / "memrob"
    folder.rmdir()
    folder.symlink_to(tmp_path)
    assert cache_folder() == Path(NO_HOME) / ".cache" / "memrob"


def test_cache_is_where_the_user_says(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", NO_HOME)
    monkeypatch.delenv("MEMROB_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_folder() == tmp_path / "xdg" / "memrob"
    monkeypatch.setenv("MEMROB_CACHE", str(tmp_path / "named"))
    assert cache_folder() == tmp_path / "named"
