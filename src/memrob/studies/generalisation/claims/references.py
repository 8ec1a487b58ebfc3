"""Claims that compare networks with a linear classifier and with nearest neighbours."""

import numpy as np
import pandas as pd

from memrob.studies.generalisation.cells import reference_accuracy
from memrob.studies.generalisation.claims.margins import binomial_error, cell_means, where
from memrob.studies.verdict import Verdict, all_hold, beyond, opposite, percent

NAMES = {"linear": "the linear classifier", "neighbours": "the nearest neighbours"}


def below_linear(trials: pd.DataFrame) -> Verdict:
    """Decide whether the mean test accuracy of every cell is below the linear classifier's."""
    return _below(trials, "linear")


def below_neighbours(trials: pd.DataFrame) -> Verdict:
    """Decide whether the mean test accuracy of every cell is below the nearest neighbours'."""
    return _below(trials, "neighbours")


def biased_above_linear(trials: pd.DataFrame) -> Verdict:
    """Decide whether with λ > 0 the widest networks do better than the linear classifier."""
    biased = trials[~(trials["max_bias"] == 0)]
    return _above(biased, "test_accuracy", "linear")


def unique_above_neighbours(trials: pd.DataFrame) -> Verdict:
    """Decide whether the widest networks, where one detector fires, beat nearest neighbours."""
    return _above(trials, "unique_accuracy", "neighbours")


def _below(trials: pd.DataFrame, classifier: str) -> Verdict:
    reference, cells = reference_accuracy(trials, classifier), cell_means(trials, "test_accuracy")
    if reference is None or cells.empty:
        return None, f"networks and {NAMES[classifier]} are not both in this run"
    verdicts = [opposite(_exceeds(cell, reference)) for cell in cells.itertuples()]
    best = max(cells.itertuples(), key=lambda cell: cell.value)
    return all_hold(verdicts), _compared(best, reference, classifier, "at most")


def _above(trials: pd.DataFrame, quantity: str, classifier: str) -> Verdict:
    reference, cells = reference_accuracy(trials, classifier), cell_means(trials, quantity)
    if reference is None or cells.empty:
        return None, f"networks and {NAMES[classifier]} are not both in this run"
    cells = cells[cells["first_width"] == cells["first_width"].max()]
    if quantity == "unique_accuracy":
        # It is a share of the points at which exactly one detector fires.
        shares = 1 - cell_means(trials, "undetected")["value"]
        shares -= cell_means(trials, "ambiguous")["value"]
        points = cells["n_test"] * shares.reindex(cells.index)
        cells = cells.assign(error=np.hypot(cells["error"], binomial_error(cells["value"], points)))
    verdicts = [_exceeds(cell, reference) for cell in cells.itertuples()]
    least = min(cells.itertuples(), key=lambda cell: cell.value)
    return all_hold(verdicts), _compared(least, reference, classifier, "at least")


def _exceeds(cell, reference: float) -> bool | None:
    return beyond(cell.value - reference, cell.error, binomial_error(reference, cell.n_test))


def _compared(cell, reference: float, classifier: str, bound: str) -> str:
    return (
        f"{bound} {percent(cell.value)} ({where(cell)}), {NAMES[classifier]} {percent(reference)}"
    )
