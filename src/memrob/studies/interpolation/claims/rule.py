"""Rules that decide statements about figures from tables of cells."""

from dataclasses import dataclass

import pandas as pd

from memrob.studies import claim
from memrob.studies.claim import Claim

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

    def apply(self, cells: pd.DataFrame, published: pd.DataFrame | None) -> Claim:
        """Decide the statement for `cells`, with the published verdict in the evidence."""
        if self.against_published:
            if published is None:
                return Claim(self.statement, None, "no published cells on this grid")
            return Claim(self.statement, *self.decide(*shared_cells(cells, published)))
        holds, evidence = self.decide(cells)
        if published is not None:
            published_holds, published_evidence = self.decide(published)
            word = WORDS[published_holds]
            evidence += f". The published cells of the same grid: {word} ({published_evidence})"
        return Claim(self.statement, holds, evidence)


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
