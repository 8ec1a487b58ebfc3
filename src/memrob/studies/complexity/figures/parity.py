"""Pieces of the covering against measured second widths, one mark a class."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from memrob.errors import UserError
from memrob.plots.style import FAINT, FULL_WIDTH, grouped, new_figure
from memrob.studies.complexity.figures.axes import COLOURS, MEASURED, constant_text

NEAR = 0.03
"""Marks nearer than this in the logarithm of both coordinates nearly meet."""


def parity(theory: pd.DataFrame, measured: pd.DataFrame | None, *, title: str = "") -> Figure:
    """Draw measured second widths of each class against M-, with the diagonal.

    Parameters
    ----------
    theory : DataFrame
        One row per trial and class, of one maximal bias and number of points.
    measured : DataFrame or None
        Trials of part interpolation; of those with this maximal bias the interpolating ones of
        the largest first width are shown.
    title : str
        Title of the figure.
    """
    if len(theory.drop_duplicates(["max_bias", "n_samples"])) > 1:
        raise UserError("figure of kind parity: max_bias or n_samples varies; it takes one of each")
    figure = new_figure(FULL_WIDTH, 3.6, title)
    axes = figure.add_subplot()
    found = by_class(theory, measured)
    ends = []
    for colour, (constant, line) in zip(COLOURS, theory.groupby("constant"), strict=False):
        heights = [found.get(label, np.nan) for label in line["label"]]
        text = f"$M^-$ of a class, {constant_text(constant)}"
        axes.plot(line["M_minus"], heights, color=colour, marker="o", linestyle="none", label=text)
        _name(axes, line, heights)
        ends.append(line["M_minus"])
        if constant == theory["constant"].max():
            text = "all points of the class"
            style = {"color": FAINT, "marker": "o", "mfc": "none", "linestyle": "none"}
            axes.plot(line["n_minus"], heights, **style, label=text)
    values = np.concatenate([*ends, theory["n_minus"], list(found.values())]).astype(float)
    low, high = values.min() / 1.15, values.max() * 1.15
    axes.plot([low, high], [low, high], color=FAINT, linewidth=0.8, label="as many", zorder=1)
    if not found:
        axes.plot([], [], linestyle="none", label=MEASURED)
    axes.set(xscale="log", yscale="log", xlim=(low, high), ylim=(low, high))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axis.set_major_formatter(FuncFormatter(grouped))
        axis.set_minor_formatter(NullFormatter())
    axes.grid(True)
    axes.set_xlabel("pieces of the covering, or points of the class")
    axes.set_ylabel(r"measured second width $\hat{n}$ of the class")
    axes.legend(loc="center left", bbox_to_anchor=(1.02, 0.5))
    return figure


def _name(axes: Axes, line: pd.DataFrame, heights: list[float]) -> None:
    """Write the labels beside their marks, left of one that nearly meets the next."""
    marks = sorted(zip(line["M_minus"], heights, line["label"], strict=True))
    places = np.array([mark[:2] for mark in marks], dtype=float)
    near = (np.abs(np.diff(np.log(places), axis=0)) < NEAR).all(axis=1)
    for place, (*_, label), left in zip(places, marks, [*near, False], strict=True):
        offset = (-6, 6) if left else (4, 3)
        axes.annotate(
            str(label), place, xytext=offset, textcoords="offset points", fontsize="small"
        )


def by_class(theory: pd.DataFrame, measured: pd.DataFrame | None) -> dict[int, float]:
    """Mean second width of each class at the largest first width that interpolates."""
    if measured is None:
        return {}
    rows = measured[np.isclose(measured["max_bias"], theory["max_bias"].iloc[0])]
    rows = rows[(rows["interpolated"] == 1) & (rows["n_samples"] == theory["n_samples"].iloc[0])]
    rows = rows[rows["first_width"] == rows["first_width"].max()]
    columns = {label: f"second_width_{label}" for label in theory["label"].unique()}
    if rows.empty or not set(columns.values()) <= set(rows):
        return {}
    return {label: float(rows[column].mean()) for label, column in columns.items()}
