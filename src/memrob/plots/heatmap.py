"""Heatmaps over two parameters: this run beside the published cells."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from memrob.plots.contours import contour_values, crossed_levels, draw_contours, halo
from memrob.plots.grids import Grid, grid
from memrob.plots.outline import cell_edges, region_outline
from memrob.plots.style import (
    AXIS_LABELS,
    COLOUR_MAPS,
    COLUMN_WIDTH,
    FULL_WIDTH,
    NO_DATA,
    OUTLINE_COLOUR,
    REACHED,
    grouped,
    label_axis,
    new_figure,
    trials_text,
)

PROBABILITY_LEVELS = (0.1, 0.5, 0.9)
DASHES = (0, (3.2, 1.6))


class Contours(NamedTuple):
    """Values on the grid, the levels of the contours drawn of them, and a note for the legend."""

    values: np.ndarray
    levels: np.ndarray
    note: str


def heatmap(
    cells: pd.DataFrame,
    published: pd.DataFrame | None,
    *,
    quantity: str,
    x: str,
    y: str,
    title: str = "",
) -> Figure:
    """Draw the probability of interpolation or the mean second width over two parameters.

    Parameters
    ----------
    cells : DataFrame
        Cells of this run, see `memrob.studies.interpolation.cells.summarise`.
    published : DataFrame or None
        Published cells, drawn at the right on the same colour scale with their whole grid.
    quantity : str
        ``interpolated`` or ``second_width``.
    x, y : str
        Columns on the axes.
    title : str
        Title of the figure.

    Returns
    -------
    matplotlib.figure.Figure
        Cells are coloured as far as half-way to their neighbours. The dashed line bounds the
        region where the probability reaches 0.99, see `reached_region`. Call inside
        `memrob.plots.style.styled`.
    """
    panels = {"this run": grid(cells, quantity, x, y)}
    if published is not None and len(published):
        panels["published"] = grid(published, quantity, x, y)
    norm, extend = _colour_scale(quantity, panels)
    levels = _levels(quantity, panels)
    figure = new_figure(FULL_WIDTH if len(panels) == 2 else COLUMN_WIDTH, 2.95, title)
    axes = figure.subplots(1, len(panels), sharex=True, sharey=True, squeeze=False)[0]
    for panel, (name, values) in zip(axes, panels.items(), strict=True):
        _draw_cells(panel, values, quantity, norm)
        label_axis(panel.xaxis, x, values.x.max())
        label_axis(panel.yaxis, y, values.y.max())
        panel.label_outer()
        panel.set_title(f"{name} ({trials_text(values.trials[np.isfinite(values.trials)])})")
    axes[0].set_xlim(_limits([values.x for values in panels.values()]))
    axes[0].set_ylim(_limits([values.y for values in panels.values()]))
    _colour_bar(figure, axes, quantity, norm, extend, levels)
    contours = [_contours(values, quantity, y, levels) for values in panels.values()]
    _legend(figure, y, contours)
    figure.draw_without_rendering()
    for panel, values, lines in zip(axes, panels.values(), contours, strict=True):
        draw_contours(panel, values.x, values.y, lines.values, lines.levels)
        _draw_reached(panel, reached_region(values.probability, y), values)
    return figure


def reached_region(probability: np.ndarray, y: str) -> np.ndarray:
    """Say in which cells the probability of interpolation has reached 0.99.

    Over the first width the region goes up from the first cell whose estimate reaches it. A
    further hyperplane undoes no separation, so the true region has no gaps above its lower
    border; an estimate from few trials does, and may reach 0.99 early by chance. Over any other
    column a cell counts by itself.

    Parameters
    ----------
    probability : ndarray of float, shape (rows, columns)
        NaN where there is no cell.
    y : str
        The column of the rows, ascending.

    Returns
    -------
    ndarray of bool, shape (rows, columns)
    """
    reached = np.nan_to_num(probability) >= REACHED
    return np.logical_or.accumulate(reached, axis=0) if y == "first_width" else reached


def _colour_scale(quantity: str, panels: dict[str, Grid]) -> tuple[Normalize, str]:
    """Return the scale of colours common to the panels and where the colour bar has an arrow.

    A few cells with far larger widths than the rest would leave the rest in one colour; then the
    scale ends at the 98th percentile.
    """
    if quantity == "interpolated":
        return Normalize(0, 1), "neither"
    every = np.concatenate([values.values.ravel() for values in panels.values()])
    common, highest = np.nanquantile(every, 0.98), np.nanmax(every)
    if highest > 1.3 * common:
        return Normalize(0, common), "max"
    return Normalize(0, highest), "neither"


def _levels(quantity: str, panels: dict[str, Grid]) -> np.ndarray:
    """Return contour levels: fixed probabilities, or about five round numbers."""
    if quantity == "interpolated":
        return np.array(PROBABILITY_LEVELS)
    highest = max(np.nanmax(values.values) for values in panels.values())
    return MaxNLocator(nbins=6, steps=[1, 2, 5, 10]).tick_values(0, highest)[1:-1]


def _contours(values: Grid, quantity: str, y: str, levels: np.ndarray) -> Contours:
    shape, note = contour_values(values, quantity, y)
    if quantity == "interpolated" and np.nanmax(values.trials) == 1:
        # With one trial per cell the values are 0 or 1: the outline says all there is to say.
        return Contours(shape, levels[:0], note)
    return Contours(shape, crossed_levels(shape, levels), note)


def _draw_cells(axes: Axes, values: Grid, quantity: str, norm: Normalize) -> None:
    axes.set_facecolor(NO_DATA)
    axes.pcolormesh(
        cell_edges(values.x),
        cell_edges(values.y),
        np.ma.masked_invalid(values.values),
        cmap=COLOUR_MAPS[quantity],
        norm=norm,
        rasterized=True,
    )


def _draw_reached(axes: Axes, inside: np.ndarray, values: Grid) -> None:
    lines = region_outline(inside, cell_edges(values.x), cell_edges(values.y))
    axes.add_collection(LineCollection(lines, colors="white", linewidths=2.2, capstyle="butt"))
    axes.add_collection(
        LineCollection(
            lines, colors=OUTLINE_COLOUR, linewidths=1.2, linestyles=DASHES, capstyle="butt"
        )
    )


def _limits(centres: list[np.ndarray]) -> tuple[float, float]:
    """Return the range of the cells' centres, so that panels with other grids show the same."""
    every = np.concatenate(centres)
    if np.ptp(every) == 0:
        return tuple(cell_edges(every[:1]))
    return float(every.min()), float(every.max())


