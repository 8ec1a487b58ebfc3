"""Parameters of constructed networks beside those that worst-case results ask for."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from memrob.errors import UserError
from memrob.plots.style import CATEGORY_COLOURS, FULL_WIDTH, INK, new_figure
from memrob.studies.complexity.beside import (
    comparable,
    constructed,
    theorem_parameters,
    worst_cases,
)
from memrob.studies.complexity.figures.axes import MEASURED, constant_text, frame


def capacity(theory: pd.DataFrame, measured: pd.DataFrame | None, *, title: str = "") -> Figure:
    """Draw numbers of parameters against the number of points.

    Parameters
    ----------
    theory : DataFrame
        One row per trial and class, with the separation of the points.
    measured : DataFrame or None
        Trials of part interpolation; those of the least first width at which 99 % interpolate.
    title : str
        Title of the figure.

    Returns
    -------
    matplotlib.figure.Figure
        Results whose constants are known are solid, those up to constants dashed, Theorem 4 of
        [M] for these points among them.
    """
    bounds = worst_cases(theory)
    if bounds.empty:
        raise UserError("figure of kind capacity: the table has no point_separation")
    found = constructed(comparable(measured, theory, "n_samples"))
    figure = new_figure(FULL_WIDTH, 3.8, title)
    axes = figure.add_subplot()
    heights = [found[["low", "high"]].to_numpy().ravel(), draw_bounds(axes, bounds)]
    heights.append(_theorem(axes, theorem_parameters(theory)))
    draw_networks(axes, found, "constructed here\n(median, all restarts)")
    places = np.unique(np.concatenate([bounds["n_samples"], found.index.to_numpy(float)]))
    frame(axes, "n_samples", places, np.concatenate(heights))
    axes.set_ylabel("weights and biases")
    figure.legend(*axes.get_legend_handles_labels(), loc="outside right center")
    return figure


def draw_bounds(axes: Axes, bounds: pd.DataFrame) -> np.ndarray:
    """Draw what worst-case results ask for, a line each; return the finite heights.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    bounds : DataFrame
        As `memrob.studies.complexity.beside.worst_cases` returns it.
    """
    heights = []
    # Colours may repeat, but not among results of one line style.
    colours = {exact: iter(CATEGORY_COLOURS) for exact in (False, True)}
    # Numbers of Baum, Huang 1990 and Zhang coincide in the plane: the first line is broad, and
    # dashes lie above.
    for i, (_, line) in enumerate(bounds.groupby("name", sort=False)):
        colour = next(colours[bool(line["exact_constant"].iloc[0])])
        heights.append(_bound(axes, line, colour, 3.2 if i == 0 else 1.2))
    return np.concatenate(heights)


def _bound(axes: Axes, line: pd.DataFrame, colour: str, width: float) -> np.ndarray:
    exact = bool(line["exact_constant"].iloc[0])
    values = line["parameters"].to_numpy(float)
    finite = np.isfinite(values)
    label = line["name"].iloc[0] + ("" if exact else ", up to constants")
    if not finite.any():
        label += "\n(beyond $10^{308}$)"
    axes.plot(
        line["n_samples"][finite],
        values[finite],
        color=colour,
        linestyle=("-" if exact else "--") if finite.any() else "none",
        linewidth=width,
        zorder=2 if exact else 3,
        label=label,
    )
    return values[finite]


def _theorem(axes: Axes, asked: pd.DataFrame) -> np.ndarray:
    """Draw what Theorem 4 of [M] asks for, a line for each constant of the radii."""
    for marker, (constant, line) in zip("sD^", asked.groupby("constant"), strict=False):
        axes.plot(
            line["n_samples"],
            line["parameters"],
            color=INK,
            linestyle="--",
            linewidth=1,
            marker=marker,
            markersize=3,
            label=f"[M], Theorem 4, {constant_text(constant)},\nup to constants",
        )
    return asked["parameters"].to_numpy(float)


def draw_networks(axes: Axes, found: pd.DataFrame, label: str, **style) -> None:
    """Draw numbers of parameters of networks: medians, and bars over all restarts.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    found : DataFrame
        `low`, `median`, `high`, indexed by N; without rows the legend says so.
    label : str
        For the legend.
    **style
        Passed on to `errorbar`.
    """
    if not len(found):
        axes.plot([], [], linestyle="none", label=MEASURED)
        return
    spread = np.abs(found[["low", "high"]].to_numpy().T - found["median"].to_numpy())
    style = {"color": INK, "marker": "o", "markersize": 3.5, "linewidth": 1} | style
    axes.errorbar(found.index.to_numpy(float), found["median"], yerr=spread, label=label, **style)
