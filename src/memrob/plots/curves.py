"""Logarithmic axes, and powers fitted along a parameter."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, NullFormatter, NullLocator

from memrob.numerics.statistics import Line, PowerLaw, fit_power_law
from memrob.plots.style import grouped

EXACT_MARKER = {
    "marker": "o",
    "markersize": 6.5,
    "markerfacecolor": "none",
    "markeredgewidth": 0.9,
    "linestyle": "none",
}


def fitted(line: Line | None) -> PowerLaw | None:
    """Return the power law along a line, the same each time; None for fewer than three places."""
    if line is None or len(line.x) < 3:
        return None
    return fit_power_law(line.x, line.samples)


def log_x(axes: Axes, values: np.ndarray, labels: int) -> None:
    """Make the horizontal axis logarithmic, with a tick at each value and about `labels` labels.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    values : ndarray of float
        The places of the cells.
    labels : int
        How many labels there is room for.
    """
    values = np.unique(values)
    axes.set_xscale("log", base=2)
    apart = np.ptp(np.log(values)) / labels
    labelled = [values[0]]
    for value in values[1:]:
        if np.log(value / labelled[-1]) >= apart:
            labelled.append(value)
    axes.xaxis.set_major_locator(FixedLocator(labelled))
    axes.xaxis.set_major_formatter(FuncFormatter(grouped))
    axes.xaxis.set_minor_locator(FixedLocator(list(values)))
    axes.xaxis.set_minor_formatter(NullFormatter())
    if len(values) > 1:
        margin = (values[-1] / values[0]) ** 0.04
        axes.set_xlim(values[0] / margin, values[-1] * margin)


def log_y(axis: Axis, low: float, high: float) -> None:
    """Make a vertical axis logarithmic, with round numbers at about three to eight ticks.

    Parameters
    ----------
    axis : matplotlib.axis.Axis
        The vertical axis.
    low, high : float
        The range of the values shown.
    """
    axis.axes.set_yscale("log")
    decades = np.log10(high / low)
    if decades < 1.6:
        digits = (1, 1.5, 2, 3, 5, 7) if decades < 1 else (1, 2, 5)
        axis.set_major_locator(LogLocator(subs=digits))
        axis.set_minor_locator(NullLocator())
        axis.set_major_formatter(FuncFormatter(grouped))
    elif decades < 4:
        axis.set_major_formatter(FuncFormatter(grouped))
        axis.set_minor_formatter(NullFormatter())
