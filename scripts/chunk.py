"""Run the trials of a chunk."""

from memrob.workflow.jobs import run_job, run_shell
from memrob.workflow.trials import chunk

if "snakemake" in globals():
    run_job(
        snakemake,
        chunk,
        experiment=f"config/experiments/{snakemake.wildcards.part}/{snakemake.wildcards.experiment}.yaml",
        scale=snakemake.config["scale"],
        chunk_seconds=snakemake.config["chunk_seconds"],
        chunk=snakemake.wildcards.chunk,
        dataset=snakemake.input.get("dataset") or None,
        table=snakemake.output.table,
        threads=snakemake.threads,
    )
else:
    run_shell(chunk)
