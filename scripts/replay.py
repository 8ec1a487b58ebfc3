"""Run published single trials again."""

from memrob.workflow.jobs import run_job, run_shell
from memrob.workflow.trials import replay

if "snakemake" in globals():
    run_job(
        snakemake,
        replay,
        experiment=snakemake.wildcards.experiment,
        count=snakemake.params.n_trials,
        published=snakemake.input.published,
        dataset=snakemake.input.dataset,
        table=snakemake.output.table,
    )
else:
    run_shell(replay)
