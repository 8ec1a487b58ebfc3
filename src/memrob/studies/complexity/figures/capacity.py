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

BOUND_COLOUR = "0.6"
LABEL_HEIGHT = 0.055
"""Of a name at the end of a line, as a share of the height of the axes."""


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
    look = {"color": CATEGORY_COLOURS[1], "linewidth": 1.8}
    draw_networks(axes, found, "constructed here (median, all restarts)", **look)
    places = np.unique(np.concatenate([bounds["n_samples"], found.index.to_numpy(float)]))
    frame(axes, "n_samples", places, np.concatenate(heights))
    axes.set_ylabel("weights and biases")
    name_bounds(axes, bounds)
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return figure


def draw_bounds(axes: Axes, bounds: pd.DataFrame) -> np.ndarray:
    """Draw what worst-case results ask for, a grey line each; return the finite heights.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    bounds : DataFrame
        As `memrob.studies.complexity.beside.worst_cases` returns it.
    """
    heights, unnamed = [], {True: "worst-case results", False: "the same, up to constants"}
    for _, line in bounds.groupby("name", sort=False):
        exact = bool(line["exact_constant"].iloc[0])
        values = line["parameters"].to_numpy(float)
        finite = np.isfinite(values)
        look = {"color": BOUND_COLOUR, "linestyle": "-" if exact else "--", "linewidth": 1.0}
        label = unnamed.pop(exact, None)
        axes.plot(line["n_samples"][finite], values[finite], label=label, zorder=1.5, **look)
        heights.append(values[finite])
    return np.concatenate(heights)


def name_bounds(axes: Axes, bounds: pd.DataFrame) -> None:
    """Write the name of each result at the right end of its line, and of those above the frame.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        With its limits set.
    bounds : DataFrame
        As for `draw_bounds`.
    """
    last = bounds.loc[bounds.groupby("name", sort=False)["n_samples"].idxmax()]
    heights = last.set_index("name")["parameters"].to_numpy(float)
    bottom, top = axes.get_ylim()
    inside = (heights >= bottom) & (heights <= top)
    shares = np.log(heights[inside] / bottom) / np.log(top / bottom)
    names = last["name"].to_numpy()
    order = np.argsort(shares)
    places = spread(shares[order], LABEL_HEIGHT)
    for share, place, name in zip(shares[order], places, names[inside][order], strict=True):
        axes.annotate(
            name,
            (1, share),
            (1.05, place),
            xycoords="axes fraction",
            textcoords="axes fraction",
            va="center",
            fontsize="small",
            arrowprops={"arrowstyle": "-", "color": BOUND_COLOUR, "linewidth": 0.6, "shrinkA": 1},
        )
    if (above := names[~inside & (heights > top)]).size:
        axes.plot([], [], linestyle="none", label=f"above the frame: {', '.join(above)}")


def spread(places: np.ndarray, apart: float) -> np.ndarray:
    """Move ascending places in [0, 1] as little as needed to lie so far apart, within [0, 1]."""
    moved = places.copy()
    for i in range(1, len(moved)):
        moved[i] = max(moved[i], moved[i - 1] + apart)
    for i in range(len(moved) - 1, -1, -1):
        moved[i] = min(moved[i], 1 - (len(moved) - 1 - i) * apart)
    return moved


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
            label=f"[M], Theorem 4, {constant_text(constant)}, up to constants",
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
