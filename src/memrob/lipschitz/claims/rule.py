"""Rules that decide statements about figures from tables of trials."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd

from memrob.claim import Claim, Verdict


@dataclass(frozen=True)
class Rule:
    """A statement about one figure and the function that decides it.

    Attributes
    ----------
    figure : str
        Name of the figure that shows it.
    statement : str
        What the figure should show.
    decide : callable
        Takes a table of trials and returns (holds, evidence).
    """

    figure: str
    statement: str
    decide: Callable[[pd.DataFrame], Verdict]

    def apply(self, trials: pd.DataFrame) -> Claim:
        """Decide the statement for a table of trials."""
        return Claim(self.statement, *self.decide(trials))


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


def all_hold(verdicts: Iterable[bool | None]) -> bool | None:
    """Return False if some verdict is, else None if some verdict is, else True."""
    verdicts = list(verdicts)
    if False in verdicts:
        return False
    return None if None in verdicts or not verdicts else True


def p_text(p: float) -> str:
    """Write an exponent: 1.25 or ∞."""
    return "∞" if p == float("inf") else f"{p:g}"
