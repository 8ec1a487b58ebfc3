"""What the figures of this part share: how the two networks look, axes, and the part drawn."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from memrob.errors import UserError
from memrob.numerics.statistics import Line
from memrob.plots import style
from memrob.plots.curves import band, log_x, log_y
from memrob.studies.convolution.cells import CELL
from memrob.studies.convolution.kinds import CONVOLUTIONAL, FULLY_CONNECTED, NETWORKS

AXIS_LABELS = style.AXIS_LABELS | {"n_shifts": "number of shifts $|S|$"}
TEXTS = {
    CONVOLUTIONAL: "convolutional, invariant",
    FULLY_CONNECTED: "fully connected, augmented data",
}
COLOURS = {CONVOLUTIONAL: style.CATEGORY_COLOURS[0], FULLY_CONNECTED: style.CATEGORY_COLOURS[1]}
MARKERS = {CONVOLUTIONAL: "o", FULLY_CONNECTED: "s"}
LINES = {CONVOLUTIONAL: "-", FULLY_CONNECTED: (0, (5, 1.6))}
MARKER_SIZE = 4.2


def selected(
    trials: pd.DataFrame, kind: str, columns: Iterable[str], only: dict | None = None
) -> pd.DataFrame:
    """Check that a table has columns and return the part of it that a figure is of.

    Parameters
    ----------
    trials : DataFrame
        One row a network.
    kind : str
        Kind of the figure, for messages.
    columns : iterable of str
        Columns it needs beside those of `memrob.studies.convolution.cells.CELL`.
    only : dict, optional
        Values of parameters, for instance ``{"max_bias": 0.5}``; all rows if left out. A
        ``filter_size`` chooses among convolutional networks alone, the others have no filters.

    Raises
    ------
    UserError
        When a column lacks, or no row has the values of `only`.
    """
    for column in ("network", "interpolated", *CELL, *columns):
        if column not in trials:
            raise UserError(f"figure of kind {kind}: found no column {column} in the trials")
    for name, value in (only or {}).items():
        if name not in CELL[1:]:
            allowed = ", ".join(CELL[1:])
            raise UserError(f"figure option only: found {name}, expected some of {allowed}")
        chosen = np.isclose(trials[name].astype(float), value, rtol=0, atol=1e-6)
        if name == "filter_size":
            chosen |= trials["network"] == FULLY_CONNECTED
        trials = trials[chosen]
    if not trials["network"].isin(NETWORKS).any():
        raise UserError(f"figure of kind {kind}: found no networks with {only or 'any setting'}")
    return trials


def look(network: str, *, hollow: bool = False) -> dict:
    """Colour, marker and dashes of one of the two networks, as arguments of `Axes.plot`."""
    return {
        "color": COLOURS[network],
        "marker": MARKERS[network],
        "markersize": MARKER_SIZE,
        "markerfacecolor": "white" if hollow else COLOURS[network],
        "linestyle": LINES[network],
        "linewidth": 1.2,
    }


def handle(network: str, **changes) -> Line2D:
    """Return the entry of a legend for a network."""
    return Line2D([], [], **(look(network) | changes))


def draw_means(axes: Axes, along: Line, network: str, **changes) -> np.ndarray:
    """Draw means along a line with their confidence band, and return all heights drawn."""
    ends = band(along.samples)
    if ends is None:
        ends = np.empty((0, 2))
    else:
        axes.fill_between(along.x, *ends.T, color=COLOURS[network], alpha=0.2, linewidth=0)
    axes.plot(along.x, along.means, **(look(network) | changes))
    return np.concatenate([along.means, ends[np.isfinite(ends)]])


def frame(axes: Axes, x: str, places: Iterable[float], heights: Iterable[float]) -> None:
    """Make both axes logarithmic, with the places of the cells as ticks."""
    axes.grid(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_xlabel(AXIS_LABELS[x])
    places, heights = np.asarray(list(places), float), np.asarray(list(heights), float)
    heights = heights[np.isfinite(heights) & (heights > 0)]
    if len(places):
        log_x(axes, places, labels=4)
    if len(heights):
        log_y(axes.yaxis, heights.min(), heights.max())
        if np.ptp(heights) == 0:
            axes.set_ylim(heights[0] / 2, heights[0] * 2)