def _colour_bar(
    figure: Figure,
    axes: np.ndarray,
    quantity: str,
    norm: Normalize,
    extend: str,
    levels: np.ndarray,
) -> None:
    bar = figure.colorbar(
        ScalarMappable(norm, COLOUR_MAPS[quantity]),
        ax=list(axes),
        pad=0.02,
        aspect=24,
        extend=extend,
        extendfrac=0.04,
        format=FuncFormatter(grouped),
    )
    bar.outline.set_linewidth(0.6)
    bar.set_label(("mean " if quantity == "second_width" else "") + AXIS_LABELS[quantity])
    for level in levels[levels < norm.vmax]:
        bar.ax.axhline(level, color="white", linewidth=0.8, path_effects=halo(1.6))


def _legend(figure: Figure, y: str, contours: list[Contours]) -> None:
    reached = "from the first $n$ with" if y == "first_width" else "cells with"
    handles = [Line2D([], [], color=OUTLINE_COLOUR, linewidth=1.2, linestyle=DASHES)]
    texts = [f"{reached} probability $\\geq$ {REACHED}"]
    if any(lines.levels.size for lines in contours):
        handles.append(Line2D([], [], color="white", linewidth=0.8, path_effects=halo(1.6)))
        texts.append("contours" + _note(contours))
    figure.legend(handles, texts, loc="outside lower center", ncols=len(contours))


def _note(contours: list[Contours]) -> str:
    """Say in brackets what the contours drawn are of, if not of the colours themselves."""
    sides = ("left: ", "right: ")[: len(contours)]
    drawn = [(s, lines.note) for s, lines in zip(sides, contours, strict=True) if lines.levels.size]
    if len({note for _, note in drawn}) == 1:
        drawn = [("", drawn[0][1])]
    noted = "; ".join(side + note for side, note in drawn if note)
    return f" ({noted})" if noted else ""
