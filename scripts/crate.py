"""Describe the files of a run as an RO-Crate."""

from pathlib import Path

from memrob.workflow.crate import write_crate
from memrob.workflow.jobs import run_job, run_shell


def crate(made: list[str], scale: str, root: Path = Path()) -> None:
    """Write `ro-crate-metadata.json`.

    Parameters
    ----------
    made : list of str
        Files of the run, relative to its folder; `write_crate` says which of them it takes.
    scale : str
        Scale of the run.
    root : path
        Folder of the run.
    """
    write_crate(root, made, scale)


if "snakemake" in globals():
    run_job(snakemake, crate, made=list(snakemake.input), scale=snakemake.config["scale"])
else:
    run_shell(crate)
