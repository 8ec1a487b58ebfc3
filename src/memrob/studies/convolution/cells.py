"""Tables of convolutional and fully connected networks: their cells, and lines through them."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from memrob.errors import UserError
from memrob.numerics.statistics import Line, line_of
from memrob.studies.complexity import beside
from memrob.studies.convolution.trial import FULLY_CONNECTED, NETWORKS
from memrob.studies.interpolation.cells import summarise

# A cell is one setting of one of the two networks; its rows differ in the seed alone.
CELL = ["dataset", "n_samples", "n_shifts", "filter_size", "first_width", "max_bias"]
# Interpolation sets in at the first width from which on it is as likely as not.
SETS_IN = 0.5
# Of the interval of a probability; three networks that agree are above or below 1/2.
LEVEL = 0.9


class Onset(NamedTuple):
    """Where interpolation sets in, along a parameter.

    Attributes
    ----------
    x : (places,) float64
        Ascending values of the parameter.
    first_width : (places,) float64
        The least first width at which at least half of the networks interpolate; NaN where the
        table has none.
    low, high : (places,) float64
        The least first width at which the 90 % Wilson interval of the probability does not lie
        below 1/2, and at which it lies above; NaN where the table has none.
    least, largest : (places,) float64
        Range of the first widths in the table.
    """

    x: np.ndarray
    first_width: np.ndarray
    low: np.ndarray
    high: np.ndarray
    least: np.ndarray
    largest: np.ndarray


def of_network(trials: pd.DataFrame, network: str) -> pd.DataFrame:
    """Rows of one of the two networks, with `max_bias` rounded so that one setting is one cell.

    Parameters
    ----------
    trials : DataFrame
        One row per network, as in `results/convolution/<experiment>.csv`.
    network : {"convolutional", "fully_connected"}
    """
    rows = trials[trials["network"] == network]
    return rows.assign(max_bias=rows["max_bias"].astype(float).round(6))


def cells_of(trials: pd.DataFrame, network: str) -> pd.DataFrame:
    """Average the rows of each cell of one network, as those of interpolation are averaged.

    Raises
    ------
    UserError
        If the number of shifts or the size of the filters varies, which the cells do not tell.
    """
    rows = of_network(trials, network)
    for column in ("n_shifts", "filter_size"):
        if rows[column].nunique() > 1:
            raise UserError(f"figure: {column} varies in the table; hold it with the option only")
    return summarise(rows.assign(covered=np.nan))


def line(rows: pd.DataFrame, quantity: str, x: str) -> Line | None:
    """Collect a quantity of one network along a parameter; None where no row has it.

    Parameters
    ----------
    rows : DataFrame
        Rows of one network.
    quantity : str
        Column; rows that lack it are left out.
    x : str
        One of `CELL`.

    Raises
    ------
    UserError
        When several cells share one place, as another parameter varies there.
    """
    rows = rows[rows[quantity].notna()]
    if rows.empty:
        return None
    _check_held(rows, x)
    return line_of(rows, quantity, x)


def _check_held(rows: pd.DataFrame, *along: str) -> None:
    others = [name for name in CELL if name not in along]
    counts = rows.groupby(list(along))[others].nunique().max()
    varied = [name for name in others if counts[name] > 1]
    if varied:
        raise UserError(
            f"figure option x: {along[0]}: several cells share one place, as "
            f"{' and '.join(varied)} varies there; hold it with the option only"
        )


def interpolating(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of networks that interpolate: only their second widths can be compared."""
    return rows[rows["interpolated"] == 1]


def onset(rows: pd.DataFrame, x: str) -> Onset:
    """Find where interpolation sets in along a parameter, for one network.

    Parameters
    ----------
    rows : DataFrame
        Rows of one network, with several first widths.
    x : {"n_shifts", "n_samples"}

    Raises
    ------
    UserError
        When another parameter varies.
    """
    _check_held(rows, x, "first_width")
    cells = rows.groupby([x, "first_width"])["interpolated"].agg(["sum", "size"]).reset_index()
    ends = [_wilson(found, size) for found, size in cells[["sum", "size"]].to_numpy()]
    cells[["lower", "upper"]] = np.array(ends).reshape(-1, 2)
    widths = cells.groupby(x)["first_width"]

    def first(chosen: pd.Series) -> np.ndarray:
        found = cells[chosen].groupby(x)["first_width"].min()
        return found.reindex(widths.min().index).to_numpy(float)

    return Onset(
        widths.min().index.to_numpy(float),
        beside.thresholds(rows, x, SETS_IN).reindex(widths.min().index).to_numpy(float),
        first(cells["upper"] >= SETS_IN),
        first(cells["lower"] >= SETS_IN),
        widths.min().to_numpy(float),
        widths.max().to_numpy(float),
    )


def _wilson(found: float, size: float) -> tuple[float, float]:
    return binomtest(int(found), int(size)).proportion_ci(LEVEL, method="wilson")


def at_onset(rows: pd.DataFrame, x: str) -> pd.DataFrame:
    """Rows of the networks that interpolate at the first width where interpolation sets in."""
    needed = rows[x].map(beside.thresholds(rows, x, SETS_IN))
    return interpolating(rows[rows["first_width"] == needed])


def at_width(rows: pd.DataFrame, x: str, first_width: int | None = None) -> pd.DataFrame:
    """Rows of one first width, at each place the largest when none is given.

    Parameters
    ----------
    rows : DataFrame
        Rows of one network.
    x : str
        The parameter along which they are.
    first_width : int, optional
    """
    chosen = rows.groupby(x)["first_width"].transform("max") if first_width is None else first_width
    return rows[rows["first_width"] == chosen]


def selected(
    trials: pd.DataFrame, kind: str, columns: Iterable[str], only: dict | None = None
) -> pd.DataFrame:
    """Check that a table has columns and return the part of it that a figure is of.

    Parameters
    ----------
    trials : DataFrame
        One row per network.
    kind : str
        Kind of the figure, for messages.
    columns : iterable of str
        Columns it needs beside those of `CELL`.
    only : dict, optional
        Values of parameters, for instance ``{"max_bias": 0.5}``; all rows if left out. A
        ``filter_size`` chooses among convolutional networks alone, the others have no filters.

    Raises
    ------
    UserError
        When a column is missing, or no row has the values of `only`.
    """
    for column in ("network", "interpolated", *CELL, *columns):
        if column not in trials:
            raise UserError(f"figure of kind {kind}: found no column {column} in the trials")
    for name, value in (only or {}).items():
        if name not in CELL[1:]:
            allowed = ", ".join(CELL[1:])
            raise UserError(f"figure option only: found {name}, expected some of {allowed}")
        chosen = np.isclose(trials[name].astype(float), value, rtol=0, atol=1e-6)
        if name == "filter_size":
            chosen |= trials["network"] == FULLY_CONNECTED
        trials = trials[chosen]
    if not trials["network"].isin(NETWORKS).any():
        raise UserError(f"figure of kind {kind}: found no networks with {only or 'any setting'}")
    return trials
