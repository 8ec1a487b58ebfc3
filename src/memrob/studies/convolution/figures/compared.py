"""Both networks side by side: first width needed, second width and parameters."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from memrob.errors import UserError
from memrob.plots.means import BAND_TEXT, band_handle
from memrob.plots.style import FULL_WIDTH, INK, grouped, new_figure
from memrob.studies.convolution.cells import (
    at_onset,
    at_width,
    interpolating,
    line,
    of_network,
    onset,
    selected,
)
from memrob.studies.convolution.figures.axes import (
    COLOURS,
    MARKERS,
    TEXTS,
    draw_means,
    frame,
    handle,
    look,
)
from memrob.studies.convolution.trial import NETWORKS

LABELS = {
    "onset": "first width $n$ needed",
    "second_width": "second width $\\hat{n}$",
    "n_parameters": "parameters needed",
}
ASIDE = dict(zip(NETWORKS, (1 / 1.05, 1.05), strict=True))
MAY_LIE = "where probability 1/2 may lie (90 %)"
BEYOND = "larger than every $n$ tried"
SMALLEST = "the smallest $n$ tried"
SOME = "not all networks interpolate"


def compared(
    trials: pd.DataFrame,
    *,
    x: str,
    panels: list[str] | None = None,
    first_width: int | None = None,
    only: dict | None = None,
    title: str = "",
) -> Figure:
    """Draw what both networks need against the number of shifts or of points.

    Parameters
    ----------
    trials : DataFrame
        One row per network.
    x : {"n_shifts", "n_samples"}
        Parameter on the horizontal axis.
    panels : list of str, optional
        Some of ``onset``, ``second_width`` and ``n_parameters``; all when left out.
    first_width : int, optional
        First width of the networks whose second widths are shown; at each place the largest of
        the table when left out.
    only : dict, optional
        Values at which other parameters are held.
    title : str
        Title of the figure.

    Returns
    -------
    matplotlib.figure.Figure
        Second widths and parameters are of networks that interpolate; means with confidence bands.
        First widths have the interval of `memrob.studies.convolution.cells.Onset` as error bar.
        Call inside `memrob.plots.style.styled`.

    Raises
    ------
    UserError
        When an option has no such value, or another parameter varies.
    """
    panels = list(DRAWN) if panels is None else panels
    for panel in panels:
        if panel not in DRAWN:
            allowed = ", ".join(DRAWN)
            raise UserError(f"figure option panels: found {panel!r}, expected {allowed}")
    if x not in ("n_shifts", "n_samples"):
        raise UserError(f"figure option x: found {x!r}, expected n_shifts, n_samples")
    trials = selected(trials, "compared", ("second_width", "n_parameters"), only)
    rows = {network: of_network(trials, network) for network in NETWORKS}
    rows = {network: of for network, of in rows.items() if len(of)}
    figure = new_figure(FULL_WIDTH, 2.9, title)
    notes: dict[str, Line2D | Patch] = {}
    places = np.unique(np.concatenate([of[x] for of in rows.values()]))
    for axes, panel in zip(figure.subplots(1, len(panels), squeeze=False)[0], panels, strict=True):
        heights = [
            DRAWN[panel](axes, of, network, x, first_width, notes) for network, of in rows.items()
        ]
        frame(axes, x, places, np.concatenate(heights))
        at = _at(rows, x, first_width) if panel == "second_width" else ""
        axes.set_title(LABELS[panel] + at)
    handles = [handle(network) for network in rows] + list(notes.values())
    texts = [TEXTS[network] for network in rows] + list(notes)
    figure.legend(handles, texts, loc="outside lower center", ncols=3 if len(texts) > 4 else 2)
    return figure


def _at(rows: dict[str, pd.DataFrame], x: str, first_width: int | None) -> str:
    """Say at which first width second widths are, where it is the same everywhere."""
    widths = [at_width(of, x, first_width)["first_width"].unique() for of in rows.values()]
    widths = np.unique(np.concatenate(widths))
    return f" at $n$ = {grouped(widths[0])}" if len(widths) == 1 else " at the largest $n$"


def _onset(axes: Axes, rows: pd.DataFrame, network: str, x: str, _: None, notes: dict):
    of = onset(rows, x)
    # Beside each other, so that no error bar hides another.
    at = of.x * ASIDE[network]
    known = np.isfinite(of.first_width)
    smallest = known & (of.first_width == of.least)
    # An end of an interval beyond the grid is drawn at the grid's end.
    low, high = np.where(known, of.low, np.nan), np.where(np.isnan(of.high), of.largest, of.high)
    middle = of.first_width[known]
    spread = np.array([middle - low[known], high[known] - middle])
    style = look(network) | {"markerfacecolor": "none", "marker": None}
    axes.errorbar(at[known], middle, yerr=spread, capsize=2, elinewidth=0.9, **style)
    for chosen, hollow in ((known & ~smallest, False), (smallest, True)):
        dots = look(network, hollow=hollow) | {"linestyle": "none"}
        axes.plot(at[chosen], of.first_width[chosen], **dots, zorder=4)
    if (spread > 0).any():
        notes[MAY_LIE] = Line2D([], [], color=INK, marker="|", markersize=7, linestyle="none")
    if smallest.any():
        notes[SMALLEST] = _mark("o")
    if not known.all():
        style = {"color": COLOURS[network], "marker": "^", "linestyle": "none", "mfc": "white"}
        axes.plot(at[~known], of.largest[~known], **style, markersize=6.5, clip_on=False)
        notes[BEYOND] = _mark("^")
    return np.concatenate([middle, low[known], high[known], of.largest[~known]])


def _second_width(
    axes: Axes, rows: pd.DataFrame, network: str, x: str, first_width: int | None, notes: dict
) -> np.ndarray:
    chosen = at_width(rows, x, first_width)
    shares = chosen.groupby(x)["interpolated"].mean()
    return _means(axes, interpolating(chosen), network, "second_width", x, shares < 1, notes)


def _parameters(axes: Axes, rows: pd.DataFrame, network: str, x: str, _: None, notes: dict):
    chosen = at_onset(rows, x)
    none = pd.Series(False, index=chosen[x].unique())
    return _means(axes, chosen, network, "n_parameters", x, none, notes)


def _means(
    axes: Axes,
    rows: pd.DataFrame,
    network: str,
    quantity: str,
    x: str,
    some: pd.Series,
    notes: dict,
) -> np.ndarray:
    along = line(rows, quantity, x)
    if along is None:
        return np.empty(0)
    if along.networks.max() > 1:
        notes[BAND_TEXT] = band_handle()
    heights = draw_means(axes, along, network)
    hollow = some.reindex(along.x).to_numpy(bool)
    if hollow.any():
        dots = look(network, hollow=True) | {"linestyle": "none"}
        axes.plot(along.x[hollow], along.means[hollow], **dots, zorder=4)
        notes[SOME] = _mark(MARKERS[network])
    return heights


def _mark(marker: str) -> Line2D:
    style = {"color": INK, "linestyle": "none", "markersize": 5, "markerfacecolor": "white"}
    return Line2D([], [], marker=marker, **style)


DRAWN: dict[str, Callable[..., np.ndarray]] = {
    "onset": _onset,
    "second_width": _second_width,
    "n_parameters": _parameters,
}
