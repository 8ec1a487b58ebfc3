"""Lipschitz constants without biases, and the ratio to them for several laws of the biases."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter

from memrob.errors import UserError
from memrob.numerics.statistics import Line, ratio_of_means
from memrob.plots.curves import log_y
from memrob.plots.means import BAND_TEXT, draw_means
from memrob.plots.style import FULL_WIDTH, INK, new_figure
from memrob.studies.lipschitz.cells import BIAS_TEXTS, CELL
from memrob.studies.lipschitz.figures.exponent_axis import frame_exponents, place
from memrob.studies.lipschitz.figures.table import (
    BIAS_COLOURS,
    BIAS_MARKERS,
    SYMBOLS,
    chosen_ps,
    networks_text,
    one_of,
    selected,
    setting,
    settings_text,
)

# Distance on the axis of 1/p between neighbouring laws at one p, so that none hides another.
SHIFT = 0.009


def laws(
    trials: pd.DataFrame,
    *,
    by: str = "depth",
    ps: list[float] | None = None,
    only: dict | None = None,
    title: str = "",
) -> Figure:
    """Draw lip_p against p with zero biases, and below the ratio of each law of the biases to it.

    Parameters
    ----------
    trials : DataFrame
        One row per network and p, with networks of bias ``zero``.
    by : str
        ``input_dim``, ``width`` or ``depth``: one column of panels a value.
    ps : list of float, optional
        Exponents to draw; all when left out.
    only : dict, optional
        Values of parameters that would otherwise vary, such as ``{"width": 1024}``.
    title : str
        Title of the figure.

    Returns
    -------
    matplotlib.figure.Figure
        Call inside `memrob.plots.style.styled`.

    Raises
    ------
    UserError
        When there are no networks with zero biases, or several cells share one place.
    """
    one_of("by", by, SYMBOLS)
    trials = selected(trials, "laws", ["lower", "seed"], only)
    ps = [p for p in chosen_ps(trials, ps) if (trials["p"] == p).any()]
    trials = trials[trials["p"].isin(ps)]
    if "zero" not in set(trials["bias"]):
        raise UserError("figure of kind laws: found no trials of bias zero to compare with")
    varied = [
        name for name in SYMBOLS if name != by and trials.groupby(by)[name].nunique().max() > 1
    ]
    if varied:
        raise UserError(
            f"figure option by: {by}: several cells share one place, as {' and '.join(varied)} "
            "varies there; hold it with the option only"
        )
    values = sorted(trials[by].unique())
    shown = [law for law in BIAS_TEXTS if law in set(trials["bias"])]
    figure = new_figure(FULL_WIDTH, 4.2, title)
    panels = figure.subplots(
        2, len(values), sharex=True, sharey="row", squeeze=False, height_ratios=(2, 3)
    )
    for (top, bottom), value in zip(panels.T, values, strict=True):
        rows = trials[trials[by] == value]
        _draw_constants(top, rows[rows["bias"] == "zero"])
        _draw_ratios(bottom, rows, shown)
        top.set_title(setting(by, value))
        for axes in (top, bottom):
            frame_exponents(axes, ps, every=len(values) < 3)
    means = trials.groupby(CELL)["lower"].mean()
    log_y(panels[0, 0].yaxis, means.min(), means.max())
    panels[0, 0].set_ylabel(r"$\mathrm{lip}_p$, zero biases")
    panels[1, 0].set_ylabel(r"$\mathrm{lip}_p$ over that of zero biases")
    panels[1, 0].yaxis.set_major_formatter(FuncFormatter(lambda at, _: f"{at:g}"))
    for axes in panels.flat:
        axes.label_outer()
    _legend(figure, trials, shown, by)
    return figure


def _draw_constants(axes: Axes, zero: pd.DataFrame) -> None:
    # The laws differ by a few per cent, which the panel below shows: here they would be one line.
    found = {p: values.to_numpy(float) for p, values in zero.groupby("p")["lower"]}
    if found:
        along = Line(place(list(found)), list(found.values()))
        draw_means(axes, along, BIAS_COLOURS["zero"], marker=BIAS_MARKERS["zero"])


def _draw_ratios(axes: Axes, rows: pd.DataFrame, shown: list[str]) -> None:
    """Draw the ratio to zero biases at each p, the laws side by side."""
    axes.axhline(1, color=INK, linewidth=0.8, zorder=1)
    others = [law for law in shown if law != "zero"]
    for law, shift in zip(others, SHIFT * _centred(len(others)), strict=True):
        for p, cell in rows[rows["bias"] == law].groupby("p"):
            reference = rows[(rows["bias"] == "zero") & (rows["p"] == p)]
            if reference.empty:
                continue
            ratio = ratio_of_means(cell, reference, "lower")
            axes.errorbar(
                place(p) - shift,
                ratio.value,
                yerr=np.maximum([[ratio.value - ratio.low], [ratio.high - ratio.value]], 0)
                if np.isfinite(ratio.low)
                else None,
                color=BIAS_COLOURS[law],
                marker=BIAS_MARKERS[law],
                markersize=2.8,
                elinewidth=0.8,
                linestyle="none",
            )
    # Differences smaller than a per cent should look small.
    low, high = axes.get_ylim()
    axes.set_ylim(min(low, 0.94), max(high, 1.06))


def _centred(count: int) -> np.ndarray:
    return np.arange(count) - (count - 1) / 2


def _legend(figure: Figure, trials: pd.DataFrame, shown: list[str], by: str) -> None:
    handles = [
        Line2D(
            [], [], color=BIAS_COLOURS[law], marker=BIAS_MARKERS[law], markersize=2.8, linewidth=1.1
        )
        for law in shown
    ]
    counts = trials.groupby(CELL).size()
    note = f"{settings_text(trials, without=[by, 'bias'])}; {networks_text(counts)}"
    if counts.max() > 1:
        note += f"; bands and bars: {BAND_TEXT.removesuffix(' band')} intervals"
    figure.legend(
        handles,
        [f"{BIAS_TEXTS[law]} biases" for law in shown],
        title=note,
        loc="outside lower center",
        ncols=len(shown),
        columnspacing=1.2,
    )
