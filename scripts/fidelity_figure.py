"""Draw replicated against published values."""

from memrob.workflow.gallery import fidelity_figure
from memrob.workflow.jobs import run_job, run_shell

if "snakemake" in globals():
    run_job(snakemake, fidelity_figure, cells=snakemake.input.cells, pdf=snakemake.output.pdf)
else:
    run_shell(fidelity_figure)
