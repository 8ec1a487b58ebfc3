"""Decision regions of a fitted network in the plane, neuron by neuron."""

from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke

from memrob.errors import UserError
from memrob.interpolation import Detector, fit
from memrob.plots.colours import blended, neuron_colours
from memrob.plots.style import INK, grouped, new_figure
from memrob.studies.interpolation.figures.plane import (
    CLASS_TEXTS,
    check_planar,
    class_handles,
    draw_points,
    frame,
    window,
)
from memrob.studies.interpolation.figures.scatter import dot_size

# Columns of the picture of the regions in one large panel.
FINE_COLUMNS = 900
BOUNDARY_WIDTH = 1.2
# Points shown at most; the network is fitted to all.
SHOWN = 5000
# Points of the plane that pass through the first layer at a time.
BATCH = 8192


class Regions(NamedTuple):
    """Where in the plane each neuron fires.

    Attributes
    ----------
    x, y : ndarray of float64, shapes (columns,) and (rows,)
        Coordinates of the picture's points.
    fires : ndarray of bool, shape (m, rows, columns)
        One picture a second-layer neuron.
    """

    x: np.ndarray
    y: np.ndarray
    fires: np.ndarray


def boundary(
    X: np.ndarray,
    y: np.ndarray,
    *,
    first_width: int,
    max_bias: float,
    seed: int,
    n_samples: int | None = None,
    title: str = "",
) -> Figure:
    """Fit a network to a planar set and draw its decision regions.

    Parameters
    ----------
    X : ndarray of float32, shape (N, 2)
        Points.
    y : ndarray of int, shape (N,)
        Labels; the larger is class minus.
    first_width, max_bias, seed
        Passed on to `memrob.interpolation.fit`.
    n_samples : int, optional
        Use this many points, the first ones.
    title : str
        Title of the figure.

    Returns
    -------
    matplotlib.figure.Figure
        Each second-layer neuron's region in its own colour, darker where several fire; a star at
        the point that made the neuron; the decision boundary as a line; the points of both
        classes. Call inside `memrob.plots.style.styled`.
    """
    X, y = prefix(X, y, n_samples)
    network = fit(X, y, first_width=first_width, max_bias=max_bias, seed=seed)
    shown = len(X) // thinning(len(X))
    limits = window(X)
    shape = (limits[3] - limits[2]) / (limits[1] - limits[0])
    figure = new_figure(5.4, 4.75 * shape + 1.2, title)
    panel = figure.subplots()
    count = draw_regions(
        panel, network.detectors[0], X, y, columns=FINE_COLUMNS, size=1.15 * dot_size(shown)
    )
    frame(panel, limits)
    state = "interpolates" if network.interpolates else "does not interpolate"
    panel.set_title(
        rf"$N$ = {grouped(len(X))}, $n$ = {grouped(first_width)}, $\lambda$ = {grouped(max_bias)}: "
        rf"{state}, $\hat{{n}}$ = {grouped(count)}"
    )
    region_legend(figure, count, len(X))
    return figure


def prefix(X: np.ndarray, y: np.ndarray, n_samples: int | None) -> tuple[np.ndarray, np.ndarray]:
    """Return the first `n_samples` points of a planar two-class set, all when None.

    Raises
    ------
    UserError
        When there are fewer points, or the set is not in the plane or does not have two classes.
    """
    if n_samples is not None and not 2 <= n_samples <= len(X):
        raise UserError(
            f"figure option n_samples: found {n_samples}, expected 2 to {len(X)} points"
        )
    X, y = X[:n_samples], y[:n_samples]
    check_planar(X, y)
    return X, y


def regions(detector: Detector, limits: tuple[float, float, float, float], columns: int) -> Regions:
    """Evaluate each neuron of a detector on a fine grid in the plane.

    Parameters
    ----------
    detector : Detector
        The second layer of class minus.
    limits : (left, right, bottom, top)
        Frame of the picture.
    columns : int
        Points along the horizontal side; the vertical side has the same spacing.
    """
    left, right, bottom, top = limits
    rows = max(2, round(columns * (top - bottom) / (right - left)))
    x, y = np.linspace(left, right, columns), np.linspace(bottom, top, rows)
    points = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2).astype(np.float32)
    parts = [
        np.asarray(detector.fires(points[start : start + BATCH]), dtype=bool)
        for start in range(0, len(points), BATCH)
    ]
    return Regions(x, y, np.concatenate(parts).T.reshape(-1, rows, columns))


def draw_regions(
    axes: Axes,
    detector: Detector,
    X: np.ndarray,
    y: np.ndarray,
    *,
    columns: int,
    size: float,
    line: float = BOUNDARY_WIDTH,
) -> int:
    """Draw regions, decision boundary, points and stars into one panel.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    detector : Detector
        The second layer of class minus; `candidates` index `X`.
    X, y : ndarray, shapes (N, 2) and (N,)
        The points the network was fitted to, and their labels.
    columns : int
        Fineness of the picture.
    size, line : float
        Diameter of a dot and width of the decision boundary, in points.

    Returns
    -------
    int
        The second width.
    """
    limits = window(X)
    x, rows, fires = regions(detector, limits, columns)
    colours = neuron_colours(len(fires))
    axes.imshow(blended(colours, fires, 0.3), extent=limits, interpolation="bilinear", zorder=0)
    for colour, where in zip(colours, fires, strict=True):
        if where.any() and not where.all():
            axes.contour(
                x, rows, where, levels=[0.5], colors=[colour], linewidths=0.4, alpha=0.8, zorder=1
            )
    decided = fires.any(axis=0)
    if decided.any() and not decided.all():
        axes.contour(x, rows, decided, levels=[0.5], colors=[INK], linewidths=line, zorder=2)
    step = thinning(len(X))
    draw_points(axes, X[::step], y[::step], size, dark=True)
    for colour, candidate in zip(colours, detector.candidates, strict=True):
        axes.plot(
            *X[candidate],
            marker="*",
            markersize=7.5 * line,
            color=colour,
            markeredgecolor=INK,
            markeredgewidth=0.6,
            path_effects=[withStroke(linewidth=2.0, foreground="white")],
            zorder=4,
        )
    return len(fires)


def thinning(count: int) -> int:
    """Return k such that one point in k is shown, so that dots do not hide the regions."""
    return -(-count // SHOWN)


def region_legend(
    figure: Figure, count: int, points: int, extra: tuple[list, list[str]] = ((), ())
) -> None:
    """Explain dots, regions, stars and the boundary below the panels.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure.
    count : int
        Number of neurons, for the colours shown.
    points : int
        Number of points the network was fitted to.
    extra : (handles, texts)
        Further entries.
    """
    first = neuron_colours(count)[0] if count else np.array([0.7, 0.7, 0.7])
    star = Line2D(
        [],
        [],
        linestyle="none",
        marker="*",
        markersize=8,
        color=first,
        markeredgecolor=INK,
        markeredgewidth=0.6,
    )
    handles = [
        *class_handles(3.5, dark=True),
        Line2D([], [], color=INK, linewidth=BOUNDARY_WIDTH),
        Patch(facecolor=1 - 0.3 * (1 - first), edgecolor=first, linewidth=0.5),
        star,
        *extra[0],
    ]
    step = thinning(points)
    thinned = f", 1 in {grouped(step)} shown" if step > 1 else ""
    texts = [
        *(text + thinned for text in CLASS_TEXTS),
        "decision boundary",
        "region of a second-layer neuron",
        "the point that made it",
        *extra[1],
    ]
    figure.legend(handles, texts, loc="outside lower center", ncols=3, columnspacing=1.4)
