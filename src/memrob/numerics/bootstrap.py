"""Percentile bootstrap intervals of means."""

import numpy as np


def bootstrap_interval(
    values: np.ndarray,
    *,
    level: float = 0.95,
    resamples: int = 2000,
    rng: np.random.Generator,
) -> tuple[float, float]:
    """Return a percentile bootstrap confidence interval of the mean of independent trials.

    The trials are drawn anew with replacement `resamples` times; the interval runs between the
    (1 - level)/2 and (1 + level)/2 quantiles of the means (Efron's percentile interval). Trials
    that all agree give an interval of length zero: no resample can show what was never seen.

    Parameters
    ----------
    values : array-like of float, shape (trials,)
        One number a trial, for instance the second widths of one cell.
    level : float
        Nominal coverage, in (0, 1).
    resamples : int
        Number of bootstrap samples.
    rng : numpy.random.Generator
        Source of the resampling; the interval is a function of the values and its state.

    Returns
    -------
    (float, float)
        Lower and upper end, in the unit of `values`.

    Raises
    ------
    ValueError
        When there are no values.
    """
    values = np.asarray(values, dtype=np.float64)
    if values.ndim != 1 or values.size == 0:
        raise ValueError(f"values has shape {values.shape}, expected (trials,) with trials >= 1")
    drawn = rng.integers(values.size, size=(resamples, values.size))
    means = values[drawn].mean(axis=1)
    tail = (1 - level) / 2
    low, high = np.quantile(means, [tail, 1 - tail])
    return float(low), float(high)
