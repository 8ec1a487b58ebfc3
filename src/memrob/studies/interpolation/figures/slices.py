"""Curves through a grid of cells along one parameter, with confidence bands."""

from typing import NamedTuple

import numpy as np
import pandas as pd
import seaborn
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from memrob.errors import UserError
from memrob.numerics.statistics import Line, mean_interval, share_interval
from memrob.plots.colours import ordered_colours
from memrob.plots.grids import mean_column
from memrob.plots.means import BAND_TEXT, BAR_TEXT, band_handle, bar_handle, draw_means
from memrob.plots.style import (
    AXIS_LABELS,
    FAINT,
    FULL_WIDTH,
    INK,
    REACHED,
    label_axis,
    new_figure,
    symbol_value,
    trials_text,
)
from memrob.studies.interpolation.cells import summarise

# With more points than this a line carries no marker at every point.
MANY_POINTS = 26
# With fewer trials bands would be as high as the frame and hide each other: each place has a bar.
FEW = 5
# Distance of the bars of neighbouring curves, over the width of the frame.
ASIDE = 0.006
# Height that bands may take beyond the lines, over that of the lines.
ROOM = 0.5
# On slices of the second width, points where interpolation is certain and only those have a
# marker, as in [M].
REACHED_MARKER = {"marker": "o", "linestyle": "none"}


class Curve(NamedTuple):
    """One slice: means over the cells along it.

    Attributes
    ----------
    x, mean : ndarray of float64, shape (cells,)
        Ascending parameter values and the mean of the quantity there.
    samples : list of ndarray of float64, shape (trials,), or None
        The quantity of every trial, for each cell; None for published cells.
    trials : ndarray of int, shape (cells,)
        Numbers of trials.
    reached : ndarray of bool, shape (cells,)
        Whether the probability of interpolation is at least 0.99.
    """

    x: np.ndarray
    mean: np.ndarray
    trials: np.ndarray
    samples: list[np.ndarray] | None
    reached: np.ndarray


def slices(
    trials: pd.DataFrame,
    published: pd.DataFrame | None,
    *,
    quantity: str,
    x: str,
    by: str,
    at: list[float],
    title: str = "",
) -> Figure:
    """Draw the probability of interpolation or the mean second width along one parameter.

    Parameters
    ----------
    trials : DataFrame
        One row per trial.
    published : DataFrame or None
        Published cells, drawn dotted in the colour of the same slice.
    quantity : str
        ``interpolated`` or ``second_width``.
    x : str
        Column on the horizontal axis.
    by : str
        Column held fixed along a curve.
    at : list of float
        The values of `by`, one curve each, of those that there are.
    title : str
        Title of the figure.

    Returns
    -------
    matplotlib.figure.Figure
        Call inside `memrob.plots.style.styled`.
    """
    figure = new_figure(FULL_WIDTH, 2.6, title)
    axes = figure.subplots()
    ours = {value: trial_curve(trials, quantity, x, by, value) for value in at}
    theirs = {value: published_curve(published, quantity, x, by, value) for value in at}
    shown = [curve for curve in [*ours.values(), *theirs.values()] if curve is not None]
    aside = ASIDE * np.ptp(np.concatenate([curve.x for curve in shown])) if shown else 0.0
    for place, (colour, value) in enumerate(zip(ordered_colours(len(at)), at, strict=True)):
        shift = aside * (place - (len(at) - 1) / 2)
        _draw(axes, quantity, ours[value], theirs[value], colour, shift)
    _frame(axes, quantity, x, shown)
    _legends(figure, quantity, by, ours, theirs)
    return figure


def trial_curve(trials: pd.DataFrame, quantity: str, x: str, by: str, value: float) -> Curve | None:
    """Return the slice through the trials at one value, or None where there are no trials.

    Parameters
    ----------
    trials : DataFrame
        One row per trial.
    quantity, x, by : str
        As for `slices`.
    value : float
        Compared with the column `by` up to rounding.

    Returns
    -------
    Curve or None
        Its band has exact intervals for probabilities, and those of `mean_interval` for widths.
    """
    trials = trials[np.isclose(trials[by].astype(float), value, atol=1e-6)]
    if trials.empty:
        return None
    cells = _along(summarise(trials), x, by)
    groups = dict(list(trials.groupby(trials[x].astype(float).round(6))[quantity]))
    return _curve(cells, quantity, x, [groups[place].to_numpy(float) for place in cells[x]])


def published_curve(
    published: pd.DataFrame | None, quantity: str, x: str, by: str, value: float
) -> Curve | None:
    """Return the slice through published cells at one value, without a band, or None.

    Parameters
    ----------
    published : DataFrame or None
        Published cells.
    quantity, x, by : str
        As for `slices`.
    value : float
        Compared with the column `by` up to rounding.
    """
    if published is None:
        return None
    cells = published[np.isclose(published[by].astype(float), value, atol=1e-6)]
    return None if cells.empty else _curve(_along(cells, x, by), quantity, x, None)


def _along(cells: pd.DataFrame, x: str, by: str) -> pd.DataFrame:
    cells = cells.assign(**{x: cells[x].astype(float).round(6)}).sort_values(x)
    if cells[x].duplicated().any():
        raise UserError(
            f"figure options x: {x}, by: {by}: several cells share one place of a curve; "
            "name the two columns that vary"
        )
    return cells


