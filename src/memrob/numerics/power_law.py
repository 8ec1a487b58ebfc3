"""Powers fitted to the means of independent trials, with bootstrap intervals."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np


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


def fit_power_law(
    x: np.ndarray,
    samples: Sequence[np.ndarray],
    *,
    level: float = 0.95,
    resamples: int = 2000,
    rng: np.random.Generator,
) -> PowerLaw:
    """Fit a power of x to the means at several places.

    The line goes through log mean against log x by least squares, every place with one weight.
    For the interval the trials of each place are drawn anew with replacement, as in
    `memrob.numerics.bootstrap.bootstrap_interval`. It covers the noise of the trials, not the
    curvature of a law that is no power.

    Parameters
    ----------
    x : array-like of float, shape (places,)
        Positive places, at least two of them distinct.
    samples : sequence of array-like of float, shape (trials,)
        Positive values of the independent trials at each place.
    level : float
        Nominal coverage of the interval, in (0, 1).
    resamples : int
        Number of bootstrap samples.
    rng : numpy.random.Generator
        Source of the resampling.

    Returns
    -------
    PowerLaw

    Raises
    ------
    ValueError
        With fewer than two distinct places, or values that are not positive.
    """
    samples = [np.asarray(values, dtype=np.float64) for values in samples]
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
    if max(values.size for values in samples) == 1:
        return PowerLaw(exponent, factor, np.nan, np.nan)
    redrawn = np.zeros(resamples)
    for weight, values in zip(weights, samples, strict=True):
        drawn = rng.integers(values.size, size=(resamples, values.size))
        redrawn += weight * np.log(values[drawn].mean(axis=1))
    low, high = np.quantile(redrawn, [(1 - level) / 2, (1 + level) / 2])
    return PowerLaw(exponent, factor, float(low), float(high))
