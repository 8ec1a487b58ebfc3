"""Run the trials of a chunk of an experiment, of whichever study."""

from pathlib import Path

from memrob.numerics.compiled import compile_kernels
from memrob.studies.registry import load_experiment
from memrob.studies.run import run_chunk
from memrob.studies.tables import seal
from memrob.workflow.jobs import configuration_of, run_job, run_shell


def trials(
    experiment: Path,
    scale: str,
    chunk_seconds: float,
    chunk: str,
    table: Path,
    dataset: Path | None = None,
    threads: int = 1,
) -> None:
    """Run the trials of a chunk.

    Parameters
    ----------
    experiment : path
        Configuration of the experiment.
    scale : str
        Scale of the run.
    chunk_seconds : float
        Predicted time of a chunk, which decides how trials are split.
    chunk : str
        Name of the chunk.
    table : path
        CSV to write, one row per trial; its checksum lies beside it.
    dataset : path, optional
        NPZ of the data set, for experiments that have one.
    threads : int
        Threads of the matrix products.
    """
    loaded = load_experiment(experiment)
    if loaded.runs_kernels:
        compile_kernels()  # before the first trial, whose time is taken
    chosen = loaded.chunk(chunk, scale, chunk_seconds)
    checkpoints = loaded.keeps_checkpoints
    run_chunk(
        loaded.runner(), list(chosen.trials), table, dataset, threads, checkpoints=checkpoints
    )
    seal(table)


if "snakemake" in globals():
    run_job(
        snakemake,
        trials,
        experiment=configuration_of(snakemake.wildcards),
        scale=snakemake.config["scale"],
        chunk_seconds=snakemake.config["chunk_seconds"],
        chunk=snakemake.wildcards.chunk,
        dataset=snakemake.input.get("dataset") or None,
        table=snakemake.output.table,
        threads=snakemake.threads,
    )
else:
    run_shell(trials)
