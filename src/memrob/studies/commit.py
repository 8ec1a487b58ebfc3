"""The commit of the code that runs: this project's own, or none."""

import os
import subprocess
from pathlib import Path

#: What points git to another repository, as in a hook of one.
POINTERS = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_WORK_TREE",
)
#: A file that this project's repository holds in its top folder.
OWN_FILE = "Snakefile"


class UnknownCommitError(Exception):
    """The commit cannot be told; the message is the reason in a few words."""


def find_commit(root: Path) -> str:
    """Return the commit of the repository whose top folder is `root`.

    Parameters
    ----------
    root : path

    Returns
    -------
    str
        The full hash, with ``-dirty`` behind it where a file differs from it.

    Raises
    ------
    UnknownCommitError
        If there is no such repository, or git does not read it.
    """
    if not (root / ".git").exists():
        raise UnknownCommitError("this folder is a copy without its repository")
    top = _git(root, "rev-parse", "--show-toplevel").removesuffix("\n")
    if not Path(top).samefile(root):
        raise UnknownCommitError(f"the repository here is that of {top}")
    if not _git(root, "ls-files", "--", OWN_FILE):
        raise UnknownCommitError("the repository here is of another project")
    return _git(root, "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*").strip()


def _git(root: Path, *arguments: str) -> str:
    environment = {name: value for name, value in os.environ.items() if name not in POINTERS}
    try:
        done = subprocess.run(
            ["git", *arguments],
            cwd=root,
            env=environment | {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="surrogateescape",
        )
    except OSError as error:
        raise UnknownCommitError(f"git does not start ({error.strerror})") from error
    if done.returncode:
        raise UnknownCommitError(_reason(root, done.stderr))
    return done.stdout


def _reason(root: Path, stderr: str) -> str:
    if "dubious ownership" in stderr:
        return (
            "the folder belongs to another user, and git does not read it; "
            f"to trust it: git config --global --add safe.directory '{root.absolute()}'"
        )
    lines = stderr.strip().splitlines()
    return f"git: {lines[0].removeprefix('fatal: ')}" if lines else "git fails"
