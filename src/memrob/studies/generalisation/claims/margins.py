"""Cells of networks, and how far a difference of two accuracies must be from a bound."""

import numpy as np
import pandas as pd

from memrob.studies.generalisation.cells import networks


def cell_means(trials: pd.DataFrame, quantity: str) -> pd.DataFrame:
    """Mean of a share of test points over the networks of each cell, with its error.

    Returns
    -------
    pandas.DataFrame
        Columns `first_width`, `max_bias`, `value`, `error` (the standard error that comes from the
        finite number of test points and, with several restarts, from that of networks),
        `interpolates` (whether all networks do) and `n_test`; cells without a value are left out.
    """
    rows = networks(trials)
    rows = rows[rows[quantity].notna()]
    grouped = rows.groupby(["max_bias", "first_width"], as_index=False)
    cells = grouped.agg(
        value=(quantity, "mean"),
        variance=(quantity, "var"),
        restarts=(quantity, "size"),
        interpolates=("interpolated", "min"),
        n_test=("n_test", "first"),
    )
    of_networks = cells["variance"].fillna(0) / cells["restarts"]
    cells["error"] = np.hypot(binomial_error(cells["value"], cells["n_test"]), of_networks**0.5)
    cells["interpolates"] = cells["interpolates"] == 1
    return cells.drop(columns=["variance", "restarts"])


def binomial_error(share, n_points):
    """Return the standard error of a share of that many independent points."""
    return np.sqrt(np.maximum(share * (1 - share), 0) / n_points)


def where(cell) -> str:
    """Say which cell a row of `cell_means` is of."""
    return f"n = {cell.first_width:,}, λ = {cell.max_bias:g}"
