"""A claim about which test points networks mislabel."""

import pandas as pd

from memrob.studies.generalisation.claims.margins import binomial_error, cell_means, where
from memrob.studies.verdict import Verdict, all_hold, beyond, percent

LEAST_SHARE = 0.75


def errors_are_undecided(trials: pd.DataFrame) -> Verdict:
    """Decide whether at most mislabelled points no detector fires or several do.

    Of cells all of whose networks interpolate.
    """
    cells = cell_means(trials, "test_accuracy")
    kinds = [cell_means(trials, f"{kind}_errors")["value"] for kind in ("undetected", "ambiguous")]
    cells = cells.assign(undecided=sum(kinds))
    cells = cells[cells["interpolates"] & (cells["value"] < 1)]
    if cells.empty:
        return None, "no cell whose networks all interpolate mislabels a test point"
    shares = [(cell.undecided / (1 - cell.value), cell) for cell in cells.itertuples()]
    # Among the mislabelled points, those at which not exactly one detector fires.
    verdicts = [
        beyond(share - LEAST_SHARE, binomial_error(share, (1 - cell.value) * cell.n_test))
        for share, cell in shares
    ]
    least, cell = min(shares, key=lambda pair: pair[0])
    return all_hold(verdicts), f"at least {percent(least)}, at {where(cell)}"
