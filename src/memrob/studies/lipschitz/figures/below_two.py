"""lip_p / sqrt(d) for p < 2 along d, with the correction that explains how slowly it settles."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from memrob.errors import UserError
from memrob.lipschitz.norms import conjugate
from memrob.lipschitz.theory import expected_norm
from memrob.numerics.statistics import Line
from memrob.plots.curves import log_x
from memrob.plots.means import BAND_TEXT, band_handle, draw_means, open_frame
from memrob.plots.style import FAINT, FULL_WIDTH, INK, new_figure
from memrob.studies.lipschitz.cells import line
from memrob.studies.lipschitz.figures.exponent_axis import p_colour, p_marker, p_text
from memrob.studies.lipschitz.figures.table import (
    AXIS_LABELS,
    chosen_ps,
    networks_text,
    selected,
    settings_text,
)
from memrob.studies.lipschitz.quantities import two_terms

DASHED, DOTTED = (0, (4, 2)), (0, (1, 1.5))


def below_two(
    trials: pd.DataFrame,
    *,
    ps: list[float] | None = None,
    only: dict | None = None,
    title: str = "",
) -> Figure:
    """Draw lip_p / sqrt(d) along d, the fit a + b E|g|_{p'} / sqrt(d), and its limit a.

    Parameters
    ----------
    trials : DataFrame
        One row per network and p, with at least three input dimensions.
    ps : list of float, optional
        Exponents below 2 to draw; all of those when left out.
    only : dict, optional
        Values of parameters that would otherwise vary, such as ``{"depth": 1}``.
    title : str
        Title of the figure.

    Raises
    ------
    UserError
        When there is no exponent below 2, or fewer than three dimensions.
    """
    trials = selected(trials, "below_two", ["lower"], only)
    lines = {p: line(trials, p, "lower", "input_dim") for p in chosen_ps(trials, ps) if p < 2}
    lines = {p: along for p, along in lines.items() if along is not None and len(along.x) > 2}
    if not lines:
        raise UserError("figure of kind below_two: found no p below 2 with three values of d")
    figure = new_figure(FULL_WIDTH, 3.1, title)
    panels = figure.subplots(1, len(lines), sharex=True, sharey=True, squeeze=False)[0]
    for axes, (p, along) in zip(panels, lines.items(), strict=True):
        _draw(axes, p, along)
    log_x(panels[0], np.concatenate([along.x for along in lines.values()]), labels=4)
    panels[0].set_ylim(bottom=0)
    panels[0].set_ylabel(r"$\mathrm{lip}_p\;/\;\sqrt{d}$")
    _legend(figure, trials, np.concatenate([along.networks for along in lines.values()]))
    return figure


def _draw(axes: Axes, p: float, along: Line) -> None:
    (a, b), _, _ = two_terms(along, p)
    roots = np.sqrt(along.x)
    scaled = [values / root for values, root in zip(along.samples, roots, strict=True)]
    draw_means(axes, Line(along.x, scaled), p_colour(p), marker=p_marker(p))
    dims = np.unique(np.geomspace(along.x[0], along.x[-1], 40).astype(int))
    second = np.array([expected_norm(conjugate(p), int(d)) for d in dims]) / np.sqrt(dims)
    axes.plot(dims, a + b * second, color=INK, linewidth=0.9, linestyle=DASHED, zorder=4)
    axes.plot(dims[[0, -1]], [a, a], color=FAINT, linewidth=0.9, linestyle=DOTTED)
    axes.set_title(f"{p_text(p)}: $a$ = {a:.2f}, $b$ = {b:.2f}", fontsize="small")
    axes.set_xlabel(AXIS_LABELS["input_dim"])
    open_frame(axes)


def _legend(figure: Figure, trials: pd.DataFrame, counts: np.ndarray) -> None:
    handles = [
        Line2D([], [], color=INK, marker="o", markersize=2.8, linewidth=1.1),
        Line2D([], [], color=INK, linewidth=0.9, linestyle=DASHED),
        Line2D([], [], color=FAINT, linewidth=0.9, linestyle=DOTTED),
    ]
    texts = ["largest gradient found", r"$a + b\,\mathbf{E}|g|_{p'}/\sqrt{d}$", "its limit $a$"]
    if counts.max() > 1:
        handles, texts = [*handles, band_handle()], [*texts, BAND_TEXT]
    note = f"{settings_text(trials, without=['input_dim'])}; {networks_text(counts)}"
    figure.legend(handles, texts, title=note, loc="outside lower center", ncols=4)
