"""Gather the tables of chunks into the table of an experiment."""

from memrob.workflow.jobs import run_job, run_shell
from memrob.workflow.trials import table

if "snakemake" in globals():
    run_job(
        snakemake,
        table,
        experiment=f"config/experiments/{snakemake.wildcards.part}/{snakemake.wildcards.experiment}.yaml",
        scale=snakemake.config["scale"],
        chunks=snakemake.input.chunks,
        benchmarks=snakemake.params.benchmarks,
        table=snakemake.output.table,
        record=snakemake.output.record,
    )
else:
    run_shell(table)
