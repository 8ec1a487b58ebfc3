"""Numbers of pieces M- of the covering beside second widths of interpolating networks."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pandas.core.groupby import SeriesGroupBy

from memrob.numerics.statistics import Line
from memrob.plots.means import draw_means
from memrob.plots.style import CATEGORY_COLOURS, FAINT, FULL_WIDTH, new_figure
from memrob.studies.complexity.beside import comparable, second_widths, theory_cells
from memrob.studies.complexity.figures.axes import (
    COLOURS,
    MEASURED,
    constant_text,
    frame,
    legend_below,
)


def widths(
    theory: pd.DataFrame, measured: pd.DataFrame | None, *, x: str, title: str = ""
) -> Figure:
    """Draw M-, which bounds the second width, and the second widths that were measured.

    Parameters
    ----------
    theory : DataFrame
        One row per trial and class.
    measured : DataFrame or None
        Trials of part interpolation; those that interpolate are shown, from the
        first width on at which 99 % do.
    x : {"max_bias", "n_samples"}
        Parameter on the horizontal axis.
    title : str
        Title of the figure.
    """
    cells = theory_cells(theory)
    found = second_widths(comparable(measured, theory, x), x)
    figure = new_figure(FULL_WIDTH, 3.4, title)
    axes = figure.add_subplot()
    points = cells.drop_duplicates(x).sort_values(x)
    axes.plot(points[x], points["n_minus"], color=FAINT, linestyle=":", label="points of $X^-$")
    for colour, (constant, line) in zip(COLOURS, cells.groupby("constant"), strict=False):
        label = f"$M^-$, pieces of the covering with {constant_text(constant)}"
        axes.plot(line[x], line["M_minus"], color=colour, marker="o", markersize=3.2, label=label)
    heights = [points["n_minus"], cells["M_minus"]]
    if len(found):
        heights.append(_measured(axes, found.groupby(level=0)))
    else:
        axes.plot([], [], linestyle="none", label=MEASURED)
    frame(axes, x, points[x], np.concatenate(heights))
    axes.set_ylabel(r"second width $\hat{n}$")
    legend_below(figure, axes)
    return figure


def _measured(axes: Axes, found: SeriesGroupBy) -> np.ndarray:
    green, places = CATEGORY_COLOURS[2], np.array(sorted(found.groups), dtype=float)
    counts = found.size()
    low, high = int(counts.min()), int(counts.max())
    count = f"{low:,}" if low == high else f"{low:,} to {high:,}"
    label = f"median and 1 % to 99 % of {count} networks"
    widths = Line(places, [values.to_numpy(float) for _, values in found])
    draw_means(
        axes,
        widths,
        green,
        estimator=np.median,
        interval=lambda values: np.quantile(values, [0.01, 0.99]),
        marker=None,
        label=label,
    )
    style = {"color": green, "linestyle": "none", "marker": "_"}
    axes.plot(places, found.max(), **style, label="largest of these")
    return np.concatenate([found.quantile(0.01), found.max()])
