"""Heatmaps of the trials of constructed networks, beside the published cells."""

import pandas as pd
from matplotlib.figure import Figure

from memrob.plots import heatmap as plots
from memrob.studies.interpolation.cells import summarise


def heatmap(
    trials: pd.DataFrame,
    published: pd.DataFrame | None,
    *,
    quantity: str,
    x: str,
    y: str,
    title: str = "",
) -> Figure:
    """Draw the probability of interpolation or the mean second width over two parameters.

    Parameters
    ----------
    trials : DataFrame
        Table of trials, one row per network.
    published : DataFrame or None
        Published cells.
    quantity, x, y, title : str
        See `memrob.plots.heatmap.heatmap`.

    Returns
    -------
    matplotlib.figure.Figure
        As `memrob.plots.heatmap.heatmap` draws the cells.
    """
    cells = summarise(trials)
    return plots.heatmap(cells, published, quantity=quantity, x=x, y=y, title=title)
