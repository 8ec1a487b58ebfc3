"""Claims of [M] about the second width where interpolation is certain, and beyond."""

import numpy as np
import pandas as pd

from memrob.studies.interpolation.claims.extensions import SPREAD_UNKNOWN, z_score
from memrob.studies.interpolation.claims.rule import Rule
from memrob.studies.verdict import Verdict, all_hold

CERTAIN = 0.99
NEARLY_CONSTANT = 1.25
"""Largest ratio of two neighbouring widths, as n grows by half, that counts as nearly constant."""


def _slices(cells: pd.DataFrame) -> list[tuple[float, pd.DataFrame]]:
    grouped = cells.groupby(cells["max_bias"].round(6))
    return [(bias, row.sort_values("first_width")) for bias, row in grouped]


def least_where_certain(cells: pd.DataFrame) -> Verdict:
    """Decide whether the least second width along n is attained where the probability is 0.99.

    Slices of fixed max_bias that reach 0.99, and do so after two first widths at least, count.
    """
    certain, total, trivial = 0, 0, 0
    for _, row in _slices(cells):
        reached = row["interpolated"].to_numpy() >= CERTAIN
        if reached.any() and not reached[:2].any():
            total += 1
            widths = row["second_width_mean"].to_numpy()
            # With few hyperplanes hardly a neuron is made: small, and of no use.
            peak = int(widths[: int(reached.argmax())].argmax())
            certain += _is_least(row.iloc[peak:], reached[peak:])
            trivial += bool(widths[:peak].min(initial=np.inf) < widths[peak:].min())
    if total < 3:
        return None, "fewer than three values of λ reach probability 0.99 within the grid"
    evidence = (
        f"from its peak on, the width is least where the probability is at least 0.99 at {certain} "
        f"of {total} values of λ; before the peak it is smaller still at {trivial}, where too few "
        "neurons can be made to cover X⁻"
    )
    share = certain / total
    return (True if share >= 0.9 else False if share <= 0.5 else None), evidence


def _is_least(row: pd.DataFrame, reached: np.ndarray) -> bool:
    """Whether no cell that is not certain has a width below the least certain one, beyond error."""
    inside, outside = row[reached], row[~reached]
    if inside.empty or outside.empty:
        return not inside.empty
    best = inside.loc[inside["second_width_mean"].idxmin()]
    rival = outside.loc[outside["second_width_mean"].idxmin()]
    z = z_score(rival, best)
    if np.isnan(z):
        return bool(best["second_width_mean"] <= rival["second_width_mean"])
    return not z < -3


def nearly_constant(cells: pd.DataFrame) -> Verdict:
    """Decide whether the second width changes little where the probability is at least 0.99.

    The exponent b of a fit width ~ n^-b over the certain cells of each max_bias: when n grows by
    half the width falls by 1.5^b, which may be `NEARLY_CONSTANT` at most.
    """
    factors = []
    for _, row in _slices(cells):
        inside = row[row["interpolated"] >= CERTAIN]
        if len(inside) >= 3:
            x, y = np.log(inside["first_width"]), np.log(inside["second_width_mean"])
            factors.append(1.5 ** -np.polyfit(x, y, 1)[0])
    if len(factors) < 3:
        return None, "fewer than three values of λ have three cells with probability 0.99"
    median = float(np.median(factors))
    evidence = (
        f"where the probability is at least 0.99, half as many hyperplanes more divide the second "
        f"width by {median:.2f} in the median over {len(factors)} values of λ (at most "
        f"{NEARLY_CONSTANT} counts as nearly constant)"
    )
    return bool(median <= NEARLY_CONSTANT), evidence


def far_below(cells: pd.DataFrame) -> Verdict:
    """Decide whether the second width is at most N / 20 wherever the probability is 0.99."""
    inside = cells[cells["interpolated"] >= CERTAIN]
    if inside.empty:
        return None, "no cell of the grid reaches probability 0.99"
    share = (inside["second_width_mean"] / inside["n_samples"]).max()
    return bool(share <= 0.05), f"n̂/N is {share:.3f} at most, in {len(inside)} cells"


