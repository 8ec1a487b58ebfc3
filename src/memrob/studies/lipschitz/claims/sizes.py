"""Claims about growing width N and depth L."""

import math
from collections.abc import Callable

import numpy as np
import pandas as pd

from memrob.lipschitz.norms import p_text
from memrob.numerics.statistics import Line
from memrob.studies.claim import Rule
from memrob.studies.lipschitz.cells import exponents, line
from memrob.studies.lipschitz.claims.fits import fit
from memrob.studies.verdict import Verdict, all_hold, inside

# Theory is about N large against d; below this it says nothing.
WIDE, WIDE_DEEP = 64, 8
LAST = 3
# An upper bound that gains less than this with a further layer does not grow exponentially, or
# hardly; a linear law gains 8/7 from seven layers to eight.
PER_LAYER = 1.5


def settles_in_width(trials: pd.DataFrame) -> Verdict:
    """Decide whether at the largest N lip_p changes less than half as fast as √ln(N/d) would."""
    d = trials["input_dim"].max()

    def yardstick(widths: np.ndarray) -> np.ndarray:
        return np.sqrt(np.log(widths / d))

    return _growth_at_largest(trials, yardstick, "√ln(N/d)", share=0.5, wide=WIDE, falls=False)


def at_most_logarithmic_in_width(trials: pd.DataFrame) -> Verdict:
    """Decide whether at the largest N lip_p grows no faster than ln N."""
    return _growth_at_largest(trials, np.log, "ln N", share=1, wide=WIDE_DEEP, falls=True)


def _growth_at_largest(
    trials: pd.DataFrame,
    yardstick: Callable[[np.ndarray], np.ndarray],
    name: str,
    *,
    share: float,
    wide: int,
    falls: bool,
) -> Verdict:
    """Decide whether over the largest widths lip_p grows slower than a function of N.

    Parameters
    ----------
    trials : DataFrame
        One row per network and p, of one input dimension.
    yardstick : callable
        The function, of widths.
    name : str
        How it is written.
    share : float
        The exponent of lip_p in N is compared with this share of the function's.
    wide : int
        This many input dimensions are needed at the largest width.
    falls : bool
        Whether lip_p may also fall, by any amount.
    """
    d = trials["input_dim"].max()
    widths = np.unique(trials["width"]).astype(float)[-LAST:]
    if len(widths) < LAST or widths[-1] < wide * d or widths[0] < 2 * d:
        return None, f"fewer than {LAST} widths from 2d on, or none from {wide}d = {wide * d:,} on"
    law = np.polyfit(np.log(widths), np.log(yardstick(widths)), 1)[0]
    verdicts, parts = [], []
    for p in exponents(trials):
        along = line(trials, p, "lower", "width")
        last = along and Line(along.x[-LAST:], along.samples[-LAST:])
        found = fit(last, "width", places=LAST, ratio=1)
        if isinstance(found, str):
            return None, f"p = {p_text(p)}: {found}"
        least = -math.inf if falls else -share * law
        verdicts.append(inside(found.law.low, found.law.high, least, share * law))
        exponent = (found.law.exponent, found.law.low, found.law.high)
        growth = [100 * (2**value - 1) for value in exponent]
        parts.append("{:+.1f} % ({:+.1f} to {:+.1f})".format(*growth) + f" at p = {p_text(p)}")
    return all_hold(verdicts), (
        f"over N = {', '.join(f'{width:,.0f}' for width in widths)} a doubling changes lip_p by "
        f"{', '.join(parts)} (95 % intervals); {name} would by {100 * (2**law - 1):+.1f} %"
    )


def at_most_linear_in_depth(trials: pd.DataFrame) -> Verdict:
    """Decide whether the exponent of lip_p in L is at most 1 at every p."""
    verdicts, parts = [], []
    for p in exponents(trials):
        found = fit(line(trials, p, "lower", "depth"), "depth", ratio=4)
        if isinstance(found, str):
            return None, f"p = {p_text(p)}: {found}"
        verdicts.append(inside(found.law.low, found.law.high, -math.inf, 1))
        parts.append(f"{found.text} at p = {p_text(p)}")
    return all_hold(verdicts), f"exponents of L with 95 % intervals: {', '.join(parts)}"


def certified_grows_exponentially(trials: pd.DataFrame) -> Verdict:
    """Decide whether each layer multiplies the certified bound, but not lip_p, by 1.5 or more.

    For the certified bound the least gain from one depth to the next counts, for the searched
    constant the gain at the largest depths; both as a factor a layer.
    """
    least, last = {}, {}
    for p in exponents(trials):
        upper, lower = (line(trials, p, name, "depth") for name in ("upper", "lower"))
        if upper is None or len(upper.x) < 4 or lower is None or len(lower.x) < 4:
            return None, f"p = {p_text(p)}: fewer than 4 depths with a certified upper bound"
        least[p] = _gains(upper).min()
        last[p] = _gains(lower)[-1]
    worst, fastest = min(least, key=least.get), max(last, key=last.get)
    holds = all(gain >= PER_LAYER for gain in least.values())
    return holds and all(gain < PER_LAYER for gain in last.values()), (
        f"the certified bound gains at least a factor of {least[worst]:.2f} a layer "
        f"(p = {p_text(worst)}), lip_p at the largest depths at most {last[fastest]:.2f} "
        f"(p = {p_text(fastest)})"
    )


def _gains(along: Line) -> np.ndarray:
    """Factors a layer from one depth to the next."""
    return np.exp(np.diff(np.log(along.means)) / np.diff(along.x))


RULES = {
    "settles_in_width": Rule(
        "At the three largest widths lip_p changes less than half as fast as a factor "
        "√ln(N/d) would, at every p.",
        settles_in_width,
    ),
    "at_most_logarithmic_in_width": Rule(
        "At the three largest widths lip_p grows no faster than ln N, at every p.",
        at_most_logarithmic_in_width,
    ),
    "at_most_linear_in_depth": Rule(
        "lip_p grows at most linearly in L at every p: its exponent is at most 1.",
        at_most_linear_in_depth,
    ),
    "certified_grows_exponentially": Rule(
        f"Each further layer multiplies the least certified upper bound by {PER_LAYER} or "
        "more at every p, but not lip_p itself at the largest depths.",
        certified_grows_exponentially,
    ),
}
