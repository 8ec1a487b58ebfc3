"""Claims about double descent, of random features and of networks."""

from functools import partial
from itertools import pairwise

import numpy as np
import pandas as pd

from memrob.studies.claim import Rule
from memrob.studies.training.cells import along, interpolation_threshold, settings, size_column
from memrob.studies.training.claims.peaks import Peak, Place, one_step, peak, places
from memrob.studies.verdict import Verdict, all_hold, beyond, percent, significant

FACTOR = 2.0
"""What is within this factor of a threshold is near it; features are compared on a finer grid."""

CURVE = ("dataset", "n_samples", "reuse", "label_noise")
LOGARITHMIC = ("test_loss", "norm")
NO_GRID = "no curve has sizes on both sides of the threshold"


def peak_of(rows: pd.DataFrame, quantity: str) -> Peak | None:
    """Peak of a quantity of one curve near its threshold; None where the grid has no such place."""
    x = size_column(rows)
    found, threshold = along(rows, quantity, x), interpolation_threshold(rows, x)
    if found is None or threshold is None:
        return None
    if x == "n_features":
        low, high = one_step(found.x, threshold)
    else:
        low, high = threshold / FACTOR, threshold * FACTOR
    return peak(places(found, logarithmic=quantity in LOGARITHMIC), low, high)


def peaks_at_threshold(trials: pd.DataFrame, *, quantity: str) -> Verdict:
    """Decide whether every curve peaks near the threshold; of networks those with reuse."""
    if "reuse" in trials:
        trials = trials[trials["reuse"] == 1]
    verdicts, texts = [], []
    for at, rows in settings(trials, CURVE):
        found = peak_of(rows, quantity)
        if found is None:
            continue
        verdicts.append(found.holds)
        ratio = found.top.x / interpolation_threshold(rows, size_column(rows))
        height = _value(found.top, quantity)
        texts.append(f"{height} at {ratio:.3g} times the threshold, {where(at)}")
    return all_hold(verdicts), "; ".join(texts) or NO_GRID


def grows_with_noise(trials: pd.DataFrame, *, quantity: str) -> Verdict:
    """Decide whether the mean near the threshold is higher at each label noise than before.

    It is over all sizes within a factor of 2, as the error just at the threshold may be as large
    as that of guessing whatever the noise. Of networks those with reuse count.
    """
    if "reuse" in trials:
        trials = trials[trials["reuse"] == 1]
    verdicts, texts = [], []
    for _, of_noises in settings(trials, CURVE[:-1]):
        near = [
            (at["label_noise"], found)
            for at, rows in settings(of_noises, ["label_noise"])
            if (found := _near_threshold(rows, quantity)) is not None
        ]
        verdicts += [_higher(upper, lower) for (_, lower), (_, upper) in pairwise(near)]
        texts += [f"{_mean(values, quantity)} at noise {_noise(noise)}" for noise, values in near]
    if not verdicts:
        return None, "no curve has two label noises and sizes near the threshold"
    return all_hold(verdicts), ", ".join(texts)


def _near_threshold(rows: pd.DataFrame, quantity: str) -> pd.Series | None:
    """Mean of each restart over the sizes within a factor of 2 of the threshold, if there are."""
    x = size_column(rows)
    threshold = interpolation_threshold(rows, x)
    if threshold is None:
        return None
    near = rows[rows[x].between(threshold / FACTOR, threshold * FACTOR)]
    values = np.log(near[quantity]) if quantity in LOGARITHMIC else near[quantity]
    return values.groupby(near["restart"]).mean() if len(near) else None


def _at_peak(rows: pd.DataFrame, quantity: str) -> pd.Series | None:
    """The quantity of each restart at the peak of one curve, if that has one."""
    found = peak_of(rows, quantity)
    if found is None:
        return None
    at = np.isclose(rows[size_column(rows)].astype(float), found.top.x)
    values = rows[at].set_index("restart")[quantity].astype(float)
    return np.log(values) if quantity in LOGARITHMIC else values


def _higher(values: pd.Series, others: pd.Series) -> bool | None:
    """Whether values are higher than others of the same restarts, in the mean, beyond its error.

    Restarts share random weights: what they vary by near the threshold largely cancels.
    """
    difference = (values - others).dropna()
    if len(difference) < 2:
        return None
    return beyond(difference.mean(), difference.std(ddof=1) / np.sqrt(len(difference)))


def interpolates_from_threshold(trials: pd.DataFrame) -> Verdict:
    """Decide whether no model with at least N features has a training error."""
    rows = trials[trials["n_features"] >= trials["n_samples"]]
    if rows.empty:
        return None, "no model has as many features as samples"
    wrong = rows[rows["train_error"] > 0]
    evidence = f"{len(wrong):,} of {len(rows):,} models have one"
    if len(wrong):
        worst = wrong.iloc[wrong["train_error"].argmax()]
        evidence += (
            f", the largest {percent(worst['train_error'])} with {worst['n_features']:,.0f} "
            f"features, N = {worst['n_samples']:,.0f}"
        )
    return wrong.empty, evidence


