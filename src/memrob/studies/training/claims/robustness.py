"""Claims about certified and attacked radii of images."""

import numpy as np
import pandas as pd

from memrob.lipschitz.norms import p_text
from memrob.studies.claim import Rule
from memrob.studies.training.cells import attack_radius, certified, contradicted
from memrob.studies.verdict import Verdict, percent


def certified_below_attacks(trials: pd.DataFrame) -> Verdict:
    """Decide whether no certified radius exceeds one at which an attack succeeded."""
    reached = attack_radius(trials)
    held = certified(trials)
    compared = np.isfinite(reached) & (held > 0)
    if not compared.any():
        return None, "no image has both a certified radius > 0 and an attack that succeeded"
    broken = trials[contradicted(trials)]
    ratio = (held / reached)[compared]
    worst = trials[compared].iloc[ratio.argmax()]
    found = f"{len(broken):,} contradiction{'s' * (len(broken) != 1)}"
    return broken.empty, (
        f"{found} among {compared.sum():,} pairs of radii; the largest ratio is {ratio.max():.3g}, "
        f"at p = {p_text(worst['p'])}, {worst['stage']} training"
    )


def pgd_reaches_no_farther(trials: pd.DataFrame) -> Verdict:
    """Decide whether PGD needs no larger perturbation than FGSM, for every image and p."""
    compared = trials[np.isfinite(trials["fgsm_radius"])]
    if compared.empty:
        return None, "FGSM changed no label"
    farther = compared[~(compared["pgd_radius"] <= compared["fgsm_radius"])]
    ratio = (compared["pgd_radius"] / compared["fgsm_radius"]).replace(np.inf, np.nan)
    median = f"the median of the ratios is {ratio.median():.3g}"
    return farther.empty, (
        f"its perturbation is larger, or it fails, in {len(farther):,} of {len(compared):,} cases; "
        + median
    )


def trained_are_certified(trials: pd.DataFrame) -> Verdict:
    """Decide whether after training some images have a certified radius > 0, for every p."""
    rows = trials[trials["stage"] == "after"]
    if rows.empty:
        return None, "no image was looked at after training"
    positive = rows["certified_radius"] > 0
    shares = positive.groupby(rows["p"]).mean()
    medians = rows[positive].groupby("p")["certified_radius"].median()
    texts = [
        f"{percent(share)} at p = {p_text(p)}"
        + (f", their median {medians[p]:.3g}" if p in medians else "")
        for p, share in shares.items()
    ]
    return bool((shares > 0).all()), "; ".join(texts)


RULES = {
    "certified_below_attacks": Rule(
        "For every image and p, before and after training, the certified radius is at most that "
        "of every attack.",
        certified_below_attacks,
    ),
    "pgd_reaches_no_farther": Rule(
        "For every image and p that FGSM succeeds on, PGD succeeds with a perturbation at most as "
        "large.",
        pgd_reaches_no_farther,
    ),
    "trained_are_certified": Rule(
        "After training some images have a certified radius above 0, for every p.",
        trained_are_certified,
    ),
}
