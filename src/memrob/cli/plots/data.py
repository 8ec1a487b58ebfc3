"""A constructed network and the data of the user's own that it was constructed for."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import seaborn
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from memrob.cli.plots.plane import plain, plane, ring_style, short
from memrob.plots.colours import neuron_colours
from memrob.plots.style import FAINT, FULL_WIDTH, grouped, new_figure
from memrob.studies.interpolation.figures.boundary import SHOWN
from memrob.studies.interpolation.figures.scatter import dot_size

if TYPE_CHECKING:
    from memrob.data.tables import LabelledPoints
    from memrob.interpolation import Network

# Classes that get a bar and a colour of their own in the panel of widths.
LISTED = 20


def own_data(network: "Network", points: "LabelledPoints", *, title: str = "") -> Figure:
    """Draw a network beside its data: decision regions in the plane, else a projection and widths.

    Parameters
    ----------
    network : memrob.interpolation.Network
        Constructed for these points.
    points : memrob.data.tables.LabelledPoints
    title : str
        Title of the figure.

    Returns
    -------
    matplotlib.figure.Figure
        Call inside `memrob.plots.style.styled`.
    """
    missed = uncovered(network, points.X, points.y)
    if points.X.shape[1] == 2:
        return plane(network, points, missed, title=title)
    return projection_and_widths(network, points, missed, title=title)


def uncovered(network: "Network", X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Rows of the points of detected classes at which no neuron fires, ascending: (k,) int."""
    rows = [np.empty(0, dtype=np.int64)]
    for detector in network.detectors:
        if detector.n_covered < detector.n_members:
            members = np.flatnonzero(y == detector.label)
            rows.append(members[~detector.detects(X[members])])
    return np.sort(np.concatenate(rows))


def projection_and_widths(
    network: "Network", points: "LabelledPoints", missed: np.ndarray, *, title: str
) -> Figure:
    """Draw the points on two principal components, and each class's size and second width.

    Parameters
    ----------
    network, points
        As for `own_data`.
    missed : (k,) int
        Rows of the points that no neuron covers.
    title : str
        Title of the figure.
    """
    names = points.class_names
    colours = neuron_colours(len(names))
    bars = min(len(names), LISTED)
    figure = new_figure(FULL_WIDTH, max(3.1, 0.2 * bars + 1.25), title)
    left, right = figure.subplots(1, 2, width_ratios=[1.15, 1])
    _draw_projection(left, points, missed, colours)
    _draw_widths(right, network, points, colours)
    state = "interpolates" if network.interpolates else "does not interpolate"
    left.set_title(
        rf"$N$ = {grouped(network.n_samples)}, $d$ = {grouped(points.X.shape[1])}, "
        rf"$n$ = {grouped(network.layer.width)}: {state}"
    )
    return figure


