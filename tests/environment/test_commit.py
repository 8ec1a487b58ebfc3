"""The commit that records name: this project's own, or none."""

import os
import shutil

import pytest

from memrob.studies.commit import POINTERS, UnknownCommitError, find_commit
from memrob.studies.provenance import origin, provenance
from memrob.workflow.place import tell_unknown_commit


def test_commit_of_a_clone_and_of_its_changes(clone):
    folder, commit = clone
    assert find_commit(folder) == commit
    assert provenance(folder)["git_commit"] == commit
    (folder / "untracked").touch()
    assert find_commit(folder) == commit
    (folder / "Snakefile").write_text("rule other:\n")
    assert find_commit(folder) == f"{commit}-dirty"


def test_a_tag_takes_no_place_of_the_commit(clone, git):
    folder, commit = clone
    git(folder, "tag", "-a", "v1", "-m", "v1")
    assert find_commit(folder) == commit


def test_a_worktree_and_a_path_through_a_link(clone, git, tmp_path):
    folder, commit = clone
    git(folder, "worktree", "add", "-q", str(tmp_path / "tree"))
    assert find_commit(tmp_path / "tree") == commit
    (tmp_path / "link").symlink_to(folder)
    assert find_commit(tmp_path / "link") == commit


def outer(git, tmp_path):
    folder = tmp_path / "outer"
    git(folder, "init", "-q")
    git(folder, "commit", "-q", "--allow-empty", "-m", "another project")
    return folder


def test_an_archive_within_another_repository_has_no_commit(clone, git, tmp_path, capsys):
    inner = outer(git, tmp_path) / "inner"
    shutil.copytree(clone[0], inner, ignore=shutil.ignore_patterns(".git"))
    with pytest.raises(UnknownCommitError, match="a copy without its repository"):
        find_commit(inner)
    assert provenance(inner)["git_commit"] is None
    assert "commit unknown" in origin(inner, "boundary", None)
    tell_unknown_commit(inner)
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("memrob: records and figures name no commit: ")


def test_an_archive_unpacked_over_another_repository_has_no_commit(clone, git, tmp_path):
    folder = outer(git, tmp_path)
    shutil.copy(clone[0] / "Snakefile", folder)
    with pytest.raises(UnknownCommitError, match="of another project"):
        find_commit(folder)


@pytest.mark.parametrize("git_file", ["", "gitdir: /nonexistent\n", "nothing"])
def test_a_broken_repository_within_another_has_no_commit(clone, git, tmp_path, git_file):
    inner = outer(git, tmp_path) / "inner"
    inner.mkdir()
    shutil.copy(clone[0] / "Snakefile", inner)
    (inner / ".git").write_text(git_file)
    with pytest.raises(UnknownCommitError):
        find_commit(inner)
    (inner / ".git").unlink()
    (inner / ".git").mkdir()
    with pytest.raises(UnknownCommitError, match="the repository here is that of"):
        find_commit(inner)


def test_a_repository_without_commits_has_none(clone, git, tmp_path):
    folder = tmp_path / "new"
    git(folder, "init", "-q")
    shutil.copy(clone[0] / "Snakefile", folder)
    git(folder, "add", "Snakefile")
    with pytest.raises(UnknownCommitError, match=r"^git: "):
        find_commit(folder)


@pytest.mark.parametrize("pointer", [*POINTERS, "all"])
def test_what_points_git_elsewhere_is_passed_over(clone, git, tmp_path, monkeypatch, pointer):
    folder, commit = clone
    other = outer(git, tmp_path)
    places = {"GIT_DIR": other / ".git", "GIT_COMMON_DIR": other / ".git", "GIT_WORK_TREE": other}
    for name in POINTERS if pointer == "all" else [pointer]:
        monkeypatch.setenv(name, str(places.get(name, other / "index")))
    assert find_commit(folder) == commit
    bare = tmp_path / "copy"
    shutil.copytree(folder, bare, ignore=shutil.ignore_patterns(".git"))
    with pytest.raises(UnknownCommitError):
        find_commit(bare)


@pytest.mark.skipif(os.getuid() != 0, reason="only root gives a folder to another user")
def test_a_clone_of_another_user_is_told_of(clone):
    folder, _ = clone
    for path in (folder, folder / ".git"):
        os.chown(path, 65534, 65534)
    with pytest.raises(UnknownCommitError, match=r"another user.*safe\.directory") as error:
        find_commit(folder)
    assert "\n" not in str(error.value)


def test_a_machine_without_git(clone, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UnknownCommitError, match="git does not start"):
        find_commit(clone[0])
