"""Claims about smallest angles, and about what they allow without biases."""

import math

import numpy as np
import pandas as pd

from memrob.complexity.angles import separation_probability
from memrob.studies.claim import Rule
from memrob.studies.theory.angle_table import angle_of
from memrob.studies.theory.claims.rule import BesideRule
from memrob.studies.verdict import Verdict

PUBLISHED = {"moons": 2.44e-6, "mnist": 0.17}
"""Smallest angles that [M] gives, in radians."""

NEAR = 0.05
"""Relative difference up to which an angle counts as the published one."""


def as_published(rows: pd.DataFrame) -> Verdict:
    """Decide whether the smallest angle is the published one, of either kind of pairs."""
    published = PUBLISHED.get(str(rows["dataset"].iloc[0]))
    if published is None:
        return None, "[M] gives no angle of this data set"
    kinds = {"classes": "between classes", "all": "between any two points"}
    angles = {text: angle_of(rows, kind) for kind, text in kinds.items()}
    angles = {text: angle for text, angle in angles.items() if not math.isnan(angle)}
    evidence = ", ".join(f"{angle:.4g} rad {text}" for text, angle in angles.items())
    near = any(abs(angle / published - 1) <= NEAR for angle in angles.values())
    return near, f"{evidence}; [M] gives {published:g}"


def angle_bounds_probability(rows: pd.DataFrame, networks: pd.DataFrame) -> Verdict:
    """Decide whether networks without biases interpolate as rarely as the angle says at least."""
    angle = angle_of(rows, "classes")
    without = networks[np.isclose(networks["max_bias"], 0)]
    if math.isnan(angle) or without.empty:
        return None, "no angle between classes, or no network with λ = 0"
    cells = without.groupby("first_width")["interpolated"].agg(["mean", "size"])
    bound = pd.Series(separation_probability(angle, cells.index.to_numpy()), index=cells.index)
    error = np.sqrt(bound * (1 - bound) / cells["size"])
    above = cells["mean"] > bound + 3 * error + 1e-9
    largest = int(cells.index.max())
    return not above.any(), (
        f"at n = {largest:,} the smallest angle allows a probability of {bound[largest]:.3g}, "
        f"measured {cells.loc[largest, 'mean']:.3g}; {int(above.sum())} of {len(cells)} first "
        "widths are above what it allows"
    )


RULES = {
    "as_published": Rule("The smallest angle is the one that [M] gives.", as_published),
    "angle_bounds_probability": BesideRule(
        "With λ = 0 the probability of interpolation is nowhere above what the smallest angle "
        "between classes allows.",
        angle_bounds_probability,
    ),
}
