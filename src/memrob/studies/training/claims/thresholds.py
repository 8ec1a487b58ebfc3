"""Claims about the smallest widths with which training fits all labels."""

from itertools import pairwise

import numpy as np
import pandas as pd

from memrob.numerics.statistics import PowerLaw, fit_power_law
from memrob.studies.claim import Rule
from memrob.studies.training.cells import (
    CONSTRUCTED,
    RANDOM_LABELS,
    TRAINED,
    TRUE_LABELS,
    along,
    of_network,
    settings,
    threshold_widths,
)
from memrob.studies.training.claims.peaks import Place, places
from memrob.studies.verdict import Verdict, all_hold, beyond

FEWEST_SIZES = 3


def random_needs_more(trials: pd.DataFrame) -> Verdict:
    """Decide whether random labels need a larger width than true ones, at every N.

    Where a search found no width, the largest that failed counts: too little, so that it can
    prove that random labels need more, and not that they need less.
    """
    verdicts, ratios = [], []
    for at, rows in settings(of_network(trials, TRAINED), ["dataset", "n_samples"]):
        random, true = (
            _at_least(rows[rows["labels"] == of]) for of in (RANDOM_LABELS, TRUE_LABELS)
        )
        if random is None or true is None:
            continue
        (random, random_open), (true, true_open) = random, true
        difference = random.mean - true.mean
        verdict = beyond(difference, random.error, true.error)
        unproven = true_open if verdict else random_open
        verdicts.append(None if unproven else verdict)
        more = "more than " * random_open + f"{np.exp(difference):.2f}"
        ratios.append((difference, f"{more} on {at['dataset']}, N = {at['n_samples']:,}"))
    if not verdicts:
        return None, "no number of points has both kinds of labels"
    least, most = min(ratios), max(ratios)
    return all_hold(verdicts), (
        f"random over true widths: from {least[1]} to {most[1]}{_open(verdicts, 'ratios')}"
    )


def _at_least(rows: pd.DataFrame) -> tuple[Place, bool] | None:
    """Mean logarithm of the widths of one kind of labels, and whether it is a lower bound only."""
    widths = rows["threshold_width"].fillna(rows["failed_width"])
    found = along(rows.assign(width=widths), "width", "n_samples")
    if found is None or widths.min() < 1:
        return None
    # Widths vary by factors rather than by units.
    (place,) = places(found, logarithmic=True)
    return place, bool(rows["threshold_width"].isna().any())


def random_grows(trials: pd.DataFrame) -> Verdict:
    """Decide whether the width that random labels need grows from each N to the next."""
    verdicts, texts = [], []
    for at, rows in settings(of_network(trials, TRAINED), ["dataset"]):
        line = threshold_widths(rows, RANDOM_LABELS)
        if line is None or len(line.x) < 2:
            continue
        found = places(line, logarithmic=True)
        for before, after in pairwise(found):
            verdicts.append(beyond(after.mean - before.mean, after.error, before.error))
        ends = f"{np.exp(found[0].mean):,.0f} to {np.exp(found[-1].mean):,.0f}"
        sizes = f"N = {found[0].x:,.0f} to {found[-1].x:,.0f}"
        texts.append(f"from {ends} on {at['dataset']}, {sizes}")
    if not verdicts:
        return None, "no data set has random labels at two numbers of points"
    return all_hold(verdicts), "; ".join(texts) + _open(verdicts, "steps")


def true_grows_more_slowly(trials: pd.DataFrame) -> Verdict:
    """Decide whether the exponent of N is smaller with true labels, with intervals apart."""
    verdicts, texts = [], []
    for at, rows in settings(of_network(trials, TRAINED), ["dataset"]):
        lines = [threshold_widths(rows, labels) for labels in (TRUE_LABELS, RANDOM_LABELS)]
        if any(line is None or len(line.x) < FEWEST_SIZES for line in lines):
            continue
        true, random = (fit_power_law(line.x, line.samples) for line in lines)
        verdicts.append(_below(true, random))
        both = " and ".join(
            f"{law.exponent:.2f} [{law.low:.2f}, {law.high:.2f}]" for law in (true, random)
        )
        texts.append(f"{both} on {at['dataset']}")
    if not verdicts:
        return None, f"no data set has both kinds of labels at {FEWEST_SIZES} numbers of points"
    return all_hold(verdicts), f"exponents with true and random labels: {'; '.join(texts)}"


def construction_takes_more(trials: pd.DataFrame) -> Verdict:
    """Decide whether constructed networks have more parameters than trained ones, at every N."""
    return _more_parameters(
        trials, "labels", {"network": CONSTRUCTED}, {"network": TRAINED}, "constructed over trained"
    )


def construction_memorises(trials: pd.DataFrame) -> Verdict:
    """Decide whether constructed networks need more parameters for random labels than for true."""
    return _more_parameters(
        of_network(trials, CONSTRUCTED),
        "network",
        {"labels": RANDOM_LABELS},
        {"labels": TRUE_LABELS},
        "random over true labels",
    )


def _more_parameters(
    trials: pd.DataFrame, alike: str, more: dict, less: dict, what: str
) -> Verdict:
    """Decide which of two kinds of searches needs more parameters, where all of them ended."""
    verdicts, ratios, passed_over = [], [], 0
    if "network" not in trials:
        trials = trials.assign(network=TRAINED)
    for at, rows in settings(trials, ["dataset", "n_samples", alike]):
        kinds = [rows[(rows[list(of)] == pd.Series(of)).all(axis=1)] for of in (more, less)]
        if any(of.empty for of in kinds):
            continue
        if any(of["n_parameters"].isna().any() for of in kinds):
            passed_over += 1
            continue
        high, low = (
            places(along(of, "n_parameters", "n_samples"), logarithmic=True)[0] for of in kinds
        )
        verdicts.append(beyond(high.mean - low.mean, high.error, low.error))
        text = f"{np.exp(high.mean - low.mean):.2f} at N = {at['n_samples']:,}, {at[alike]}"
        ratios.append((high.mean - low.mean, text))
    if not verdicts:
        return None, "no number of points has both, with a width found in every search"
    left = f"; {passed_over} pairs have no width found" if passed_over else ""
    return all_hold(verdicts), (
        f"{what}: from {min(ratios)[1]} to {max(ratios)[1]}{_open(verdicts, 'ratios')}{left}"
    )


def _below(smaller: PowerLaw, larger: PowerLaw) -> bool | None:
    if smaller.high < larger.low:
        return True
    return False if smaller.low > larger.high else None


def _open(verdicts: list[bool | None], what: str) -> str:
    undecided = verdicts.count(None)
    return f"; {undecided} of {len(verdicts)} {what} are not beyond the error" if undecided else ""


RULES = {
    "random_needs_more": Rule(
        "On every data set and at every N, random labels need a larger width than the true ones.",
        random_needs_more,
    ),
    "random_grows": Rule(
        "On every data set the width that random labels need grows from each N to the next.",
        random_grows,
    ),
    "true_grows_more_slowly": Rule(
        "On every data set the width grows with a smaller power of N for the true labels than for "
        "random ones.",
        true_grows_more_slowly,
    ),
    "construction_takes_more": Rule(
        "At every N, for true and for random labels, the construction takes more parameters than "
        "training.",
        construction_takes_more,
    ),
    "construction_memorises": Rule(
        "At every N the construction takes more parameters for random labels than for true ones.",
        construction_memorises,
    ),
}
