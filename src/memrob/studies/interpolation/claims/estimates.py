"""What claims are decided from: where interpolation sets in, and how widths grow with N."""

import numpy as np
import pandas as pd

LEVEL = 0.99
DRAWS = 1000


def first_reaching(cells: pd.DataFrame, by: str) -> pd.Series:
    """First width at which the estimated probability of interpolation reaches 0.99.

    Parameters
    ----------
    cells : pandas.DataFrame
        Table of cells with `first_width`, `interpolated` and the column `by`.
    by : str
        Column held fixed, `max_bias` or `n_samples`.

    Returns
    -------
    pandas.Series of float
        Smallest such first width for each value of `by`, NaN where the grid has none.
    """
    reached = cells["first_width"].where(cells["interpolated"] >= LEVEL)
    return reached.groupby(cells[by]).min()


def grid_step(values: pd.Series) -> float:
    """Median distance of neighbouring values of one axis of a grid, NaN for a single value."""
    distances = np.diff(np.unique(values))
    return float(np.median(distances)) if distances.size else np.nan


def redraw_reached(published: pd.DataFrame, trials: pd.Series, seed: int = 0) -> np.ndarray:
    """Draw which cells would reach 0.99 if the published probabilities were the true ones.

    With few trials, a cell reaches 0.99 only when all of them interpolate, which also happens
    where the probability is well below 0.99. Drawing with as many trials as a run had puts the
    published table through the same estimator.

    Parameters
    ----------
    published : pandas.DataFrame, m rows
        Published cells with their mean `interpolated`.
    trials : pandas.Series, m rows
        Number of trials per cell of the run, in the same order.
    seed : int
        Seed of the draws.

    Returns
    -------
    ndarray of bool, shape (1000, m)
    """
    rng = np.random.default_rng(seed)
    k = trials.to_numpy(dtype=np.int64)
    probability = published["interpolated"].to_numpy().clip(0, 1)
    return rng.binomial(k, probability, size=(DRAWS, len(published))) / k >= LEVEL


def central_range(values: np.ndarray, share: float = 0.99) -> tuple[float, float]:
    """Smallest and largest value left when (1 - share)/2 is cut off on either side."""
    tail = (1 - share) / 2
    low = np.quantile(values, tail, method="lower")
    return float(low), float(np.quantile(values, 1 - tail, method="higher"))


def growth_exponent(cells: pd.DataFrame, seed: int = 0) -> tuple[float, tuple[float, float]] | None:
    """Exponent a of second_width ~ N^a, averaged over first widths, with a 95 % interval.

    A least-squares line through log mean second width against log N for each first width; the
    interval redraws each cell's mean from a normal distribution with its standard error.

    Parameters
    ----------
    cells : pandas.DataFrame
        Cells with `n_samples`, `first_width`, `trials`, `second_width_mean`, `second_width_sd`.
    seed : int
        Seed of the redrawn means.

    Returns
    -------
    tuple or None
        (exponent, (lower, upper)); None with fewer than three sizes at some first width, sizes
        that do not even double, or cells of a single trial, which have no standard error.
    """
    rng = np.random.default_rng(seed)
    estimates, draws = [], []
    for _, row in cells.groupby("first_width"):
        sizes, mean = row["n_samples"].to_numpy(float), row["second_width_mean"].to_numpy(float)
        error = (row["second_width_sd"] / np.sqrt(row["trials"])).to_numpy(float)
        if len(sizes) < 3 or sizes.max() < 2 * sizes.min() or (row["trials"] < 2).any():
            return None
        x = np.log(sizes) - np.log(sizes).mean()
        redrawn = np.maximum(rng.normal(mean, error, size=(DRAWS, len(mean))), 0.5)
        estimates.append(np.log(np.maximum(mean, 0.5)) @ x / (x @ x))
        draws.append(np.log(redrawn) @ x / (x @ x))
    if not estimates:
        return None
    lower, upper = np.quantile(np.mean(draws, axis=0), [0.025, 0.975])
    return float(np.mean(estimates)), (float(lower), float(upper))
