"""Recompute a random sample of the trials behind a table and compare their rows."""

import contextlib
import io
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from memrob.data import prepare
from memrob.errors import UserError
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
    differences : DataFrame
        One row per value that did not: `trial`, `column`, `table`, `recomputed`.
    commit : str or None
        The commit of the table.
    """

    table: str
    n_trials: int
    n_rows: int
    of_trials: int
    same_rows: int
    differences: pd.DataFrame
    commit: str | None

    @property
    def holds(self) -> bool:
        """Whether every row came out the same."""
        return self.same_rows == self.n_rows


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
    differences = pd.concat([each[1] for each in found], ignore_index=True)
    return Verification(
        table=str(table),
        n_trials=len(chosen),
        n_rows=sum(each[0] for each in found),
        of_trials=len(trials),
        same_rows=sum(each[2] for each in found),
        differences=differences,
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


def _compared(experiment, trial, rows, table, dataset):
    texts = {name: str for name in rows.select_dtypes(["object", "string"])}
    again = _recomputed(experiment, trial, dataset, texts)
    own = rows_of(trial, again, rows)
    if len(own) != len(again):
        raise UserError(
            f"{table}: has {len(own)} rows with the parameters of a trial that gives {len(again)}; "
            "table and record do not belong together"
        )
    columns = [column for column in again if column not in TIMES]
    left, right = own[columns].reset_index(drop=True), again[columns]
    same = (left == right) | (left.isna() & right.isna())
    places = [(i, column) for column in columns for i in np.flatnonzero(~same[column])]
    differences = pd.DataFrame(
        [(str(trial), c, left.at[i, c], right.at[i, c]) for i, c in places],
        columns=["trial", "column", "table", "recomputed"],
    )
    return len(own), differences, int(same.all(axis=1).sum())


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
