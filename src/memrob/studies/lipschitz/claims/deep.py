"""Claims about depth: exponents of deep networks, growth at two widths, and the gap."""

import math
from collections.abc import Callable

import numpy as np
import pandas as pd

from memrob.lipschitz.norms import p_text
from memrob.numerics.statistics import Line
from memrob.studies.claim import Rule
from memrob.studies.lipschitz.cells import exponents, line
from memrob.studies.lipschitz.claims import dimension, sizes
from memrob.studies.lipschitz.claims.dimension import TOLERANCE
from memrob.studies.lipschitz.claims.fits import SYMBOLS, divided, fit
from memrob.studies.lipschitz.quantities import GAP, WIDE, wide_gap, with_gap
from memrob.studies.verdict import Verdict, all_hold, inside

LAST = 3


def for_each(column: str, decide: Callable[[pd.DataFrame], Verdict]):
    """Make a rule of one that takes networks with one value of a column."""

    def decide_each(trials: pd.DataFrame) -> Verdict:
        found = [(value, decide(rows)) for value, rows in trials.groupby(column)]
        listed = "; ".join(f"{SYMBOLS[column]} = {value:,}: {text}" for value, (_, text) in found)
        return all_hold(holds for _, (holds, _) in found), listed

    return decide_each


def depth_keeps_exponents(trials: pd.DataFrame) -> Verdict:
    """Decide whether lip_p of deep over shallow networks is flat in d, at every p and L."""
    verdicts, parts = [], []
    for p in exponents(trials):
        lines = {
            depth: line(rows, p, "lower", "input_dim") for depth, rows in trials.groupby("depth")
        }
        shallow = lines.pop(1, None)
        if shallow is None or not lines:
            return None, "one hidden layer and more are not both in this run"
        for depth, along in lines.items():
            if along is None or list(along.x) != list(shallow.x):
                return None, f"p = {p_text(p)}: not the same d for L = 1 and L = {depth}"
            found = fit(divided(along, shallow.means), "input_dim")
            if isinstance(found, str):
                return None, f"p = {p_text(p)}: {found}"
            verdicts.append(inside(found.law.low, found.law.high, -TOLERANCE, TOLERANCE))
            parts.append(f"{found.text} at p = {p_text(p)}, L = {depth}")
    return all_hold(verdicts), (
        f"exponents of d in lip_p over that of one hidden layer: {', '.join(parts)}"
    )


def slower_when_wider(trials: pd.DataFrame) -> Verdict:
    """Decide whether the exponent of lip_p in L is less at the largest N than at the least."""
    ends = trials["width"].min(), trials["width"].max()
    if ends[0] == ends[1]:
        return None, "a single width in this run"
    verdicts, parts = [], []
    for p in exponents(trials):
        laws = []
        for width in ends:
            rows = trials[trials["width"] == width]
            found = fit(line(rows, p, "lower", "depth"), "depth", ratio=4)
            if isinstance(found, str):
                return None, f"p = {p_text(p)}: {found}"
            laws.append(found)
        narrow, wide = (found.law for found in laws)
        verdicts.append(inside(wide.low - narrow.high, wide.high - narrow.low, -math.inf, 0))
        parts.append(f"{laws[0].text} and {laws[1].text} at p = {p_text(p)}")
    return all_hold(verdicts), (
        f"exponents of L at N = {ends[0]:,} and N = {ends[1]:,}: {', '.join(parts)}"
    )


def gap_at_most_logarithmic(trials: pd.DataFrame) -> Verdict:
    """Decide whether over the largest widths the gap grows no faster than ln N, at each L and p."""
    verdicts, parts = [], []
    for depth, rows in with_gap(trials).groupby("depth"):
        for p in exponents(rows):
            along = line(rows, p, GAP, "width")
            last = along and Line(along.x[-LAST:], along.samples[-LAST:])
            found = fit(last, "width", places=LAST, ratio=4)
            if isinstance(found, str):
                return None, f"L = {depth}, p = {p_text(p)}: {found}"
            logarithm = np.polyfit(np.log(last.x), np.log(np.log(last.x)), 1)[0]
            verdicts.append(inside(found.law.low, found.law.high, -math.inf, logarithm))
            parts.append((found.law.exponent, f"{found.text} for L = {depth}, p = {p_text(p)}"))
    if not parts:
        return None, "not computed in this run"
    return all_hold(verdicts), (
        f"the largest exponent of N in the gap is {max(parts)[1]}; that of ln N over the same "
        f"widths is {logarithm:.3f}"
    )


