"""The complexities of a data set in numbers, a table to read."""

import numpy as np
import pandas as pd

from memrob.errors import UserError
from memrob.studies.complexity.beside import THEORY_COLUMNS

COLUMNS = [
    *("label", "n_samples", "max_bias", "constant", "n_minus", "M_minus", "M_plus"),
    *("separation", "centre_separation", "omega", "omega_error"),
]


def numbers(theory: pd.DataFrame, measured: pd.DataFrame | None) -> pd.DataFrame:
    """Choose the complexities of each class, with the second width that was measured.

    Parameters
    ----------
    theory : DataFrame
        One row per trial and class.
    measured : DataFrame or None
        Trials of part interpolation; the mean second width of each class, over the interpolating
        networks of the largest first width with the same maximal bias and points, stands beside.

    Returns
    -------
    DataFrame
        One row per row of `theory`, the columns `COLUMNS` and ``mean_second_width``, which is left
        out where nothing was measured.

    Raises
    ------
    UserError
        If `theory` lacks columns.
    """
    for column in (*THEORY_COLUMNS, "omega_error"):
        if column not in theory:
            raise UserError(f"table of complexities: found no column {column}")
    widths = [measured_width(row, measured) for row in theory.itertuples()]
    return theory[COLUMNS].assign(mean_second_width=widths).dropna(axis="columns", how="all")


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
