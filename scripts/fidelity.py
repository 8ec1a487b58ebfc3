"""Compare a run with the published results."""

from memrob.fidelity.report import report
from memrob.workflow.jobs import run_job, run_shell

if "snakemake" in globals():
    run_job(
        snakemake,
        report,
        tables=[path for path in snakemake.input if "/replay/" not in path],
        replay_tables=[path for path in snakemake.input if "/replay/" in path],
        cells=snakemake.output.cells,
        summary=snakemake.output.summary,
        replay=snakemake.output.replay,
        replay_summary=snakemake.output.replay_summary,
    )
else:
    run_shell(report)
