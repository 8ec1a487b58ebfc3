"""Rules that decide statements about figures from tables of cells."""

from dataclasses import dataclass

import pandas as pd

from memrob.studies import claim
from memrob.studies.claim import Claim
from memrob.studies.interpolation.cells import summarise
from memrob.studies.interpolation.published import SAMPLES
from memrob.studies.verdict import Verdict

KEYS = ["n_samples", "first_width", "max_bias"]


@dataclass(frozen=True)
class Rule(claim.Rule):
    """A statement about cells; see `memrob.studies.claim.Rule` for its attributes.

    Attributes
    ----------
    against_published : bool
        Whether the verdict is a comparison with the published cells, which `decide` takes as its
        second argument then.
    """

    against_published: bool = False

    def apply(self, trials: pd.DataFrame, beside: pd.DataFrame | None, experiment: str) -> Claim:
        """Decide the statement for trials, with the published verdict in the evidence."""
        low, high = SAMPLES.get(experiment, (0, float("inf")))
        sizes = trials["n_samples"]
        if sizes.min() < low or sizes.max() > high:
            reason = f"run on other data: N = {sizes.min():,} to {sizes.max():,}"
            return Claim(self.statement, None, reason)
        cells = summarise(trials)
        # A run on other cells than the published ones has nothing to be read beside.
        shares_none = beside is None or shared_cells(cells, beside)[1].empty
        return Claim(self.statement, *self._verdict(cells, None if shares_none else beside))

    def _verdict(self, cells: pd.DataFrame, published: pd.DataFrame | None) -> Verdict:
        if self.against_published:
            if published is None:
                return None, "no published cells on this grid"
            return self.decide(*shared_cells(cells, published))
        holds, evidence = self.decide(cells)
        if published is None:
            return holds, evidence
        published_holds, published_evidence = self.decide(published)
        word = WORDS[published_holds]
        evidence += f". The published cells: {word} ({published_evidence})"
        if holds is None:
            evidence += ". " + (NO_SCALE if published_holds is None else PAPER_SCALE)
        return holds, evidence


PAPER_SCALE = "Scale paper, which has the published cells and trials, decides it"
NO_SCALE = "The published trials do not decide it either, so that no scale does"
WORDS = {True: "holds", False: "does not hold", None: "not decided"}


def shared_cells(cells: pd.DataFrame, published: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Restrict two tables of cells to the cells that both have, in the same order.

    Parameters
    ----------
    cells, published : pandas.DataFrame
        Tables with columns `n_samples`, `first_width`, `max_bias` and any others. `max_bias` is
        matched to six decimals, as grids made by repeated addition carry rounding errors.

    Returns
    -------
    tuple of pandas.DataFrame
        The two tables, row by row the same cells, each indexed from 0.
    """
    indexed = [table.assign(max_bias=table["max_bias"].round(6)) for table in (cells, published)]
    indexed = [table.set_index(KEYS).sort_index() for table in indexed]
    index = indexed[0].index.intersection(indexed[1].index)
    left, right = (table.loc[index].reset_index() for table in indexed)
    return left, right
