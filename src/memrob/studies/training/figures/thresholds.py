"""The smallest width with which training fits all labels, against the number of points."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from memrob.numerics.statistics import Line
from memrob.plots.means import BAND_TEXT, draw_means
from memrob.plots.style import AXIS_LABELS, CATEGORY_COLOURS, FAINT, FULL_WIDTH, new_figure
from memrob.studies.training.cells import (
    RANDOM_LABELS,
    TRAINED,
    TRUE_LABELS,
    layers,
    of_network,
    threshold_widths,
)
from memrob.studies.training.figures.table import (
    log_axis,
    plain_frame,
    restarts_text,
    selected,
    setting,
)

LABELS = {
    TRUE_LABELS: ("true labels", CATEGORY_COLOURS[0], "o", "-"),
    RANDOM_LABELS: ("random labels", CATEGORY_COLOURS[1], "s", "--"),
}
"""Name, colour, marker and line of each kind of labels."""

COLUMNS = ("dataset", "labels", "n_samples", "restart", "threshold_width", "failed_width")
# Relative distance of the two kinds at one N, so that error bars do not hide each other.
ASIDE = 1.03


def thresholds(
    trials: pd.DataFrame,
    *,
    datasets: list[str] | None = None,
    only: dict | None = None,
    title: str = "",
) -> Figure:
    """Draw the smallest width that reaches 100 % training accuracy, true against random labels.

    Parameters
    ----------
    trials : DataFrame
        One row per search, of the study threshold.
    datasets : list of str, optional
        A panel each, in this order; all when left out.
    only : dict, optional
        Values of columns.
    title : str
        Title of the figure.

    Returns
    -------
    matplotlib.figure.Figure
        Means with 95 % confidence intervals where every search found a width, and every restart
        as a faint mark; an arrow stands at the largest width that failed where a search found
        none that suffices; dotted the width of a network with as many parameters as points.
        Call inside `memrob.plots.style.styled`.

    Raises
    ------
    UserError
        When the table lacks a column, or the data sets.
    """
    trials = selected(of_network(trials, TRAINED), "thresholds", COLUMNS, only=only)
    names = list(trials["dataset"].unique()) if datasets is None else datasets
    for name in names:
        selected(trials, "thresholds", (), only={"dataset": name})
    height = 2.9 if len(names) > 1 else 3.1
    figure = new_figure(FULL_WIDTH if len(names) > 1 else 4.2, height, title)
    panels = figure.subplots(1, len(names), squeeze=False)[0]
    for axes, name in zip(panels, names, strict=True):
        _panel(axes, trials[trials["dataset"] == name])
        if len(names) > 1:
            axes.set_title(setting("dataset", name))
    panels[0].set_ylabel("smallest width $H$ that fits all labels")
    _legend(figure, trials)
    return figure


def _legend(figure: Figure, trials: pd.DataFrame) -> None:
    """Explain what any of the panels shows, each once: means first, then the others."""
    handles = {}
    for axes in figure.axes:
        found, texts = axes.get_legend_handles_labels()
        handles |= dict(zip(texts, found, strict=True))
    means = [name for name, *_ in LABELS.values()]
    texts = sorted(handles, key=lambda text: means.index(text) if text in means else len(means))
    note = restarts_text(trials, "restart")
    if trials["restart"].nunique() > 1:
        note = f"mean and {BAND_TEXT.replace('band', 'interval')}, {note}"
    figure.legend(
        [handles[text] for text in texts],
        texts,
        title=note,
        loc="outside lower center",
        ncols=min(4, len(texts)) if len(figure.axes) > 1 else 2,
    )


def _panel(axes: Axes, rows: pd.DataFrame) -> None:
    for shift, (labels, look) in zip((1 / ASIDE, ASIDE), LABELS.items(), strict=True):
        of_kind = rows[rows["labels"] == labels]
        found = threshold_widths(rows, labels)
        if found is not None:
            _draw(axes, found, shift, *look)
        each = {"color": look[1], "marker": look[2], "markersize": 2.2, "alpha": 0.35}
        places = of_kind["n_samples"] * shift
        axes.plot(places, of_kind["threshold_width"], linestyle="none", zorder=2, **each)
        _draw_open(axes, of_kind[of_kind["threshold_width"].isna()], shift, look)
    known = rows[["threshold_width", "failed_width"]].max(axis=1)
    places, values = rows["n_samples"].unique(), known[known > 0]
    _draw_as_many(axes, rows)
    plain_frame(axes)
    log_axis(axes.xaxis, places.min(), places.max())
    log_axis(axes.yaxis, values.min(), values.max())
    axes.set_xlim(places.min() / 1.25, places.max() * 1.25)
    axes.set_ylim(values.min() / 1.4, values.max() * 1.6)
    axes.set_xlabel(AXIS_LABELS["n_samples"])


def _draw(
    axes: Axes, found: Line, shift: float, name: str, colour: str, marker: str, linestyle: str
) -> None:
    look = {"linestyle": linestyle, "marker": marker, "markersize": 4, "label": name}
    draw_means(axes, found._replace(x=found.x * shift), colour, bars=True, **look)


def _draw_open(axes: Axes, rows: pd.DataFrame, shift: float, look: tuple) -> None:
    """Mark searches that ended without a sufficient width by arrows that point up."""
    if rows.empty:
        return
    name, colour, *_ = look
    axes.plot(
        rows["n_samples"] * shift,
        rows["failed_width"],
        color=colour,
        marker="$\\uparrow$",
        markersize=8,
        linestyle="none",
        label=f"{name}: larger than that",
        zorder=4,
    )


def _draw_as_many(axes: Axes, rows: pd.DataFrame) -> None:
    """Draw the width of a network with as many weights and biases as points."""
    found = layers(rows, "threshold_width")
    if found is None:
        return
    d, outputs = found
    n = np.geomspace(rows["n_samples"].min(), rows["n_samples"].max(), 50)
    widths = (n - outputs) / (d + 1 + outputs)
    style = {"color": FAINT, "linestyle": ":", "linewidth": 1.1, "zorder": 1}
    axes.plot(n[widths > 0], widths[widths > 0], label="as many parameters as points", **style)