def _curve(cells: pd.DataFrame, quantity: str, x: str, samples: list[np.ndarray] | None) -> Curve:
    return Curve(
        cells[x].to_numpy(float),
        cells[mean_column(quantity)].to_numpy(float),
        cells["trials"].to_numpy(int),
        samples,
        cells["interpolated"].to_numpy() >= REACHED,
    )


def _draw(
    axes: Axes,
    quantity: str,
    ours: Curve | None,
    theirs: Curve | None,
    colour: str,
    shift: float,
) -> None:
    """Draw one slice: the published means below, then the intervals and the means of this run."""
    of_width = quantity == "second_width"
    if theirs is not None:
        step = max(1, len(theirs.x) // MANY_POINTS)
        axes.plot(
            theirs.x,
            theirs.mean,
            color=colour,
            linestyle=":",
            linewidth=1.1,
            marker="o",
            markersize=3.4,
            markerfacecolor="white",
            markeredgewidth=0.7,
            markevery=list(np.flatnonzero(theirs.reached)) if of_width else step,
            zorder=2,
        )
    if ours is None:
        return
    marker = "o" if not of_width and len(ours.x) <= MANY_POINTS else None
    interval = _probability_interval if quantity == "interpolated" else mean_interval
    bars = _few([ours])
    places = ours.x + shift * bars
    line = Line(places, ours.samples)
    draw_means(axes, line, colour, bars=bars, interval=interval, marker=marker)
    if of_width:
        where = ours.reached
        axes.plot(places[where], ours.mean[where], **REACHED_MARKER, color=colour, markersize=3.2)


def _probability_interval(outcomes: np.ndarray) -> tuple[float, float]:
    if len(outcomes) == 1:
        return np.nan, np.nan
    return share_interval(int(np.sum(outcomes)), len(outcomes))


def _few(curves: list[Curve]) -> bool:
    """Whether no place has as many as `FEW` trials, and one has several."""
    return 1 < max(curve.trials.max() for curve in curves) < FEW


def _frame(axes: Axes, quantity: str, x: str, shown: list[Curve]) -> None:
    axes.grid(True)
    if shown:
        places = np.concatenate([curve.x for curve in shown])
        label_axis(axes.xaxis, x, places.max())
        margin = 0.02 * (np.ptp(places) or 1)
        axes.set_xlim(places.min() - margin, places.max() + margin)
        label_axis(axes.yaxis, quantity, 1)
    if quantity == "interpolated":
        axes.set_ylim(-0.04, 1.06)
        axes.axhline(REACHED, color=FAINT, linewidth=0.7, linestyle=(0, (4, 2)), zorder=1)
    else:
        _set_height(axes, shown)
        axes.set_ylabel("mean " + AXIS_LABELS[quantity])
    seaborn.despine(ax=axes)


def _set_height(axes: Axes, shown: list[Curve]) -> None:
    # From 0, unless the lines would then fill less than half of the frame. An interval of two
    # restarts can be many times as high as the lines: then it is cut.
    heights = np.concatenate([np.zeros(0), *(curve.mean for curve in shown)])
    low, high = axes.get_ylim()
    if len(heights):
        least, largest = np.nanmin(heights), np.nanmax(heights)
        room = max(ROOM * (largest - least), 0.1 * largest)
        low, high = max(low, least - room), min(high, largest + room)
        if least > 0.5 * largest:
            axes.set_ylim(low, high)
            return
    axes.set_ylim(0, 1.05 * high)


def _legends(
    figure: Figure,
    quantity: str,
    by: str,
    ours: dict[float, Curve | None],
    theirs: dict[float, Curve | None],
) -> None:
    """Explain the colours (one value each) and, below, the kinds of line and marker."""
    handles, labels = [], []
    for colour, value in zip(ordered_colours(len(ours)), ours, strict=True):
        missing = ours[value] is None
        if missing and theirs[value] is None:
            continue
        handles.append(Line2D([], [], color=colour, linestyle=":" if missing else "-"))
        labels.append(symbol_value(by, value) + (" (published only)" if missing else ""))
    handles.append(Line2D([], [], linestyle="none"))
    labels.append("")
    found = [curve for curve in ours.values() if curve is not None]
    if found:
        few = any(len(curve.x) <= MANY_POINTS for curve in found)
        dotted = few and quantity != "second_width"
        marker = {"marker": "o", "markersize": 2.8} if dotted else {}
        handles.append(Line2D([], [], color=INK, **marker))
        labels.append(f"this run ({_restarts(found)})")
    if any(curve.trials.max() > 1 for curve in found):
        handles.append(bar_handle() if _few(found) else band_handle())
        labels.append(BAR_TEXT if _few(found) else BAND_TEXT)
    known = [curve for curve in theirs.values() if curve is not None]
    if known:
        hollow = {"marker": "o", "markersize": 3.4, "mfc": "white"}
        style = {} if quantity == "second_width" else hollow
        handles.append(Line2D([], [], color=INK, linestyle=":", **style))
        labels.append(f"published ({_restarts(known)})")
    if quantity == "second_width" and any(curve.reached.any() for curve in [*found, *known]):
        handles.append(Line2D([], [], color=INK, **REACHED_MARKER, markersize=3.2))
        labels.append(f"probability $\\geq$ {REACHED}")
    figure.legend(handles, labels, loc="outside right upper")


def _restarts(curves: list[Curve]) -> str:
    return trials_text(np.concatenate([curve.trials for curve in curves])).removesuffix(" per cell")
