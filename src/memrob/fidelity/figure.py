"""All replicated cells against the published ones."""

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter
from scipy.stats import norm

from memrob.errors import UserError
from memrob.plots.style import (
    CATEGORY_COLOURS,
    FULL_WIDTH,
    INK,
    SYMBOLS,
    grouped,
    new_figure,
    save,
    styled,
)

COLUMNS = ("experiment", "quantity", "published", "replicated", "standard_error", "z")
MARKERS = "osD^vPX"
QUANTITIES = {
    "second_width": "second width " + SYMBOLS["second_width"],
    "interpolated": "probability of interpolation",
}


def draw_fidelity(
    table: pd.DataFrame, out_pdf: Path, *, title: str = "Replicated against published"
) -> None:
    """Draw `fidelity_figure` and save it as PDF and PNG.

    Parameters
    ----------
    table : DataFrame
        ``results/fidelity.csv``.
    out_pdf : path-like
        The PNG takes the same name with the suffix ``.png``.
    title : str
        Title of the figure.
    """
    with styled():
        save(fidelity_figure(table, title=title), Path(out_pdf))


def fidelity_figure(table: pd.DataFrame, *, title: str = "") -> Figure:
    """Draw replicated against published second widths, and the quantiles of all z.

    Parameters
    ----------
    table : DataFrame
        One row per published cell and quantity, with the columns ``experiment``, ``quantity``
        (``interpolated`` or ``second_width``), ``published``, ``replicated``, ``standard_error``
        of their difference and ``z``, the difference in standard errors.
    title : str
        Title of the figure.

    Returns
    -------
    matplotlib.figure.Figure
        Left: one point per cell and the identity. Right: normal quantile plot; points on the
        diagonal mean that the differences are no larger than chance makes them. Call inside
        `memrob.plots.style.styled`.

    Raises
    ------
    UserError
        When a column is missing.
    """
    missing = [column for column in COLUMNS if column not in table.columns]
    if missing:
        raise UserError(f"results/fidelity.csv: found no column {missing[0]}, expected {COLUMNS}")
    figure = new_figure(FULL_WIDTH, 3.3, title)
    left, right = figure.subplots(1, 2)
    _draw_widths(left, table[table["quantity"] == "second_width"])
    # Where both sides are certain, or the same trials, there is no error to divide by.
    uncertain = table["standard_error"] > 0
    _draw_quantiles(right, table[uncertain])
    same = int((~uncertain & (table["z"] == 0)).sum())
    right.set_title(f"$z$, without {grouped(same)} values that agree exactly")
    handles, labels = left.get_legend_handles_labels()
    if handles:
        figure.legend(handles, labels, loc="outside lower center", ncols=4, markerscale=1.6)
    return figure


def _draw_widths(axes: Axes, table: pd.DataFrame) -> None:
    table = table[(table[["published", "replicated"]] > 0).all(axis=1)]
    for number, (experiment, rows) in enumerate(table.groupby("experiment", sort=False)):
        axes.plot(
            rows["published"],
            rows["replicated"],
            linestyle="none",
            marker=MARKERS[number % len(MARKERS)],
            markersize=2.6,
            markeredgewidth=0,
            color=CATEGORY_COLOURS[number % len(CATEGORY_COLOURS)],
            alpha=0.6,
            label=experiment,
            rasterized=len(table) > 2000,
        )
    axes.set_xscale("log")
    axes.set_yscale("log")
    if len(table):
        values = table[["published", "replicated"]].to_numpy(float)
        ends = values.min() / 1.4, values.max() * 1.4
        axes.plot(ends, ends, color=INK, linewidth=0.8, zorder=1.5)
        axes.set_xlim(ends)
        axes.set_ylim(ends)
    for axis, whose in ((axes.xaxis, "published"), (axes.yaxis, "replicated")):
        axis.set_major_formatter(FuncFormatter(grouped))
        axis.set_minor_formatter(FuncFormatter(lambda *_: ""))
        axis.set_label_text(f"{whose} mean second width {SYMBOLS['second_width']}")
    axes.set_aspect("equal")
    axes.grid(True)
    axes.set_title("one point per cell; line: identity")


def _draw_quantiles(axes: Axes, table: pd.DataFrame) -> None:
    styles = zip(("o", "s"), (CATEGORY_COLOURS[0], CATEGORY_COLOURS[1]), strict=True)
    largest = widest = 3.0
    for (quantity, text), (marker, colour) in zip(QUANTITIES.items(), styles, strict=True):
        z = table.loc[table["quantity"] == quantity, "z"].to_numpy(float)
        z = np.sort(z[np.isfinite(z)])
        if not z.size:
            continue
        expected = norm.ppf((np.arange(z.size) + 0.5) / z.size)
        largest = max(largest, np.abs(z).max())
        widest = max(widest, 1.1 * expected[-1])
        axes.plot(
            expected,
            z,
            linestyle="none",
            marker=marker,
            markersize=2.4,
            markeredgewidth=0,
            color=colour,
            label=f"{text} ({grouped(z.size)} cells)",
            rasterized=z.size > 2000,
        )
    limit = 1.08 * max(largest, widest)
    ends = [-widest, widest]
    axes.plot(ends, ends, color=INK, linewidth=0.8, zorder=1.5, label="standard normal")
    axes.set_xlim(-widest, widest)
    axes.set_ylim(-limit, limit)
    axes.set_xlabel("quantile of the standard normal")
    axes.set_ylabel("$z$ = difference / standard error")
    axes.grid(True)
    if axes.get_legend_handles_labels()[0]:
        axes.legend(loc="upper left", markerscale=1.6, handlelength=1.0, borderaxespad=0.5)