def wide_gap_at_most_linear(trials: pd.DataFrame) -> Verdict:
    """Decide whether the bound at N = `WIDE` over lip_p at the largest N grows at most like L."""
    rows = trials[trials["width"] == trials["width"].max()]
    verdicts, parts = [], []
    for p in exponents(rows):
        along = wide_gap(line(rows, p, "lower", "depth"), int(rows["input_dim"].max()), p, WIDE)
        found = fit(along, "depth", ratio=4)
        if isinstance(found, str):
            return None, f"p = {p_text(p)}: {found}"
        verdicts.append(inside(found.law.low, found.law.high, -math.inf, 1))
        parts.append(f"{found.text} at p = {p_text(p)}")
    return all_hold(verdicts), (
        f"exponents of L with 95 % intervals, lip_p at N = {rows['width'].max():,}: "
        f"{', '.join(parts)}"
    )


def wider_layers_cost_less(trials: pd.DataFrame) -> Verdict:
    """Decide whether the factor per layer of the gap is less at the largest N, at every p."""
    factors: dict[float, list[float]] = {}
    for _, rows in with_gap(trials).groupby("width"):
        for p in exponents(rows):
            along = line(rows, p, GAP, "depth")
            if along is None or len(along.x) < 2:
                return None, "fewer than two depths with bounds of probability 0.99"
            ends = along.means[[0, -1]]
            layers = along.x[-1] - along.x[0]
            factors.setdefault(p, []).append((ends[1] / ends[0]) ** (1 / layers))
    if min(map(len, factors.values())) < 2:
        return None, "a single width in this run"
    parts = [
        f"{', '.join(f'{value:.2f}' for value in of_p)} at p = {p_text(p)}"
        for p, of_p in factors.items()
    ]
    return all(of_p[-1] < of_p[0] for of_p in factors.values()), (
        f"factors of the gap for each further layer, N ascending: {'; '.join(parts)}"
    )


DEEP = (
    *("nearer_to_half", "flat_over_conjugate_norm", "grows_over_conjugate_norm"),
    *("flat_over_euclidean_norm", "grows_over_euclidean_norm"),
)
"""Claims about growing d that are made for each number of hidden layers."""

RULES = {
    **{
        f"deep_{name}": Rule(
            f"For each number of hidden layers: {rule.statement}", for_each("depth", rule.decide)
        )
        for name, rule in dimension.RULES.items()
        if name in DEEP
    },
    "depth_keeps_exponents": Rule(
        "Further hidden layers do not change how lip_p grows with d: over that of one hidden layer "
        f"it has an exponent within {TOLERANCE} of 0, at every p.",
        depth_keeps_exponents,
    ),
    "at_most_linear_at_each_width": Rule(
        "lip_p grows at most linearly in L at every width and p: its exponent is at most 1.",
        for_each("width", sizes.at_most_linear_in_depth),
    ),
    "slower_when_wider": Rule(
        "At the largest width lip_p grows with L more slowly than at the least, at every p.",
        slower_when_wider,
    ),
    "gap_at_most_logarithmic": Rule(
        "The bound of probability 0.99 over lip_p grows no faster than ln N over the three largest "
        "widths, for every L and p.",
        gap_at_most_logarithmic,
    ),
    "wide_gap_at_most_linear": Rule(
        f"At N = {WIDE:,} the bound of probability 0.99 over lip_p, taken from the largest width "
        "that is searched, grows at most linearly in L: its exponent is at most 1.",
        wide_gap_at_most_linear,
    ),
    "wider_layers_cost_less": Rule(
        "At the largest width each further layer widens the gap by a lesser factor than at the "
        "least, at every p.",
        wider_layers_cost_less,
    ),
}
