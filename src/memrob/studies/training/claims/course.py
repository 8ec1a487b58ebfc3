"""Claims about bounds of the Lipschitz constant during training."""

import numpy as np
import pandas as pd

from memrob.lipschitz.norms import p_text
from memrob.studies.claim import Rule
from memrob.studies.training.cells import settings
from memrob.studies.verdict import Verdict, all_hold, beyond

ROUNDING = 1e-6
"""Relative; the networks have float32 weights."""


def bounds_in_order(trials: pd.DataFrame) -> Verdict:
    """Decide whether the lower bound is at most the upper one in every row."""
    known = trials[trials[["lower", "upper"]].notna().all(axis=1)]
    if known.empty:
        return None, "no row has both bounds"
    ratio = known["lower"] / known["upper"]
    broken = int((ratio > 1 + ROUNDING).sum())
    worst = known.iloc[ratio.argmax()]
    return broken == 0, (
        f"{broken:,} of {len(known):,} pairs are out of order; the largest ratio is "
        f"{ratio.max():.4g}, at p = {p_text(worst['p'])}, epoch {worst['epoch']:,.0f}"
    )


def bounds_grow(trials: pd.DataFrame) -> Verdict:
    """Decide whether both bounds are larger after training than before, at every p.

    Of the same networks, so that the mean logarithm of each ratio counts.
    """
    verdicts, texts = [], []
    for at, rows in settings(trials, ("dataset", "width", "p")):
        first, last = (
            rows[rows["epoch"] == epoch].set_index(["restart"])[["lower", "upper"]]
            for epoch in (rows["epoch"].min(), rows["epoch"].max())
        )
        ratio = np.log(last / first).dropna()
        if rows["epoch"].nunique() < 2 or ratio.empty:
            continue
        errors = ratio.std(ddof=1) / np.sqrt(len(ratio))
        # A single network has no standard error; its own growth decides nothing.
        errors = errors.fillna(np.inf)
        verdicts += [beyond(ratio[name].mean(), errors[name]) for name in ("lower", "upper")]
        factors = " and ".join(f"{np.exp(ratio[name].mean()):.3g}" for name in ratio)
        texts.append(f"by {factors} at p = {p_text(at['p'])}, width {at['width']:,}")
    if not verdicts:
        return None, "no network was looked at in two epochs"
    return all_hold(verdicts), "lower and upper bounds grew " + "; ".join(texts)


RULES = {
    "bounds_in_order": Rule(
        "The lower bound is at most the upper bound in every epoch, for every network and p.",
        bounds_in_order,
    ),
    "bounds_grow": Rule(
        "For every p both bounds are larger after training than before.",
        bounds_grow,
    ),
}
