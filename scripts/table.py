"""Gather the tables of chunks into the table of an experiment."""

from memrob.workflow.interpolation import table
from memrob.workflow.jobs import run_job, run_shell

if "snakemake" in globals():
    run_job(
        snakemake,
        table,
        experiment=f"config/experiments/interpolation/{snakemake.wildcards.experiment}.yaml",
        scale=snakemake.config["scale"],
        chunks=snakemake.input.chunks,
        benchmarks=snakemake.params.benchmarks,
        table=snakemake.output.table,
        record=snakemake.output.record,
    )
else:
    run_shell(table)
