"""From the description of a figure of this part in a configuration to the figure."""

from pathlib import Path

import pandas as pd

from memrob.figures.complexity import KINDS
from memrob.figures.draw import draw_table


def draw(
    spec: dict,
    out_pdf: Path,
    *,
    title: str = "",
    trials: pd.DataFrame | None = None,
    measured: pd.DataFrame | None = None,
) -> None:
    """Draw one figure and save it as PDF and PNG.

    Parameters
    ----------
    spec : dict
        The figure's entry in the configuration of its experiment: ``kind``, a key of `KINDS`, and
        the options of that kind; ``caption``, ``shows``, ``title`` and ``measured`` are for others.
    out_pdf : path-like
        The PNG takes the same name with the suffix ``.png``.
    title : str
        Title of the figure.
    trials : DataFrame
        Complexities, one row a trial and class.
    measured : DataFrame, optional
        Trials of part interpolation; what they would show is left out of the figure if they are.

    Raises
    ------
    UserError
        When the kind is unknown, an option is unknown or missing, or the trials were not given.
    """
    draw_table(spec, out_pdf, KINDS, [trials, measured], title)
