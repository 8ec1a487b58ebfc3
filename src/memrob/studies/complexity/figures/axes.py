"""What the figures of this part share: their axes, colours of the constants, and legends."""

from collections.abc import Iterable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from memrob.plots.curves import log_x, log_y
from memrob.plots.means import open_frame
from memrob.plots.style import AXIS_LABELS, CATEGORY_COLOURS, label_axis

MEASURED = "measured: not in this run"
COLOURS = (CATEGORY_COLOURS[0], CATEGORY_COLOURS[1], CATEGORY_COLOURS[3], CATEGORY_COLOURS[4])


def constant_text(constant: float) -> str:
    """Return ``c = 1/2`` or ``c = 1``."""
    return "$c$ = 1/2" if constant == 0.5 else f"$c$ = {constant:g}"


def frame(axes: Axes, x: str, places: Iterable[float], values: Iterable[float]) -> None:
    """Make both axes logarithmic, with the places of the cells as ticks."""
    places = np.asarray(list(places), dtype=float)
    values = np.asarray(list(values), dtype=float)
    values = values[np.isfinite(values) & (values > 0)]
    log_x(axes, places, labels=4)
    axes.set_xlabel(AXIS_LABELS[x])
    if places.max() >= 100_000:
        label_axis(axes.xaxis, x, places.max())
    log_y(axes.yaxis, values.min(), values.max())
    open_frame(axes)


def legend_below(figure: Figure, axes: Axes, ncols: int = 2) -> None:
    """Put the legend of one panel below the whole figure."""
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=ncols)
