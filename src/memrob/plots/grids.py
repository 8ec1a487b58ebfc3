"""From a table of cells to a rectangular grid of values."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from memrob.errors import UserError

# Which column of a cell table holds the mean of a quantity.
MEAN_COLUMNS = {"interpolated": "interpolated", "second_width": "second_width_mean"}


class Grid(NamedTuple):
    """Values over two parameters.

    Attributes
    ----------
    x, y : ndarray of float64, shapes (columns,) and (rows,)
        Ascending parameter values.
    values, probability : ndarray of float64, shape (rows, columns)
        The quantity drawn and the probability of interpolation; NaN where there is no cell.
    trials : ndarray of float64, shape (rows, columns)
        Number of trials of each cell.
    """

    x: np.ndarray
    y: np.ndarray
    values: np.ndarray
    probability: np.ndarray
    trials: np.ndarray


def mean_column(quantity: str) -> str:
    """Return the column of a cell table that holds the mean of a quantity.

    Raises
    ------
    UserError
        When no figure knows the quantity.
    """
    if quantity not in MEAN_COLUMNS:
        allowed = ", ".join(MEAN_COLUMNS)
        raise UserError(f"figure option quantity: found {quantity!r}, expected one of {allowed}")
    return MEAN_COLUMNS[quantity]


def grid(cells: pd.DataFrame, quantity: str, x: str, y: str) -> Grid:
    """Arrange cells on the grid spanned by the values of two columns that occur in the table.

    Parameters
    ----------
    cells : DataFrame
        As `memrob.studies.interpolation.cells.summarise` returns it, or published cells.
    quantity : str
        ``interpolated`` or ``second_width``.
    x, y : str
        Columns that span the grid. All other parameters must be constant.

    Raises
    ------
    UserError
        When a third parameter varies, so that several cells fall on one place.
    """
    cells = cells.assign(max_bias=cells["max_bias"].astype(float).round(6))
    if cells.duplicated([x, y]).any():
        raise UserError(
            f"figure options x: {x}, y: {y}: several cells share one place; "
            "name the two columns that vary"
        )

    def arranged(column: str) -> pd.DataFrame:
        return cells.pivot(index=y, columns=x, values=column).astype(float)

    values = arranged(mean_column(quantity))
    return Grid(
        values.columns.to_numpy(float),
        values.index.to_numpy(float),
        values.to_numpy(),
        arranged("interpolated").to_numpy(),
        arranged("trials").to_numpy(),
    )
