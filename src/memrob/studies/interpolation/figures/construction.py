"""The construction step by step on a few points of the plane, as schematic figures show it."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from memrob.complexity.covering import Pieces, mutual_covering
from memrob.errors import UserError
from memrob.interpolation import Network, fit
from memrob.interpolation.first_layer import FirstLayer
from memrob.plots.style import (
    CATEGORY_COLOURS,
    COLUMN_WIDTH,
    FAINT,
    FULL_WIDTH,
    INK,
    MINUS_COLOUR,
    PLUS_COLOUR,
    new_figure,
)
from memrob.studies.interpolation.figures.boundary import prefix, regions
from memrob.studies.interpolation.figures.plane import (
    CLASS_TEXTS,
    class_handles,
    draw_points,
    frame,
    window,
)

STEPS = ("covering", "hyperplanes", "features", "selection")
DOT = 3.5
COLUMNS = 240
"""Fineness of the regions."""

PANELS = 3


def construction(
    X: np.ndarray,
    y: np.ndarray,
    *,
    step: str,
    n_samples: int,
    first_width: int,
    max_bias: float,
    seed: int,
    title: str = "",
) -> Figure:
    """Draw one step of the construction.

    Parameters
    ----------
    X, y : ndarray, shapes (N, 2) and (N,)
        Points of two classes; the larger label is class minus.
    step : {"covering", "hyperplanes", "features", "selection"}
        The points with a mutual covering; the hyperplanes; on which side of each every point lies;
        the first neurons, one after another.
    n_samples : int
        Use this many points, the first ones.
    first_width, max_bias, seed
        Passed on to `memrob.interpolation.fit`.
    title : str
        Title of the figure.

    Returns
    -------
    matplotlib.figure.Figure
        Call inside `memrob.plots.style.styled`.

    Raises
    ------
    UserError
        For a step that there is not, or points that are not two classes in the plane.
    """
    if step not in STEPS:
        raise UserError(f"figure option step: is {step!r}; it must be one of {', '.join(STEPS)}")
    X, y = prefix(X, y, n_samples)
    network = fit(X, y, first_width=first_width, max_bias=max_bias, seed=seed)
    limits = window(X)
    shape = (limits[3] - limits[2]) / (limits[1] - limits[0])
    if step == "selection":
        figure = new_figure(FULL_WIDTH, FULL_WIDTH / PANELS * shape + 0.9, title)
        _selection(figure.subplots(1, PANELS), network, X, y, limits)
    else:
        figure = new_figure(COLUMN_WIDTH + 0.6, COLUMN_WIDTH * shape + 1.2, title)
        axes = figure.add_subplot()
        if step == "features":
            _features(axes, network, X, y)
            return figure
        draw_points(axes, X, y, DOT, dark=False)
        if step == "covering":
            _covering(axes, X, y, max_bias)
        else:
            draw_hyperplanes(axes, network.layer, limits)
        frame(axes, limits)
    figure.legend(class_handles(DOT, dark=False), CLASS_TEXTS, loc="outside lower center", ncols=2)
    return figure


def _covering(axes: Axes, X: np.ndarray, y: np.ndarray, max_bias: float) -> None:
    minus, plus = X[y == y.max()], X[y != y.max()]
    covering = mutual_covering(minus, plus, max_bias)
    _balls(axes, minus, covering.minus, MINUS_COLOUR)
    _balls(axes, plus, covering.plus, PLUS_COLOUR)


def _balls(axes: Axes, points: np.ndarray, pieces: Pieces, colour: str) -> None:
    for centre, radius in zip(points[pieces.centres], pieces.radii, strict=True):
        axes.add_patch(Circle(centre, radius, facecolor=colour, alpha=0.15, linewidth=0))
        axes.add_patch(Circle(centre, radius, edgecolor=colour, fill=False, linewidth=0.7))
        axes.plot(*centre, marker="x", color=INK, markersize=3.5, zorder=4)


def draw_hyperplanes(
    axes: Axes, layer: FirstLayer, limits: tuple[float, ...], count: int | None = None
) -> None:
    """Draw the hyperplanes of a layer in the plane.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    layer : FirstLayer
        A first layer in the plane.
    limits : (left, right, bottom, top)
        Of the axes.
    count : int, optional
        Draw this many, the first ones.
    """
    ends = 2 * np.hypot(limits[1] - limits[0], limits[3] - limits[2])
    for weights, bias in zip(layer.weights[:count], layer.biases[:count], strict=True):
        foot = -bias * weights / (weights @ weights)
        along = np.array([-weights[1], weights[0]]) / np.linalg.norm(weights)
        line = foot + np.array([[-ends], [ends]]) * along
        axes.plot(*line.T, color=FAINT, linewidth=0.5, zorder=1)


def _features(axes: Axes, network: Network, X: np.ndarray, y: np.ndarray) -> None:
    order = np.argsort(-y, kind="stable")
    sides = X[order] @ network.layer.weights.T + network.layer.biases > 0
    colours = ListedColormap(["white", INK])
    axes.imshow(sides, cmap=colours, aspect="auto", interpolation="nearest", origin="upper")
    axes.axhline((y == y.max()).sum() - 0.5, color=MINUS_COLOUR, linewidth=1.2)
    axes.set(xlabel="hyperplane", ylabel="point: $X^-$ above, $X^+$ below")


def _selection(
    panels: np.ndarray, network: Network, X: np.ndarray, y: np.ndarray, limits: tuple[float, ...]
) -> None:
    """Each panel adds a neuron; points of X- that a neuron fires at are struck out."""
    detector = network.detectors[0]
    x, rows, fires = regions(detector, limits, COLUMNS)
    fired = np.asarray(detector.fires(X), dtype=bool)
    # The first two are those of the classes.
    colours = CATEGORY_COLOURS[2:]
    for count, axes in enumerate(panels, start=1):
        draw_points(axes, X, y, DOT, dark=False)
        for colour, where in zip(colours, fires[:count], strict=False):
            axes.contourf(x, rows, where, levels=[0.5, 1.5], colors=[colour], alpha=0.25, zorder=0)
        struck = fired[:, :count].any(axis=1)
        axes.plot(*X[struck].T, "o", color="white", markersize=0.5 * DOT, zorder=4)
        for colour, candidate in zip(colours, detector.candidates[:count], strict=False):
            style = {"marker": "*", "markersize": 8, "markeredgecolor": INK}
            axes.plot(*X[candidate], color=colour, markeredgewidth=0.6, zorder=5, **style)
        shown = min(count, len(fires))
        axes.set_title(f"{shown} neuron{'s' * (shown != 1)}")
        frame(axes, limits, labels=count == 1)
        axes.set_xlabel("$x_1$")
