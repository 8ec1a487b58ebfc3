"""Rules that decide statements from a table of complexities and one of measured trials."""

from collections.abc import Callable
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
        Takes the table of complexities and that of measured trials, and returns (holds, evidence).
    needs_measured : bool
        Whether nothing can be said without measured trials.
    """

    figure: str
    statement: str
    decide: Callable[[pd.DataFrame, pd.DataFrame | None], Verdict]
    needs_measured: bool = True

    def apply(self, theory: pd.DataFrame, measured: pd.DataFrame | None) -> Claim:
        """Decide the statement for two tables."""
        if self.needs_measured and (measured is None or measured.empty):
            return Claim(self.statement, None, "the measured trials are not in this run")
        return Claim(self.statement, *self.decide(theory, measured))
