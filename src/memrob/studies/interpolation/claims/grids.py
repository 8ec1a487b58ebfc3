"""Claims about grids of max_bias and first_width: moons, mnist and cifar10."""

import numpy as np
import pandas as pd

from memrob.studies.interpolation.claims.estimates import (
    central_range,
    first_reaching,
    grid_step,
    redraw_reached,
)
from memrob.studies.interpolation.claims.rule import Rule
from memrob.studies.verdict import Verdict


def never_without_bias(cells: pd.DataFrame) -> Verdict:
    """Decide whether no trial with max_bias = 0 interpolates."""
    row = cells[np.isclose(cells["max_bias"], 0)]
    if row.empty:
        return None, "λ = 0 is not on the grid"
    total = int(row["trials"].sum())
    interpolated = round((row["interpolated"] * row["trials"]).sum())
    return interpolated == 0, (
        f"{interpolated:,} of {total:,} trials at λ = 0 interpolate, n up to "
        f"{row['first_width'].max():,}"
    )


def earliest_near_published(cells: pd.DataFrame, published: pd.DataFrame) -> Verdict:
    """Decide whether interpolation sets in at the published first width and max_bias.

    Both tables hold the same cells. The run's earliest cell must lie in the range where 99 of
    100 redraws of the published probabilities, with the run's number of trials, put it.
    """
    if cells.empty:
        return None, "no cell of this run is on the published grid"
    n, bias = cells["first_width"].to_numpy(float), cells["max_bias"].to_numpy()
    reached = redraw_reached(published, cells["trials"])
    if not reached.any(axis=1).mean() > 0.99:
        return None, "too few cells of the grid reach probability 0.99 in the published table"
    earliest = np.where(reached, n, np.inf).min(axis=1)
    first = reached & (n == earliest[:, None])
    n_range = central_range(earliest[np.isfinite(earliest)])
    hits = first.any(axis=1)
    low = central_range(np.where(first, bias, np.inf).min(axis=1)[hits])[0]
    high = central_range(np.where(first, bias, -np.inf).max(axis=1)[hits])[1]
    expected = (
        f"with as many trials the published probabilities put it at n = {_span(*n_range)}, "
        f"λ = {_span(low, high)}"
    )
    if high - low > np.ptp(bias) / 2:
        return None, f"too few trials or too coarse a grid: {expected}"
    own = cells[cells["interpolated"] >= 0.99]
    if own.empty:
        return False, f"no cell reaches probability 0.99; {expected}"
    own = own[own["first_width"] == own["first_width"].min()]
    own_n, own_bias = own["first_width"].iloc[0], own["max_bias"]
    holds = bool(n_range[0] <= own_n <= n_range[1]) and bool(own_bias.between(low, high).all())
    where = ", ".join(f"{value:g}" for value in own_bias)
    return holds, f"probability 0.99 is first reached at n = {own_n:,}, λ = {where}; {expected}"


def zero_bias_first(cells: pd.DataFrame, published: pd.DataFrame) -> Verdict:
    """Decide whether max_bias = 0 interpolates first, at the published first width.

    Both tables hold the same cells. A tie within one step of the first widths counts as first.
    """
    zero = np.isclose(cells["max_bias"], 0)
    if not zero.any() or cells["max_bias"].nunique() < 3:
        return None, "λ = 0 or larger λ to compare it with are not on the grid"
    reached = redraw_reached(published, cells["trials"])[:, zero]
    n = cells["first_width"].to_numpy(float)[zero]
    expected = np.where(reached, n, np.inf).min(axis=1)
    if not np.isfinite(expected).mean() > 0.99:
        return None, "the grid ends before λ = 0 reaches probability 0.99 in the published table"
    low, high = central_range(expected)
    if high > 2 * low:
        return None, (
            f"too few trials: the published probabilities put it at n = {_span(low, high)}"
        )
    first = first_reaching(cells, "max_bias")
    at_zero, others = first.loc[first.index < 1e-9].iloc[0], first.loc[first.index > 1e-9]
    step = grid_step(cells["first_width"])
    holds = low <= at_zero <= high and not (others < at_zero - step - 1e-9).any()
    return bool(holds), (
        f"λ = 0 reaches probability 0.99 at n = {_width(at_zero)}, the soonest λ > 0 at "
        f"n = {_width(others.min())}; with as many trials the published probabilities put "
        f"λ = 0 at n = {_span(low, high)}"
    )


def peak_before_interpolation(cells: pd.DataFrame) -> Verdict:
    """Decide whether second_width peaks, in n, before the probability reaches 0.99.

    Counts the slices of fixed max_bias that reach 0.99 after at least three first widths. It holds
    when nine in ten of them agree and fails when half or fewer do; in between the widths of so
    few trials are too noisy to tell.
    """
    ratios = []
    for _, row in cells.groupby(cells["max_bias"].round(6)):
        row = row.sort_values("first_width")
        threshold = row.loc[row["interpolated"] >= 0.99, "first_width"].min()
        if (row["first_width"] < threshold).sum() >= 3:
            peak = row["first_width"].iloc[int(row["second_width_mean"].to_numpy().argmax())]
            ratios.append(peak / threshold)
    if len(ratios) < 3:
        return None, (
            f"{len(ratios)} values of λ have three first widths before probability 0.99, and "
            "three are needed"
        )
    before = int(np.sum(np.array(ratios) < 1))
    share = before / len(ratios)
    return (True if share >= 0.9 else False if share <= 0.5 else None), (
        f"at {before} of {len(ratios)} values of λ the peak comes before probability 0.99, "
        f"typically at {np.median(ratios):.2f} times that first width"
    )


def nearly_every_point(cells: pd.DataFrame) -> Verdict:
    """Decide whether second_width is at least 0.8 N wherever the probability reaches 0.99."""
    inside = cells[cells["interpolated"] >= 0.99]
    if inside.empty:
        return None, "no cell of the grid reaches probability 0.99"
    share = inside["second_width_mean"] / inside["n_samples"]
    least = inside.loc[share.idxmin()]
    return bool((share >= 0.8).all()), (
        f"in the {len(inside)} cells that reach probability 0.99 n̂/N is between "
        f"{share.min():.3f} (n = {int(least['first_width']):,}, λ = {least['max_bias']:g}) and "
        f"{share.max():.3f}"
    )


def _span(low: float, high: float) -> str:
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def _width(value: float) -> str:
    return "beyond the grid" if np.isnan(value) else f"{value:,.0f}"


RULES = {
    "peak_before_interpolation": Rule(
        "The second width peaks before the interpolation region.",
        peak_before_interpolation,
    ),
    "never_without_bias": Rule(
        "At λ = 0 the algorithm never interpolates.",
        never_without_bias,
    ),
    "earliest_near_published": Rule(
        "λ near 0.95 interpolates first, at n about 150.",
        earliest_near_published,
        against_published=True,
    ),
    "zero_bias_first": Rule(
        "λ = 0 is best at small n: it interpolates first, from n about 180.",
        zero_bias_first,
        against_published=True,
    ),
    "nearly_every_point": Rule(
        "Nearly every point needs its own neuron: n̂ is at least 0.8 N where it interpolates.",
        nearly_every_point,
    ),
}
