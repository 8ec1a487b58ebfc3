"""The bracket around the Lipschitz constant along one parameter, one panel per p."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from memrob.errors import UserError
from memrob.numerics.statistics import Line
from memrob.plots.curves import EXACT_MARKER, log_x, log_y
from memrob.plots.means import BAND_TEXT, band_handle, draw_means, open_frame
from memrob.plots.style import FULL_WIDTH, INK, new_figure
from memrob.studies.lipschitz.cells import line
from memrob.studies.lipschitz.figures.exponent_axis import p_colour, p_text
from memrob.studies.lipschitz.figures.table import AXIS_LABELS, networks_text, settings_text

COLUMNS = 4
# Column of the table, text in the legend, line style.
ABOVE = {
    "upper": ("least certified upper bound", {"linestyle": "-", "marker": "v"}),
    "upper_probable": ("upper bound of probability 0.99", {"linestyle": ":", "marker": None}),
}


def bounds(trials: pd.DataFrame, x: str, ps: list[float], quantity: str, title: str) -> Figure:
    """Draw a quantity and the upper bounds of the constant above it, one panel per p.

    Parameters
    ----------
    trials : DataFrame
        One row per network and p.
    x : str
        ``input_dim``, ``width`` or ``depth``.
    ps : list of float
        Exponents, one panel each, four in a row.
    quantity : str
        ``lower`` or ``point_gradient``.
    title : str
        Title of the figure.

    Raises
    ------
    UserError
        When the table has none of the exponents.
    """
    if not trials["p"].isin(ps).any():
        raise UserError(f"figure option ps: found {ps}, expected some p of the trials")
    columns = min(COLUMNS, len(ps))
    rows = -(-len(ps) // columns)
    figure = new_figure(FULL_WIDTH, 1.9 * rows + 0.75, title)
    panels = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    lines = {
        p: {name: line(trials, p, name, x) for name in (quantity, "exact", *ABOVE)} for p in ps
    }
    shown = [found for of in lines.values() for found in of.values() if found is not None]
    for panel, p in zip(panels.flat, ps, strict=False):
        _draw(panel, lines[p], quantity, p_colour(p))
        panel.set_title(p_text(p))
        panel.set_xlabel(AXIS_LABELS[x])
        panel.set_ylabel(LABEL[quantity])
        open_frame(panel)
    means = np.concatenate([found.means for found in shown])
    log_x(panels[0, 0], np.concatenate([found.x for found in shown]), labels=4)
    log_y(panels[0, 0].yaxis, means.min(), means.max())
    for panel in panels.flat:
        panel.label_outer()
    for empty in range(len(ps) - (rows - 1) * columns, columns):
        panels[-1, empty].remove()
        panels[-2, empty].tick_params(labelbottom=True)
        panels[-2, empty].set_xlabel(AXIS_LABELS[x])
    _legend(figure, trials, x, quantity, lines)
    return figure


LABEL = {
    "lower": r"$\mathrm{lip}_p$ and its bounds",
    "point_gradient": r"$|\nabla\Phi(x)|_{p'}$ and bounds",
}
BELOW_TEXT = {"lower": "largest gradient found", "point_gradient": "a gradient at a point"}


def _draw(axes: Axes, lines: dict[str, Line | None], quantity: str, colour: str) -> None:
    below, above = lines[quantity], lines["upper"]
    if below is None:
        axes.text(0.5, 0.5, "not in this run", ha="center", va="center", transform=axes.transAxes)
        return
    if above is not None:
        x, at_below, at_above = np.intersect1d(below.x, above.x, return_indices=True)
        axes.fill_between(
            x,
            below.means[at_below],
            above.means[at_above],
            color=colour,
            alpha=0.1,
            linewidth=0,
            zorder=1,
        )
    for name, (_, style) in ABOVE.items():
        if lines[name] is not None:
            draw_means(axes, lines[name], colour, alpha=0.65, **style)
    draw_means(axes, below, colour)
    if lines["exact"] is not None:
        exact = lines["exact"]
        axes.plot(exact.x, exact.means, color=colour, **EXACT_MARKER, zorder=4)


def _legend(
    figure: Figure,
    trials: pd.DataFrame,
    x: str,
    quantity: str,
    lines: dict[float, dict[str, Line | None]],
) -> None:
    found = {name for of in lines.values() for name, value in of.items() if value is not None}
    handles, texts = [], []
    for name, (text, style) in ABOVE.items():
        if name in found:
            handles.append(Line2D([], [], color=INK, alpha=0.65, markersize=2.8, **style))
            texts.append(text)
    handles.append(Line2D([], [], color=INK, marker="o", markersize=2.8))
    texts.append(BELOW_TEXT[quantity])
    if "exact" in found:
        handles.append(Line2D([], [], color=INK, **EXACT_MARKER))
        texts.append("exact value")
    counts = np.concatenate([of[quantity].networks for of in lines.values() if of[quantity]])
    if counts.max() > 1:
        handles.append(band_handle())
        texts.append(BAND_TEXT)
    handles.append(Line2D([], [], linestyle="none"))
    texts.append(f"{settings_text(trials, without=[x])}; {networks_text(counts)}")
    figure.legend(handles, texts, loc="outside lower center", ncols=2)
