"""Cells of networks, and how far a difference of two accuracies must be from a bound."""

import math
from collections.abc import Iterable

import numpy as np
import pandas as pd

from memrob.generalisation.cells import networks

ERRORS = 3
"""A difference counts from so many standard errors on."""


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
    """Return the standard error of a share of so many independent points."""
    return np.sqrt(np.maximum(share * (1 - share), 0) / n_points)


def beyond(difference: float, *errors: float) -> bool | None:
    """Whether a difference is above 0, beyond its error.

    Shares on the same test points are positively correlated as accuracies are, so that taking
    their errors as independent is cautious.

    Parameters
    ----------
    difference : float
        The difference.
    *errors : float
        Standard errors of what was subtracted from each other.

    Returns
    -------
    bool or None
        None where the difference is within `ERRORS` standard errors of 0.
    """
    if abs(difference) <= ERRORS * math.hypot(*errors):
        return None
    return difference > 0


def all_hold(verdicts: Iterable[bool | None]) -> bool | None:
    """Return False if some verdict is, else None if some verdict is or there is none, else True."""
    verdicts = list(verdicts)
    if False in verdicts:
        return False
    return None if None in verdicts or not verdicts else True


def opposite(verdict: bool | None) -> bool | None:
    """Return the other verdict; None stays."""
    return None if verdict is None else not verdict


def percent(share: float) -> str:
    """Write a share as 88.3 %."""
    return f"{100 * share:.1f} %"


def where(cell) -> str:
    """Say which cell a row of `cell_means` is of."""
    return f"n = {cell.first_width:,}, λ = {cell.max_bias:g}"
