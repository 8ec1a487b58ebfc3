"""What verdicts rest on: differences of means over restarts that are beyond their error."""

import numpy as np
import pandas as pd

from memrob.numerics.statistics import Line, fit_power_law, mean_interval
from memrob.studies.convolution.cells import of_network
from memrob.studies.convolution.trial import NETWORKS
from memrob.studies.verdict import inside, significant

LEVEL = 0.99
FEWEST = 3
"""This many networks per cell are needed to say how far their mean may be off."""
PLACES = 3
TOO_FEW = f"fewer than {FEWEST} networks per cell"
MISSING = "the table has not both networks"

Interval = tuple[float, float]


def interval(values: np.ndarray) -> Interval:
    """Return a 99 % confidence interval of a mean, the same each time; NaN for too few values."""
    if len(values) < FEWEST:
        return np.nan, np.nan
    return mean_interval(values, LEVEL)


def below(first: Interval, second: Interval) -> bool | None:
    """Whether one interval lies below another; None where they meet or one is not known."""
    if first[1] < second[0]:
        return True
    return False if first[0] > second[1] else None


def both(trials: pd.DataFrame) -> list[pd.DataFrame] | None:
    """Rows of convolutional and of fully connected networks; None unless there are both."""
    found = [of_network(trials, network) for network in NETWORKS]
    return None if any(rows.empty for rows in found) else found


def trend(along: Line | None, *, grows: bool) -> tuple[bool | None, str]:
    """Decide whether a quantity grows along its line, or does not, by its exponent.

    Parameters
    ----------
    along : Line or None
        The quantity, positive.
    grows : bool
        Whether an exponent above 0 is claimed, or one of at most 0.

    Returns
    -------
    (holds, evidence)
        Undecided where the 99 % interval of the exponent contains 0, or with too few places.
    """
    if along is None or len(along.x) < PLACES:
        return None, f"fewer than {PLACES} places with networks that interpolate"
    if along.networks.min() < FEWEST:
        return None, TOO_FEW
    law = fit_power_law(along.x, along.samples, LEVEL)
    ends = (0, np.inf) if grows else (-np.inf, 0)
    return inside(law.low, law.high, *ends), (
        f"from {significant(along.means[0], 4)} at |S| = {along.x[0]:,.0f} to "
        f"{significant(along.means[-1], 4)} at |S| = {along.x[-1]:,.0f}, "
        f"exponent {law.exponent:.2f} ({law.low:.2f} to {law.high:.2f})"
    )
