"""Draw replicated against published values."""

from pathlib import Path

import pandas as pd

from memrob.fidelity.figure import draw_fidelity
from memrob.workflow.jobs import run_job, run_shell


def fidelity_figure(cells: Path, pdf: Path) -> None:
    """Draw the figure of replicated against published values.

    Parameters
    ----------
    cells : path
        CSV of the compared cells.
    pdf : path
        PDF to write; the PNG lies beside it.
    """
    draw_fidelity(pd.read_csv(cells), pdf)


if "snakemake" in globals():
    run_job(snakemake, fidelity_figure, cells=snakemake.input.cells, pdf=snakemake.output.pdf)
else:
    run_shell(fidelity_figure)
