"""Lipschitz constants against input dimension, width or depth, with fitted exponents."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from memrob.lipschitz.theory import gradient_exponent, predicted_exponent
from memrob.numerics.statistics import Line
from memrob.plots.curves import EXACT_MARKER, fitted, log_x, log_y
from memrob.plots.means import BAND_TEXT, band_handle, draw_means, open_frame
from memrob.plots.style import FAINT, FULL_WIDTH, INK, new_figure
from memrob.studies.lipschitz.cells import line
from memrob.studies.lipschitz.figures.bounds import bounds
from memrob.studies.lipschitz.figures.exponent_axis import p_colour, p_marker, p_text
from memrob.studies.lipschitz.figures.table import (
    AXIS_LABELS,
    chosen_ps,
    networks_text,
    one_of,
    selected,
    settings_text,
)

LABELS = {
    "lower": r"$\mathrm{lip}_p$ (largest gradient found)",
    "point_gradient": r"$|\nabla\Phi(x)|_{p'}$ at a random $x$",
}
TITLES = {"lower": "the constant", "point_gradient": "a gradient at a point"}
# Slopes of the dashed lines, and how they are written.
SLOPES = {
    "lower": {0.5: r"$d^{1/2}$", 1.0: "$d$"},
    "point_gradient": {0.0: "constant", 1.0: "$d$"},
}


PREDICTED = {"lower": predicted_exponent, "point_gradient": gradient_exponent}
"""Exponents in d that theory predicts, as functions of p."""


def growth(
    trials: pd.DataFrame,
    *,
    x: str,
    ps: list[float] | None = None,
    quantity: str | None = None,
    upper: bool = False,
    only: dict | None = None,
    title: str = "",
) -> Figure:
    """Draw lip_p along one parameter on log-log axes, one line per p.

    Parameters
    ----------
    trials : DataFrame
        One row per network and p.
    x : str
        ``input_dim``, ``width`` or ``depth``.
    ps : list of float, optional
        Exponents to draw; all when left out.
    quantity : str, optional
        ``lower`` or ``point_gradient``; when left out, both side by side for ``input_dim`` and
        ``lower`` for the others.
    upper : bool
        Draw the upper bounds above the lower, in one panel per p.
    only : dict, optional
        Values of parameters that would otherwise vary, such as ``{"depth": 1}``.
    title : str
        Title of the figure.

    Returns
    -------
    matplotlib.figure.Figure
        Call inside `memrob.plots.style.styled`.

    Raises
    ------
    UserError
        When an option has no such value, or several cells share one place of a line.
    """
    one_of("x", x, AXIS_LABELS)
    both = ["lower", "point_gradient"] if x == "input_dim" and not upper else ["lower"]
    quantities = both if quantity is None else [one_of("quantity", quantity, LABELS)]
    trials = selected(trials, "growth", ["upper"] if upper else quantities, only)
    ps = chosen_ps(trials, ps)
    if upper:
        return bounds(trials, x, ps, quantities[0], title)
    lines = {name: {p: line(trials, p, name, x) for p in ps} for name in quantities}
    exact = {p: line(trials, p, "exact", x) for p in ps} if "lower" in quantities else {}
    return _figure(trials, x, lines, exact, title)


def _figure(
    trials: pd.DataFrame,
    x: str,
    lines: dict[str, dict[float, Line | None]],
    exact: dict[float, Line | None],
    title: str,
) -> Figure:
    wide = len(lines) == 2
    figure = new_figure(FULL_WIDTH if wide else 5.2, 3.75 if wide else 2.8, title)
    panels = figure.subplots(1, len(lines), sharey=True, squeeze=False)[0]
    for panel, (quantity, of_quantity) in zip(panels, lines.items(), strict=True):
        for p, found in of_quantity.items():
            if found is not None:
                draw_means(panel, found, p_colour(p), marker=p_marker(p))
        if quantity == "lower":
            _draw_exact(panel, exact)
        _frame(panel, x, quantity, [found for found in of_quantity.values() if found is not None])
        _legend(panel, x, quantity, of_quantity, below=wide)
        panel.set_title(TITLES[quantity] if wide else "")
    _note(figure, trials, x, lines, any(found is not None for found in exact.values()))
    return figure


def _draw_exact(axes: Axes, exact: dict[float, Line | None]) -> None:
    for p, found in exact.items():
        if found is not None:
            axes.plot(found.x, found.means, color=p_colour(p), **EXACT_MARKER, zorder=4)


def _frame(axes: Axes, x: str, quantity: str, shown: list[Line]) -> None:
    open_frame(axes)
    axes.set_xlabel(AXIS_LABELS[x])
    axes.set_ylabel(LABELS[quantity])
    if not shown:
        return
    places = np.concatenate([found.x for found in shown])
    means = np.concatenate([found.means for found in shown])
    log_x(axes, places, labels=6)
    log_y(axes.yaxis, *_widened(axes, means))
    axes.tick_params(labelleft=True)
    if x == "input_dim" and len(np.unique(places)) > 1:
        _draw_slopes(axes, SLOPES[quantity], np.unique(places), places, means)
        axes.margins(y=0.09)


def _widened(axes: Axes, means: np.ndarray) -> tuple[float, float]:
    """Return the range of all means that share the axis, these included."""
    other = [line.get_ydata() for panel in axes.figure.axes for line in panel.lines]
    every = np.concatenate([means, *(np.asarray(values, float) for values in other)])
    return float(every.min()), float(every.max())


def _draw_slopes(
    axes: Axes, slopes: dict[float, str], ends: np.ndarray, x: np.ndarray, means: np.ndarray
) -> None:
    """Draw a dashed power just below all curves for the least slope, above them for the largest."""
    ends = ends[[0, -1]]
    for slope, text in slopes.items():
        below = slope == min(slopes)
        scale = means / x**slope
        factor = scale.min() * 0.8 if below else scale.max() * 1.25
        values = factor * ends**slope
        axes.plot(ends, values, color=FAINT, linewidth=0.7, linestyle=(0, (4, 2)), zorder=1)
        axes.annotate(
            text,
            (ends[1], values[1]),
            (-2, -2 if below else 2),
            textcoords="offset points",
            ha="right",
            va="top" if below else "bottom",
            color=INK,
            fontsize="small",
        )


def _legend(
    axes: Axes, x: str, quantity: str, lines: dict[float, Line | None], *, below: bool
) -> None:
    """Name the colours, with the fitted and the predicted exponent where x is the dimension."""
    handles, texts, laws = [], [], 0
    for p, found in lines.items():
        law = fitted(found) if x == "input_dim" else None
        laws += law is not None
        style = {"linestyle": "none" if found is None else "-"}
        style |= {} if found is None else {"marker": p_marker(p), "markersize": 2.8}
        handles.append(Line2D([], [], color=p_colour(p), linewidth=1.1, **style))
        text = p_text(p) + (" (not in this run)" if found is None else "")
        if law is not None:
            text += f": {law.exponent:z.2f} ({PREDICTED[quantity](p):.2f})"
        texts.append(text)
    place = {"loc": "upper center", "bbox_to_anchor": (0.5, -0.2), "ncols": 2}
    axes.legend(
        handles,
        texts,
        title="exponent of $d$, fitted (predicted)" if laws else None,
        columnspacing=1.2,
        **(place if below else {"loc": "center left", "bbox_to_anchor": (1.02, 0.5)}),
    )


def _note(
    figure: Figure,
    trials: pd.DataFrame,
    x: str,
    lines: dict[str, dict[float, Line | None]],
    has_exact: bool,
) -> None:
    """Say below what the networks are, how many, and what bands and markers mean."""
    shown = [found for of in lines.values() for found in of.values() if found is not None]
    handles, texts = [Line2D([], [], linestyle="none")], [settings_text(trials, without=[x])]
    if shown:
        counts = np.concatenate([found.networks for found in shown])
        texts[0] += f"; {networks_text(counts)}"
        if counts.max() > 1:
            handles.append(band_handle())
            texts.append(BAND_TEXT)
    if has_exact:
        handles.append(Line2D([], [], color=INK, **EXACT_MARKER))
        texts.append("exact value")
    figure.legend(handles, texts, loc="outside lower center", ncols=3)
