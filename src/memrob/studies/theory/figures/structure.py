"""omega of dense data, of data in subspaces and of sparse data (Remark 12)."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from memrob.numerics.statistics import line_of
from memrob.plots.curves import log_x
from memrob.plots.means import draw_means, open_frame
from memrob.plots.style import CATEGORY_COLOURS, FULL_WIDTH, INK, label_axis, new_figure

SCALES = {"dimensional": "-", "sparse": "--", "": "-"}


def structure(trials: pd.DataFrame, *, title: str = "") -> Figure:
    """Draw omega against the number of points, a line for each structure.

    Parameters
    ----------
    trials : DataFrame
        One row per set of points, of one dimension.
    title : str
        Title of the figure.

    Returns
    -------
    matplotlib.figure.Figure
        Call inside `memrob.plots.style.styled`.
    """
    figure = new_figure(FULL_WIDTH, 3.0, title)
    axes = figure.add_subplot()
    colours = iter(CATEGORY_COLOURS)
    for name, rows in trials.groupby("structure", sort=False):
        kind = name.partition("-")[2]
        line = line_of(rows, "omega", "n_samples")
        colour = next(colours) if kind else INK
        draw_means(axes, line, colour, linestyle=SCALES[kind], label=name)
    places = np.unique(trials["n_samples"])
    log_x(axes, places, labels=7)
    label_axis(axes.xaxis, "n_samples", 1)
    axes.set_xlabel("points of $X^-$, $N^-$")
    axes.set_ylabel(r"$\omega$")
    axes.set_ylim(bottom=0)
    open_frame(axes)
    figure.legend(*axes.get_legend_handles_labels(), loc="outside right center")
    return figure
