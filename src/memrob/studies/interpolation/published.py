"""Published results: cells and single trials of [M], from tables kept with the project."""

from pathlib import Path

import pandas as pd

CELL = ["n_samples", "first_width", "max_bias"]
"""Columns that name a cell of a data set."""

# The smallest and largest number of points that the claims are about. A run on other data, such
# as the synthetic sets of a smoke test, says nothing about them.
SAMPLES = {
    "moons": (1000, 1000),
    "moons_size": (100_000, 1_000_000),
    "mnist": (70_000, 70_000),
    "mnist_ext_bias": (70_000, 70_000),
    "mnist_ext_iter": (70_000, 70_000),
    "mnist_1v8_size": (1400, 15_000),
    "mnist_1v9_size": (1400, 15_000),
    "cifar10": (60_000, 60_000),
    "cifar10_ext_bias": (60_000, 60_000),
    "cifar10_ext_iter": (60_000, 60_000),
}
# Cells of the published experiments, and trials of each.
GRIDS = {
    "moons": (2550, 50),
    "moons_size": (100, 100),
    "mnist": (650, 25),
    "mnist_ext_bias": (30, 25),
    "mnist_ext_iter": (33, 25),
    "mnist_1v8_size": (30, 25),
    "mnist_1v9_size": (30, 25),
    "cifar10": (110, 10),
    "cifar10_ext_bias": (30, 5),
    "cifar10_ext_iter": (33, 5),
}

UNKNOWN_ORDER = frozenset({"cifar10"})
"""Data sets whose points the published trials took in an order that is not known.

It decides which candidates a published seed draws, and so the second width; the points that are
covered it does not, nor the score: a point is covered if and only if its own minimum m is positive
(own, see `memrob.interpolation.reference_order`)."""


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
        One row per cell; None if nothing is published.
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
