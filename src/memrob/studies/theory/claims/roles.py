"""Claims about the roles of the classes: what exchanging them changes, and what it does not."""

import numpy as np
import pandas as pd

from memrob.studies.claim import Rule
from memrob.studies.verdict import ERRORS, Verdict

CELL = ["n_samples", "max_bias", "first_width"]
SMALL = 0.05
"""Standard error of a difference of probabilities up to which 0 within it counts as equal."""

ALIKE = 1.5
"""Ratio of the numbers of balls from which on one role counts as the better one. Coverings are
found greedily and are not the smallest ones, so less says little."""

COVERINGS = {"1": ("M_minus_at_1", "M_plus_at_1"), "1/2": ("M_minus", "M_plus")}
"""Columns of the numbers of balls, by the constant of the radii."""

WIDTHS = ("second_width", "second_width_exchanged")
FEWEST = 5
MOST_OF_ALL = 0.99
TOO_FEW = "{} pairs of networks at the largest first width interpolate"


def probability_does_not_depend_on_roles(rows: pd.DataFrame) -> Verdict:
    """Decide whether both roles interpolate with one probability, where some networks fail to.

    Trials take the same hyperplanes in both roles, so differences are paired; classes of a trial
    share them too and are averaged.
    """
    both = rows[["interpolated", "interpolated_exchanged"]].mean(axis=1)
    share = both.groupby([rows[column] for column in CELL]).transform("mean")
    partial = rows[(share > 0.02) & (share < 0.98)]
    gaps = partial["interpolated"] - partial["interpolated_exchanged"]
    of_trials = gaps.groupby(partial["seed"]).mean()
    if len(of_trials) < FEWEST:
        return None, "fewer than five trials at first widths at which some networks fail"
    mean, error = float(of_trials.mean()), float(of_trials.sem())
    evidence = (
        f"exchanging the roles changes the probability by {-mean:+.3f} ± {error:.3f} in "
        f"{len(of_trials)} trials at first widths at which it is between 0.02 and 0.98"
    )
    if abs(mean) > ERRORS * error:
        return (None if error == 0 else False), evidence
    return (True if error <= SMALL else None), evidence


def certain(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of the largest first width whose networks interpolate in both roles."""
    last = rows[rows["first_width"] == rows["first_width"].max()]
    return last[(last["interpolated"] == 1) & (last["interpolated_exchanged"] == 1)]


def _ratios(found: pd.DataFrame, constant: str) -> pd.Series:
    """Neurons per ball, of the networks of both roles."""
    roles = zip(WIDTHS, COVERINGS[constant], strict=True)
    return pd.concat([found[width] / found[balls] for width, balls in roles])


def _bounds(ratios: pd.Series) -> bool:
    return float((ratios <= 1).mean()) >= MOST_OF_ALL


def fewer_balls_narrower(rows: pd.DataFrame) -> Verdict:
    """Decide whether the class that fewer balls cover gives the narrower second layer as X-.

    [M] leaves the constant of the radii open. Constant 1 is taken where its numbers of balls bound
    the second widths in both roles, else 1/2: in many dimensions smaller balls hold single points.
    """
    found = certain(rows)
    if len(found) < FEWEST:
        return None, TOO_FEW.format(len(found))
    constant = "1" if _bounds(_ratios(found, "1")) else "1/2"
    minus, plus = COVERINGS[constant]
    apart = np.abs(np.log(found[minus] / found[plus])) > np.log(ALIKE)
    if apart.sum() < FEWEST:
        means = [f"{found[column].mean():,.1f}" for column in (minus, plus, *WIDTHS)]
        return None, (
            f"both classes need about as many balls, {means[0]} and {means[1]} at constant "
            f"{constant} (a factor of {ALIKE} counts); second widths are {means[2]} and {means[3]} "
            "on average"
        )
    found = found[apart]
    widths = np.log(found[WIDTHS[0]] / found[WIDTHS[1]])
    agree = np.sign(widths) == np.sign(found[minus] - found[plus])
    share = float(agree.mean())
    largest = found.loc[widths.abs().idxmax()]
    evidence = (
        f"in {agree.sum():,} of {len(found):,} pairs of networks at n = "
        f"{int(found['first_width'].iloc[0]):,}; second widths differ most with "
        f"{largest[WIDTHS[0]]:,.0f} and {largest[WIDTHS[1]]:,.0f}, where the classes need "
        f"{largest[minus]:,.0f} and {largest[plus]:,.0f} balls at constant {constant}"
    )
    return (True if share >= MOST_OF_ALL else False if share <= 0.5 else None), evidence


def pieces_bound_both_roles(rows: pd.DataFrame) -> Verdict:
    """Decide whether M- bounds the second width, and M+ that with the roles exchanged."""
    found = certain(rows)
    if len(found) < FEWEST:
        return None, TOO_FEW.format(len(found))
    ratios = {constant: _ratios(found, constant) for constant in ("1/2", "1")}
    texts = [
        f"{(each <= 1).mean():.1%} at constant {constant}, at most {each.max():.2f} times as many "
        "neurons as balls"
        for constant, each in ratios.items()
    ]
    return _bounds(ratios["1/2"]), f"{2 * len(found):,} networks: {'; '.join(texts)}"


RULES = {
    "probability_does_not_depend_on_roles": Rule(
        "The first width that a probability of interpolation needs does not depend on the roles.",
        probability_does_not_depend_on_roles,
    ),
    "fewer_balls_narrower": Rule(
        "The second layer is narrower if the class that fewer balls cover plays X⁻.",
        fewer_balls_narrower,
    ),
    "pieces_bound_both_roles": Rule(
        "In either role the second width is at most the number of balls that cover the class that "
        "plays X⁻, in 99 % of the networks at the largest first width, for constant 1/2.",
        pieces_bound_both_roles,
    ),
}
