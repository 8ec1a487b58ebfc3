"""From the description of a figure of Lipschitz constants in a configuration to the figure."""

from pathlib import Path

import pandas as pd

from memrob.figures.draw import draw_table
from memrob.figures.lipschitz import KINDS, WITHOUT_TRIALS


def draw(spec: dict, out_pdf: Path, *, title: str = "", trials: pd.DataFrame | None = None) -> None:
    """Draw one figure and save it as PDF and PNG.

    Parameters
    ----------
    spec : dict
        The figure's entry in the configuration of its experiment: ``kind``, a key of `KINDS`, and
        the options of that kind; ``caption``, ``shows`` and ``title`` are for others.
    out_pdf : path-like
        The PNG takes the same name with the suffix ``.png``.
    title : str
        Title of the figure.
    trials : DataFrame, optional
        One row a network and p; needed by every kind not in `WITHOUT_TRIALS`.

    Raises
    ------
    UserError
        When the kind is unknown, an option is unknown or missing, or the trials were not given.
    """
    tables = [] if spec.get("kind") in WITHOUT_TRIALS else [trials]
    draw_table(spec, out_pdf, KINDS, tables, title)
