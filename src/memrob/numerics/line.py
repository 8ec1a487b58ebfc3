"""A quantity along a parameter, with all the values at each place."""

from typing import NamedTuple

import numpy as np
import pandas as pd


class Line(NamedTuple):
    """Values along one parameter.

    Attributes
    ----------
    x : ndarray of float64, shape (places,)
        Ascending values of the parameter.
    samples : list of ndarray of float64, shape (networks,)
        One value a network, for each of `x`.
    """

    x: np.ndarray
    samples: list[np.ndarray]

    @property
    def means(self) -> np.ndarray:
        """Mean over the networks at each place."""
        return np.array([values.mean() for values in self.samples])

    @property
    def networks(self) -> np.ndarray:
        """Number of networks at each place."""
        return np.array([len(values) for values in self.samples], dtype=int)


def line_of(rows: pd.DataFrame, quantity: str, x: str) -> Line:
    """Collect one column of a table along another.

    Parameters
    ----------
    rows : DataFrame
        Not empty.
    quantity, x : str
        Columns of numbers.
    """
    groups = [(float(at), values.to_numpy(float)) for at, values in rows.groupby(x)[quantity]]
    return Line(np.array([at for at, _ in groups]), [values for _, values in groups])
