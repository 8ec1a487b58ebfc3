"""Lipschitz constants over the two norms of a Gaussian vector: the change of regime at p = 2."""

import math

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from memrob.lipschitz.norms import conjugate
from memrob.lipschitz.theory import expected_norm
from memrob.numerics.statistics import Line
from memrob.plots.colours import ordered_colours
from memrob.plots.curves import log_y
from memrob.plots.means import BAND_TEXT, band_handle, draw_means
from memrob.plots.style import FULL_WIDTH, new_figure
from memrob.studies.lipschitz.cells import line
from memrob.studies.lipschitz.figures.exponent_axis import frame_exponents, place
from memrob.studies.lipschitz.figures.table import (
    chosen_ps,
    networks_text,
    selected,
    settings_text,
)

LABELS = (
    r"$\mathrm{lip}_p\;/\;\mathbf{E}|g|_{p'}$",
    r"$\mathrm{lip}_p\;/\;\mathbf{E}|g|_2$",
)


def regime(
    trials: pd.DataFrame,
    *,
    dims: list[int] | None = None,
    ps: list[float] | None = None,
    only: dict | None = None,
    title: str = "",
) -> Figure:
    """Draw lip_p / E|g|_{p'} and lip_p / E|g|_2 against p, one line per input dimension.

    Parameters
    ----------
    trials : DataFrame
        One row per network and p.
    dims : list of int, optional
        Input dimensions, one line each; all when left out.
    ps : list of float, optional
        Exponents to draw; all when left out.
    only : dict, optional
        Values of parameters that would otherwise vary, such as ``{"depth": 1}``.
    title : str
        Title of the figure.

    Returns
    -------
    matplotlib.figure.Figure
        Where the lines of all dimensions coincide, lip_p is of the order of the denominator.
        Call inside `memrob.plots.style.styled`.
    """
    trials = selected(trials, "regime", ["lower"], only)
    ps = chosen_ps(trials, ps)
    dims = sorted(dims or trials["input_dim"].unique())
    lines = {d: _along_p(trials[trials["input_dim"] == d], ps) for d in dims}
    colours = ordered_colours(len(dims))
    figure = new_figure(FULL_WIDTH, 3.1, title)
    panels = figure.subplots(1, 2, sharey=True)
    drawn = []
    for panel, label, own in zip(panels, LABELS, (True, False), strict=True):
        for (d, found), colour in zip(lines.items(), colours, strict=True):
            if found is not None:
                drawn.append(_over_gaussian(found, d, own_norm=own))
                draw_means(panel, drawn[-1], colour)
        frame_exponents(panel, ps)
        panel.set_ylabel(label)
    if drawn:
        means = np.concatenate([found.means for found in drawn])
        log_y(panels[0].yaxis, means.min(), means.max())
    panels[1].tick_params(labelleft=True)
    _legend(figure, trials, lines, colours)
    return figure


def _along_p(trials: pd.DataFrame, ps: list[float]) -> Line | None:
    """Return lip_p of the networks of one dimension along 1/p, from p = 1 to infinity."""
    found = {p: line(trials, p, "lower", "input_dim") for p in ps}
    found = {p: of_p.samples[0] for p, of_p in found.items() if of_p is not None}
    return Line(place(list(found)), list(found.values())) if found else None


def _over_gaussian(along: Line, d: int, *, own_norm: bool) -> Line:
    orders = [conjugate(1 / at if at else math.inf) if own_norm else 2.0 for at in along.x]
    norms = [expected_norm(order, int(d)) for order in orders]
    scaled = [values / norm for values, norm in zip(along.samples, norms, strict=True)]
    return Line(along.x, scaled)


def _legend(
    figure: Figure, trials: pd.DataFrame, lines: dict[int, Line | None], colours: np.ndarray
) -> None:
    handles, texts = [], []
    for (d, found), colour in zip(lines.items(), colours, strict=True):
        style = {"linestyle": "none"} if found is None else {"marker": "o", "markersize": 2.8}
        handles.append(Line2D([], [], color=colour, linewidth=1.1, **style))
        texts.append(f"$d$ = {d:,}" + (" (not in this run)" if found is None else ""))
    counts = [found.networks for found in lines.values() if found is not None]
    if counts and np.max(np.concatenate(counts)) > 1:
        handles.append(band_handle())
        texts.append(BAND_TEXT)
    note = settings_text(trials, without=["input_dim"])
    if counts:
        note += f"; {networks_text(np.concatenate(counts))}"
    rows = -(-len(handles) // 5)
    columns = -(-len(handles) // rows)
    figure.legend(handles, texts, title=note, loc="outside lower center", ncols=columns)
