"""Means over trials with confidence intervals, drawn by seaborn: one helper for every figure."""

from collections.abc import Callable

import numpy as np
import seaborn
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from memrob.numerics.statistics import LEVEL, Line, mean_interval
from memrob.plots.style import INK

BAND_ALPHA = 0.2
BAND_TEXT = f"{LEVEL:.0%} confidence band"
BAR_TEXT = f"{LEVEL:.0%} confidence interval"


def draw_means(
    axes: Axes,
    line: Line,
    colour: str,
    *,
    bars: bool = False,
    estimator: Callable[[np.ndarray], float] = np.mean,
    interval: Callable[[np.ndarray], tuple[float, float]] = mean_interval,
    **style,
) -> None:
    """Draw the means along a line and their confidence intervals.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Its vertical axis may be linear or logarithmic: means are those of the values themselves.
    line : Line
        All values at each place.
    colour : str
        Of the line, its markers and its band.
    bars : bool
        Draw the intervals as error bars, not as a band.
    estimator, interval : callable
        From the values at a place to the height of the line, and to the ends of the interval.
    **style
        Passed on to `Axes.plot`.
    """
    look = {"marker": "o", "markersize": 2.8, "linewidth": 1.1, "zorder": 3} | style
    look.setdefault("markeredgecolor", colour)
    around = {"capsize": 2, "elinewidth": 0.9} if bars else {"alpha": BAND_ALPHA, "linewidth": 0}
    seaborn.lineplot(
        x=np.repeat(line.x, line.networks),
        y=np.concatenate(line.samples),
        estimator=_of_values(axes, estimator),
        errorbar=_of_values(axes, interval),
        err_style="bars" if bars else "band",
        err_kws=around | {"zorder": 2},
        color=colour,
        legend=False,
        ax=axes,
        **look,
    )
    # It hides the labels of an axis that has no tick labels, as of panels that share it.
    for axis in (axes.xaxis, axes.yaxis):
        axis.label.set_visible(True)


def _of_values(axes: Axes, function: Callable) -> Callable:
    """Undo the scale of the axis, in which seaborn would take a mean."""
    scale = axes.yaxis.get_transform()
    values_of = scale.inverted().transform

    def scaled(values: np.ndarray) -> float | list[float]:
        return scale.transform(np.array(function(values_of(np.asarray(values))))).tolist()

    return scaled


def band_handle() -> Patch:
    """Return the entry of a legend for confidence bands, see `BAND_TEXT`."""
    return Patch(color=INK, alpha=BAND_ALPHA, linewidth=0)


def bar_handle() -> Line2D:
    """Return the entry of a legend for confidence intervals as bars, see `BAR_TEXT`."""
    return Line2D([], [], color=INK, marker="|", markersize=8, linestyle="none")


def open_frame(axes: Axes) -> None:
    """Leave the frame open at the top and at the right, with a grid behind the data."""
    axes.grid(True)
    seaborn.despine(ax=axes)
