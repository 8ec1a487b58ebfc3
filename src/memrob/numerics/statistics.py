"""Means, powers and ratios over independent trials, with confidence intervals.

Intervals of ten trials or more are percentile bootstrap intervals (`scipy.stats.bootstrap`). A
bootstrap of fewer covers much less often than it says, so those have Student's t interval, with
the degrees of freedom of Welch and Satterthwaite where several places contribute. Shares of
trials have the exact interval of Clopper and Pearson at any number of trials.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

LEVEL = 0.95
BOOTSTRAP_FROM = 10
"""Trials per place from which on an interval is a bootstrap interval."""

_RESAMPLES = 2000


class Line(NamedTuple):
    """Values along one parameter.

    Attributes
    ----------
    x : ndarray of float64, shape (places,)
        Ascending values of the parameter.
    samples : list of ndarray of float64, shape (trials,)
        One value per trial, for each of `x`.
    """

    x: np.ndarray
    samples: list[np.ndarray]

    @property
    def means(self) -> np.ndarray:
        """Mean over the trials at each place."""
        return np.array([values.mean() for values in self.samples])

    @property
    def networks(self) -> np.ndarray:
        """Number of trials at each place."""
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


def mean_interval(values: np.ndarray, level: float = LEVEL) -> tuple[float, float]:
    """Return a confidence interval of the mean of independent trials.

    Parameters
    ----------
    values : array-like of float or bool, shape (trials,)
        One number per trial. Booleans are outcomes, whose mean is a probability.
    level : float
        Nominal coverage, in (0, 1).

    Returns
    -------
    (float, float)
        Lower and upper end, the same for any order of the values; NaN for a single number. Numbers
        that all agree have an interval of length zero, outcomes that all agree do not.

    Raises
    ------
    ValueError
        When there are no values.
    """
    values = np.asarray(values)
    if values.ndim != 1 or values.size == 0:
        raise ValueError(f"values has shape {values.shape}, expected (trials,) with trials >= 1")
    if values.dtype == bool:
        return share_interval(int(values.sum()), values.size, level)
    # Sorted, so that the order of the rows of a table changes no resample.
    values = np.sort(values.astype(np.float64))
    if values.size == 1:
        return np.nan, np.nan
    if values.size >= BOOTSTRAP_FROM:
        return _bootstrap((values,), lambda sample, axis: sample.mean(axis=axis), level)
    return _student(values.mean(), [values.var(ddof=1) / values.size], [values.size], level)


def share_interval(count: int, trials: int, level: float = LEVEL) -> tuple[float, float]:
    """Return the exact (Clopper-Pearson) interval of a probability.

    Parameters
    ----------
    count, trials : int
        How many of the trials had the outcome, and how many there were.
    level : float
        Nominal coverage, in (0, 1).
    """
    interval = stats.binomtest(count, trials).proportion_ci(level, method="exact")
    return float(interval.low), float(interval.high)


class PowerLaw(NamedTuple):
    """A fit mean = factor * x^exponent.

    Attributes
    ----------
    exponent, factor : float
        Least-squares estimates on log-log axes.
    low, high : float
        Ends of a confidence interval of the exponent; NaN where every place has a single trial.
    """

    exponent: float
    factor: float
    low: float
    high: float


def fit_power_law(x: np.ndarray, samples: Sequence[np.ndarray], level: float = LEVEL) -> PowerLaw:
    """Fit a power of x to the means at several places.

    The line goes through log mean against log x by least squares, every place with one weight.
    The interval covers the noise of the trials, not the curvature of a law that is no power.

    Parameters
    ----------
    x : array-like of float, shape (places,)
        Positive places, at least two of them distinct.
    samples : sequence of array-like of float, shape (trials,)
        Positive values of the independent trials at each place.
    level : float
        Nominal coverage of the interval, in (0, 1).

    Raises
    ------
    ValueError
        With fewer than two distinct places, or values that are not positive.
    """
    samples = [np.sort(np.asarray(values, dtype=np.float64)) for values in samples]
    logs = np.log(np.asarray(x, dtype=np.float64))
    if len(samples) != len(logs) or np.unique(logs).size < 2:
        raise ValueError(f"{len(samples)} samples at {len(logs)} places, expected two or more")
    if not all(values.size and values.min() > 0 for values in samples):
        raise ValueError("every place needs positive values")
    centred = logs - logs.mean()
    weights = centred / (centred @ centred)
    means = np.log([values.mean() for values in samples])
    exponent = float(weights @ means)
    factor = float(np.exp(means.mean() - exponent * logs.mean()))
    return PowerLaw(exponent, factor, *_slope_interval(exponent, weights, samples, level))


def _slope_interval(
    exponent: float, weights: np.ndarray, samples: list[np.ndarray], level: float
) -> tuple[float, float]:
    noisy = [(w, v) for w, v in zip(weights, samples, strict=True) if v.size > 1]
    if not noisy:
        return np.nan, np.nan
    weights, samples = zip(*noisy, strict=True)
    if min(values.size for values in samples) >= BOOTSTRAP_FROM:
        fixed = exponent - sum(w * np.log(v.mean()) for w, v in noisy)

        def slope(*drawn: np.ndarray, axis: int) -> np.ndarray:
            pairs = zip(weights, drawn, strict=True)
            return fixed + sum(w * np.log(v.mean(axis=axis)) for w, v in pairs)

        return _bootstrap(samples, slope, level)
    variances = [(w / v.mean()) ** 2 * v.var(ddof=1) / v.size for w, v in noisy]
    return _student(exponent, variances, [v.size for v in samples], level)


class Ratio(NamedTuple):
    """A ratio of two means with its standard error and interval.

    Attributes
    ----------
    value : float
        Mean of one cell over that of the other.
    error : float
        Standard error of the ratio, to first order; NaN for a single trial.
    low, high : float
        Ends of a confidence interval; NaN for a single trial.
    """

    value: float
    error: float
    low: float
    high: float


def ratio_of_means(
    cell: pd.DataFrame, reference: pd.DataFrame, quantity: str, level: float = LEVEL
) -> Ratio:
    """Divide the mean over one cell by that over another.

    Parameters
    ----------
    cell, reference : DataFrame
        One row per trial, with columns ``seed`` and `quantity`.
    quantity : str
        A column of positive values.
    level : float
        Nominal coverage of the interval, in (0, 1).

    Returns
    -------
    Ratio
        Where both cells have the same seeds, trials of one seed are resampled together: they share
        their weights, so that most of their noise cancels. Otherwise each cell is resampled alone.
    """
    over, under = (rows.set_index("seed")[quantity].sort_index() for rows in (cell, reference))
    paired = over.index.is_unique and over.index.equals(under.index)
    over, under = over.to_numpy(float), under.to_numpy(float)
    value = float(over.mean() / under.mean())
    if min(len(over), len(under)) < 2:
        return Ratio(value, np.nan, np.nan, np.nan)
    parts = [over - value * under] if paired else [over, value * under]
    variances = [part.var(ddof=1) / part.size / under.mean() ** 2 for part in parts]
    error = float(np.sqrt(sum(variances)))
    if min(len(over), len(under)) < BOOTSTRAP_FROM:
        ends = _student(value, variances, [part.size for part in parts], level)
    else:
        ends = _bootstrap(
            (over, under),
            lambda a, b, axis: a.mean(axis=axis) / b.mean(axis=axis),
            level,
            paired=paired,
        )
    return Ratio(value, error, *ends)


def _bootstrap(
    samples: Sequence[np.ndarray], statistic: Callable, level: float, paired: bool = False
) -> tuple[float, float]:
    found = stats.bootstrap(
        samples,
        statistic,
        n_resamples=_RESAMPLES,
        vectorized=True,
        paired=paired,
        confidence_level=level,
        method="percentile",
        # The same interval on every call: what a table says does not depend on who asks first.
        rng=np.random.default_rng(0),
    )
    return float(found.confidence_interval.low), float(found.confidence_interval.high)


def _student(
    estimate: float, variances: Sequence[float], sizes: Sequence[int], level: float
) -> tuple[float, float]:
    """Return a t interval of a sum of independent terms, given the variance of each."""
    total = sum(variances)
    if total == 0:
        return float(estimate), float(estimate)
    spread = sum(v**2 / (n - 1) for v, n in zip(variances, sizes, strict=True))
    freedom = total**2 / spread
    half = stats.t.ppf((1 + level) / 2, freedom) * np.sqrt(total)
    return float(estimate - half), float(estimate + half)
