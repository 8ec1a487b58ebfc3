"""Find out whether a raw data set can be had."""

from memrob.workflow.closing import write_verdict
from memrob.workflow.jobs import run_job, run_shell

if "snakemake" in globals():
    run_job(
        snakemake,
        write_verdict,
        raw_set=snakemake.wildcards.raw_set,
        verdict=snakemake.output.verdict,
        mirror=snakemake.config["data"]["mirror"],
    )
else:
    run_shell(write_verdict)
