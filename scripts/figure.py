"""Draw a figure of an experiment."""

from memrob.workflow.figures import figure
from memrob.workflow.jobs import run_job, run_shell

if "snakemake" in globals():
    run_job(
        snakemake,
        figure,
        experiment=f"config/experiments/{snakemake.wildcards.part}/{snakemake.wildcards.experiment}.yaml",
        figure=snakemake.wildcards.figure,
        pdf=snakemake.output.pdf,
        dataset=snakemake.input.get("dataset") or None,
        table=snakemake.input.get("table") or None,
        measured=snakemake.input.get("measured") or None,
    )
else:
    run_shell(figure)
