"""Claims about how test accuracy changes with first width and maximal bias."""

import itertools

import pandas as pd

from memrob.studies.generalisation.claims.margins import cell_means, where
from memrob.studies.verdict import Verdict, all_hold, beyond, percent

WIDE = 100


def accuracy_rises(trials: pd.DataFrame) -> Verdict:
    """Decide whether the test accuracy rises with the first width at every maximal bias."""
    return _monotone(trials, "test_accuracy", rises=True)


def undetected_falls(trials: pd.DataFrame) -> Verdict:
    """Decide whether fewer test points are undetected with each further first width."""
    return _monotone(trials, "undetected", rises=False)


def _monotone(trials: pd.DataFrame, quantity: str, *, rises: bool) -> Verdict:
    verdicts, parts = [], []
    for max_bias, row in cell_means(trials, quantity).groupby("max_bias"):
        cells = list(row.itertuples())
        for before, after in itertools.pairwise(cells):
            low, high = (before, after) if rises else (after, before)
            verdicts.append(beyond(high.value - low.value, high.error, low.error))
        parts.append(f"{percent(cells[0].value)} to {percent(cells[-1].value)} at λ = {max_bias:g}")
    if not verdicts:
        return None, "no maximal bias has two first widths"
    undecided = verdicts.count(None)
    note = f"; {undecided} of {len(verdicts)} steps are within the error" if undecided else ""
    return all_hold(verdicts), "from the smallest to the largest n: " + ", ".join(parts) + note


def large_bias_costs(trials: pd.DataFrame) -> Verdict:
    """Decide whether the largest maximal bias does worse than 0 at every first width."""
    pairs = _against_zero(trials)
    largest = max((cell.max_bias for cell, _ in pairs), default=None)
    pairs = [(cell, zero) for cell, zero in pairs if cell.max_bias == largest]
    if not pairs:
        return None, "no first width has λ = 0 and another"
    verdicts = [beyond(zero.value - cell.value, cell.error, zero.error) for cell, zero in pairs]
    least, zero = min(pairs, key=lambda pair: pair[1].value - pair[0].value)
    change = f"from {percent(zero.value)} to {percent(least.value)}"
    return all_hold(verdicts), f"the smallest loss is {change}, at {where(least)}"


def biases_needed(trials: pd.DataFrame) -> Verdict:
    """Decide whether every positive maximal bias does better than 0, from n = 100 on."""
    pairs = [(cell, zero) for cell, zero in _against_zero(trials) if cell.first_width >= WIDE]
    if not pairs:
        return None, f"no first width from {WIDE} on has λ = 0 and another"
    verdicts = [beyond(cell.value - zero.value, cell.error, zero.error) for cell, zero in pairs]
    least, zero = min(pairs, key=lambda pair: pair[0].value - pair[1].value)
    change = f"from {percent(zero.value)} to {percent(least.value)}"
    return all_hold(verdicts), f"the smallest gain is {change}, at {where(least)}"


def _against_zero(trials: pd.DataFrame) -> list[tuple]:
    """Pairs of a cell with λ > 0 and the one with λ = 0 and the same n."""
    cells = cell_means(trials, "test_accuracy")
    zero = {cell.first_width: cell for cell in cells.itertuples() if cell.max_bias == 0}
    return [
        (cell, zero[cell.first_width])
        for cell in cells.itertuples()
        if cell.max_bias > 0 and cell.first_width in zero
    ]