def goes_on_falling(cells: pd.DataFrame) -> Verdict:
    """Decide whether the second width at the largest n is well below that at the smallest."""
    verdicts, parts = [], []
    for bias, row in _slices(cells):
        first, last = row.iloc[0], row.iloc[-1]
        if last["first_width"] < 2 * first["first_width"]:
            return None, "the first widths of the grid do not double"
        z, ratio = z_score(first, last), first["second_width_mean"] / last["second_width_mean"]
        certain = first["interpolated"] >= CERTAIN
        parts.append(
            f"λ = {bias:g}: {first['second_width_mean']:,.0f} at n = {first['first_width']:,} to "
            f"{last['second_width_mean']:,.0f} at n = {last['first_width']:,}"
            + ("" if certain else ", which begins before probability 0.99")
        )
        if np.isnan(z):
            # A single trial has no error, but trials of a cell differ by one in a hundred only.
            verdicts.append(True if ratio > 1.2 else False if ratio < 0.95 else None)
        else:
            verdicts.append(bool(z > 3 and ratio > 1.05))
    verdict, evidence = all_hold(verdicts), "; ".join(parts)
    return verdict, evidence + (f"; {SPREAD_UNKNOWN}: scale paper" if verdict is None else "")


def half_beats_zero(cells: pd.DataFrame) -> Verdict:
    """Decide whether, at the largest n, max_bias = 0.5 gives a smaller second width than 0."""
    row = cells[cells["first_width"] == cells["first_width"].max()]
    half, zero = (row[np.isclose(row["max_bias"], value)] for value in (0.5, 0))
    if half.empty or zero.empty:
        return None, "λ = 0 and λ = 0.5 are not both on the grid"
    half, zero = half.iloc[0], zero.iloc[0]
    evidence = (
        f"at n = {half['first_width']:,} n̂ = {half['second_width_mean']:,.0f} at λ = 0.5 and "
        f"{zero['second_width_mean']:,.0f} at λ = 0"
    )
    return _smaller(half, zero, evidence)


def best_near_quarter(cells: pd.DataFrame) -> Verdict:
    """Decide whether, at the largest n, max_bias = 0.25 gives the least second width of the grid.

    A neighbour on the grid that does not differ counts as well.
    """
    row = cells[cells["first_width"] == cells["first_width"].max()].sort_values("max_bias")
    near = np.isclose(row["max_bias"], 0.25)
    if not near.any() or len(row) < 4:
        return None, "λ = 0.25 or three others to compare it with are not on the grid"
    quarter = row[near].iloc[0]
    rival = row[~near].sort_values("second_width_mean").iloc[0]
    evidence = (
        f"at n = {quarter['first_width']:,} n̂ = {quarter['second_width_mean']:,.0f} at λ = 0.25, "
        f"against {rival['second_width_mean']:,.0f} at λ = {rival['max_bias']:g}, the best other"
    )
    return _smaller(quarter, rival, evidence)


def _smaller(one: pd.Series, other: pd.Series, evidence: str) -> Verdict:
    z = z_score(one, other)
    if np.isnan(z):
        return None, f"{evidence}; {SPREAD_UNKNOWN}: scale paper"
    return (True if z < -2 else False if z > 2 else None), f"{evidence} (z = {z:+.1f})"


def own_neuron_each(cells: pd.DataFrame) -> Verdict:
    """Decide whether every one of the ten points of X- of `lines` has a neuron of its own."""
    cell = cells[(cells["first_width"] == 2000) & np.isclose(cells["max_bias"], 1)]
    if cell.empty or (cell["n_samples"] != 20).any():
        return None, "n = 2000, λ = 1 is not on the grid"
    mean, trials = cell["second_width_mean"].iloc[0], int(cell["trials"].iloc[0])
    return bool(mean == 10), f"n̂ = {mean:g} on average over {trials} networks"


RULES = {
    "least_where_certain": Rule(
        "Where the probability is near one the second width attains its minimum.",
        least_where_certain,
    ),
    "nearly_constant": Rule(
        "Where the probability is near one the second width is nearly constant.",
        nearly_constant,
    ),
    "far_below": Rule(
        "Where the probability is near one the second width is far below N.",
        far_below,
    ),
    "goes_on_falling": Rule(
        "The second width goes on falling well after interpolation sets in.",
        goes_on_falling,
    ),
    "half_beats_zero": Rule(
        "With many hyperplanes λ about 0.5 gives a smaller second width than λ = 0.",
        half_beats_zero,
    ),
    "best_near_quarter": Rule(
        "With many hyperplanes the λ with the smallest second width is about 0.25.",
        best_near_quarter,
    ),
    "own_neuron_each": Rule(
        "Every one of the ten points of X⁻ has its own neuron.",
        own_neuron_each,
    ),
}
