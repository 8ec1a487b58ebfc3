"""Tables of trials: written whole, and read with a check."""

import hashlib
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
