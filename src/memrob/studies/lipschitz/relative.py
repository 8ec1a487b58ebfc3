"""How the mean of a quantity differs between two cells."""

from typing import NamedTuple

import numpy as np
import pandas as pd


class Ratio(NamedTuple):
    """A ratio of two means with its standard error and interval.

    Attributes
    ----------
    value : float
        Mean of one cell over that of the other.
    error : float
        Standard error of the ratio; NaN for a single network.
    low, high : float
        Ends of a bootstrap interval; NaN for a single network.
    """

    value: float
    error: float
    low: float
    high: float


def ratio_of_means(
    cell: pd.DataFrame,
    reference: pd.DataFrame,
    quantity: str = "lower",
    *,
    level: float = 0.95,
    resamples: int = 2000,
    rng: np.random.Generator,
) -> Ratio:
    """Divide the mean over one cell by that over another.

    Parameters
    ----------
    cell, reference : DataFrame
        One row a network, with columns ``seed`` and `quantity`.
    quantity : str
        A column of positive values.
    level : float
        Nominal coverage of the interval, in (0, 1).
    resamples : int
        Number of bootstrap samples.
    rng : numpy.random.Generator
        Source of the resampling.

    Returns
    -------
    Ratio
        Where both cells have the same seeds, networks of one seed are drawn together: they share
        their weights, so that most of their noise cancels. Else the cells are drawn apart.
    """
    over, under = (rows.set_index("seed")[quantity].sort_index() for rows in (cell, reference))
    paired = over.index.is_unique and over.index.equals(under.index)
    over, under = over.to_numpy(float), under.to_numpy(float)
    value = float(over.mean() / under.mean())
    if min(len(over), len(under)) < 2:
        return Ratio(value, np.nan, np.nan, np.nan)
    drawn = rng.integers(len(over), size=(resamples, len(over)))
    others = drawn if paired else rng.integers(len(under), size=(resamples, len(under)))
    ratios = over[drawn].mean(axis=1) / under[others].mean(axis=1)
    low, high = np.quantile(ratios, [(1 - level) / 2, (1 + level) / 2])
    return Ratio(value, float(ratios.std()), float(low), float(high))
