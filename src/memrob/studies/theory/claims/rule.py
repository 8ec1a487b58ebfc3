"""Rules that decide a statement from a table of trials, and from measured networks beside it."""

from dataclasses import dataclass

import pandas as pd

from memrob.studies import claim
from memrob.studies.claim import Claim


@dataclass(frozen=True)
class BesideRule(claim.Rule):
    """A statement about trials and measured networks; see `memrob.studies.claim.Rule`."""

    def apply(self, trials: pd.DataFrame, beside: pd.DataFrame | None, _experiment: str) -> Claim:
        """Decide the statement for a table of trials and the networks measured beside it."""
        if beside is None or beside.empty:
            return Claim(self.statement, None, "the measured networks are not in this run")
        return Claim(self.statement, *self.decide(trials, beside))
