"""Claims about growing input dimension d."""

import math
from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd

from memrob.lipschitz.norms import conjugate, p_text
from memrob.lipschitz.theory import expected_norm, predicted_exponent
from memrob.numerics.statistics import Line
from memrob.studies.claim import Rule
from memrob.studies.lipschitz.cells import exponents, line
from memrob.studies.lipschitz.claims.fits import Fit, divided, fit, quotient
from memrob.studies.verdict import Verdict, all_hold, inside

# Exponents in d that differ by less count as equal: over d = 8 to 256 this is a factor of 1.2.
TOLERANCE = 0.05
# The least exponent that is growth and no rounding.
ROUNDING = 1e-6
AT = (1.0, 1.5, 2.0, 4.0, math.inf)


def exponent_as_predicted(trials: pd.DataFrame, p: float) -> Verdict:
    """Decide whether the exponent of lip_p in d is within 0.05 of max(1/2, 1 - 1/p)."""
    predicted = predicted_exponent(p)
    found = fit(line(trials, p, "lower", "input_dim"), "input_dim")
    if isinstance(found, str):
        return None, found
    holds = inside(found.law.low, found.law.high, predicted - TOLERANCE, predicted + TOLERANCE)
    return holds, f"fitted {found.text}, predicted {predicted:.3f}, {_range(found.line)}"


def coordinate_slope_as_root(trials: pd.DataFrame) -> Verdict:
    """Decide whether the exponent of the slope in single coordinates is within 0.05 of 1/2."""
    if "coordinate_slope" not in trials or not (ps := exponents(trials)):
        return None, "not computed in this run"
    # The slope belongs to the network and is the same in its rows for every p.
    found = fit(line(trials, ps[0], "coordinate_slope", "input_dim"), "input_dim")
    if isinstance(found, str):
        return None, found
    holds = inside(found.law.low, found.law.high, 0.5 - TOLERANCE, 0.5 + TOLERANCE)
    return holds, f"fitted {found.text}, {_range(found.line)}"


def nearer_to_half(trials: pd.DataFrame) -> Verdict:
    """Decide whether the exponent of lip_p is nearer to 1/2 than to that of E|g|_{p'}, p <= 1.5.

    Nearer to p = 2 the two differ by less than 0.1, which is too little to tell them apart.
    """

    def decide(found: Fit, p: float) -> bool | None:
        norms = [expected_norm(conjugate(p), int(d)) for d in found.line.x]
        gaussian = np.polyfit(np.log(found.line.x), np.log(norms), 1)[0]
        return inside(found.law.low, found.law.high, (0.5 + gaussian) / 2, math.inf)

    below = [p for p in exponents(trials) if p <= 1.5]
    return _each(below, lambda p: line(trials, p, "lower", "input_dim"), decide)


def point_gradient_as_gaussian(trials: pd.DataFrame) -> Verdict:
    """Decide whether gradients at a point grow like E|g|_{p'}, up to an exponent of 0.05."""
    ps = exponents(trials)
    return _each(ps, lambda p: _over_norm(trials, p, "point_gradient", conjugate(p)), _flat)


def search_beats_random(trials: pd.DataFrame) -> Verdict:
    """Decide whether lower / random_largest grows with d at every p < 2."""
    below = [p for p in exponents(trials) if p < 2]
    return _each(
        below,
        lambda p: quotient(trials, p, "lower", "random_largest", "input_dim"),
        lambda found, p: inside(found.law.low, found.law.high, ROUNDING, math.inf),
    )


def over_norm(
    trials: pd.DataFrame, ps: Callable[[float], bool], order: float | None, *, flat: bool
) -> Verdict:
    """Decide whether lip_p / E|g|_q is flat in d, or grows, at some exponents.

    Parameters
    ----------
    trials : DataFrame
        One row per network and p.
    ps : callable
        Says of an exponent whether it is asked about.
    order : float or None
        q; None for p'.
    flat : bool
        Whether the exponent in d is to be within 0.05 of 0, or above 0.05.
    """
    asked = [p for p in exponents(trials) if ps(p)]
    return _each(
        asked,
        lambda p: _over_norm(trials, p, "lower", order or conjugate(p)),
        _flat if flat else _grows,
    )