def second_descent_is_lower(trials: pd.DataFrame, *, quantity: str) -> Verdict:
    """Decide whether the least mean beyond the threshold is below the least one before it."""
    verdicts, texts = [], []
    for at, rows in settings(trials, CURVE):
        x = size_column(rows)
        found, threshold = along(rows, quantity, x), interpolation_threshold(rows, x)
        if found is None or threshold is None:
            continue
        curve = places(found, logarithmic=quantity in LOGARITHMIC)
        before = [place for place in curve if place.x < threshold]
        after = [place for place in curve if place.x > threshold]
        if not before or not after:
            continue
        low, high = (min(part, key=lambda place: place.mean) for part in (after, before))
        verdicts.append(beyond(high.mean - low.mean, low.error, high.error))
        texts.append(f"from {_value(high, quantity)} to {_value(low, quantity)}, {where(at)}")
    return all_hold(verdicts), "; ".join(texts) or NO_GRID


def reuse_raises_peak(trials: pd.DataFrame, *, quantity: str) -> Verdict:
    """Decide whether the peak is higher with reuse than without, at every label noise."""
    verdicts, texts = [], []
    for at, rows in settings(trials, ("dataset", "n_samples", "label_noise")):
        tops = {reuse: _at_peak(of_reuse, quantity) for reuse, of_reuse in rows.groupby("reuse")}
        without, reused = tops.get(0), tops.get(1)
        if without is None or reused is None:
            continue
        verdicts.append(_higher(reused, without))
        both = f"{_mean(reused, quantity)} with, {_mean(without, quantity)} without"
        texts.append(f"{both}, {where(at)}")
    none = "no curve has runs with and without and sizes on both sides of the threshold"
    return all_hold(verdicts), "; ".join(texts) or none


def where(at: dict) -> str:
    """Say which curve has these settings: ``N = 4,000, noise 10 %``."""
    parts = [f"N = {at['n_samples']:,}"]
    if "label_noise" in at:
        parts.append(f"noise {_noise(at['label_noise'])}")
    if "reuse" in at:
        parts.append("with reuse" if at["reuse"] else "without reuse")
    return ", ".join(parts)


def _noise(share: float) -> str:
    return f"{100 * share:g} %"


def _value(place: Place, quantity: str) -> str:
    return significant(np.exp(place.mean), 3) if quantity in LOGARITHMIC else percent(place.mean)


def _mean(values: pd.Series, quantity: str) -> str:
    return (
        significant(np.exp(values.mean()), 3) if quantity in LOGARITHMIC else percent(values.mean())
    )


RULES = {
    "error_peaks_at_threshold": Rule(
        "At every label noise the test error peaks at features = N, within a step of the grid.",
        partial(peaks_at_threshold, quantity="test_error"),
    ),
    "loss_peaks_at_threshold": Rule(
        "At every label noise the test loss peaks at features = N, within a step of the grid.",
        partial(peaks_at_threshold, quantity="test_loss"),
    ),
    "norm_peaks_at_threshold": Rule(
        "At every label noise the norm of the solution peaks at features = N, within a step of "
        "the grid.",
        partial(peaks_at_threshold, quantity="norm"),
    ),
    "error_grows_with_noise": Rule(
        "Within a factor of 2 of features = N the test error grows with the label noise.",
        partial(grows_with_noise, quantity="test_error"),
    ),
    "interpolates_from_threshold": Rule(
        "With at least N features there is no training error.",
        interpolates_from_threshold,
    ),
    "second_descent_is_lower": Rule(
        "At every label noise the least test error with more than N features is below the least "
        "with fewer.",
        partial(second_descent_is_lower, quantity="test_error"),
    ),
    "reused_loss_peaks_at_threshold": Rule(
        "With reused weights the test loss peaks within a factor of 2 of parameters = N K, at "
        "every label noise.",
        partial(peaks_at_threshold, quantity="test_loss"),
    ),
    "reuse_raises_peak": Rule(
        "Near parameters = N K the test loss is higher with reused weights than without, at every "
        "label noise.",
        partial(reuse_raises_peak, quantity="test_loss"),
    ),
    "reused_loss_grows_with_noise": Rule(
        "With reused weights, within a factor of 2 of parameters = N K, the test loss grows with "
        "the label noise.",
        partial(grows_with_noise, quantity="test_loss"),
    ),
    "second_descent_of_networks_is_lower": Rule(
        "Wherever weights come from, the least test error with more than N K parameters is below "
        "the least with fewer.",
        partial(second_descent_is_lower, quantity="test_error"),
    ),
}
