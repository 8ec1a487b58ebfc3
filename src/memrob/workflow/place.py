"""Where a run is at work: its own folder, which can be written, and a home that perhaps cannot."""

import os
import sys
from pathlib import Path

from memrob.errors import UserError
from memrob.numerics.files import cache_folder, can_be_written
from memrob.studies.commit import UnknownCommitError, find_commit

WRITTEN = (".", ".snakemake", "data/prepared", "figures", "logs", "results")
"""Folders that a run writes to, once they are there."""


def check_place(workflow_folder: Path) -> None:
    """Check that the workflow runs in its own folder and can write there.

    Parameters
    ----------
    workflow_folder : path
        The folder of the Snakefile.

    Raises
    ------
    UserError
        With the folder at fault, and what would be right.
    """
    here = Path.cwd()
    if not here.samefile(workflow_folder):
        raise UserError(
            f"{here}: is not the folder of the workflow; "
            f"run `cd {workflow_folder}` first, and leave out --directory and --snakefile"
        )
    for folder in map(here.joinpath, WRITTEN):
        if folder.exists() and not can_be_written(folder):
            raise UserError(
                f"{folder}: cannot be written by this user; results go into the folder of the "
                "workflow, so copy or clone it to a place that can be written"
            )
    # Its own choice would be HOME, or a new folder for each job and a warning.
    os.environ.setdefault("MPLCONFIGDIR", str(cache_folder() / "matplotlib"))


def tell_unknown_commit(root: Path) -> None:
    """Say in one line why records and figures will name no commit, if they will not.

    Parameters
    ----------
    root : path
        Folder of the repository.
    """
    try:
        find_commit(root)
    except UnknownCommitError as reason:
        print(f"memrob: records and figures name no commit: {reason}", file=sys.stderr)
