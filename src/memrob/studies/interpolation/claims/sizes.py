"""Claims about growing numbers of points N: moons_size, mnist_1v8_size and mnist_1v9_size."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from memrob.studies.interpolation.claims.estimates import growth_exponent
from memrob.studies.interpolation.claims.rule import Rule
from memrob.studies.verdict import Verdict, inside

NO_GROWTH_FIT = "fewer than three sizes at some n, or a single trial a cell"
# 30 % more for ten times the points; a growth as small cannot be told from none by an interval
# on the exponent that is wider than it.
NEGLIGIBLE = np.log10(1.3)
TURN = 800_000
"""Number of points up to which [M] sees growth on moons_size."""


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


class Trend(NamedTuple):
    """Slope of a quantity on log10 N, and its standard error."""

    slope: float
    error: float

    @property
    def z(self) -> float:
        """Slope in standard errors."""
        return self.slope / self.error if self.error > 0 else np.nan

    def __str__(self) -> str:
        return f"{self.slope:+.2f} ± {self.error:.2f}"


def probability_levels_off(cells: pd.DataFrame) -> Verdict:
    """Decide whether the first width needed grows up to N = 800,000 and is constant from there.

    At a fixed first width the probability falls as the first width needed grows: slopes of the
    share of interpolating trials on log10 N, at the first widths where some trials fail.
    """
    shares = cells.groupby("first_width")["interpolated"].transform("mean")
    partial = cells[(shares > 0.05) & (shares < 0.98)]
    pooled = partial["interpolated"].clip(0.02, 0.98)
    variance = pooled * (1 - pooled) / partial["trials"]
    text = "ten times the points change the probability by"
    return _levels_off(partial, partial["interpolated"], variance, -1, text)


def width_levels_off(cells: pd.DataFrame) -> Verdict:
    """Decide whether the second width grows up to N = 800,000 and is constant from there.

    At a fixed first width, as then the first width for a fixed second width does the same.
    """
    certain = _interpolating(cells)
    mean = certain["second_width_mean"]
    if (certain["trials"] < 2).any():
        return None, NO_GROWTH_FIT
    variance = certain["second_width_sd"] ** 2 / certain["trials"] / mean**2
    text = "ten times the points change log n̂ by"
    return _levels_off(certain, np.log(mean), variance, +1, text)


def _levels_off(cells, values, variance, sign: int, text: str) -> Verdict:
    early, late = cells["n_samples"] <= TURN, cells["n_samples"] >= TURN
    trends = [_trend(cells[part], values[part], variance[part]) for part in (early, late)]
    if None in trends:
        return None, f"fewer than three sizes on either side of N = {TURN:,}"
    before, after = trends
    evidence = f"{text} {before} up to N = {TURN:,} and by {after} from there on"
    apart = np.hypot(before.error, after.error)
    if not sign * before.z > 3:
        return (False if before.error < NEGLIGIBLE / 3 else None), evidence
    if sign * after.z > 3:
        return False, evidence
    # Constant only if no slope is seen and the earlier one can be told from it. What interpolates
    # a set interpolates its prefixes, so that the first width needed never falls: a slope the
    # other way is chance and decides nothing.
    constant = abs(after.z) <= 2 and sign * (before.slope - after.slope) > 2 * apart
    return (True if constant else None), evidence


def _trend(cells: pd.DataFrame, values: pd.Series, variance: pd.Series) -> Trend | None:
    slopes, errors = [], []
    for _, row in cells.groupby("first_width"):
        x = np.log10(row["n_samples"].to_numpy(float))
        x -= x.mean()
        if len(row) < 3:
            return None
        slopes.append(values[row.index] @ x / (x @ x))
        errors.append(x**2 @ variance[row.index] / (x @ x) ** 2)
    if not slopes:
        return None
    return Trend(float(np.mean(slopes)), float(np.sqrt(np.sum(errors)) / len(slopes)))


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


def saturates(cells: pd.DataFrame) -> Verdict:
    """Decide whether, over the larger half of the sizes, width ~ N^a has a below 0.2."""
    half = cells[cells["n_samples"] >= cells["n_samples"].max() / 2 - 1]
    return _exponent_in(half, 0.2, below=True)


def essentially_linear(cells: pd.DataFrame) -> Verdict:
    """Decide whether width ~ N^a has a of at least 0.8 over all sizes."""
    return _exponent_in(cells, 0.8, below=False)


def _exponent_in(cells: pd.DataFrame, limit: float, *, below: bool) -> Verdict:
    fit = growth_exponent(cells[cells["first_width"] == 5000])
    if fit is None:
        return None, NO_GROWTH_FIT
    exponent, (lower, upper) = fit
    evidence = (
        f"n̂ grows with N to the power {exponent:.2f}, 95 % interval {lower:.2f} to {upper:.2f}, "
        f"at n = 5000 and N from {cells['n_samples'].min():,}; "
        f"{'below' if below else 'from'} {limit} on counts"
    )
    low, high = (-np.inf, limit) if below else (limit, np.inf)
    return inside(lower, upper, low, high), evidence


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
    "width_nearly_constant": Rule(
        "The second width grows by less than 30 % for ten times the points.",
        width_nearly_constant,
    ),
    "probability_levels_off": Rule(
        "The first width needed for a fixed probability grows up to N = 800,000 and is constant "
        "from there on.",
        probability_levels_off,
    ),
    "width_levels_off": Rule(
        "The first width needed for a fixed second width grows up to N = 800,000 and is constant "
        "from there on.",
        width_levels_off,
    ),
    "saturates": Rule(
        "The second width saturates as N grows.",
        saturates,
    ),
    "essentially_linear": Rule(
        "The second width grows essentially linearly in N.",
        essentially_linear,
    ),
}
