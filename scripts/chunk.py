"""Run the trials of a chunk."""

from memrob.workflow.interpolation import chunk
from memrob.workflow.jobs import run_job, run_shell

if "snakemake" in globals():
    run_job(
        snakemake,
        chunk,
        experiment=f"config/experiments/interpolation/{snakemake.wildcards.experiment}.yaml",
        scale=snakemake.config["scale"],
        chunk_seconds=snakemake.config["chunk_seconds"],
        chunk=snakemake.wildcards.chunk,
        dataset=snakemake.input.dataset,
        table=snakemake.output.table,
        threads=snakemake.threads,
    )
else:
    run_shell(chunk)
