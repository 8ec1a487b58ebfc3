"""Verdicts: what numbers that are known up to an error decide, and what they leave open."""

import math
from collections.abc import Iterable

Verdict = tuple[bool | None, str]
"""Whether a statement holds, None where that is not decided, and the numbers behind it."""

ERRORS = 3
"""A difference counts from this many standard errors on."""


def all_hold(verdicts: Iterable[bool | None]) -> bool | None:
    """Return False if some verdict is, else None if some verdict is or there is none, else True."""
    verdicts = list(verdicts)
    if False in verdicts:
        return False
    return None if None in verdicts or not verdicts else True


def opposite(verdict: bool | None) -> bool | None:
    """Return the other verdict; None stays."""
    return None if verdict is None else not verdict


def inside(low: float, high: float, least: float, largest: float) -> bool | None:
    """Say whether a number known by an interval lies in [least, largest].

    Parameters
    ----------
    low, high : float
        Ends of the interval; NaN for none.
    least, largest : float
        The range asked about; may be infinite.

    Returns
    -------
    bool or None
        True where the whole interval is in the range, False where none of it is.
    """
    if least <= low and high <= largest:
        return True
    return False if high < least or low > largest else None


def beyond(difference: float, *errors: float) -> bool | None:
    """Whether a difference is above 0, beyond its error.

    Shares on the same test points are positively correlated as accuracies are, so that taking
    their errors as independent is cautious.

    Parameters
    ----------
    difference : float
        The difference.
    *errors : float
        Standard errors of what was subtracted from each other.

    Returns
    -------
    bool or None
        None where the difference is within `ERRORS` standard errors of 0.
    """
    if abs(difference) <= ERRORS * math.hypot(*errors):
        return None
    return difference > 0


def significant(value: float, digits: int) -> str:
    """Write a number with so many significant digits, no large one as a power: 15,850, 0.772."""
    return f"{float(f'{value:.{digits}g}'):,.12g}"


def percent(share: float) -> str:
    """Write a share as 88.3 %."""
    return f"{100 * share:.1f} %"
