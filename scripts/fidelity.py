"""Compare a run with the published results."""

from memrob.fidelity.report import report
from memrob.workflow.jobs import run_job, run_shell

if "snakemake" in globals():
    run_job(
        snakemake,
        report,
        tables=snakemake.input.tables,
        replay_tables=snakemake.input.replays,
        cells=snakemake.output.cells,
        summary=snakemake.output.summary,
        replay=snakemake.output.replay,
        replay_summary=snakemake.output.replay_summary,
    )
else:
    run_shell(report)
