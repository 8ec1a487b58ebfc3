"""The shape of the theorem's first width beside the first width from which networks interpolate."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from memrob.numerics.statistics import LEVEL
from memrob.plots.style import CATEGORY_COLOURS, FULL_WIDTH, INK, new_figure
from memrob.studies.complexity import beside
from memrob.studies.complexity.figures.axes import COLOURS, MEASURED, constant_text, frame

ASIDE = {beside.REACHED: 1.02, 0.5: 1 / 1.02}
LEVELS = {beside.REACHED: (CATEGORY_COLOURS[2], "s"), 0.5: (CATEGORY_COLOURS[5], "v")}


def thresholds(
    theory: pd.DataFrame, measured: pd.DataFrame | None, *, x: str, title: str = ""
) -> Figure:
    """Draw the scaled shape beside measured first widths, and the two terms of the shape.

    Parameters
    ----------
    theory : DataFrame
        One row per trial and class.
    measured : DataFrame or None
        Trials of part interpolation.
    x : {"max_bias", "n_samples"}
        Parameter on the horizontal axis.
    title : str
        Title of the figure.

    Returns
    -------
    matplotlib.figure.Figure
        Each shape has one factor, fitted by least squares in log to the first widths of
        probability 0.99 where lambda >= R; elsewhere it is dashed.
    """
    cells = beside.theory_cells(theory)
    trials = beside.comparable(measured, theory, x)
    needed = {level: beside.thresholds(trials, x, level) for level in LEVELS}
    figure = new_figure(FULL_WIDTH, 3.6, title)
    left, right = figure.subplots(1, 2)
    spans = {level: beside.threshold_interval(trials, x, level) for level in LEVELS}
    heights = [_measured(left, needed, spans)]
    heights += [
        _shape(left, line, needed[beside.REACHED], x, constant, colour)
        for colour, (constant, line) in zip(COLOURS, cells.groupby("constant"), strict=False)
    ]
    frame(left, x, cells[x], np.concatenate(heights))
    left.set_ylabel("first width $n$")
    _terms(right, cells, x)
    handles = [axes.get_legend_handles_labels() for axes in (left, right)]
    figure.legend(
        *(a + b for a, b in zip(*handles, strict=True)), loc="outside lower center", ncols=2
    )
    return figure


def _measured(axes: Axes, needed: dict[float, pd.Series], spans: dict) -> np.ndarray:
    # Bars are where the first width may lie; open ones, where trials are too few to tell, have no
    # end.
    shown = []
    for level, (colour, marker) in LEVELS.items():
        found = needed[level]
        label = rf"measured, probability $\geq$ {level}" if len(found) else MEASURED
        at = found.index.to_numpy(float) * ASIDE[level]
        look = {"color": colour, "marker": marker, "markersize": 3.5, "linestyle": "none"}
        axes.plot(at, found.to_numpy(float), label=label, **look)
        span = spans[level].reindex(found.index)
        ends = span["low"].to_numpy(float), span["high"].fillna(found).to_numpy(float)
        axes.vlines(at, *ends, color=colour, linewidth=0.9)
        # Only an end that trials can tell has a cap.
        axes.plot(at, span["low"], color=colour, marker="_", markersize=4, linestyle="none")
        axes.plot(at, span["high"], color=colour, marker="_", markersize=4, linestyle="none")
        shown += [found.to_numpy(float), *ends]
        if not len(found):
            break
    if any(len(found) for found in needed.values()):
        look = {"color": INK, "marker": "|", "markersize": 8, "linestyle": "none"}
        axes.plot([], [], label=f"where it may lie ({LEVEL:.0%})", **look)
    return np.concatenate(shown)


def _shape(
    axes: Axes, line: pd.DataFrame, needed: pd.Series, x: str, constant: float, colour: str
) -> np.ndarray:
    pairs = beside.paired(line, needed, x)
    factor = beside.scale(pairs) if len(pairs) else 1.0
    values = factor * line["first_width_shape"].to_numpy()
    scaled = f"{factor:.2g} × the shape" if len(pairs) else "the shape, not scaled"
    label = f"{scaled}, {constant_text(constant)}"
    inside = beside.in_range(line).to_numpy()
    axes.plot(line[x], values, color=colour, linestyle="--", linewidth=1)
    style = {"marker": "o", "markersize": 3, "linewidth": 1.1}
    axes.plot(line[x][inside], values[inside], color=colour, label=label, **style)
    return values


def _terms(axes: Axes, cells: pd.DataFrame, x: str) -> None:
    for colour, (_, line) in zip(COLOURS, cells.groupby("constant"), strict=False):
        axes.plot(line[x], line["covering_term"], color=colour, linestyle="-.", linewidth=1)
        axes.plot(line[x], line["width_term"], color=colour, linestyle=":", linewidth=1.3)
    axes.plot([], [], color=INK, linestyle="-.", label=r"$(\lambda/\delta)\,\log(2M^-M^+/\eta)$")
    axes.plot([], [], color=INK, linestyle=":", label=r"$\lambda\,\omega$")
    frame(axes, x, cells[x], np.concatenate([cells["covering_term"], cells["width_term"]]))
    axes.set_ylabel("terms of the shape, not scaled")
