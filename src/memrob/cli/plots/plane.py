"""Decision regions of a network in the plane, for any number of classes and any units."""

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from memrob.plots.colours import blended, neuron_colours
from memrob.plots.style import FAINT, INK, NO_DATA, grouped, new_figure
from memrob.studies.interpolation.figures.boundary import (
    BOUNDARY_WIDTH,
    draw_regions,
    thinning,
)
from memrob.studies.interpolation.figures.plane import class_handles, window
from memrob.studies.interpolation.figures.scatter import dot_size

if TYPE_CHECKING:
    from memrob.data.tables import LabelledPoints
    from memrob.interpolation import Network

# More neurons have too similar colours, and each takes a picture of its own.
SINGLE_NEURONS = 40
# Above this ratio of the sides the axes have different units, and the panel is a square.
LONGEST_SIDES = 3.0
COLUMNS = 700
NAMED = 12
NAME_LENGTH = 18


def plane(
    network: "Network", points: "LabelledPoints", missed: np.ndarray, *, title: str
) -> Figure:
    """Draw decision regions and points.

    Parameters
    ----------
    network : memrob.interpolation.Network
    points : memrob.data.tables.LabelledPoints
        In the plane.
    missed : (k,) int
        Rows of the points that no neuron covers.
    title : str
        Title of the figure.

    Returns
    -------
    matplotlib.figure.Figure
        With two classes and few neurons, the region of each neuron in its own colour, as in
        `memrob.studies.interpolation.figures.boundary`; otherwise the regions of the classes.
        Call inside `memrob.plots.style.styled`.
    """
    X, y = points.X, points.y
    limits = _limits(X)
    width, height = limits[1] - limits[0], limits[3] - limits[2]
    equal = 1 / LONGEST_SIDES <= height / width <= LONGEST_SIDES
    figure = new_figure(5.4, 4.75 * (height / width if equal else 0.8) + 1.3, title)
    panel = figure.subplots()
    size = 1.15 * dot_size(len(X) // thinning(len(X)))
    if equal and len(points.class_names) == 2 and 0 < network.second_width <= SINGLE_NEURONS:
        draw_regions(panel, network.detectors[0], X, y, columns=COLUMNS, size=size)
        handles, texts = _neuron_legend(network, points)
    else:
        _draw_class_regions(panel, network, points, limits, size)
        handles, texts = _class_legend(network, points)
    if len(missed):
        some = missed[:: thinning(len(missed))]
        ring = ring_style(size)
        panel.plot(*X[some].T, **ring, zorder=5)
        handles.append(Line2D([], [], **ring_style(4.5)))
        texts.append(f"no neuron fires ({grouped(len(missed))} points)")
    panel.set_aspect("equal" if equal else "auto")
    panel.set_xlim(limits[:2])
    panel.set_ylim(limits[2:])
    panel.locator_params(nbins=5)
    _name_axes(panel, points)
    state = "interpolates" if network.interpolates else "does not interpolate"
    panel.set_title(
        rf"$N$ = {grouped(network.n_samples)}, $n$ = {grouped(network.layer.width)}: {state}, "
        rf"$\hat{{n}}$ = {grouped(network.second_width)}"
    )
    figure.legend(handles, texts, loc="outside lower center", ncols=3, columnspacing=1.4)
    return figure


def _limits(X: np.ndarray) -> tuple[float, float, float, float]:
    """Frame around the points, with the same margin on all sides if the units are alike."""
    sides = np.ptp(X.astype(np.float64), axis=0)
    if sides.min() * LONGEST_SIDES >= sides.max() > 0:
        return window(X)
    low, high = X.min(axis=0).astype(float), X.max(axis=0).astype(float)
    # A side of length zero is drawn as long as one unit of its coordinate.
    space = 0.1 * np.where(sides > 0, sides, 10 * np.maximum(1e-3 * np.abs(low), 1e-6))
    return low[0] - space[0], high[0] + space[0], low[1] - space[1], high[1] + space[1]


def _draw_class_regions(
    panel: Axes,
    network: "Network",
    points: "LabelledPoints",
    limits: tuple[float, float, float, float],
    size: float,
) -> None:
    colours = neuron_colours(len(points.class_names))
    x, y = np.linspace(*limits[:2], COLUMNS), np.linspace(*limits[2:], COLUMNS)
    at = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2).astype(np.float32)
    detected = network.detections(at).T.reshape(-1, COLUMNS, COLUMNS)
    own = np.searchsorted(network.labels, [detector.label for detector in network.detectors])
    picture = blended(colours[own], detected, 0.35)
    if len(colours) == 2:
        picture[~detected[0]] += 0.35 * (colours[0] - picture[~detected[0]])
    else:
        picture[~detected.any(axis=0)] = to_rgb(NO_DATA)
    panel.imshow(picture, extent=limits, interpolation="bilinear", aspect="auto", zorder=0)
    for colour, where in zip(colours[own], detected, strict=True):
        if where.any() and not where.all():
            panel.contour(x, y, where, levels=[0.5], colors=[0.7 * colour], linewidths=0.6)
    step = thinning(len(points.X))
    classes = np.searchsorted(network.labels, points.y[::step])
    panel.scatter(
        *points.X[::step].T,
        s=size**2,
        c=0.8 * colours[classes],
        edgecolors="white",
        linewidths=0.3 if size > 1.5 else 0,
        rasterized=len(classes) > 2000,
        zorder=3,
    )


