"""Recompute a random sample of the trials behind a table and compare their rows."""

import contextlib
import io
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype

from memrob.data import prepare
from memrob.errors import UserError
from memrob.studies.agreement import (
    DIFFERENT,
    ROUNDED,
    SAME,
    SEARCHED,
    agreement,
    relative_difference,
)
from memrob.studies.base import Experiment
from memrob.studies.recorded import parameters_of, read_recorded
from memrob.studies.run import run_chunk
from memrob.studies.tables import TIMES


@dataclass(frozen=True)
class Verification:
    """What came out of recomputing trials.

    Attributes
    ----------
    table : str
        The table that was checked.
    n_trials, n_rows : int
        Trials recomputed, and rows of the table that are theirs.
    of_trials : int
        Trials of the whole table.
    same_rows : int
        Rows that came out exactly the same, apart from times.
    rounded_rows : int
        Rows beside these in which real numbers differ by rounding alone.
    searched_rows : int
        Rows beside these in which a search ended elsewhere after another rounding.
    largest_searched : float
        Largest relative difference in these; 0 if there are none.
    differences : DataFrame
        One row per value that differs otherwise: `trial`, `column`, `table`, `recomputed`.
    commit : str or None
        The commit of the table.
    """

    table: str
    n_trials: int
    n_rows: int
    of_trials: int
    same_rows: int
    rounded_rows: int
    searched_rows: int
    largest_searched: float
    differences: pd.DataFrame
    commit: str | None

    @property
    def holds(self) -> bool:
        """Whether every row came out the same, as far as rounding lets it."""
        return self.same_rows + self.rounded_rows + self.searched_rows == self.n_rows


def verify(
    table: Path,
    n_trials: int = 10,
    seed: int = 0,
    prepared: Path = Path("data/prepared"),
    mirror: str | None = None,
) -> Verification:
    """Recompute a random sample of the trials of a table.

    Parameters
    ----------
    table : path
        `results/STUDY/EXPERIMENT.csv`, or a Parquet file of `data/replication`; the record of the
        same name, ending in `.json`, says how it was made.
    n_trials : int
        Trials that are drawn, all if there are fewer.
    seed : int
        Seed of the draw.
    prepared : path
        Folder of prepared data sets; one that is not there is built for the occasion.
    mirror : str, optional
        Folder of raw sets, as for `memrob.data.prepare`.

    Returns
    -------
    Verification

    Raises
    ------
    UserError
        If the table or its record cannot be read, or do not fit each other.
    """
    recorded = read_recorded(table)
    experiment, trials, rows = recorded.experiment, recorded.trials, recorded.rows
    chosen = np.random.default_rng(seed).permutation(len(trials))[:n_trials]
    with tempfile.TemporaryDirectory() as folder:
        dataset = _dataset(experiment, prepared, Path(folder), mirror)
        found = [_compared(experiment, trials[i], rows, table, dataset) for i in sorted(chosen)]
    rows_at = np.concatenate([each.levels for each in found])
    return Verification(
        table=str(table),
        n_trials=len(chosen),
        n_rows=len(rows_at),
        of_trials=len(trials),
        same_rows=int((rows_at == SAME).sum()),
        rounded_rows=int((rows_at == ROUNDED).sum()),
        searched_rows=int((rows_at == SEARCHED).sum()),
        largest_searched=max(each.largest_searched for each in found),
        differences=pd.concat([each.differences for each in found], ignore_index=True),
        commit=recorded.record.get("git_commit"),
    )


def _dataset(experiment: Experiment, prepared: Path, folder: Path, mirror) -> Path | None:
    # Where the data set of the experiment is prepared, in the folder if it was not yet.
    if experiment.dataset is None:
        return None
    path = prepared / f"{experiment.dataset}.npz"
    if not path.exists():
        path = folder / path.name
        prepare(experiment.dataset, path, mirror=mirror)
    return path


@dataclass(frozen=True)
class _Compared:
    # The rows of a trial: the level of agreement of each, the largest difference that a search
    # made, and values that differ.
    levels: np.ndarray
    largest_searched: float
    differences: pd.DataFrame


def _compared(experiment, trial, rows, table, dataset) -> _Compared:
    texts = {name: str for name in rows.select_dtypes(["object", "string"])}
    again = _recomputed(experiment, trial, dataset, texts)
    own = rows_of(trial, again, rows)
    if len(own) != len(again):
        raise UserError(
            f"{table}: has {len(own)} rows with the parameters of a trial that gives {len(again)}; "
            "table and record do not belong together"
        )
    columns = [column for column in again if column not in TIMES]
    if missing := [column for column in columns if column not in own]:
        raise UserError(f"{table}: has no column {missing[0]}; run it again")
    left, right = own[columns].reset_index(drop=True), again[columns]
    levels = agreement(left, right, experiment.part)
    apart = [
        relative_difference(left[c], right[c])[levels[c] == SEARCHED]
        for c in columns
        if is_numeric_dtype(left[c])
    ]
    places = [(i, c) for c in columns for i in np.flatnonzero(levels[c] == DIFFERENT)]
    differences = pd.DataFrame(
        [(str(trial), c, left.at[i, c], right.at[i, c]) for i, c in places],
        columns=["trial", "column", "table", "recomputed"],
    )
    largest = max((float(each.max(initial=0)) for each in apart), default=0.0)
    return _Compared(levels.max(axis=1).to_numpy(), largest, differences)


def _recomputed(
    experiment: Experiment, trial, dataset: Path | None, texts: dict[str, type]
) -> pd.DataFrame:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "table.csv"
        # The progress of a chunk is of no interest here.
        with contextlib.redirect_stderr(io.StringIO()):
            run_chunk(experiment.runner(), [trial], out, dataset)
        # A column of one trial that holds the text "true" alone would be read as a truth value.
        return pd.read_csv(out, dtype=texts)


def rows_of(trial, again: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of a table that have the parameters of the recomputed ones.

    Parameters
    ----------
    trial : dataclass
        The trial; those of its fields that are columns, or the `columns` that it names, are its
        parameters, as far as they are the same in all of its rows.
    again, rows : DataFrame
        Recomputed rows, all of this trial, and those of the table.
    """
    names = [name for name in parameters_of(trial) if name in again]
    constant = [name for name in names if again[name].nunique(dropna=False) == 1]
    chosen = np.ones(len(rows), dtype=bool)
    for name in constant:
        value = again[name].iloc[0]
        column = rows[name] if name in rows else pd.Series(np.nan, index=rows.index)
        chosen &= (column.isna() if pd.isna(value) else column == value).to_numpy()
    return rows[chosen]
