"""The two classes of a data set in the plane."""

import numpy as np
from matplotlib.figure import Figure

from memrob.errors import UserError
from memrob.plots.style import COLUMN_WIDTH, FULL_WIDTH, grouped, new_figure
from memrob.studies.interpolation.figures.plane import (
    CLASS_TEXTS,
    check_planar,
    class_handles,
    draw_points,
    frame,
    window,
)


def scatter(
    X: np.ndarray, y: np.ndarray, *, sizes: list[int] | None = None, title: str = ""
) -> Figure:
    """Draw a two-class set in the plane, one panel for each of several prefixes.

    Parameters
    ----------
    X : ndarray of float32, shape (N, 2)
        Points, stored so that every prefix is a subset of its own.
    y : ndarray of int, shape (N,)
        Labels; the larger is class minus.
    sizes : list of int, optional
        Numbers of points, one panel each, up to three in a row; all points when left out.
    title : str
        Title of the figure.

    Returns
    -------
    matplotlib.figure.Figure
        Call inside `memrob.plots.style.styled`.

    Raises
    ------
    UserError
        When a size exceeds the set, or the set is not in the plane or does not have two classes.
    """
    check_planar(X, y)
    sizes = list(sizes or [len(X)])
    if max(sizes) > len(X) or min(sizes) < 1:
        raise UserError(f"figure option sizes: found {sizes}, expected 1 to {len(X)} points")
    columns = min(3, len(sizes))
    rows = -(-len(sizes) // columns)
    limits = window(X[: max(sizes)])
    width = COLUMN_WIDTH if columns == 1 else FULL_WIDTH
    shape = (limits[3] - limits[2]) / (limits[1] - limits[0])
    height = rows * (0.97 * (width - 0.5) / columns * shape + 0.3) + 0.75
    figure = new_figure(width, height, title)
    panels = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    for panel, size in zip(panels.flat, sizes, strict=False):
        draw_points(panel, X[:size], y[:size], dot_size(size, columns), dark=False)
        frame(panel, limits)
        panel.label_outer()
        panel.set_title(f"$N$ = {grouped(size)}")
    for column in range(len(sizes) - (rows - 1) * columns, columns):
        panels[-1, column].remove()
        panels[-2, column].tick_params(labelbottom=True)
        panels[-2, column].set_xlabel("$x_1$")
    figure.legend(class_handles(3.5, dark=False), CLASS_TEXTS, loc="outside lower center", ncols=2)
    return figure


def dot_size(count: int, columns: int = 1) -> float:
    """Return a diameter in points that keeps `count` dots apart as far as it can.

    Parameters
    ----------
    count : int
        Number of dots.
    columns : int
        Number of panels side by side.
    """
    return float(np.clip(70 / np.sqrt(count), 0.35, 4.5) / columns**0.35)
