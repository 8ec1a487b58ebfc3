"""How regions of neurons approach balls, and where every point needs a neuron of its own."""

import numpy as np
import seaborn
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from memrob.complexity.alternating import alternating_points
from memrob.complexity.regions import directions, distance_to_ball, region_radii
from memrob.interpolation import fit
from memrob.interpolation.first_layer import sample_first_layer
from memrob.numerics.statistics import Line
from memrob.plots.means import draw_means
from memrob.plots.style import CATEGORY_COLOURS, FULL_WIDTH, INK, new_figure, symbol_value

RAYS = 90


def propositions(
    X: np.ndarray,
    y: np.ndarray,
    *,
    first_widths: list[int],
    max_biases: list[float],
    points: int,
    n_minus: list[int],
    seed: int = 0,
    title: str = "",
) -> Figure:
    """Draw Propositions 10 and 13 of [M]: regions against balls, and alternating points.

    Parameters
    ----------
    X, y : ndarray, shapes (N, d) and (N,)
        Points of two classes; the larger label is X-.
    first_widths, max_biases : list
        First widths n, and maximal biases lambda with a line each.
    points : int
        So many points of X- make a neuron each.
    n_minus : list of int
        Numbers of points of X- on a line, between those of X+.
    seed : int
        Of the hyperplanes.
    title : str
        Title of the figure.

    Returns
    -------
    matplotlib.figure.Figure
        Call inside `memrob.plots.style.styled`.
    """
    figure = new_figure(FULL_WIDTH, 2.7, title)
    left, right = figure.subplots(1, 2)
    minus, plus = X[y == y.max()], X[y != y.max()]
    chosen = minus[:: max(1, len(minus) // points)][:points]
    for colour, max_bias in zip(CATEGORY_COLOURS, max_biases, strict=False):
        samples = [_distances(n, max_bias, chosen, plus, seed) for n in first_widths]
        line = Line(np.array(first_widths, float), samples)
        draw_means(left, line, colour, marker="o", label=symbol_value("max_bias", max_bias))
    left.set(xscale="log", yscale="log", xlabel="first width $n$")
    left.set_ylabel("distance of region and ball")
    left.legend()
    _alternating(right, n_minus, seed)
    for axes in (left, right):
        axes.grid(True)
        seaborn.despine(ax=axes)
    return figure


def _distances(
    first_width: int, max_bias: float, chosen: np.ndarray, plus: np.ndarray, seed: int
) -> np.ndarray:
    rng = np.random.default_rng((seed, first_width))
    layer = sample_first_layer(rng, first_width, plus.shape[1], max_bias)
    rays = directions(rng, RAYS, plus.shape[1])
    return np.array([distance_to_ball(region_radii(layer, x, plus, rays), x, plus) for x in chosen])


def _alternating(axes: Axes, n_minus: list[int], seed: int) -> None:
    widths = []
    for count in n_minus:
        X, y = alternating_points(count, gap=1 / count)
        network = fit(X, y, first_width=1000, max_bias=1.0, seed=seed, adaptive=True)
        widths.append(network.second_width)
    axes.axline((0, 0), slope=1, color=INK, linewidth=0.8, linestyle=(0, (4, 2)))
    axes.plot(n_minus, widths, "o", color=CATEGORY_COLOURS[0])
    axes.set(xlim=(0, 1.08 * max(n_minus)), ylim=(0, 1.08 * max(n_minus)))
    axes.set(xlabel="points of $X^-$, $M^-$", ylabel=r"second width $\hat{n}$")
