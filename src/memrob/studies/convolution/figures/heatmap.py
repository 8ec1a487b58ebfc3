"""Heatmaps over two parameters for one of the two networks."""

import pandas as pd
from matplotlib.figure import Figure

from memrob.errors import UserError
from memrob.plots import heatmap
from memrob.studies.convolution.cells import cells_of, selected
from memrob.studies.convolution.trial import CONVOLUTIONAL, NETWORKS


def network_heatmap(
    trials: pd.DataFrame,
    *,
    quantity: str,
    x: str,
    y: str,
    network: str = CONVOLUTIONAL,
    only: dict | None = None,
    title: str = "",
) -> Figure:
    """Draw the probability of interpolation or the mean second width over two parameters.

    Parameters
    ----------
    trials : DataFrame
        One row per network.
    quantity : str
        ``interpolated`` or ``second_width``.
    x, y : str
        Columns on the axes.
    network : {"convolutional", "fully_connected"}
    only : dict, optional
        Values at which other parameters are held.
    title : str
        Title of the figure.

    Returns
    -------
    matplotlib.figure.Figure
        As `memrob.plots.heatmap.heatmap` draws it, without published cells.

    Raises
    ------
    UserError
        When a third parameter varies, or the table has no such network.
    """
    if network not in NETWORKS:
        raise UserError(
            f"figure option network: found {network!r}, expected {' or '.join(NETWORKS)}"
        )
    rows = selected(trials, "heatmap", ("accuracy", "second_width", "fit_seconds"), only)
    if network not in set(rows["network"]):
        raise UserError(f"figure option network: found no {network} networks in the trials")
    cells = cells_of(rows, network)
    return heatmap.heatmap(cells, None, quantity=quantity, x=x, y=y, title=title)
