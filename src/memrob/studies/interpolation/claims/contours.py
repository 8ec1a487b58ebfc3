"""Claims of [M] about where interpolation sets in: how sharply, and how it moves with max_bias."""

import numpy as np
import pandas as pd

from memrob.studies.interpolation.claims.rule import Rule
from memrob.studies.verdict import Verdict, inside

RADIUS = 1.0
"""Largest norm of the published data."""

LEVELS = (0.25, 0.5, 0.75)
DRAWS = 400
PROPORTIONAL = (0.9, 1.1)
"""Exponents that count as proportional."""


SHARP = 2
"""Largest growth of n from probability 0.1 to 0.9 that counts as a sharp transition (own)."""


def crossings(cells: pd.DataFrame, level: float, draws: int = 0, seed: int = 0) -> pd.DataFrame:
    """First width at which the probability of interpolation crosses a level, by max_bias.

    Parameters
    ----------
    cells : pandas.DataFrame
        Cells with `max_bias`, `first_width`, `trials` and `interpolated`.
    level : float
        Between 0 and 1.
    draws : int
        Number of redraws.
    seed : int
        Of the redraws.

    Returns
    -------
    pandas.DataFrame
        Indexed by max_bias; column 0 by linear interpolation between the cells, columns 1 to
        `draws` from probabilities drawn from their Jeffreys posteriors. NaN where the grid ends
        before the level, or begins beyond it.
    """
    rng = np.random.default_rng(seed)
    found = {}
    for bias, row in cells.groupby(cells["max_bias"].round(6)):
        row = row.sort_values("first_width")
        n, trials = row["first_width"].to_numpy(float), row["trials"].to_numpy(float)
        hits = row["interpolated"].to_numpy(float) * trials
        drawn = rng.beta(hits + 0.5, trials - hits + 0.5, size=(draws, len(n)))
        shares = np.vstack([row["interpolated"].to_numpy(float), drawn])
        found[bias] = [_crossing(n, share, level) for share in shares]
    return pd.DataFrame.from_dict(found, orient="index")


def _crossing(n: np.ndarray, share: np.ndarray, level: float) -> float:
    above = np.flatnonzero(share >= level)
    if len(above) == 0 or above[0] == 0:
        return np.nan
    k = above[0]
    part = (level - share[k - 1]) / (share[k] - share[k - 1])
    return float(n[k - 1] + part * (n[k] - n[k - 1]))


def sharp_transition(cells: pd.DataFrame) -> Verdict:
    """Decide whether the probability rises from 0.1 to 0.9 while n less than doubles.

    [M] does not say what is sharp; the factor is ours.
    """
    ratios = (crossings(cells, 0.9)[0] / crossings(cells, 0.1)[0]).dropna()
    if len(ratios) < 3:
        return None, "fewer than three values of λ cross both 0.1 and 0.9 within the grid"
    median, largest = ratios.median(), ratios.max()
    evidence = (
        f"from probability 0.1 to 0.9 n grows by a factor of {median:.2f} in the median over "
        f"{len(ratios)} values of λ, {largest:.2f} at most (below {SHARP} in the median counts as "
        "sharp)"
    )
    return bool(median < SHARP), evidence


def proportional(cells: pd.DataFrame) -> Verdict:
    """Decide whether, above the data radius, contours are n ~ lambda^a with a near 1.

    A line through log n against log lambda for each level; the exponent is averaged over levels.
    """
    beyond = cells[cells["max_bias"] >= RADIUS - 1e-6]
    estimates, used = [], 0
    for level in LEVELS:
        found = crossings(beyond, level, DRAWS)
        found = found[found[0].notna()] if len(found) else found
        if len(found) < 3:
            continue
        used = max(used, len(found))
        estimates.append(_exponents(found))
    if not estimates:
        return None, (
            "fewer than three λ from the radius on cross the levels 0.25 to 0.75 within the grid"
        )
    # A redraw may cross no level within the grid; pandas leaves it out.
    exponents = pd.DataFrame(estimates).mean()
    low, high = exponents[1:].quantile([0.025, 0.975])
    evidence = (
        f"along contours n ~ λ^a with a = {exponents[0]:.2f}, 95 % interval {low:.2f} to "
        f"{high:.2f}, from λ = {RADIUS:g} on ({used} values of λ; {PROPORTIONAL[0]} to "
        f"{PROPORTIONAL[1]} counts as proportional)"
    )
    return inside(low, high, *PROPORTIONAL), evidence


def _exponents(found: pd.DataFrame) -> np.ndarray:
    x = np.log(found.index.to_numpy(float))
    exponents = np.full(found.shape[1], np.nan)
    for draw in range(found.shape[1]):
        y = np.log(found[draw].to_numpy(float))
        known = np.isfinite(y)
        if known.sum() >= 3:
            exponents[draw] = np.polyfit(x[known], y[known], 1)[0]
    return exponents


def best_below_radius(cells: pd.DataFrame) -> Verdict:
    """Decide whether the max_bias that needs the fewest hyperplanes is below the data radius."""
    found = crossings(cells, 0.5, DRAWS)
    if found[0].notna().sum() < 3 or found.index.max() <= RADIUS:
        return None, "fewer than three values of λ on both sides of the radius reach 0.5"
    known = found.notna().any(axis=1)
    best = found[known].idxmin().to_numpy(float)
    low, high = np.quantile(best[1:], [0.025, 0.975])
    evidence = (
        f"probability 0.5 is reached first at λ = {best[0]:g}, 95 % interval {low:g} to {high:g}, "
        f"n = {found[0].min():.0f}; the radius is {RADIUS:g}"
    )
    return inside(low, high, 0, RADIUS - 1e-6), evidence


def zero_best(cells: pd.DataFrame) -> Verdict:
    """Decide whether lambda = 0 interpolates, and with the narrowest first layer.

    Crossings are averaged over the levels, which steadies them; those of a max_bias count only
    where it crosses them all.
    """
    found = sum(crossings(cells, level, DRAWS) for level in LEVELS) / len(LEVELS)
    zero = np.isclose(found.index, 0)
    if not zero.any() or len(found) < 3:
        return None, "λ = 0 or larger λ to compare it with are not on the grid"
    if found.loc[zero, 0].isna().all():
        never = (cells.loc[np.isclose(cells["max_bias"], 0), "interpolated"] < LEVELS[0]).all()
        return (False if never else None), "λ = 0 does not cross the levels within the grid"
    at_zero = found[zero].iloc[0].to_numpy(float)
    others = found[~zero].min().fillna(np.inf).to_numpy(float)
    share = float(np.mean(at_zero[1:] < others[1:]))
    evidence = (
        f"probabilities of 0.25 to 0.75 are reached at n = {at_zero[0]:.0f} for λ = 0 and at n = "
        f"{others[0]:.0f} for the best λ > 0 (means over three levels); λ = 0 is first in "
        f"{100 * share:.0f} % of the redraws"
    )
    return (True if share > 0.975 else False if share < 0.025 else None), evidence


RULES = {
    "sharp_transition": Rule(
        "The probability of interpolation has a sharp transition in n.",
        sharp_transition,
    ),
    "proportional": Rule(
        "For λ above the radius of the data, n proportional to λ keeps any fixed probability.",
        proportional,
    ),
    "best_below_radius": Rule(
        "The λ that needs the fewest hyperplanes is below the radius of the data.",
        best_below_radius,
    ),
    "zero_best": Rule(
        "λ = 0 interpolates, and with the narrowest first layer.",
        zero_best,
    ),
}
