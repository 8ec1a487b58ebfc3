"""Bounds of the Lipschitz constant during training, with what training achieves beside them."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, NullLocator

from memrob.errors import UserError
from memrob.plots.means import BAND_TEXT, band_handle, draw_means
from memrob.plots.style import FULL_WIDTH, INK, grouped, new_figure
from memrob.studies.lipschitz.figures.exponent_axis import p_colour, p_marker, p_text
from memrob.studies.training.cells import along
from memrob.studies.training.figures.table import (
    log_axis,
    percent,
    plain_frame,
    restarts_text,
    selected,
    settings_text,
)

BESIDE = {
    "train_error": "training\nerror",
    "margin": "median\nmargin",
    "weight_norm": "norm of\nthe weights",
}
BOUNDS = {
    "upper": ("upper bound", {"linestyle": "--", "markerfacecolor": "white"}),
    "lower": ("lower bound", {"linestyle": "-"}),
}
COLUMNS = ("epoch", "p", "restart", *BOUNDS)
# With epochs over more than this ratio, early ones need room.
LONG = 30


def lipschitz_course(
    trials: pd.DataFrame,
    *,
    beside: Sequence[str] = ("train_error",),
    ps: Sequence[float] | None = None,
    only: dict | None = None,
    title: str = "",
) -> Figure:
    """Draw bounds of the margins' Lipschitz constant against the epoch, a colour per p.

    Parameters
    ----------
    trials : DataFrame
        One row per network, epoch and p, of the study lipschitz.
    beside : sequence of str
        Keys of `BESIDE`, a panel each on the right.
    ps : sequence of float, optional
        Exponents to draw; all when left out.
    only : dict, optional
        Values of columns, such as ``{"width": 512}``.
    title : str
        Title of the figure.

    Returns
    -------
    matplotlib.figure.Figure
        Means over networks with confidence bands; the constant lies between the two lines of its
        colour. Call inside `memrob.plots.style.styled`.

    Raises
    ------
    UserError
        When an option has no such value, the table lacks a column, or networks differ in more
        than the restart.
    """
    for name in beside:
        if name not in BESIDE:
            raise UserError(f"figure option beside: found {name!r}, expected {', '.join(BESIDE)}")
    trials = selected(
        trials, "lipschitz_course", [*COLUMNS, *beside], only=only, constant=["dataset", "width"]
    )
    ps = sorted(trials["p"].unique()) if ps is None else list(ps)
    figure = new_figure(FULL_WIDTH if len(beside) else 4.6, max(3.3, 1.2 * len(beside) + 1), title)
    left, *right = _panels(figure, len(beside))
    for p in ps:
        rows = selected(trials, "lipschitz_course", (), only={"p": p})
        for name, (_, look) in BOUNDS.items():
            style = {"marker": p_marker(p), **look}
            draw_means(left, along(rows, name, "epoch"), p_colour(p), **style)
    values = trials.loc[trials["p"].isin(ps), list(BOUNDS)].to_numpy(float)
    log_axis(left.yaxis, np.nanmin(values), np.nanmax(values))
    left.set_ylabel(r"$\mathrm{lip}_p$ of the margins")
    # These do not depend on p.
    networks = trials[trials["p"] == ps[0]]
    for axes, name in zip(right, beside, strict=True):
        draw_means(axes, along(networks, name, "epoch"), INK)
        axes.set_ylabel(BESIDE[name])
    if "train_error" in beside:
        errors = right[list(beside).index("train_error")].yaxis
        errors.set_major_formatter(FuncFormatter(percent))
    for axes in (left, *right):
        plain_frame(axes)
        _epochs(axes, trials["epoch"].to_numpy(float))
    for axes in right[:-1]:
        axes.set_xlabel("")
        axes.tick_params(labelbottom=False)
    figure.align_ylabels(right)
    _legend(figure, trials, ps)
    return figure


def _panels(figure: Figure, beside: int) -> list[Axes]:
    if not beside:
        return [figure.add_subplot()]
    grid = figure.add_gridspec(beside, 2, width_ratios=(3, 2))
    return [
        figure.add_subplot(grid[:, 0]),
        *(figure.add_subplot(grid[i, 1]) for i in range(beside)),
    ]


def _epochs(axes: Axes, epochs: np.ndarray) -> None:
    """Label the epochs, on a logarithmic axis that has room for epoch 0 if there are many."""
    axes.set_xlabel("epoch")
    positive = np.unique(epochs[epochs > 0])
    if len(positive) < 2 or positive[-1] < LONG * positive[0]:
        return
    first = positive[0]
    axes.set_xscale("symlog", linthresh=first, linscale=0.5)
    powers = 10.0 ** np.arange(np.ceil(np.log10(first)), np.log10(positive[-1]) + 1e-9)
    axes.set_xticks([*([0] if epochs.min() == 0 else []), *powers])
    axes.xaxis.set_major_formatter(FuncFormatter(grouped))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xlim((-0.15 if epochs.min() == 0 else 0.85) * first, positive[-1] * 1.15)


def _legend(figure: Figure, trials: pd.DataFrame, ps: Sequence[float]) -> None:
    handles, texts = [], []
    for p in ps:
        look = {"marker": p_marker(p), "markersize": 3, "linewidth": 1.1}
        handles.append(Line2D([], [], color=p_colour(p), **look))
        texts.append(p_text(p))
    for name, look in BOUNDS.values():
        line = Line2D([], [], color=INK, marker="o", markersize=3, linewidth=1.1, **look)
        handles.append(line)
        texts.append(name)
    if trials["restart"].nunique() > 1:
        handles.append(band_handle())
        texts.append(BAND_TEXT)
    note = settings_text(trials, ["dataset", "n_samples", "width"])
    note = f"{note}; {restarts_text(trials)}" if note else restarts_text(trials)
    figure.legend(handles, texts, title=note, loc="outside lower center", ncols=3)
