"""What the figures of this study share: how the two networks look, and axes."""

from collections.abc import Iterable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from memrob.numerics.statistics import Line, mean_interval
from memrob.plots import means, style
from memrob.plots.curves import log_x, log_y
from memrob.studies.convolution.trial import CONVOLUTIONAL, FULLY_CONNECTED

AXIS_LABELS = style.AXIS_LABELS | {"n_shifts": "number of shifts $|S|$"}
TEXTS = {
    CONVOLUTIONAL: "convolutional, invariant",
    FULLY_CONNECTED: "fully connected, augmented data",
}
COLOURS = {CONVOLUTIONAL: style.CATEGORY_COLOURS[0], FULLY_CONNECTED: style.CATEGORY_COLOURS[1]}
MARKERS = {CONVOLUTIONAL: "o", FULLY_CONNECTED: "s"}
LINES = {CONVOLUTIONAL: "-", FULLY_CONNECTED: (0, (5, 1.6))}
MARKER_SIZE = 4.2


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
    style = look(network) | changes
    means.draw_means(axes, along, style.pop("color"), **style)
    ends = np.array([mean_interval(values) for values in along.samples])
    return np.concatenate([along.means, ends[np.isfinite(ends)]])


def frame(axes: Axes, x: str, places: Iterable[float], heights: Iterable[float]) -> None:
    """Make both axes logarithmic, with the places of the cells as ticks."""
    means.open_frame(axes)
    axes.set_xlabel(AXIS_LABELS[x])
    places, heights = np.asarray(list(places), float), np.asarray(list(heights), float)
    heights = heights[np.isfinite(heights) & (heights > 0)]
    if len(places):
        log_x(axes, places, labels=4)
    if len(heights):
        log_y(axes.yaxis, heights.min(), heights.max())
        if np.ptp(heights) == 0:
            axes.set_ylim(heights[0] / 2, heights[0] * 2)
