"""Separation and covering of orbits, beside the second widths of both networks."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from memrob.plots.means import BAND_TEXT, band_handle
from memrob.plots.style import FULL_WIDTH, INK, new_figure
from memrob.studies.convolution.cells import at_width, interpolating, line, of_network, selected
from memrob.studies.convolution.figures.axes import TEXTS, draw_means, frame, handle, look
from memrob.studies.convolution.trial import NETWORKS

DOTS = {"linestyle": (0, (1, 1.5)), "markerfacecolor": "white"}


def orbits(
    trials: pd.DataFrame,
    *,
    first_width: int | None = None,
    only: dict | None = None,
    title: str = "",
) -> Figure:
    """Draw separation and numbers of pieces with and without invariance, and second widths.

    Parameters
    ----------
    trials : DataFrame
        One row per network, with `separation` and `M_minus`: of orbits in rows of convolutional
        networks, of the augmented points in those of fully connected ones.
    first_width : int, optional
        First width of the networks whose second widths are shown; the largest when left out.
    only : dict, optional
        Values at which other parameters are held.
    title : str
        Title of the figure.

    Returns
    -------
    matplotlib.figure.Figure
        Call inside `memrob.plots.style.styled`.

    Raises
    ------
    UserError
        When another parameter varies, or the table lacks a column.
    """
    columns = ("separation", "M_minus", "second_width")
    trials = selected(trials, "orbits", columns, only)
    rows = {network: of_network(trials, network) for network in NETWORKS}
    chosen = {n: at_width(of, "n_shifts", first_width) for n, of in rows.items() if len(of)}
    figure = new_figure(FULL_WIDTH, 3.0, title)
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.35))
    places = np.unique(np.concatenate([of["n_shifts"] for of in chosen.values()]))
    _draw_separation(left, chosen, places)
    _draw_pieces(right, chosen, places)
    handles = [handle(network) for network in chosen]
    texts = [TEXTS[network] for network in chosen]
    handles += [
        Line2D([], [], color=INK, marker="o", markersize=4, linestyle="none"),
        Line2D([], [], color=INK, marker="o", markersize=4, linewidth=1.2, **DOTS),
    ]
    texts += ["right: measured second width $\\hat{n}$", "right: pieces of the covering $M^-$"]
    if any(len(of) > of["n_shifts"].nunique() for of in chosen.values()):
        handles.append(band_handle())
        texts.append(BAND_TEXT)
    figure.legend(handles, texts, loc="outside lower center", ncols=2)
    return figure


def _draw_separation(axes: Axes, chosen: dict[str, pd.DataFrame], places: np.ndarray) -> None:
    """Draw separations; as both networks should have the same, the later one is hollow."""
    heights = []
    for i, (network, rows) in enumerate(chosen.items()):
        along = line(rows, "separation", "n_shifts")
        if along is None:
            continue
        changes = {"markersize": 7, "markerfacecolor": "none"} if i else {}
        heights.append(draw_means(axes, along, network, **changes))
    frame(axes, "n_shifts", places, np.concatenate([*heights, np.empty(0)]))
    # From 0 on, as separations often hardly change.
    axes.set_yscale("linear")
    axes.set_ylim(0, 1.08 * axes.get_ylim()[1])
    axes.set_ylabel("separation of the classes")


def _draw_pieces(axes: Axes, chosen: dict[str, pd.DataFrame], places: np.ndarray) -> None:
    heights = [np.empty(0)]
    for network, rows in chosen.items():
        pieces = line(rows, "M_minus", "n_shifts")
        if pieces is not None:
            style = look(network) | DOTS
            axes.plot(pieces.x, pieces.means, **style, zorder=2.5)
            heights.append(pieces.means)
        widths = line(interpolating(rows), "second_width", "n_shifts")
        if widths is not None:
            heights.append(draw_means(axes, widths, network))
    frame(axes, "n_shifts", places, np.concatenate(heights))
    axes.set_ylabel("second width $\\hat{n}$ and pieces $M^-$")
