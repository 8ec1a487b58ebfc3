"""Test accuracy, and how many test points no detector recognises, along one parameter."""

import numpy as np
import pandas as pd
import seaborn
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import PercentFormatter

from memrob.errors import UserError
from memrob.numerics.statistics import Line
from memrob.plots.curves import log_x
from memrob.plots.means import BAND_TEXT, band_handle, draw_means
from memrob.plots.style import (
    CATEGORY_COLOURS,
    FULL_WIDTH,
    INK,
    label_axis,
    new_figure,
    symbol_value,
    trials_text,
)
from memrob.studies.baselines import NEIGHBOURS
from memrob.studies.generalisation.cells import AXES, Curve, curve, networks, reference_accuracy

LABELS = {
    "test_accuracy": "test accuracy",
    "undetected": "no detector fires",
    "ambiguous": "several detectors fire",
    "unique_accuracy": "accuracy where one fires",
}
REFERENCES = {
    "linear": ("linear classifier", (0, (5, 2))),
    "neighbours": (f"{NEIGHBOURS} nearest neighbours", (0, (1, 1.4))),
}
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
# Accuracies are told apart where an axis shows little more than their range.
ROOM = 0.06


def accuracy_curves(
    trials: pd.DataFrame,
    *,
    x: str,
    quantities: list[str],
    at: list[float] | None = None,
    title: str = "",
) -> Figure:
    """Draw quantities of networks on test points, one panel each, with reference accuracies.

    Parameters
    ----------
    trials : DataFrame
        One row per trial.
    x : {"first_width", "max_bias"}
        Parameter on the horizontal axis.
    quantities : list of str
        Columns among `LABELS`, one panel each.
    at : list of float, optional
        Values of the other parameter, a line each; all when left out. Those that the trials lack
        are named in the legend.
    title : str
        Title of the figure.

    Returns
    -------
    matplotlib.figure.Figure
        Call inside `memrob.plots.style.styled`.

    Raises
    ------
    UserError
        When an option has no such value, or the trials lack a column or hold no network.
    """
    _check(trials, x, quantities)
    (by,) = set(AXES) - {x}
    values = sorted(networks(trials)[by].unique()) if at is None else at
    wide = len(quantities) > 1
    figure = new_figure(FULL_WIDTH if wide else 5.2, 2.75 if wide else 3.1, title)
    panels = figure.subplots(1, len(quantities), squeeze=False)[0]
    if len(values) > len(MARKERS):
        raise UserError(
            f"figure option at: found {len(values)} values, expected up to {len(MARKERS)}"
        )
    styles = dict(zip(values, zip(CATEGORY_COLOURS, MARKERS, strict=True), strict=False))
    references = _references(trials, quantities)
    shown: list[Curve] = []
    for panel, quantity in zip(panels, quantities, strict=True):
        curves = {value: curve(trials, quantity, x, value) for value in styles}
        found = {value: of for value, of in curves.items() if of is not None}
        for value, of in found.items():
            _draw(panel, of, *styles[value])
        levels = references if quantity == "test_accuracy" else {}
        _draw_references(panel, levels)
        _frame(panel, x, quantity, list(found.values()), list(levels.values()))
        shown += found.values()
    drawn = {value: curve(trials, quantities[0], x, value) is not None for value in styles}
    _legend(figure, by, styles, drawn, shown, references=references)
    return figure


def _check(trials: pd.DataFrame, x: str, quantities: list[str]) -> None:
    if x not in AXES:
        raise UserError(f"figure option x: found {x!r}, expected {', '.join(AXES)}")
    for quantity in quantities:
        if quantity not in LABELS:
            allowed = ", ".join(LABELS)
            raise UserError(f"figure option quantities: found {quantity!r}, expected {allowed}")
    for column in ("classifier", "interpolated", *AXES, *quantities):
        if column not in trials:
            raise UserError(
                f"figure of kind accuracy_curves: found no column {column} in the trials"
            )
    if networks(trials).empty:
        raise UserError("figure of kind accuracy_curves: found no network in the trials")


def _draw(axes: Axes, of: Curve, colour: str, marker: str) -> None:
    """Draw a curve with a full marker where all networks interpolate, else a hollow one."""
    draw_means(axes, Line(of.x, of.samples), colour, marker=None)
    for full in (True, False):
        chosen = of.interpolates == full
        axes.plot(
            of.x[chosen],
            of.means[chosen],
            color=colour,
            marker=marker,
            markersize=4,
            markerfacecolor=colour if full else "white",
            linestyle="none",
            zorder=4,
        )


def _draw_references(axes: Axes, references: dict[str, float]) -> None:
    for name, level in references.items():
        dashes = REFERENCES[name][1]
        axes.axhline(level, color=INK, linewidth=0.9, linestyle=dashes, zorder=1.5)


def _references(trials: pd.DataFrame, quantities: list[str]) -> dict[str, float]:
    if "test_accuracy" not in quantities:
        return {}
    levels = {name: reference_accuracy(trials, name) for name in REFERENCES}
    return {name: level for name, level in levels.items() if level is not None}


def _frame(axes: Axes, x: str, quantity: str, shown: list[Curve], levels: list[float]) -> None:
    axes.grid(True)
    seaborn.despine(ax=axes)
    axes.set_ylabel(LABELS[quantity])
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    places = np.concatenate([of.x for of in shown]) if shown else np.array([1.0])
    label_axis(axes.xaxis, x, places.max())
    if x == "first_width" and shown:
        log_x(axes, places, labels=5)
    means = [*levels, *(mean for of in shown for mean in of.means)]
    if means:
        low, high = min(means), max(means)
        room = ROOM * max(high - low, 0.02)
        axes.set_ylim(max(low - room, -0.01), min(high + 2 * room, 1.01))


def _legend(
    figure: Figure,
    by: str,
    styles: dict[float, tuple[str, str]],
    drawn: dict[float, bool],
    shown: list[Curve],
    *,
    references: dict[str, float],
) -> None:
    handles, texts = [], []
    for value, (colour, marker) in styles.items():
        style = {"linewidth": 1.1, "marker": marker, "markersize": 4}
        handles.append(Line2D([], [], color=colour, **style if drawn[value] else {"ls": "none"}))
        texts.append(symbol_value(by, value) + ("" if drawn[value] else " (not in this run)"))
    for name, level in references.items():
        text, dashes = REFERENCES[name]
        handles.append(Line2D([], [], color=INK, linewidth=0.9, linestyle=dashes))
        texts.append(f"{text}, {100 * level:.1f} %")
    if any(not of.interpolates.all() for of in shown):
        hollow = {"marker": "o", "markersize": 4, "markerfacecolor": "white", "ls": "none"}
        handles.append(Line2D([], [], color=INK, **hollow))
        texts.append("not all networks interpolate")
    counts = np.array([len(samples) for of in shown for samples in of.samples] or [0])
    if counts.max() > 1:
        handles.append(band_handle())
        texts.append(f"{BAND_TEXT}, {trials_text(counts)}")
    columns = 4 if figure.get_figwidth() > 6 else 3
    figure.legend(handles, texts, loc="outside lower center", ncols=columns)
