"""How well rows that were computed again agree: exactly, up to rounding, or but for a search's end.

Networks of thresholds have exact signs, and come out the same on every machine. Real numbers from
matrix products are rounded otherwise by other libraries and processors; where they steer a search,
it may end elsewhere, at a bound that holds as well.
"""

import numpy as np
import pandas as pd

from memrob.studies.columns import columns_of, described

SAME, ROUNDED, SEARCHED, DIFFERENT = range(4)
"""Levels of agreement, best first."""

ROUNDING, LEAST = 1e-7, 1e-14
"""Relative difference of real numbers that rounding may make, and a difference that is none."""


def agreement(left: pd.DataFrame, right: pd.DataFrame, study: str) -> pd.DataFrame:
    """Level of agreement of each value.

    Parameters
    ----------
    left, right : DataFrame
        The same rows, with the same columns.
    study : str
        Of the tables. Its `columns.yaml` says which columns are real numbers (type `number`), and
        which come from a search or a training that rounding can lead elsewhere: `searched` is the
        relative difference that this may make, true of a text that names what found a value.

    Returns
    -------
    DataFrame of int
        `SAME`, `ROUNDED`, `SEARCHED` or `DIFFERENT`.
    """
    known = columns_of(study)
    levels = {
        column: _levels(left[column], right[column], described(column, known)) for column in left
    }
    found = pd.DataFrame(levels, index=left.index, dtype=int)
    if {"lower", "upper"} <= set(left):
        # However different two bounds of one constant are, neither may rule the other out.
        crossed = (left["lower"] > (1 + ROUNDING) * right["upper"]) | (
            right["lower"] > (1 + ROUNDING) * left["upper"]
        )
        found.loc[crossed, "lower"] = DIFFERENT
    return found


def _levels(left: pd.Series, right: pd.Series, column: dict) -> np.ndarray:
    same = ((left == right) | (left.isna() & right.isna())).to_numpy()
    levels = np.full(len(left), DIFFERENT)
    if column.get("type") == "number":
        apart = relative_difference(left, right)
        levels[apart <= column.get("searched", 0)] = SEARCHED
        levels[apart <= ROUNDING] = ROUNDED
    elif column.get("searched"):
        levels[(left.notna() & right.notna()).to_numpy()] = SEARCHED
    levels[same] = SAME
    return levels


def relative_difference(left: pd.Series, right: pd.Series) -> np.ndarray:
    """|a - b| / max(|a|, |b|), infinite unless both are finite; 0 if |a - b| is at most `LEAST`."""
    a, b = (pd.to_numeric(side, errors="coerce").to_numpy(float) for side in (left, right))
    largest = np.maximum(np.abs(a), np.abs(b))
    with np.errstate(invalid="ignore", divide="ignore"):
        apart = np.where(np.abs(a - b) <= LEAST, 0.0, np.abs(a - b) / largest)
    return np.where(np.isfinite(apart), apart, np.inf)
