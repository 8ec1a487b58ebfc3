"""What the smallest angle between classes allows without biases, beside measured networks."""

import math

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter

from memrob.complexity.angles import separation_probability
from memrob.numerics.statistics import line_of
from memrob.plots.means import draw_means, open_frame
from memrob.plots.style import CATEGORY_COLOURS, FULL_WIDTH, INK, REACHED, label_axis, new_figure
from memrob.studies.theory.angle_table import angle_of

MEASURED = "measured: not in this run"


def angles(trials: pd.DataFrame, measured: pd.DataFrame | None, *, title: str = "") -> Figure:
    """Draw the probability that the smallest angle allows, and that of networks with lambda = 0.

    Parameters
    ----------
    trials : DataFrame
        One row per kind of pairs, with `pairs` and `radians`.
    measured : DataFrame or None
        Trials of part interpolation.
    title : str
        Title of the figure.

    Returns
    -------
    matplotlib.figure.Figure
        Call inside `memrob.plots.style.styled`.
    """
    figure = new_figure(FULL_WIDTH, 2.9, title)
    axes = figure.add_subplot()
    angle = angle_of(trials, "classes")
    enough = -math.log(1 - REACHED) / (angle / (2 * math.pi))
    without = None if measured is None else measured[np.isclose(measured["max_bias"], 0)]
    found = without is not None and len(without) > 0
    most = max(2 * enough, without["first_width"].max() if found else 0)
    widths = np.geomspace(1, most, 400)
    label = (
        f"allowed by the smallest angle between classes, {angle:.3g} rad:\n"
        f"{REACHED} from n = {math.ceil(enough):,} on"
    )
    axes.plot(widths, separation_probability(angle, widths), color=INK, linestyle="--", label=label)
    other = angle_of(trials, "all")
    if np.isfinite(other):
        axes.plot([], [], linestyle="none", label=f"(between any two points: {other:.3g} rad)")
    if found:
        line = line_of(without.astype({"interpolated": bool}), "interpolated", "first_width")
        draw_means(axes, line, CATEGORY_COLOURS[0], label=r"measured at $\lambda$ = 0")
    else:
        axes.plot([], [], linestyle="none", label=MEASURED)
    label_axis(axes.yaxis, "interpolated", 1)
    axes.set(xscale="log", xlim=(1, most), ylim=(-0.03, 1.03))
    label_axis(axes.xaxis, "first_width", most)
    axes.xaxis.set_minor_formatter(NullFormatter())
    open_frame(axes)
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=1)
    return figure
