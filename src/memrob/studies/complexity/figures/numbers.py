"""The complexities of a data set as a table in print."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from memrob.errors import UserError
from memrob.plots.style import FAINT, FULL_WIDTH, INK, grouped, new_figure
from memrob.studies.complexity.beside import THEORY_COLUMNS

ROW = 0.19
"""Height of a row in inches."""

WIDE = 1.5
"""Width of the column with standard errors, in ordinary ones."""

HEADINGS = {
    "label": "$X^-$",
    "n_samples": "$N$",
    "max_bias": r"$\lambda$",
    "constant": "$c$",
    "n_minus": "points\nof $X^-$",
    "M_minus": "$M^-$",
    "M_plus": "$M^+$",
    "separation": "$\\delta$ of\nclasses",
    "centre_separation": "$\\delta$ of\ncentres",
    "omega": "$\\omega$",
    "measured": "measured\n$\\hat{n}$",
}
DROPPED_IF_SINGLE = ("n_samples", "max_bias", "constant")


def numbers(theory: pd.DataFrame, measured: pd.DataFrame | None, *, title: str = "") -> Figure:
    """Write the complexities of each class as a table.

    Parameters
    ----------
    theory : DataFrame
        One row per trial and class.
    measured : DataFrame or None
        Trials of part interpolation; the mean second width of each class, over the interpolating
        networks of the largest first width with the same maximal bias and points, is written
        beside.
    title : str
        Title of the figure.
    """
    for column in (*THEORY_COLUMNS, "omega_error"):
        if column not in theory:
            raise UserError(f"table of complexities: found no column {column}")
    shown = theory.assign(measured=[measured_width(row, measured) for row in theory.itertuples()])
    of_all = [c for c in DROPPED_IF_SINGLE if shown[c].nunique() == 1]
    columns = [c for c in HEADINGS if c not in of_all]
    if shown["measured"].isna().all():
        columns.remove("measured")
    figure = new_figure(FULL_WIDTH, 0.4 + ROW * (len(shown) + 3.2), title)
    axes = figure.add_subplot()
    axes.set_axis_off()
    ends = np.cumsum([WIDE if column == "omega" else 1 for column in columns])
    axes.set(xlim=(0, ends[-1]), ylim=(len(shown) + 1.2, -2))
    for end, column in zip(ends, columns, strict=True):
        axes.text(end, -0.4, HEADINGS[column], ha="right", va="bottom", color=INK)
        for height, row in enumerate(shown.itertuples()):
            axes.text(end, height + 0.5, _text(row, column), ha="right", va="center")
    for height in (-0.2, len(shown)):
        axes.plot([0, ends[-1]], [height] * 2, color=FAINT, linewidth=0.8, clip_on=False)
    texts = [f"{HEADINGS[c]} = {_text(shown.iloc[0], c)}" for c in of_all]
    axes.text(ends[-1] / 2, len(shown) + 0.7, ", ".join(texts), ha="center", va="center")
    return figure


def measured_width(row, measured: pd.DataFrame | None) -> float:
    """Mean second width of the class of a row of complexities in the networks measured, or NaN."""
    if measured is None or measured.empty:
        return np.nan
    same = (measured["n_samples"] == row.n_samples) & np.isclose(measured["max_bias"], row.max_bias)
    networks = measured[same & (measured["interpolated"] == 1)]
    networks = networks[networks["first_width"] == networks["first_width"].max()]
    two_classes = "second_width_1" not in measured
    column = "second_width" if two_classes else f"second_width_{row.label}"
    return float(networks[column].mean()) if column in networks and len(networks) else np.nan


def _text(row, column: str) -> str:
    value = getattr(row, column)
    if column == "omega":
        return f"{value:.2f} ± {row.omega_error:.2f}"
    if column == "measured":
        return "–" if np.isnan(value) else f"{value:,.1f}"
    return f"{value:.3f}" if "separation" in column else grouped(value)
