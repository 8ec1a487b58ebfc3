"""What a study says of itself and of its tables, for the gallery and the checks of tables."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd


@dataclass(frozen=True)
class Description:
    """What the gallery shows of a study beside its figures and claims.

    Attributes
    ----------
    heading : str
        Heading of the study.
    result : str
        A column that every table of the study has.
    table : callable
        (experiment, trials) -> str, how much a table of trials covers, in one or two sentences.
    published : callable, optional
        (folder of the published tables, experiment, data set) -> DataFrame or None, the published
        cells that figures and claims compare the trials with.
    heatmap_cells : callable, optional
        (trials, options) -> DataFrame, the cells that a heatmap with these options draws, one row
        per cell with the columns of `memrob.plots.grids.grid`.
    per_cell : callable, optional
        (trials) -> str, how many trials a cell has, for the captions of figures.
    """

    heading: str
    result: str
    table: Callable[[str, pd.DataFrame], str]
    published: Callable[[Path, str, str], pd.DataFrame | None] | None = None
    heatmap_cells: Callable[[pd.DataFrame, dict[str, Any]], pd.DataFrame] | None = None
    per_cell: Callable[[pd.DataFrame], str] | None = None

    def of_table(self, experiment: str, trials: pd.DataFrame | None) -> str:
        """How much the table of an experiment covers; empty where there are no trials."""
        return "" if trials is None or trials.empty else self.table(experiment, trials)


def number_of_trials(counts: pd.Series) -> str:
    """Write the trials of a cell as "5", or "5 to 10" where cells differ."""
    low, high = int(counts.min()), int(counts.max())
    return f"{low}" if low == high else f"{low} to {high}"


def number_of_points(trials: pd.DataFrame) -> str:
    """Write the values of `n_samples` as "1,000", or "100 to 1,000"."""
    sizes = trials["n_samples"]
    low, high = int(sizes.min()), int(sizes.max())
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"
