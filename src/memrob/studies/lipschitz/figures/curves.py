"""One quantity along d, N or L: a panel per value of one column, a line per value of another."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from memrob.errors import UserError
from memrob.numerics.statistics import Line
from memrob.plots.colours import ordered_colours
from memrob.plots.curves import log_x, log_y
from memrob.plots.means import BAND_TEXT, band_handle, draw_means, open_frame
from memrob.plots.style import FAINT, FULL_WIDTH, INK, new_figure
from memrob.studies.lipschitz.cells import exponents, line
from memrob.studies.lipschitz.figures.exponent_axis import p_colour, p_marker, p_text
from memrob.studies.lipschitz.figures.table import (
    AXIS_LABELS,
    BIAS_COLOURS,
    BIAS_MARKERS,
    BIAS_TEXTS,
    chosen_ps,
    networks_text,
    one_of,
    selected,
    setting,
    settings_text,
)
from memrob.studies.lipschitz.quantities import (
    GAP,
    OVER_ZERO,
    WIDE,
    wide_gap,
    with_gap,
    with_over_zero,
)

LABELS = {
    "lower": r"$\mathrm{lip}_p$ (largest gradient found)",
    GAP: r"bound of probability 0.99 over $\mathrm{lip}_p$",
    OVER_ZERO: r"$\mathrm{lip}_p$ over that of zero biases",
}
COLUMNS = ("p", "width", "depth", "bias")
DASHED = (0, (4, 2))


def curves(
    trials: pd.DataFrame,
    *,
    x: str,
    colour: str,
    by: str = "p",
    quantity: str = "lower",
    wide: bool = False,
    ps: list[float] | None = None,
    only: dict | None = None,
    title: str = "",
) -> Figure:
    """Draw a quantity along one parameter.

    Parameters
    ----------
    trials : DataFrame
        One row per network and p.
    x : str
        ``input_dim``, ``width`` or ``depth``.
    colour, by : str
        Two of ``p``, ``width``, ``depth`` and ``bias``: one line, and one panel, per value.
    quantity : str
        ``lower``, ``gap`` (the bound of probability 0.99 over it) or ``over_zero`` (it over that
        of the network with the same weights and zero biases).
    wide : bool
        With ``gap`` along the depth, draw also the bound in closed form at a width that no
        computer holds, over the largest gradient found at the largest width.
    ps : list of float, optional
        Exponents to draw; all when left out.
    only : dict, optional
        Values of parameters that would otherwise vary, such as ``{"depth": 1}``.
    title : str
        Title of the figure.

    Raises
    ------
    UserError
        When an option has no such value, or several cells share one place of a line.
    """
    for option, value in (("colour", colour), ("by", by)):
        one_of(option, value, COLUMNS)
    one_of("x", x, AXIS_LABELS)
    one_of("quantity", quantity, LABELS)
    if colour == by or x in (colour, by):
        raise UserError(f"figure options x, colour, by: {x}, {colour}, {by} are not all different")
    trials = selected(
        trials, "curves", ["lower", "upper_probable"] if quantity == GAP else ["lower"], only
    )
    if quantity == GAP:
        trials = with_gap(trials)
    elif quantity == OVER_ZERO:
        trials = with_over_zero(trials)
    trials = trials[trials["p"].isin(chosen_ps(trials, ps))]
    if trials.empty:
        raise UserError(f"figure of kind curves: found no trials with {quantity}")
    lines = {value: _lines(rows, x, colour, quantity) for value, rows in trials.groupby(by)}
    extra = _wide(trials, x, by) if wide else {}
    return _figure(trials, lines, extra, (x, colour, by, quantity), title)


def _lines(trials: pd.DataFrame, x: str, colour: str, quantity: str) -> dict[object, Line]:
    """Lines by the value of the column that colours them."""
    found = {}
    for value, rows in trials.groupby(colour):
        ps = exponents(rows)
        if len(ps) > 1:
            raise UserError("figure options colour, by: several p share one place of a line")
        if (along := line(rows, ps[0], quantity, x)) is not None:
            found[value] = along
    return found


def _wide(trials: pd.DataFrame, x: str, by: str) -> dict[float, Line]:
    if (x, by) != ("depth", "p"):
        raise UserError("figure option wide: needs x depth and by p")
    rows = trials[trials["width"] == trials["width"].max()]
    d = int(rows["input_dim"].max())
    return {p: wide_gap(line(rows, p, "lower", x), d, p, WIDE) for p in exponents(rows)}


def _figure(
    trials: pd.DataFrame,
    lines: dict[object, dict[object, Line]],
    extra: dict[float, Line],
    options: tuple[str, str, str, str],
    title: str,
) -> Figure:
    x, colour, by, quantity = options
    shown = _ordered(colour, {value for of in lines.values() for value in of})
    looks = {value: _look(colour, value, shown) for value in shown}
    panels_shown = _ordered(by, lines)
    figure = new_figure(FULL_WIDTH, 3.2, title)
    panels = figure.subplots(1, len(lines), sharex=True, sharey=True, squeeze=False)[0]
    for axes, panel in zip(panels, panels_shown, strict=True):
        for value in shown:
            if value in lines[panel]:
                draw_means(axes, lines[panel][value], **looks[value])
        if panel in extra:
            draw_means(axes, extra[panel], INK, linestyle=DASHED, marker=None)
        if quantity == OVER_ZERO:
            axes.axhline(1, color=FAINT, linewidth=0.8, zorder=1)
        axes.set_title(p_text(panel) if by == "p" else setting(by, panel))
        axes.set_xlabel(AXIS_LABELS[x])
    every = [*extra.values(), *(found for of in lines.values() for found in of.values())]
    _frame(panels, every, quantity)
    handles = [_handle(looks[value]) for value in shown]
    texts = [_text(colour, value) for value in shown]
    if extra:
        handles.append(Line2D([], [], color=INK, linewidth=1.1, linestyle=DASHED))
        texts.append(f"bound at $N$ = {WIDE:,}, gradients at {trials['width'].max():,}")
    _legend(figure, trials, every, (handles, texts), without=[x, colour, by])
    return figure


def _frame(panels: np.ndarray, lines: list[Line], quantity: str) -> None:
    places = np.concatenate([found.x for found in lines])
    means = np.concatenate([found.means for found in lines])
    for axes in panels:
        open_frame(axes)
    log_x(panels[0], places, labels=max(3, 12 // len(panels)))
    log_y(panels[0].yaxis, means.min(), max(means.max(), means.min() * 1.1))
    panels[0].set_ylabel(LABELS[quantity])


def _legend(
    figure: Figure,
    trials: pd.DataFrame,
    lines: list[Line],
    entries: tuple[list, list[str]],
    without: list[str],
) -> None:
    handles, texts = entries
    counts = np.concatenate([found.networks for found in lines])
    if counts.max() > 1:
        handles, texts = [*handles, band_handle()], [*texts, BAND_TEXT]
    note = ", ".join(
        part for part in (settings_text(trials, without=without), networks_text(counts)) if part
    )
    figure.legend(
        handles, texts, title=note, loc="outside lower center", ncols=4, columnspacing=1.2
    )


def _ordered(column: str, values) -> list:
    if column == "bias":
        return [law for law in BIAS_TEXTS if law in values]
    return sorted(values)


def _look(column: str, value, shown: list) -> dict:
    if column == "p":
        return {"colour": p_colour(value), "marker": p_marker(value)}
    if column == "bias":
        # The other laws lie close to zero biases, which must not vanish below them.
        line = {"linestyle": DASHED, "zorder": 5} if value == "zero" else {"linestyle": "-"}
        return {"colour": BIAS_COLOURS[value], "marker": BIAS_MARKERS[value], **line}
    return {"colour": ordered_colours(len(shown))[shown.index(value)], "marker": "o"}


def _handle(look: dict) -> Line2D:
    style = {name: value for name, value in look.items() if name not in ("colour", "zorder")}
    return Line2D([], [], color=look["colour"], markersize=2.8, linewidth=1.1, **style)


def _text(column: str, value) -> str:
    return p_text(value) if column == "p" else setting(column, value)
