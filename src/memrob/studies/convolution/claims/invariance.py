"""Claims about shifted test points: labels that do not move, and accuracy."""

import numpy as np
import pandas as pd

from memrob.studies.convolution.cells import of_network
from memrob.studies.convolution.claims.margins import FEWEST, MISSING, TOO_FEW, both, interval
from memrob.studies.convolution.trial import CONVOLUTIONAL, FULLY_CONNECTED
from memrob.studies.verdict import Verdict, all_hold

UNTESTED = "no {} networks with test points"


def never_moved(trials: pd.DataFrame) -> Verdict:
    """Decide whether no shift changes the label of a test point in any convolutional network."""
    rows = _tested(trials, CONVOLUTIONAL)
    if rows.empty:
        return None, UNTESTED.format("convolutional")
    moved = rows[rows["moved"] != 0]
    evidence = f"in {len(moved)} of {len(rows)} networks some label changes"
    if len(moved):
        evidence += f", at most {moved['moved'].max():.2%} of the test points"
    return moved.empty, evidence


def others_moved(trials: pd.DataFrame) -> Verdict:
    """Decide whether shifts change labels of test points in every fully connected network."""
    rows = _tested(trials, FULLY_CONNECTED)
    rows = rows[rows["n_shifts"] > 1]
    if rows.empty:
        return None, UNTESTED.format("fully connected") + " and shifts"
    least = rows.loc[rows["moved"].idxmin()]
    return bool((rows["moved"] > 0).all()), (
        f"from {rows['moved'].min():.2%} (n = {least['first_width']:,}, |S| = "
        f"{least['n_shifts']:,}) to {rows['moved'].max():.2%} of the test points, in "
        f"{len(rows)} networks"
    )


def more_accurate(trials: pd.DataFrame) -> Verdict:
    """Decide whether convolutional networks are more accurate on shifted test points.

    Those of the largest |S| against fully connected ones of every |S|, at each first width.
    """
    found = both(trials)
    if found is None:
        return None, MISSING
    ours, theirs = (rows[rows["test_accuracy"].notna()] for rows in found)
    ours = ours[ours["n_shifts"] == ours["n_shifts"].max()]
    groups = dict(list(ours.groupby("first_width")["test_accuracy"]))
    verdicts, gains = [], []
    for (width, shifts), accuracies in theirs.groupby(["first_width", "n_shifts"])["test_accuracy"]:
        if width not in groups:
            continue
        if min(len(groups[width]), len(accuracies)) < FEWEST:
            return None, TOO_FEW
        verdicts.append(_higher(groups[width].to_numpy(), accuracies.to_numpy()))
        pair = groups[width].mean(), accuracies.mean()
        gains.append((pair[0] - pair[1], *pair, width, shifts))
    if not verdicts:
        return None, "no first width at which both networks have test points"
    _, high, low, width, shifts = min(gains)
    note = f"; {verdicts.count(None)} of {len(verdicts)} pairs are within the error"
    return all_hold(verdicts), (
        f"the smallest gain is from {low:.1%} to {high:.1%}, at n = {width:,} against "
        f"|S| = {shifts:,}" + (note if None in verdicts else "")
    )


def _higher(first: np.ndarray, second: np.ndarray) -> bool | None:
    difference = first.mean() - second.mean()
    error = np.hypot(*(np.ptp(interval(values)) / 2 for values in (first, second)))
    return None if abs(difference) <= error else bool(difference > 0)


def _tested(trials: pd.DataFrame, network: str) -> pd.DataFrame:
    rows = of_network(trials, network)
    return rows[rows["moved"].notna()]
