"""The construction on a few points of the plane as an animation."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from PIL import Image

from memrob.interpolation import Network, fit
from memrob.numerics.files import whole_file
from memrob.plots.colours import neuron_colours
from memrob.plots.style import INK, MINUS_COLOUR, PLUS_COLOUR, styled
from memrob.studies.interpolation.figures.boundary import prefix, regions
from memrob.studies.interpolation.figures.construction import draw_hyperplanes
from memrob.studies.interpolation.figures.plane import draw_points, frame, window

WIDTH, HEIGHT, DPI = 6.4, 3.3, 100
DOT = 4.5
COLUMNS = 320
"""Fineness of the regions."""

AT_ONCE = 2
"""Hyperplanes that fall in one picture."""

COLOURS = 128
NEARLY_WHITE = 246
FIRST, FALL, VISIT, REGION, LAST = 1200, 100, 700, 1100, 3500
"""Milliseconds of the pictures: the points, a fall, a visit, a neuron, the network."""


class Moment(NamedTuple):
    """What one picture of the animation shows.

    Attributes
    ----------
    hyperplanes, neurons : int
        How many there are so far.
    visited : int or None
        Candidate that is being visited, by its place among those that made a neuron.
    text : str
        What is said below.
    milliseconds : int
        How long it stands.
    """

    hyperplanes: int
    neurons: int
    visited: int | None
    text: str
    milliseconds: int


def write_animation(
    X: np.ndarray,
    y: np.ndarray,
    path: Path,
    *,
    n_samples: int = 60,
    first_width: int = 40,
    max_bias: float = 1.0,
    seed: int = 9,
) -> None:
    """Write the construction as a GIF: hyperplanes, features, and neurons one by one.

    Parameters
    ----------
    X, y : ndarray, shapes (N, 2) and (N,)
        Points of two classes; the larger label is class minus.
    path : path
        GIF to write.
    n_samples : int
        Use this many points, the first ones.
    first_width, max_bias, seed
        Passed on to `memrob.interpolation.fit`.

    Raises
    ------
    UserError
        If the points are not two classes in the plane.
    """
    X, y = prefix(X, y, n_samples)
    network = fit(X, y, first_width=first_width, max_bias=max_bias, seed=seed)
    shown = list(moments(network))
    pictures = [Image.fromarray(picture(network, X, y, moment)) for moment in shown]
    # Every colour is in one of the pictures that stand long.
    standing = [p for p, m in zip(pictures, shown, strict=True) if m.milliseconds > FALL]
    palette = _palette(np.vstack([np.asarray(p) for p in standing]))
    first, *others = [p.quantize(palette=palette, dither=Image.Dither.NONE) for p in pictures]
    with whole_file(path) as temporary:
        first.save(
            temporary,
            format="GIF",
            save_all=True,
            append_images=others,
            duration=[moment.milliseconds for moment in shown],
            loop=0,
        )


def _palette(picture: np.ndarray) -> Image.Image:
    """Image with the palette that suits a picture best; its white is that of a page."""
    found = Image.fromarray(picture).quantize(COLOURS, dither=Image.Dither.NONE)
    colours = np.array(found.getpalette()).reshape(-1, 3)
    colours[colours.min(axis=1) >= NEARLY_WHITE] = 255
    palette = Image.new("P", (1, 1))
    palette.putpalette(colours.ravel().tolist())
    return palette


def moments(network: Network) -> Iterator[Moment]:
    """Pictures of the animation in their order."""
    n = len(network.layer.weights)
    yield Moment(0, 0, None, "Two classes of points.", FIRST)
    for fallen in range(AT_ONCE, n + AT_ONCE, AT_ONCE):
        fallen = min(fallen, n)
        text = f"Random hyperplanes give features: {fallen} of {n}."
        yield Moment(fallen, 0, None, text, FALL)
    count = len(network.detectors[0].candidates)
    for number in range(count):
        yield Moment(n, number, number, "A point that no neuron covers yet ...", VISIT)
        text = f"... makes neuron {number + 1}, which fires nowhere on the other class."
        yield Moment(n, number + 1, None, text, REGION)
    end = "All points are covered: the network interpolates with"
    if not network.interpolates:
        end = "The network does not interpolate; it has"
    yield Moment(n, count, None, f"{end} {count} neuron{'s' * (count != 1)}.", LAST)


def picture(network: Network, X: np.ndarray, y: np.ndarray, moment: Moment) -> np.ndarray:
    """Draw one picture: the plane, the features of all points, and what is said.

    Returns
    -------
    ndarray of uint8, shape (height, width, 3)
    """
    with styled():
        figure = Figure(figsize=(WIDTH, HEIGHT), dpi=DPI, facecolor="white")
        canvas = FigureCanvasAgg(figure)
        _plane(figure.add_axes((0.02, 0.24, 0.62, 0.73)), network, X, y, moment)
        _features(figure.add_axes((0.71, 0.24, 0.27, 0.73)), network, X, y, moment)
        figure.text(0.5, 0.06, moment.text, ha="center", va="center", fontsize=13)
        canvas.draw()
        return np.asarray(canvas.buffer_rgba())[:, :, :3].copy()


def _plane(axes: Axes, network: Network, X: np.ndarray, y: np.ndarray, moment: Moment) -> None:
    detector, limits = network.detectors[0], window(X)
    draw_hyperplanes(axes, network.layer, limits, moment.hyperplanes)
    draw_points(axes, X, y, DOT, dark=False)
    x, rows, fires = regions(detector, limits, COLUMNS)
    colours = _colours(len(fires))
    for colour, where in zip(colours, fires[: moment.neurons], strict=False):
        axes.contourf(x, rows, where, levels=[0.5, 1.5], colors=[colour], alpha=0.3, zorder=0)
    covered = _covered_by(network, X, moment.neurons) >= 0
    axes.plot(*X[covered].T, "o", color="white", markersize=0.5 * DOT, zorder=4)
    stars = moment.neurons if moment.visited is None else moment.visited + 1
    for colour, candidate in zip(colours, detector.candidates[:stars], strict=False):
        style = {"marker": "*", "markersize": 13, "markeredgecolor": INK, "markeredgewidth": 0.8}
        axes.plot(*X[candidate], color=colour, zorder=5, **style)
    frame(axes, limits, labels=False)
    axes.set(xticks=[], yticks=[])


def _features(axes: Axes, network: Network, X: np.ndarray, y: np.ndarray, moment: Moment) -> None:
    """Features of the points, class minus above; those of covered points in a neuron's colour."""
    order = np.argsort(-y, kind="stable")
    sides = X[order] @ network.layer.weights.T + network.layer.biases > 0
    sides[:, moment.hyperplanes :] = False
    covered = _covered_by(network, X, moment.neurons)[order]
    colours = np.array([to_rgb(INK), *_colours(covered.max() + 1)])
    image = np.where(sides[..., None], colours[covered + 1][:, None], 1.0)
    axes.imshow(image, aspect="auto", interpolation="nearest", origin="upper")
    axes.axhline((y == y.max()).sum() - 0.5, color="#888888", linewidth=1)
    beside = {"transform": axes.transAxes, "ha": "right", "va": "center"}
    for place, name, colour in ((0.75, "$X^-$", MINUS_COLOUR), (0.25, "$X^+$", PLUS_COLOUR)):
        axes.text(-0.03, place, name, color=colour, **beside)
    axes.set(xticks=[], yticks=[], xlabel="features of the points")


def _covered_by(network: Network, X: np.ndarray, neurons: int) -> np.ndarray:
    """Index of the first of so many neurons that fires at each point, -1 for none."""
    if neurons == 0:
        return np.full(len(X), -1)
    fired = np.asarray(network.detectors[0].fires(X), dtype=bool)[:, :neurons]
    return np.where(fired.any(axis=1), fired.argmax(axis=1), -1)


def _colours(count: int) -> np.ndarray:
    """Colours of neurons, other ones than those of the two classes."""
    return neuron_colours(count + 2)[2:]
