"""Rules that decide statements from a table of complexities and one of measured trials."""

from dataclasses import dataclass

import pandas as pd

from memrob.studies import claim
from memrob.studies.claim import Claim


@dataclass(frozen=True)
class Rule(claim.Rule):
    """A statement about a table of complexities; see `memrob.studies.claim.Rule`.

    Attributes
    ----------
    needs_measured : bool
        Whether nothing can be said without measured trials.
    """

    needs_measured: bool = True

    def apply(self, trials: pd.DataFrame, beside: pd.DataFrame | None, _experiment: str) -> Claim:
        """Decide the statement for a table of complexities and the measured trials beside it."""
        if self.needs_measured and (beside is None or beside.empty):
            return Claim(self.statement, None, "the measured trials are not in this run")
        return Claim(self.statement, *self.decide(trials, beside))
