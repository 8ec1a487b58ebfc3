"""Smallest angles in a table of trials."""

import math

import pandas as pd


def angle_of(rows: pd.DataFrame, pairs: str) -> float:
    """Smallest angle of these pairs of points in radians, NaN if it was not computed."""
    found = rows.loc[rows["pairs"] == pairs, "radians"]
    return float(found.iloc[0]) if len(found) else math.nan
