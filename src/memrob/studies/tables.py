"""Tables of trials: written whole, gathered from those of chunks, read with a check."""

import hashlib
import json
import time
from pathlib import Path

import numpy as np
import pandas as pd

from memrob.errors import UserError
from memrob.numerics.files import whole_file

TIMES = ("fit_seconds", "seconds")
"""Columns of tables of trials that hold times."""


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table as plain CSV, floats with all their digits."""
    with whole_file(path) as temporary:
        table.to_csv(temporary, index=False)


def seal(table: Path) -> None:
    """Write the checksum of a table beside it, as `sha256sum` does, for `read_sealed`."""
    with whole_file(_seal_of(table)) as temporary:
        temporary.write_text(f"{_checksum(table)}  {table.name}\n")


def read_sealed(table: Path) -> pd.DataFrame:
    """Read a table, and check that it is what was written if its checksum lies beside it.

    Raises
    ------
    UserError
        If it is not.
    """
    seal_path = _seal_of(table)
    sealed = not seal_path.exists() or seal_path.read_text().startswith(_checksum(table))
    try:
        if sealed:
            return pd.read_csv(table)
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError):
        pass
    raise UserError(f"{table}: is not what was written; delete it and run the same command again")


def _seal_of(table: Path) -> Path:
    return table.with_suffix(".sha256")


def _checksum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def gather(
    chunks: list[Path], benchmarks: list[Path], table: Path, record: Path, description: dict
) -> None:
    """Gather the tables of an experiment's chunks into one, and describe it beside.

    Parameters
    ----------
    chunks : list of path
        CSV tables, in the order of the trials.
    benchmarks : list of path
        Snakemake's benchmark files of the chunks; those that are absent are passed over.
    table : path
        CSV to write, one row per trial.
    record : path
        JSON to write: `description`, and the rows, times and times of computation.
    description : dict
        What is known before: configuration, versions and so on.

    Raises
    ------
    UserError
        If the table of a chunk is damaged.
    """
    tables = [read_sealed(chunk) for chunk in chunks]
    gathered = pd.concat(tables, ignore_index=True)
    present = [pd.read_csv(path, sep="\t") for path in benchmarks if path.exists()]
    write_table(gathered, table)
    content = {
        **description,
        "rows": len(gathered),
        "chunks": len(chunks),
        **{name: round(float(gathered[name].sum()), 3) for name in TIMES if name in gathered},
        "wall_seconds": round(float(sum(b["s"].sum() for b in present)), 1),
        "written": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
    }
    with whole_file(record) as temporary:
        temporary.write_text(json.dumps(content, indent=2, default=_plain, allow_nan=False) + "\n")


def _plain(value):
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} has no place in a record")


def read_trials(table: Path, column: str = "second_width") -> pd.DataFrame:
    """Read a trial table.

    Parameters
    ----------
    table : path
        CSV.
    column : str
        A column that tables of this part have.

    Raises
    ------
    UserError
        If it is not one.
    """
    try:
        trials = pd.read_csv(table)
        trials[column]
    except (OSError, KeyError, pd.errors.ParserError, pd.errors.EmptyDataError):
        raise UserError(f"{table}: is not a trial table; delete it and run again") from None
    return trials


def same_results(left: pd.DataFrame, right: pd.DataFrame) -> np.ndarray:
    """Whether the rows of two trial tables are the same apart from times, (n_rows,) bool."""
    columns = [column for column in left.columns if column not in TIMES]
    one, other = (table[columns].reset_index(drop=True) for table in (left, right))
    return ((one == other) | (one.isna() & other.isna())).to_numpy().all(axis=1)
