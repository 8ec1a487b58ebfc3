"""Figures of a quantity that does not change: a sentence says more than a picture."""

from typing import Any

import numpy as np
import pandas as pd

from memrob.gallery.cells import NAMES
from memrob.gallery.comparison import drawn_rows
from memrob.gallery.words import number
from memrob.plots.grids import mean_column
from memrob.studies.registry import PARTS

KINDS = ("heatmap", "slices")


def constant_sentence(
    experiment: dict[str, Any],
    options: dict[str, Any],
    trials: pd.DataFrame | None,
    published: pd.DataFrame | None,
) -> str:
    """Say what a figure shows in one sentence if its quantity has one value in all that it draws.

    Parameters
    ----------
    experiment, options
        Configuration of the experiment, and the figure's entry in it.
    trials, published : DataFrame or None
        Table of the experiment, and published cells.

    Returns
    -------
    str
        Empty where the values of the run and the published ones are not all the same, and for
        figures of other kinds.
    """
    cells_of = PARTS[experiment["part"]].description().heatmap_cells
    if options.get("kind") not in KINDS or cells_of is None or trials is None or trials.empty:
        return ""
    column = mean_column(options["quantity"])
    run = drawn_rows(cells_of(trials, options), options)
    others = None if published is None else drawn_rows(published, options)
    values = np.unique(pd.concat([run[column], *([] if others is None else [others[column]])]))
    if len(values) != 1 or np.isnan(values[0]):
        return ""
    sentence = (
        f"The {NAMES[options['quantity']]} is {number(values[0])} in {_all(len(run))} of this run"
    )
    return f"{sentence}." if others is None else f"{sentence} and in {_all(len(others))} published."


def _all(cells: int) -> str:
    return "the one cell" if cells == 1 else f"all {cells:,} cells"
