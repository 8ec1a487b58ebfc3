"""Claims about many hyperplanes: the `_ext_bias` and `_ext_iter` experiments."""

import numpy as np
import pandas as pd

from memrob.studies.interpolation.claims.rule import Rule
from memrob.studies.verdict import Verdict

SPREAD_UNKNOWN = "a single trial a cell has no standard error"


def best_bias_moves(cells: pd.DataFrame) -> Verdict:
    """Decide whether max_bias = 0 beats 1 at the smallest first width and loses at the largest."""
    n_low, n_high = cells["first_width"].min(), cells["first_width"].max()
    if n_low > 2000 or n_high < 8000:
        return None, f"n runs from {n_low:,} to {n_high:,} only"
    scores = []
    for n in (n_low, n_high):
        row = cells[cells["first_width"] == n]
        zero, one = (row[np.isclose(row["max_bias"], value)] for value in (0, 1))
        if zero.empty or one.empty:
            return None, "λ = 0 and λ = 1 are not both on the grid"
        scores.append((zero.iloc[0], one.iloc[0], z_score(zero.iloc[0], one.iloc[0])))
    evidence = "; ".join(
        f"n = {int(zero['first_width']):,}: n̂ = {zero['second_width_mean']:,.0f} at λ = 0, "
        f"{one['second_width_mean']:,.0f} at λ = 1"
        for zero, one, _ in scores
    )
    small, large = scores[0][2], scores[1][2]
    if np.isnan([small, large]).any():
        return None, f"{evidence}; {SPREAD_UNKNOWN}"
    if small < -2 and large > 2:
        return True, evidence
    return (False if small > 2 or large < -2 else None), evidence


def narrowest_near_half(cells: pd.DataFrame) -> Verdict:
    """Decide whether, at n = 10,000, the narrowest second layer has max_bias in [0.25, 0.75]."""
    row = cells[cells["first_width"] == 10_000].sort_values("second_width_mean")
    near = row["max_bias"].between(0.25 - 1e-6, 0.75 + 1e-6)
    if not near.any() or not (row["max_bias"] < 0.25 - 1e-6).any() or (~near).sum() < 2:
        return None, "the grid has no n = 10,000 with λ both near 0.5 and on either side"
    inside, outside = row[near].iloc[0], row[~near].iloc[0]
    evidence = (
        f"n̂ = {inside['second_width_mean']:,.0f} at λ = {inside['max_bias']:g}, against "
        f"{outside['second_width_mean']:,.0f} at λ = {outside['max_bias']:g}, the best outside "
        "0.25 to 0.75"
    )
    z = z_score(inside, outside)
    if np.isnan(z):
        return None, f"{evidence}; {SPREAD_UNKNOWN}"
    return (True if z < -2 else False if z > 2 else None), f"{evidence} (z = {z:+.1f})"


def most_points(cells: pd.DataFrame) -> Verdict:
    """Decide whether second_width is at least N/2 in every cell that interpolates."""
    inside = cells[cells["interpolated"] >= 0.99]
    if inside.empty or cells["first_width"].max() < 10_000:
        return None, "no cell at n = 10,000 or none that reaches probability 0.99"
    share = inside["second_width_mean"] / inside["n_samples"]
    least = inside.loc[share.idxmin()]
    return bool((share >= 0.5).all()), (
        f"the least n̂/N is {share.min():.3f}, at n = {int(least['first_width']):,}, "
        f"λ = {least['max_bias']:g}"
    )


def z_score(a: pd.Series, b: pd.Series) -> float:
    """Difference of two cells' mean second widths in standard errors; NaN for single trials."""
    if min(a["trials"], b["trials"]) < 2:
        return np.nan
    error = np.hypot(*(cell["second_width_sd"] / np.sqrt(cell["trials"]) for cell in (a, b)))
    difference = a["second_width_mean"] - b["second_width_mean"]
    return float(difference / error) if error > 0 else float(np.sign(difference)) * np.inf


RULES = {
    "most_points": Rule(
        "The second width is large compared with N, even at n = 10,000 (from N/2 on counts).",
        most_points,
    ),
    "best_bias_moves": Rule(
        "λ = 0 gives the narrower second layer at n = 1000, λ = 1 at n = 10,000.",
        best_bias_moves,
    ),
    "narrowest_near_half": Rule(
        "At n = 10,000 the narrowest second layer is at λ about 0.5.",
        narrowest_near_half,
    ),
}
