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

    def apply(self, theory: pd.DataFrame, measured: pd.DataFrame | None) -> Claim:
        """Decide the statement for two tables."""
        if self.needs_measured and (measured is None or measured.empty):
            return Claim(self.statement, None, "the measured trials are not in this run")
        return super().apply(theory, measured)