def _class_legend(network: "Network", points: "LabelledPoints") -> tuple[list, list[str]]:
    colours = neuron_colours(len(points.class_names))[:NAMED]
    dot = {"linestyle": "none", "marker": "o", "markersize": 4.5}
    handles = [Line2D([], [], **dot, color=0.8 * colour) for colour in colours]
    texts = [short(name) for name in points.class_names[:NAMED]]
    more = len(points.class_names) - NAMED
    if more > 0:
        handles.append(Line2D([], [], **dot, color=FAINT))
        texts.append(f"{grouped(more)} more classes")
    if len(colours) > 2:
        handles.append(Patch(facecolor=NO_DATA, edgecolor="#BBBBBB", linewidth=0.5))
        texts.append("no class detected")
    return handles, texts


def _neuron_legend(network: "Network", points: "LabelledPoints") -> tuple[list, list[str]]:
    plus, minus = (short(name) for name in points.class_names)
    first = neuron_colours(network.second_width)[0]
    step = thinning(len(points.X))
    thinned = f" (1 point in {grouped(step)})" if step > 1 else ""
    star = {"linestyle": "none", "marker": "*", "markersize": 8, "markeredgecolor": INK}
    handles = [
        *class_handles(3.5, dark=True),
        Line2D([], [], color=INK, linewidth=BOUNDARY_WIDTH),
        Patch(facecolor=1 - 0.3 * (1 - first), edgecolor=first, linewidth=0.5),
        Line2D([], [], **star, color=first, markeredgewidth=0.6),
    ]
    texts = [
        minus + thinned,
        plus + thinned,
        "decision boundary",
        "region of a second-layer neuron",
        "the point that made it",
    ]
    return handles, texts


def _name_axes(panel: Axes, points: "LabelledPoints") -> None:
    names = points.feature_names
    texts = ("$x_1$", "$x_2$") if names is None else tuple(map(plain, names))
    panel.set_xlabel(texts[0])
    panel.set_ylabel(texts[1])


def ring_style(dot: float) -> dict:
    """Marker around a point that no neuron covers, given the diameter of its dot."""
    return {
        "linestyle": "none",
        "marker": "o",
        "markersize": dot + 2.5,
        "markerfacecolor": "none",
        "markeredgecolor": "#B00020",
        "markeredgewidth": 0.9,
    }


def short(name: str) -> str:
    """Name of a class, cut to what fits beside a bar or into a legend."""
    return plain(name if len(name) <= NAME_LENGTH else name[: NAME_LENGTH - 1] + "…")


def plain(text: str) -> str:
    """Text of the user's, in which matplotlib finds no mathematics."""
    return text.replace("$", r"\$")
