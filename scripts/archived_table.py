"""Unpack the table of an experiment from the trials that are kept with the project."""

from pathlib import Path

from memrob.studies.archive import unpack
from memrob.studies.registry import load_experiment
from memrob.workflow.jobs import configuration_of, run_job, run_shell


def archived_table(experiment: Path, packed: Path, table: Path, record: Path) -> None:
    """Unpack the table of an experiment.

    Parameters
    ----------
    experiment : path
        Configuration of the experiment.
    packed : path
        Its archived trials.
    table, record : path
        CSV and JSON to write.
    """
    unpack(packed, load_experiment(experiment), table, record)


if "snakemake" in globals():
    run_job(
        snakemake,
        archived_table,
        experiment=configuration_of(snakemake.wildcards),
        packed=snakemake.input.packed,
        table=snakemake.output.table,
        record=snakemake.output.record,
    )
else:
    run_shell(archived_table)
