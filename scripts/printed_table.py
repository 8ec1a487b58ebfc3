"""Write a figure of an experiment that is a table to read."""

from pathlib import Path

from memrob.errors import UserError
from memrob.studies.draw import print_table
from memrob.studies.material import Material
from memrob.studies.registry import load_experiment
from memrob.studies.tables import read_trials
from memrob.workflow.jobs import configuration_of, run_job, run_shell


def printed_table(
    experiment: Path, figure: str, csv: Path, table: Path, measured: Path | None = None
) -> None:
    """Write a figure of an experiment that is a table to read, as CSV.

    Parameters
    ----------
    experiment : path
        Configuration of the experiment.
    figure : str
        Name of the figure in it.
    csv : path
        CSV to write.
    table : path
        CSV of the trials.
    measured : path, optional
        CSV of the trials of another part that the table sets beside its own.
    """
    loaded = load_experiment(experiment)
    printed = [name for name in loaded.figures if loaded.kind(name).printed]
    if figure not in printed:
        listed = ", ".join(printed) or "none"
        raise UserError(f"{experiment}: has no printed table {figure}; has {listed}")
    material = Material(
        trials=read_trials(table, column=loaded.description().result),
        measured=read_trials(measured) if measured else None,
    )
    where = f"{experiment}: figures.{figure}"
    print_table(loaded.kinds(), loaded.figures[figure], csv, material, where)


if "snakemake" in globals():
    run_job(
        snakemake,
        printed_table,
        experiment=configuration_of(snakemake.wildcards),
        figure=snakemake.wildcards.figure,
        csv=snakemake.output.csv,
        table=snakemake.input.table,
        measured=snakemake.input.get("measured") or None,
    )
else:
    run_shell(printed_table)
