"""Claims about growing numbers of points N: moons_size, mnist_1v8_size and mnist_1v9_size."""

import numpy as np
import pandas as pd

from memrob.studies.interpolation.claims.estimates import first_reaching, grid_step, growth_exponent
from memrob.studies.interpolation.claims.rule import Rule
from memrob.studies.verdict import Verdict

NO_GROWTH_FIT = "fewer than three sizes at some n, or a single trial a cell"
# 30 % more for ten times the points; a growth as small cannot be told from none by an interval
# on the exponent that is wider than it.
NEGLIGIBLE = np.log10(1.3)


def width_constant(cells: pd.DataFrame) -> Verdict:
    """Decide whether the second width's growth exponent in N is consistent with zero."""
    fit = growth_exponent(_interpolating(cells))
    if fit is None:
        return None, NO_GROWTH_FIT
    exponent, (lower, upper) = fit
    evidence = (
        f"n̂ grows with N to the power {exponent:.3f}, 95 % interval {lower:.3f} to {upper:.3f}"
    )
    if lower > 0:
        return False, evidence
    return (True if upper - lower < 2 * NEGLIGIBLE else None), evidence


def width_nearly_constant(cells: pd.DataFrame) -> Verdict:
    """Decide whether the second width grows by less than 30 % for ten times the points."""
    fit = growth_exponent(_interpolating(cells))
    if fit is None:
        return None, NO_GROWTH_FIT
    growth, lower, upper = (100 * (10**value - 1) for value in (fit[0], *fit[1]))
    evidence = (
        f"ten times the points change n̂ by {growth:+.0f} %, 95 % interval {lower:+.0f} % to "
        f"{upper:+.0f} %"
    )
    if upper < 30:
        return True, evidence
    return (False if lower > 30 else None), evidence


def probability_constant(cells: pd.DataFrame) -> Verdict:
    """Decide whether the probability of interpolation does not fall as N grows.

    Least-squares slope of the share of interpolating trials on log10 N at the first widths where
    some trials interpolate and some do not, averaged over them; binomial standard errors.
    """
    slopes, variances = [], []
    for _, row in cells.groupby("first_width"):
        trials, share = row["trials"].to_numpy(float), row["interpolated"].to_numpy(float)
        pooled = (share * trials).sum() / trials.sum()
        x = np.log10(row["n_samples"].to_numpy(float))
        x -= x.mean()
        if 0.05 < pooled < 0.95 and len(row) >= 3:
            slopes.append(share @ x / (x @ x))
            variances.append((x**2 @ (pooled * (1 - pooled) / trials)) / (x @ x) ** 2)
    if not slopes:
        return None, "at no n does only a part of the trials interpolate"
    slope, error = np.mean(slopes), np.sqrt(np.sum(variances)) / len(slopes)
    evidence = (
        f"where only a part of the trials interpolates, ten times the points change the "
        f"probability by {slope:+.2f}, standard error {error:.2f}"
    )
    if slope < -2 * error:
        return False, evidence
    return (True if error < 0.1 else None), evidence


def first_width_nearly_constant(cells: pd.DataFrame) -> Verdict:
    """Decide whether the first width needed grows by at most one step of the grid.

    Compares the median over the larger half of the sizes with that over the smaller half.
    """
    needed = first_reaching(cells, "n_samples").sort_index()
    if len(needed) < 4 or needed.isna().any():
        return None, "fewer than four sizes, or one that does not reach probability 0.99"
    if (needed == cells["first_width"].min()).all():
        return None, f"every size interpolates at the grid's smallest n, {needed.iloc[0]:,.0f}"
    step = grid_step(cells["first_width"])
    half = len(needed) // 2
    small, large = needed.iloc[:half].median(), needed.iloc[-half:].median()
    return bool(large - small <= step), (
        f"probability 0.99 is reached at n = {small:,.0f} for the smaller half of the sizes and "
        f"at n = {large:,.0f} for the larger half (medians; one step is {step:,.0f})"
    )


def always_interpolates(cells: pd.DataFrame) -> Verdict:
    """Decide whether every trial interpolates."""
    failures = round(((1 - cells["interpolated"]) * cells["trials"]).sum())
    return failures == 0, f"{failures:,} of {int(cells['trials'].sum()):,} trials fail to"


def width_sublinear(cells: pd.DataFrame) -> Verdict:
    """Decide whether the second width grows like a power of N below one at every first width."""
    verdicts, parts = [], []
    for width, row in cells.groupby("first_width"):
        fit = growth_exponent(row)
        if fit is None:
            return None, NO_GROWTH_FIT
        exponent, (lower, upper) = fit
        parts.append(f"{exponent:.2f} ({lower:.2f} to {upper:.2f}) at n = {width:,}")
        excluded = lower >= 1 or upper - lower < 0.1
        verdicts.append(True if upper < 1 else (False if excluded else None))
    holds = False if False in verdicts else (None if None in verdicts else True)
    return holds, "exponent with 95 % interval: " + ", ".join(parts)


def _interpolating(cells: pd.DataFrame) -> pd.DataFrame:
    """Cells of the first widths at which the probability is at least 0.95 for every N."""
    least = cells.groupby("first_width")["interpolated"].transform("min")
    return cells[least >= 0.95]


RULES = {
    "always_interpolates": Rule(
        "Every trial interpolates, at every N.",
        always_interpolates,
    ),
    "width_sublinear": Rule(
        "The second width grows sublinearly in N.",
        width_sublinear,
    ),
    "probability_constant": Rule(
        "At no fixed n does the probability of interpolation fall as N grows.",
        probability_constant,
    ),
    "first_width_nearly_constant": Rule(
        "The first width needed grows by at most one grid step over the sizes.",
        first_width_nearly_constant,
    ),
    "width_constant": Rule(
        "The second width does not grow with N at all.",
        width_constant,
    ),
    "width_nearly_constant": Rule(
        "The second width grows by less than 30 % for ten times the points.",
        width_nearly_constant,
    ),
}