def _flat(found: Fit, _p: float) -> bool | None:
    return inside(found.law.low, found.law.high, -TOLERANCE, TOLERANCE)


def _grows(found: Fit, _p: float) -> bool | None:
    return inside(found.law.low, found.law.high, TOLERANCE, math.inf)


def _each(
    ps: list[float],
    along: Callable[[float], Line | None],
    decide: Callable[[Fit, float], bool | None],
) -> Verdict:
    """Decide a statement for each p by the exponent in d of a line."""
    if not ps:
        return None, "no such p in this run"
    verdicts, parts, found = [], [], None
    for p in ps:
        found = fit(along(p), "input_dim")
        if isinstance(found, str):
            return None, f"p = {p_text(p)}: {found}"
        verdicts.append(decide(found, p))
        parts.append(f"{found.text} at p = {p_text(p)}")
    listed = ", ".join(parts)
    return all_hold(verdicts), f"exponents of d with 95 % intervals: {listed}; {_range(found.line)}"


def _over_norm(trials: pd.DataFrame, p: float, quantity: str, q: float) -> Line | None:
    along = line(trials, p, quantity, "input_dim")
    if along is None:
        return None
    return divided(along, [expected_norm(q, int(d)) for d in along.x])


def _range(along: Line) -> str:
    low, high = along.networks.min(), along.networks.max()
    networks = f"{low}" if low == high else f"{low} to {high}"
    return f"d = {along.x[0]:,.0f} to {along.x[-1]:,.0f}, {networks} networks each"


RULES = {
    **{
        f"exponent_at_{f'{p:g}'.replace('.', '_')}": Rule(
            f"The exponent of lip_p in d is within {TOLERANCE} of max(1/2, 1 - 1/p) at "
            f"p = {p_text(p)}.",
            partial(exponent_as_predicted, p=p),
        )
        for p in AT
    },
    "coordinate_slope_as_root": Rule(
        "The largest slope in the direction of a single coordinate, of which lip_1 is the "
        f"maximum over all d, grows like √d: its exponent is within {TOLERANCE} of 1/2.",
        coordinate_slope_as_root,
    ),
    "nearer_to_half": Rule(
        "At every p <= 1.5 the exponent of lip_p in d is nearer to 1/2 than to that of "
        "E|g|_p' over the same d.",
        nearer_to_half,
    ),
    "point_gradient_as_gaussian": Rule(
        f"A gradient at a point grows like E|g|_p', of order d^(1/p') (√(ln d) at p = 1), at "
        f"every p: their quotient has an exponent within {TOLERANCE} of 0.",
        point_gradient_as_gaussian,
    ),
    "search_beats_random": Rule(
        "At every p < 2 the searched constant exceeds the largest of the random gradients by "
        "a factor that grows with d.",
        search_beats_random,
    ),
    "flat_over_conjugate_norm": Rule(
        f"lip_p / E|g|_p' is flat in d at every p >= 2: its exponent is within {TOLERANCE} of 0.",
        partial(over_norm, ps=lambda p: p >= 2, order=None, flat=True),
    ),
    "grows_over_conjugate_norm": Rule(
        f"lip_p / E|g|_p' grows with d at p = 1: its exponent is above {TOLERANCE}.",
        partial(over_norm, ps=lambda p: p == 1, order=None, flat=False),
    ),
    "flat_over_euclidean_norm": Rule(
        f"lip_p / E|g|_2 is flat in d at every p <= 2: its exponent is within {TOLERANCE} of 0.",
        partial(over_norm, ps=lambda p: p <= 2, order=2.0, flat=True),
    ),
    "grows_over_euclidean_norm": Rule(
        f"lip_p / E|g|_2 grows with d at p = ∞: its exponent is above {TOLERANCE}.",
        partial(over_norm, ps=math.isinf, order=2.0, flat=False),
    ),
}
