"""Published results: cells and single trials of [M], from tables kept with the project."""

from pathlib import Path

import pandas as pd

CELL = ["n_samples", "first_width", "max_bias"]
"""Columns that name a cell of a data set."""


def published_cells(reference: Path, experiment: str, dataset: str) -> pd.DataFrame | None:
    """Published cells to compare an experiment with.

    Parameters
    ----------
    reference : path
        Folder of the published tables.
    experiment, dataset : str
        Names. An experiment without a table of its own is compared with the cells that other
        published tables hold of the same data set.

    Returns
    -------
    pandas.DataFrame or None
        One row a cell; None if nothing is published.
    """
    own = reference / f"{experiment}.csv"
    if own.exists():
        return _rounded(pd.read_csv(own))
    tables = [pd.read_csv(path) for path in sorted(reference.glob("*.csv"))]
    cells = [table[table["dataset"] == dataset] for table in tables]
    cells = [table for table in cells if len(table)]
    if not cells:
        return None
    return _rounded(pd.concat(cells, ignore_index=True).drop_duplicates(CELL))


def _rounded(cells: pd.DataFrame) -> pd.DataFrame:
    return cells.assign(max_bias=cells["max_bias"].round(6))


def published_trials(
    reference: Path, experiment: str, count: int | None = None
) -> pd.DataFrame | None:
    """Published single trials of an experiment, or None if there are none.

    Parameters
    ----------
    reference : path
        Folder of the published tables.
    experiment : str
        Name.
    count : int, optional
        That many of the trials at most, evenly spread over the table; all if left out.

    Returns
    -------
    pandas.DataFrame or None
        One row per trial: `seed` (the row number in the published table), `dataset`, `n_samples`,
        `max_bias` (all digits), `first_width`, `restart`, `score`, `second_width`,
        `second_width_0` ... of each detector, and `fit_seconds`.
    """
    path = reference / "trials" / f"{experiment}.parquet"
    if not path.exists():
        return None
    trials = pd.read_parquet(path)
    step = 1 if count is None else max(1, -(-len(trials) // count))
    return trials.iloc[::step].reset_index(drop=True)
