"""Claims about p < 2 at finite d, where lip_p / sqrt(d) has not settled yet."""

import pandas as pd

from memrob.lipschitz.norms import p_text
from memrob.numerics.statistics import Line
from memrob.studies.claim import Rule
from memrob.studies.lipschitz.cells import exponents, line
from memrob.studies.lipschitz.claims.dimension import ROUNDING
from memrob.studies.lipschitz.claims.fits import NO_INTERVAL, fit
from memrob.studies.lipschitz.quantities import two_terms
from memrob.studies.verdict import ERRORS, Verdict, all_hold, inside

CLOSE = 0.02
"""Relative distance of means from the fit that counts as explained."""

PLACES = 5


def _each_below_two(trials: pd.DataFrame) -> dict[float, Line] | str:
    found = {p: line(trials, p, "lower", "input_dim") for p in exponents(trials) if p < 2}
    if not found or any(along is None or len(along.x) < PLACES for along in found.values()):
        return f"fewer than {PLACES} values of d at some p < 2"
    return found


def two_terms_explain(trials: pd.DataFrame) -> Verdict:
    """Decide whether a sqrt(d) + b E|g|_{p'} is within 2 % of every mean, at every p < 2."""
    lines = _each_below_two(trials)
    if isinstance(lines, str):
        return None, lines
    farthest, parts = [], []
    for p, along in lines.items():
        (a, b), error, fitted = two_terms(along, p)
        if error != error:
            return None, NO_INTERVAL
        farthest.append(abs(fitted / along.means - 1).max())
        parts.append(f"{a:.3f} √d + {b:.3f} E|g|_p', {farthest[-1]:.1%} off, at p = {p_text(p)}")
    return bool(max(farthest) <= CLOSE), "; ".join(parts)


def root_remains(trials: pd.DataFrame) -> Verdict:
    """Decide whether the coefficient of sqrt(d) is positive, beyond its error, at every p < 2."""
    lines = _each_below_two(trials)
    if isinstance(lines, str):
        return None, lines
    verdicts, parts = [], []
    for p, along in lines.items():
        (a, _), error, _ = two_terms(along, p)
        if error != error:
            return None, NO_INTERVAL
        verdicts.append(inside(a - ERRORS * error, a + ERRORS * error, ROUNDING, float("inf")))
        parts.append(f"{a:.3f}, standard error {error:.3f}, at p = {p_text(p)}")
    return all_hold(verdicts), f"coefficients of √d: {'; '.join(parts)}"


def exponent_rises(trials: pd.DataFrame) -> Verdict:
    """Decide whether at p = 1 the exponent is larger over the upper half of the dimensions."""
    lines = _each_below_two(trials)
    if isinstance(lines, str) or 1 not in lines:
        return None, lines if isinstance(lines, str) else "p = 1 is not in this run"
    along, half = lines[1], (len(lines[1].x) + 1) // 2
    low = fit(Line(along.x[:half], along.samples[:half]), "input_dim", places=2, ratio=2)
    high = fit(Line(along.x[half - 1 :], along.samples[half - 1 :]), "input_dim", places=2, ratio=2)
    if isinstance(low, str) or isinstance(high, str):
        return None, low if isinstance(low, str) else high
    gap = high.law.low - low.law.high, high.law.high - low.law.low
    return inside(*gap, 0, float("inf")), (
        f"{low.text} up to d = {along.x[half - 1]:,.0f}, {high.text} from there on"
    )


RULES = {
    "two_terms_explain": Rule(
        f"At every p < 2 the sum a √d + b E|g|_p' is within {CLOSE:.0%} of every mean lip_p.",
        two_terms_explain,
    ),
    "root_remains": Rule(
        f"At every p < 2 the coefficient a of √d is positive, by {ERRORS} standard errors or more.",
        root_remains,
    ),
    "exponent_rises": Rule(
        "At p = 1 the exponent of lip_p is larger over the upper half of the dimensions than over "
        "the lower.",
        exponent_rises,
    ),
}
