"""Claims about the law of the biases."""

import math
from collections.abc import Callable

import numpy as np
import pandas as pd

from memrob.lipschitz.norms import p_text
from memrob.lipschitz.random_networks import SYMMETRIC_LAWS
from memrob.numerics.statistics import PowerLaw, ratio_of_means
from memrob.studies.claim import Rule
from memrob.studies.lipschitz.cells import BIAS_TEXTS, CELL, exponents, line
from memrob.studies.lipschitz.claims.dimension import ROUNDING, TOLERANCE
from memrob.studies.lipschitz.claims.fits import NO_INTERVAL, SYMBOLS, fit
from memrob.studies.lipschitz.quantities import OVER_ZERO, with_over_zero
from memrob.studies.verdict import Verdict, all_hold, inside

LARGEST = 0.05
# Many comparisons are made at once: a range of this many standard errors must lie on one side.
ERRORS = 3


# Parameters of a network beside the law of its biases.
SIZE = [name for name in CELL if name not in ("bias", "p")]
# What a search may miss of the constant of one network but not of another.
MISSED = 0.01


def law_does_not_matter(trials: pd.DataFrame) -> Verdict:
    """Decide whether every law of the biases changes the mean lip_p by less than 5 %."""
    return _against_zero(trials, -LARGEST, LARGEST, key=abs, paired=False)


def zero_is_least(trials: pd.DataFrame) -> Verdict:
    """Decide whether no law gives a mean lip_p more than 1 % below that of zero biases.

    Far from the origin a network has the gradients that it has without its biases, so that with
    the same weights zero biases give the least constant, exactly.
    """
    return _against_zero(trials, -MISSED, math.inf, key=lambda change: -change, paired=True)


def _against_zero(
    trials: pd.DataFrame,
    least: float,
    largest: float,
    *,
    key: Callable[[float], float],
    paired: bool,
) -> Verdict:
    """Decide whether the relative changes against zero biases lie in a range.

    Parameters
    ----------
    trials : DataFrame
        One row per network and p.
    least, largest : float
        The range.
    key : callable
        The change for which it is largest is told.
    paired : bool
        Whether only networks with the same weights can decide.
    """
    if "zero" not in set(trials["bias"]) or trials["bias"].nunique() < 2:
        return None, "zero biases and another law are not both in this run"
    verdicts, found = [], []
    references = dict(list(trials[trials["bias"] == "zero"].groupby([*SIZE, "p"])))
    for (*size, law, p), cell in trials.groupby(CELL):
        reference = references.get((*size, p))
        if law == "zero" or reference is None:
            continue
        if paired and set(cell["seed"]) != set(reference["seed"]):
            return None, "networks of different laws have different weights"
        ratio = ratio_of_means(cell, reference, "lower")
        if np.isnan(ratio.error):
            return None, NO_INTERVAL
        change, margin = ratio.value - 1, ERRORS * ratio.error
        # Where it holds in every network, how much more some have does not matter.
        in_each = paired and _of_each(cell, reference).min() >= 1 + least
        verdicts.append(in_each or inside(change - margin, change + margin, least, largest))
        where = "d = {}, N = {}, L = {}, ".format(*size) + f"p = {p_text(p)}"
        where = f"{BIAS_TEXTS[law]} biases, {where}"
        told = f"{change:+.1%}, standard error {ratio.error:.1%}, for {where}"
        found.append((key(change), told))
    if not found:
        return None, "no cell has a counterpart with zero biases"
    return all_hold(verdicts), f"the extreme change of {len(found)} cells is {max(found)[1]}"


def _of_each(cell: pd.DataFrame, reference: pd.DataFrame) -> pd.Series:
    """Quotients of networks with the same weights."""
    return cell.set_index("seed")["lower"] / reference.set_index("seed")["lower"]


def zero_bound_carries_over(trials: pd.DataFrame) -> Verdict:
    """Decide whether in every network the gradient found is no less than that without biases.

    Far from the origin it has the same gradients, to which the search carries what it found.
    """
    found = with_over_zero(trials)
    if found.empty:
        return None, "zero biases and another law of the same weights are not both in this run"
    worst = found.loc[found[OVER_ZERO].idxmin()]
    return bool(worst[OVER_ZERO] >= 1 - ROUNDING), (
        f"the least quotient of {len(found)} is {worst[OVER_ZERO]:.4f}, for "
        f"{BIAS_TEXTS[worst['bias']]} biases, d = {worst['input_dim']}, N = {worst['width']}, "
        f"L = {worst['depth']}, p = {p_text(worst['p'])}"
    )


def law_changes_no_exponent(trials: pd.DataFrame) -> Verdict:
    """Decide whether lip_p over that of zero biases is flat along d, N or L, for symmetric laws."""
    found = with_over_zero(trials[trials["bias"].isin(SYMMETRIC_LAWS)])
    return _along_ratio(found, lambda law: inside(law.low, law.high, -TOLERANCE, TOLERANCE))


def asymmetry_grows_with_depth(trials: pd.DataFrame) -> Verdict:
    """Decide whether lip_p with positive biases over that of zero biases grows with L."""
    found = with_over_zero(trials[trials["bias"].isin(["zero", "positive"])])
    return _along_ratio(found, lambda law: inside(law.low, law.high, ROUNDING, math.inf))


def _along_ratio(trials: pd.DataFrame, decide: Callable[[PowerLaw], bool | None]) -> Verdict:
    axes = [name for name in SYMBOLS if trials[name].nunique() > 1]
    if axes == ["input_dim", "width"] and (trials["width"] / trials["input_dim"]).nunique() == 1:
        axes.remove("width")
    if len(axes) != 1:
        return None, "no single one of d, N and L has several values with zero and other biases"
    verdicts, parts = [], []
    for law, rows in trials.groupby("bias"):
        for p in exponents(rows):
            found = fit(line(rows, p, OVER_ZERO, axes[0]), axes[0])
            if isinstance(found, str):
                return None, f"{BIAS_TEXTS[law]} biases: {found}"
            verdicts.append(decide(found.law))
            text = f"{found.text} for {BIAS_TEXTS[law]} biases, p = {p_text(p)}"
            parts.append((abs(found.law.exponent), text))
    return all_hold(verdicts), (
        f"the exponents of {SYMBOLS[axes[0]]} farthest from and nearest to 0, of {len(parts)}: "
        f"{max(parts)[1]}, and {min(parts)[1]}"
    )


RULES = {
    "law_does_not_matter": Rule(
        f"No law of the biases changes the mean lip_p by {LARGEST:.0%} or more against zero "
        f"biases, within {ERRORS} standard errors.",
        law_does_not_matter,
    ),
    "zero_is_least": Rule(
        "With the same weights no law of the biases gives a mean lip_p more than "
        f"{MISSED:.0%} below that of zero biases, within {ERRORS} standard errors.",
        zero_is_least,
    ),
    "zero_bound_carries_over": Rule(
        "In every network the largest gradient found with biases is at least the one found "
        "without them.",
        zero_bound_carries_over,
    ),
    "law_changes_no_exponent": Rule(
        "No symmetric law of the biases changes the exponent of lip_p by more than "
        f"{TOLERANCE} against zero biases, at any p.",
        law_changes_no_exponent,
    ),
    "asymmetry_grows_with_depth": Rule(
        "Positive biases raise lip_p over that of zero biases by a factor that grows with L, at "
        "every p.",
        asymmetry_grows_with_depth,
    ),
}
