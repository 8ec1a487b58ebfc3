"""Claims about what both networks need: first width, second width and parameters."""

import numpy as np
import pandas as pd

from memrob.studies.convolution.cells import Onset, at_width, interpolating, line, of_network, onset
from memrob.studies.convolution.claims.margins import (
    FEWEST,
    MISSING,
    TOO_FEW,
    Interval,
    below,
    both,
    interval,
    trend,
)
from memrob.studies.convolution.trial import CONVOLUTIONAL, FULLY_CONNECTED
from memrob.studies.verdict import Verdict, all_hold, significant


def probability_rises(trials: pd.DataFrame) -> Verdict:
    """Decide whether the probability of interpolation, averaged over λ, rises with n.

    The mean over λ is taken for each restart, as networks of a restart may share their weights.
    """
    rows = of_network(trials, CONVOLUTIONAL)
    shares = rows.groupby(["restart", "first_width"])["interpolated"].mean().unstack().dropna()
    if shares.shape[1] < 2 or len(shares) < FEWEST:
        return None, f"fewer than two first widths, or {TOO_FEW}"
    values, widths = shares.to_numpy(), shares.columns
    falls = [widths[k + 1] for k, step in enumerate(np.diff(values).T) if interval(step)[1] < 0]
    rise = interval(values[:, -1] - values[:, 0])
    ends = values[:, [0, -1]].mean(axis=0)
    evidence = (
        f"from {ends[0]:.0%} at n = {widths[0]:,} to {ends[1]:.0%} at n = {widths[-1]:,}, "
        f"{len(values)} restarts"
    )
    if falls:
        return False, f"{evidence}; it falls towards n = {', '.join(f'{n:,}' for n in falls)}"
    return (True if rise[0] > 0 else False if rise[1] < 0 else None), evidence


def width_does_not_grow(trials: pd.DataFrame) -> Verdict:
    """Decide whether the convolutional second width does not grow with |S|."""
    return trend(_second_widths(trials, CONVOLUTIONAL), grows=False)


def width_grows(trials: pd.DataFrame) -> Verdict:
    """Decide whether the fully connected second width grows with |S|."""
    return trend(_second_widths(trials, FULLY_CONNECTED), grows=True)


def _second_widths(trials: pd.DataFrame, network: str):
    rows = at_width(of_network(trials, network), "n_shifts")
    return line(interpolating(rows), "second_width", "n_shifts")


def sets_in_earlier(trials: pd.DataFrame) -> Verdict:
    """Decide whether at the largest common |S| convolutional networks need no larger n."""
    pair = _at_largest(trials)
    if isinstance(pair, str):
        return None, pair
    (_, ours), (_, theirs) = pair
    verdict = None
    # A missing end is beyond the first widths of the table.
    if ours.high[-1] <= np.nan_to_num(theirs.low[-1], nan=np.inf):
        verdict = True
    elif np.nan_to_num(ours.low[-1], nan=np.inf) > theirs.high[-1]:
        verdict = False
    return verdict, (
        f"at |S| = {ours.x[-1]:,.0f} from {_onset_text(ours)} on for convolutional networks, from "
        f"{_onset_text(theirs)} on for fully connected ones"
    )


def fewer_parameters(trials: pd.DataFrame) -> Verdict:
    """Decide whether at the largest common |S| convolutional networks need fewer parameters.

    Compared are intervals that run from the parameters at the lower end of the interval of the
    first width to those at its upper end.
    """
    pair = _at_largest(trials)
    if isinstance(pair, str):
        return None, pair
    (ours, our_onset), (theirs, their_onset) = pair
    ranges = [_parameters(ours, our_onset), _parameters(theirs, their_onset)]
    if any(np.isnan(ends[0]) for ends in ranges):
        return None, TOO_FEW
    texts = [
        f"more than {low:,.0f}"
        if np.isinf(high)
        else " to ".join(dict.fromkeys((f"{low:,.0f}", f"{high:,.0f}")))
        for low, high in ranges
    ]
    return below(*ranges), (
        f"at |S| = {our_onset.x[-1]:,.0f} {texts[0]} parameters against {texts[1]} of fully "
        "connected networks"
    )


def narrower(trials: pd.DataFrame) -> Verdict:
    """Decide whether at every N the convolutional second width is below the fully connected."""
    found = both(trials)
    if found is None:
        return None, MISSING
    lines = [
        line(interpolating(at_width(rows, "n_samples")), "second_width", "n_samples")
        for rows in found
    ]
    if None in lines or not set(lines[0].x) & set(lines[1].x):
        return None, "no number of points at which both networks interpolate"
    ours, theirs = ({x: s for x, s in zip(*along, strict=True)} for along in lines)
    places = sorted(set(ours) & set(theirs))
    verdicts = [below(interval(ours[x]), interval(theirs[x])) for x in places]
    texts = [
        f"{significant(ours[x].mean(), 4)} against {significant(theirs[x].mean(), 4)} at "
        f"N = {x:,.0f}"
        for x in places
    ]
    return all_hold(verdicts), "; ".join(dict.fromkeys([texts[0], texts[-1]]))


def _at_largest(trials: pd.DataFrame) -> list[tuple[pd.DataFrame, Onset]] | str:
    """Rows of each network at the largest |S| that both have, and where interpolation sets in."""
    found = both(trials)
    if found is None:
        return MISSING
    common = set(found[0]["n_shifts"]) & set(found[1]["n_shifts"])
    if not common or max(common) == 1:
        return "no number of shifts above 1 that both networks have"
    rows = [of[of["n_shifts"] == max(common)] for of in found]
    return [(of, onset(of, "n_shifts")) for of in rows]


def _parameters(rows: pd.DataFrame, of: Onset) -> Interval:
    """Return an interval of the numbers of parameters at the first width that is needed."""
    counts = dict(list(rows.groupby("first_width")["n_parameters"]))
    if np.isnan(of.low[-1]):
        # More hyperplanes are needed than any network has: more than its first layer alone.
        last = rows[rows["first_width"] == of.largest[-1]]
        second = last["second_width"] * (last["first_width"] + 1)
        return float((last["n_parameters"] - second).min()), np.inf
    low = interval(counts[of.low[-1]])[0]
    return low, np.inf if np.isnan(of.high[-1]) else interval(counts[of.high[-1]])[1]


def _onset_text(of: Onset) -> str:
    if np.isnan(of.first_width[-1]):
        return f"more than n = {of.largest[-1]:,.0f}"
    ends = [f"{end:,.0f}" if np.isfinite(end) else "more" for end in (of.low[-1], of.high[-1])]
    around = "" if ends[0] == ends[1] else f" ({ends[0]} to {ends[1]})"
    return f"n = {of.first_width[-1]:,.0f}{around}"
