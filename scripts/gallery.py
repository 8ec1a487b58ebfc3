"""Write the gallery and the table of claims."""

from pathlib import Path

from memrob.workflow.gallery import gallery
from memrob.workflow.jobs import run_job, run_shell

if "snakemake" in globals():
    run_job(
        snakemake,
        gallery,
        experiments=[Path(path).stem for path in snakemake.input.configurations],
        missing=snakemake.params.missing,
        scale=snakemake.config["scale"],
        page=snakemake.output.page,
        claims=snakemake.output.claims,
    )
else:
    run_shell(gallery)
