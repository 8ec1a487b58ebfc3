"""Run published single trials again, with their own seeds."""

from pathlib import Path

from memrob.data.npz import load_prepared
from memrob.fidelity.rerun import replay_rows
from memrob.studies.interpolation.published import published_trials
from memrob.studies.tables import write_table
from memrob.workflow.jobs import run_job, run_shell


def replay(experiment: str, count: int, published: Path, dataset: Path, table: Path) -> None:
    """Run published single trials again.

    Parameters
    ----------
    experiment : str
        Name.
    count : int
        How many of the published trials, evenly spread.
    published : path
        Published trials, `trials/NAME.parquet` in the folder of published tables.
    dataset : path
        NPZ of the data set.
    table : path
        CSV to write: one row per trial, what was published beside what came out.
    """
    rows = published_trials(published.parents[1], experiment, count)
    write_table(replay_rows(rows, load_prepared(dataset)), table)


if "snakemake" in globals():
    run_job(
        snakemake,
        replay,
        experiment=snakemake.wildcards.experiment,
        count=snakemake.params.n_trials,
        published=snakemake.input.published,
        dataset=snakemake.input.dataset,
        table=snakemake.output.table,
    )
else:
    run_shell(replay)
