"""Join the tables of chunks into the table of an experiment."""

from pathlib import Path

from memrob.studies.gather import gather
from memrob.studies.provenance import provenance
from memrob.studies.registry import load_experiment
from memrob.workflow.jobs import configuration_of, run_job, run_shell


def table(
    experiment: Path,
    scale: str,
    chunks: list[Path],
    benchmarks: list[Path],
    table: Path,
    record: Path,
) -> None:
    """Join the tables of chunks, with a record beside the table.

    Parameters
    ----------
    experiment : path
        Configuration of the experiment.
    scale : str
        Scale of the run.
    chunks, benchmarks : list of path
        CSV tables, in the order of the trials, and Snakemake's benchmark files.
    table, record : path
        CSV and JSON to write.
    """
    loaded = load_experiment(experiment)
    description = {
        "part": loaded.part,
        "experiment": loaded.name,
        "scale": scale,
        "seed": loaded.seed_texts(scale),
        "configuration": {k: v for k, v in loaded.settings.items() if k != "figures"},
        **provenance(Path()),
    }
    gather(chunks, benchmarks, table, record, description)


if "snakemake" in globals():
    run_job(
        snakemake,
        table,
        experiment=configuration_of(snakemake.wildcards),
        scale=snakemake.config["scale"],
        chunks=snakemake.input.chunks,
        benchmarks=snakemake.params.benchmarks,
        table=snakemake.output.table,
        record=snakemake.output.record,
    )
else:
    run_shell(table)
