"""From a table of trials to one row per cell."""

import numpy as np
import pandas as pd

# A cell is one setting of the parameters; its trials differ in the seed alone.
CELL = ["dataset", "n_samples", "first_width", "max_bias"]


def summarise(trials: pd.DataFrame) -> pd.DataFrame:
    """Average the trials of each cell.

    Parameters
    ----------
    trials : DataFrame
        One row per trial, with at least the columns of `CELL` and ``interpolated`` (0 or 1),
        ``accuracy``, ``covered``, ``second_width`` and ``fit_seconds``.

    Returns
    -------
    DataFrame
        One row per cell, in ascending order of `CELL`, with the columns of `CELL` and ``trials``
        (how many), ``interpolated`` (fraction of trials), ``accuracy``, ``covered``,
        ``second_width_mean``, ``second_width_sd`` (of the sample; missing for a single trial) and
        ``fit_seconds_mean``. ``max_bias`` is rounded to six decimals, so that the same setting
        reached by different floating-point sums is one cell.
    """
    rounded = trials.assign(max_bias=trials["max_bias"].astype(float).round(6))
    return (
        rounded.groupby(CELL, sort=True)
        .agg(
            trials=("interpolated", "size"),
            interpolated=("interpolated", "mean"),
            accuracy=("accuracy", "mean"),
            covered=("covered", "mean"),
            second_width_mean=("second_width", "mean"),
            second_width_sd=("second_width", "std"),
            fit_seconds_mean=("fit_seconds", "mean"),
        )
        .reset_index()
    )


def shares_weights(trials: pd.DataFrame) -> bool:
    """Whether trials of different maximal biases have one seed, and so share their weights."""
    if "seed" not in trials or trials.empty:
        return False
    return bool(trials.groupby("seed")["max_bias"].nunique().max() > 1)


def published_width(trials: pd.DataFrame) -> pd.Series:
    """Second width as published: a second layer without neurons counts as one."""
    detectors = [c for c in trials if c.startswith("second_width_")]
    return np.maximum(trials[detectors], 1).sum(axis=1)
