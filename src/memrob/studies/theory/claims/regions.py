"""Claims about regions of neurons (Proposition 10) and alternating points (Proposition 13)."""

import numpy as np
import pandas as pd

from memrob.studies.claim import Rule
from memrob.studies.verdict import Verdict, all_hold, beyond

NEARLY_CIRCULAR = 0.25
"""Standard deviation over mean of the radii of a region, up to which it counts as circular."""

REACHES = 0.9
"""Share of the way to the other class from which on a region counts as reaching it."""

FEWEST = 10


def _ends(rows: pd.DataFrame, quantity: str) -> list[tuple[float, pd.Series, pd.Series]]:
    """Of each max_bias the values at the smallest and at the largest first width."""
    low, high = rows["first_width"].min(), rows["first_width"].max()
    return [
        (
            bias,
            line.loc[line["first_width"] == low, quantity].dropna(),
            line.loc[line["first_width"] == high, quantity].dropna(),
        )
        for bias, line in rows.groupby("max_bias")
    ]


def _falls(early: pd.Series, late: pd.Series) -> bool | None:
    if min(len(early), len(late)) < FEWEST:
        return None
    return beyond(float(early.mean() - late.mean()), early.sem(), late.sem())


def tend_to_balls(rows: pd.DataFrame) -> Verdict:
    """Decide whether the distance to the ball falls as n grows, and its end as max_bias grows."""
    ends = _ends(rows, "distance")
    if len(ends) < 2:
        return None, "fewer than two values of λ"
    texts = [f"λ = {b:g}: {early.mean():.3f} to {late.mean():.3f}" for b, early, late in ends]
    low, high = rows["first_width"].min(), rows["first_width"].max()
    verdicts = [_falls(early, late) for _, early, late in ends]
    verdicts.append(_falls(ends[0][2], ends[-1][2]))
    return all_hold(verdicts), f"from n = {low:,} to {high:,}, " + "; ".join(texts)


def rounder(rows: pd.DataFrame) -> Verdict:
    """Decide whether the spread of the radii falls as n grows, at every max_bias."""
    ends = _ends(rows, "spread")
    texts = [f"λ = {b:g}: {early.mean():.3f} to {late.mean():.3f}" for b, early, late in ends]
    low, high = rows["first_width"].min(), rows["first_width"].max()
    evidence = f"standard deviation over mean of the radii from n = {low:,} to {high:,}, "
    return all_hold(_falls(*end[1:]) for end in ends), evidence + "; ".join(texts)


def _at_published(rows: pd.DataFrame, quantity: str) -> pd.Series:
    cell = np.isclose(rows["max_bias"], 1) & (rows["first_width"] == 2000)
    return rows.loc[cell, quantity].dropna()


NOT_THERE = "n = 2000, λ = 1 is not on the grid, or has fewer than ten regions"


def nearly_circular(rows: pd.DataFrame) -> Verdict:
    """Decide whether regions are nearly circular for the network of the published figure."""
    spread = _at_published(rows, "spread")
    if len(spread) < FEWEST:
        return None, NOT_THERE
    evidence = (
        f"at n = 2000, λ = 1 the radii of a region have a standard deviation of "
        f"{spread.mean():.2f} ± {spread.sem():.2f} of their mean ({NEARLY_CIRCULAR} at most counts)"
    )
    return beyond(float(NEARLY_CIRCULAR - spread.mean()), spread.sem()), evidence


def reach_other_class(rows: pd.DataFrame) -> Verdict:
    """Decide whether regions reach to the other class for the network of the published figure."""
    reach = _at_published(rows, "reach")
    if len(reach) < FEWEST:
        return None, NOT_THERE
    evidence = (
        f"at n = 2000, λ = 1 regions go {reach.mean():.3f} ± {reach.sem():.3f} of the way to the "
        f"nearest point of X⁺ ({REACHES} or more counts)"
    )
    return beyond(float(reach.mean() - REACHES), reach.sem()), evidence


def alternating_need_all(rows: pd.DataFrame) -> Verdict:
    """Decide whether every interpolating network has a neuron for each point of X-."""
    found = rows[rows["interpolated"] == 1]
    if len(found) < FEWEST:
        return None, f"{len(found)} networks interpolate, {FEWEST} are needed"
    exactly = found["second_width"] == found["n_minus"]
    evidence = (
        f"n̂ = M⁻ in {exactly.sum():,} of {len(found):,} interpolating networks, M⁻ up to "
        f"{found['n_minus'].max()}, n from {found['hyperplanes'].min():,} to "
        f"{found['hyperplanes'].max():,}"
    )
    return bool(exactly.all()), evidence


RULES = {
    "tend_to_balls": Rule(
        "As n and then λ grow, the region of a neuron tends to the ball around its point that "
        "touches X⁺.",
        tend_to_balls,
    ),
    "rounder": Rule("Regions become rounder as n grows.", rounder),
    "nearly_circular": Rule(
        "Regions are nearly circular around their points.",
        nearly_circular,
    ),
    "reach_other_class": Rule("Regions reach to the other class.", reach_other_class),
    "alternating_need_all": Rule(
        "Alternating points on a line need M⁻ neurons, whatever the hyperplanes.",
        alternating_need_all,
    ),
}
