"""What exchanging the roles of the classes changes: probability, second width, covering."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from memrob.numerics.statistics import line_of
from memrob.plots.curves import log_x
from memrob.plots.means import draw_means, open_frame
from memrob.plots.style import CATEGORY_COLOURS, FAINT, FULL_WIDTH, grouped, label_axis, new_figure

EXCHANGED = "_exchanged"
ROLES = {"": CATEGORY_COLOURS[0], EXCHANGED: CATEGORY_COLOURS[1]}
BALLS = {"": "M_minus", EXCHANGED: "M_plus"}


def roles(
    trials: pd.DataFrame, *, class_names: Sequence[str] | None = None, title: str = ""
) -> Figure:
    """Draw probability and second width in both roles, and second widths against coverings.

    Parameters
    ----------
    trials : DataFrame
        One row per trial and class that plays X-, of one number of points and maximal bias.
    class_names : sequence of str, optional
        Names in ascending order of the labels.
    title : str
        Title of the figure.

    Returns
    -------
    matplotlib.figure.Figure
        Probabilities are means over the classes, second widths sums over them. Call inside
        `memrob.plots.style.styled`.
    """
    figure = new_figure(FULL_WIDTH, 2.9, title)
    left, middle, right = figure.subplots(1, 3)
    by_trial = trials.groupby(["first_width", "seed"])
    for role, colour in ROLES.items():
        label = _label(trials, role, class_names)
        shares = by_trial[f"interpolated{role}"].mean().reset_index()
        widths = by_trial[f"second_width{role}"].sum().reset_index()
        style = {"marker": "s" if role else "o", "linestyle": "--" if role else "-"}
        line = line_of(shares, f"interpolated{role}", "first_width")
        draw_means(left, line, colour, label=label, **style)
        line = line_of(widths, f"second_width{role}", "first_width")
        draw_means(middle, line, colour, **style)
        if trials["label"].nunique() == 1:
            bound = trials[BALLS[role]].iloc[0]
            middle.axhline(bound, color=colour, linewidth=0.8, linestyle=":")
        _against_balls(right, trials, role, colour)
    places = np.unique(trials["first_width"])
    for axes, column in ((left, "interpolated"), (middle, "second_width")):
        if len(places) > 1:
            log_x(axes, places, labels=3)
        label_axis(axes.xaxis, "first_width", places.max())
        label_axis(axes.yaxis, column, 1)
        open_frame(axes)
    left.set_ylim(-0.03, 1.03)
    middle.set_ylim(bottom=0)
    _frame_right(right)
    figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return figure


def _label(trials: pd.DataFrame, role: str, names: Sequence[str] | None) -> str:
    if trials["label"].nunique() > 1:
        return "all other classes as $X^-$" if role else "each class as $X^-$"
    label = int(trials["label"].iloc[0])
    position = 1 - label if role else label
    name = names[position] if names else f"label {position}"
    return f"{name} as $X^-$" + (" (exchanged)" if role else "")


def _against_balls(axes: Axes, trials: pd.DataFrame, role: str, colour: str) -> None:
    last = trials[trials["first_width"] == trials["first_width"].max()]
    for column, alpha in ((BALLS[role], 1.0), (f"{BALLS[role]}_at_1", 0.4)):
        means = last.groupby("label")[[f"second_width{role}", column]].mean()
        axes.plot(
            means[column],
            means[f"second_width{role}"],
            color=colour,
            alpha=alpha,
            marker="s" if role else "o",
            markersize=4,
            markerfacecolor="none" if role else colour,
            linestyle="none",
        )


def _frame_right(axes: Axes) -> None:
    axes.set(xscale="log", yscale="log")
    values = np.concatenate([part for line in axes.lines for part in line.get_data()])
    values = values[values > 0]
    low, high = values.min() / 1.4, values.max() * 1.4
    axes.plot([low, high], [low, high], color=FAINT, linewidth=0.8, zorder=1)
    axes.set(xlim=(low, high), ylim=(low, high))
    axes.set_xlabel("balls that cover $X^-$")
    axes.set_ylabel(r"second width $\hat{n}$ at the largest $n$")
    # There is less room beside each other than above each other.
    for axis, subs in ((axes.xaxis, (1, 3)), (axes.yaxis, (1, 2, 5))):
        axis.set_major_locator(LogLocator(subs=subs))
        axis.set_major_formatter(FuncFormatter(grouped))
        axis.set_minor_formatter(NullFormatter())
    open_frame(axes)
