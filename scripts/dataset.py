"""Build a data set of the catalogue, checked and scaled."""

from memrob.data.catalogue import prepare
from memrob.workflow.jobs import run_job, run_shell

if "snakemake" in globals():
    run_job(
        snakemake,
        prepare,
        name=snakemake.wildcards.dataset,
        out=snakemake.output.dataset,
        mirror=snakemake.config["data"]["mirror"],
    )
else:
    run_shell(prepare)
