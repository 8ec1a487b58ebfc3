"""Regions of neurons against balls (Proposition 10), and alternating points (Proposition 13)."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from memrob.numerics.statistics import line_of
from memrob.plots.curves import log_x
from memrob.plots.means import draw_means, open_frame
from memrob.plots.style import (
    CATEGORY_COLOURS,
    COLUMN_WIDTH,
    FULL_WIDTH,
    INK,
    label_axis,
    new_figure,
    symbol_value,
)

PANELS = {
    "distance": "distance of region and ball",
    "spread": "spread of the radii",
    "reach": "reach towards $X^+$",
}


def regions(trials: pd.DataFrame, *, title: str = "") -> Figure:
    """Draw how far regions are from the balls that touch X+, against the first width.

    Parameters
    ----------
    trials : DataFrame
        One row per region, with the columns of `PANELS`.
    title : str
        Title of the figure.

    Returns
    -------
    matplotlib.figure.Figure
        Call inside `memrob.plots.style.styled`.
    """
    figure = new_figure(FULL_WIDTH, 2.7, title)
    panels = figure.subplots(1, len(PANELS))
    places = np.unique(trials["first_width"])
    for axes, (quantity, text) in zip(panels, PANELS.items(), strict=True):
        known = trials[trials[quantity].notna()]
        for colour, (bias, rows) in zip(CATEGORY_COLOURS, known.groupby("max_bias"), strict=False):
            line = line_of(rows, quantity, "first_width")
            draw_means(axes, line, colour, label=symbol_value("max_bias", bias))
        log_x(axes, places, labels=3)
        label_axis(axes.xaxis, "first_width", places.max())
        axes.set_ylabel(text)
        axes.set_ylim(bottom=0)
        open_frame(axes)
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=6)
    return figure


def alternating(trials: pd.DataFrame, *, title: str = "") -> Figure:
    """Draw second widths of interpolating networks on alternating points against M-.

    Parameters
    ----------
    trials : DataFrame
        One row per network.
    title : str
        Title of the figure.
    """
    figure = new_figure(COLUMN_WIDTH, 2.8, title)
    axes = figure.add_subplot()
    found = trials[trials["interpolated"] == 1]
    most = 1.08 * found["n_minus"].max()
    axes.axline((0, 0), slope=1, color=INK, linewidth=0.8, linestyle=(0, (4, 2)))
    for colour, marker, (dim, rows) in zip(
        CATEGORY_COLOURS, "osv^", found.groupby("input_dim"), strict=False
    ):
        axes.plot(
            rows["n_minus"],
            rows["second_width"],
            color=colour,
            marker=marker,
            markerfacecolor="none",
            linestyle="none",
            label=f"$d$ = {dim}",
        )
    axes.set(xlim=(0, most), ylim=(0, most))
    axes.set(xlabel="points of $X^-$, $M^-$", ylabel=r"second width $\hat{n}$")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(integer=True))
    axes.legend()
    open_frame(axes)
    return figure
