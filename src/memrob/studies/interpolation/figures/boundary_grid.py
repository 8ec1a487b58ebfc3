"""Decision regions over several first widths and maximal biases."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from memrob.interpolation import fit
from memrob.plots.style import FULL_WIDTH, INK, new_figure, symbol_value
from memrob.studies.interpolation.figures.boundary import (
    draw_regions,
    prefix,
    region_legend,
    thinning,
)
from memrob.studies.interpolation.figures.plane import frame, window
from memrob.studies.interpolation.figures.scatter import dot_size

FRAME_COLOUR = "#D55E00"
COLUMNS = 900


def boundary_grid(
    X: np.ndarray,
    y: np.ndarray,
    *,
    first_widths: list[int],
    max_biases: list[float],
    seed: int,
    n_samples: int | None = None,
    title: str = "",
) -> Figure:
    """Fit and draw one network for each pair of first width (rows) and maximal bias (columns).

    Parameters
    ----------
    X : ndarray of float32, shape (N, 2)
        Points.
    y : ndarray of int, shape (N,)
        Labels; the larger is class minus.
    first_widths, max_biases : list
        Rows, from the top, and columns.
    seed : int
        Of every network.
    n_samples : int, optional
        Use this many points, the first ones.
    title : str
        Title of the figure.

    Returns
    -------
    matplotlib.figure.Figure
        Each panel as in `memrob.studies.interpolation.figures.boundary.boundary`, with the second
        width in it and a strong frame around it if the network interpolates. Call inside
        `memrob.plots.style.styled`.
    """
    X, y = prefix(X, y, n_samples)
    limits = window(X)
    shape = (limits[3] - limits[2]) / (limits[1] - limits[0])
    rows, columns = len(first_widths), len(max_biases)
    side = (FULL_WIDTH - 0.75) / max(columns, 2)
    figure = new_figure(side * columns + 0.75, rows * (0.95 * side * shape + 0.06) + 1.05, title)
    panels = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    widest = 0
    for row, first_width in zip(panels, first_widths, strict=True):
        for panel, max_bias in zip(row, max_biases, strict=True):
            network = fit(X, y, first_width=first_width, max_bias=max_bias, seed=seed)
            size = dot_size(len(X) // thinning(len(X)), columns)
            count = draw_regions(
                panel, network.detectors[0], X, y, columns=COLUMNS, size=size, line=0.9
            )
            widest = max(widest, count)
            frame(panel, limits)
            panel.label_outer()
            _note(panel, count, network.interpolates)
    for panel, max_bias in zip(panels[0], max_biases, strict=True):
        panel.set_title(symbol_value("max_bias", max_bias))
    for panel, first_width in zip(panels[:, 0], first_widths, strict=True):
        panel.set_ylabel(symbol_value("first_width", first_width) + "\n$x_2$")
    strong = Patch(facecolor="none", edgecolor=FRAME_COLOUR, linewidth=2)
    region_legend(figure, widest, len(X), ([strong], ["interpolates all points"]))
    return figure


def _note(panel: Axes, count: int, interpolates: bool) -> None:
    panel.text(
        0.975,
        0.96,
        rf"$\hat{{n}}$ = {count}",
        transform=panel.transAxes,
        ha="right",
        va="top",
        fontsize=8,
        zorder=6,
        bbox={"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": "none", "alpha": 0.8},
    )
    for spine in panel.spines.values():
        spine.set_edgecolor(FRAME_COLOUR if interpolates else INK)
        spine.set_linewidth(2.2 if interpolates else 0.6)
        spine.set_zorder(7)