def _draw_projection(
    axes: Axes, points: "LabelledPoints", missed: np.ndarray, colours: np.ndarray
) -> None:
    X, y = points.X, points.y
    step = -(-len(X) // SHOWN)
    shown = np.arange(0, len(X), step)
    marked = missed[:: max(1, -(-len(missed) // SHOWN))]
    at, at_marked, texts = _projected(points, shown, marked)
    order = np.random.default_rng(0).permutation(len(shown))
    classes = np.searchsorted(np.unique(y), y[shown])
    axes.scatter(
        *at[order].T,
        s=dot_size(len(shown)) ** 2,
        c=colours[classes[order]],
        linewidths=0,
        rasterized=True,
    )
    handles = []
    if step > 1:
        dot = Line2D([], [], linestyle="none", marker="o", markersize=3, color=FAINT)
        handles.append((dot, f"1 point in {grouped(step)} shown"))
    if len(marked):
        axes.plot(*at_marked.T, **ring_style(dot_size(len(shown))))
        every = "" if len(marked) == len(missed) else ", some of them"
        ring = Line2D([], [], **ring_style(3))
        handles.append((ring, f"no neuron fires ({grouped(len(missed))} points{every})"))
    if handles:
        axes.figure.legend(*zip(*handles, strict=True), loc="outside lower left", ncols=2)
    axes.set_xlabel(texts[0])
    axes.set_ylabel(texts[1])
    axes.locator_params(nbins=5)


def _projected(
    points: "LabelledPoints", shown: np.ndarray, marked: np.ndarray
) -> tuple[np.ndarray, np.ndarray, tuple[str, str]]:
    """Coordinates in the plane of the points shown and of those marked, and what the axes are."""
    X = points.X
    if X.shape[1] == 1:
        # Noise spreads the points of a class over a band of its own.
        heights = np.searchsorted(np.unique(points.y), points.y) + 1.0
        heights += np.random.default_rng(0).uniform(-0.3, 0.3, len(heights))
        name = plain(points.feature_names[0]) if points.feature_names else "$x_1$"
        at = np.column_stack([X[:, 0], heights])
        return at[shown], at[marked], (name, "class, counted from 1")
    from sklearn.decomposition import PCA

    components = PCA(n_components=2, random_state=0).fit(X[shown].astype(np.float64))
    texts = tuple(
        f"principal component {k + 1} ({100 * share:.1f} % of variance)"
        for k, share in enumerate(components.explained_variance_ratio_)
    )
    at_marked = components.transform(X[marked]) if len(marked) else np.empty((0, 2))
    return components.transform(X[shown]), at_marked, texts


def _draw_widths(
    axes: Axes, network: "Network", points: "LabelledPoints", colours: np.ndarray
) -> None:
    labels, sizes = np.unique(points.y, return_counts=True)
    detected = np.searchsorted(labels, [detector.label for detector in network.detectors])
    widths = [None] * len(labels)
    for k, width in zip(detected, network.second_width_per_class, strict=True):
        widths[k] = width
    draw_bars(axes, points.class_names, sizes, widths, colours)
    axes.set_xlabel("neurons (dark) and points (light)")
    head = rf"$\hat{{n}}$ = {grouped(network.second_width)}"
    few = f", {LISTED} widest of {grouped(len(labels))} classes" if len(labels) > LISTED else ""
    axes.set_title(f"{head}{few}")


def draw_bars(
    axes: Axes,
    names: Sequence[str],
    sizes: Sequence[int],
    parts: Sequence[int | None],
    colours: np.ndarray,
) -> None:
    """Draw one bar a class, of which a part is dark; of more than `LISTED` the largest parts.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    names : sequence of str
        Of the classes.
    sizes : sequence of int
        Lengths of the bars.
    parts : sequence of int or None
        Dark part of each; None where there is none to speak of.
    colours : (K, 3) float
        Red, green, blue in [0, 1].
    """
    lengths = np.array([part or 0 for part in parts])
    listed = np.sort(np.argsort(-lengths, kind="stable")[:LISTED])
    sizes = np.asarray(sizes)
    at = np.arange(len(listed))
    axes.barh(at, sizes[listed], height=0.75, color=0.35 * colours[listed] + 0.65)
    axes.barh(at, lengths[listed], height=0.75, color=colours[listed])
    largest = max(sizes[listed].max(), lengths.max())
    for position, k in enumerate(listed):
        part = "" if parts[k] is None else f"{grouped(parts[k])} / "
        end = max(sizes[k], lengths[k]) + 0.02 * largest
        text = f"{part}{grouped(sizes[k])}"
        axes.text(end, position, text, va="center_baseline", fontsize=7)
    axes.set_yticks(at, [short(names[k]) for k in listed])
    # From the top, with room for three, so that a single class is no block.
    axes.set_ylim(max(len(listed), 3) - 0.5, -0.5)
    axes.set_xlim(0, 1.32 * largest)
    axes.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    seaborn.despine(ax=axes)
    axes.tick_params(axis="y", length=0)
