"""A table of trials and the record beside it, read together: whether they fit each other."""

import json
import re
from collections import Counter
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from memrob.errors import UserError
from memrob.studies.base import Experiment
from memrob.studies.registry import PARTS
from memrob.studies.validation import NAME

RECORD_KEYS = ("part", "experiment", "scale", "configuration", "rows", "schema")
NUMBERS = ("integer", "number")


@dataclass(frozen=True)
class Recorded:
    """A table of trials and what its record says.

    Attributes
    ----------
    rows : DataFrame
        The table.
    record : dict
        The record.
    experiment : Experiment
        The experiment that the record describes, whatever the present configuration says.
    trials : list
        Its trials at the scale of the record.
    """

    rows: pd.DataFrame
    record: dict
    experiment: Experiment
    trials: list


def read_recorded(table: Path) -> Recorded:
    """Read a table of trials with its record, and check that they belong together.

    The table has the rows and columns that the record tells, with numbers where these are; and if
    each trial gives one row, a row for each trial and no other.

    Parameters
    ----------
    table : path
        `results/STUDY/EXPERIMENT.csv`, or a Parquet file of `data/replication`; the record has the
        same name and ends in `.json`.

    Raises
    ------
    UserError
        If one of them cannot be read, or they do not belong together.
    """
    rows = read_table(table)
    record = read_record(table)
    _check_columns(rows, record, table)
    if record["rows"] != len(rows):
        raise _unfit(table, f"has {len(rows)} rows and its record says {record['rows']}")
    experiment, trials = trials_of(record, str(table.with_suffix(".json")))
    _check_trials(rows, trials, table)
    return Recorded(rows, record, experiment, trials)


def read_table(table: Path) -> pd.DataFrame:
    """Read a table of trials, CSV or Parquet.

    Raises
    ------
    UserError
        If it is none.
    """
    if table.suffix not in (".csv", ".parquet"):
        raise UserError(f"{table}: is not a table of trials, whose name ends in .csv or .parquet")
    if not table.exists():
        raise UserError(f"{table}: there is no such file")
    try:
        rows = pd.read_parquet(table) if table.suffix == ".parquet" else pd.read_csv(table)
    except (OSError, ValueError):  # undecodable, empty, or no table
        raise UserError(f"{table}: is not a table of trials") from None
    return rows.assign(**{name: _plain(rows[name]) for name in rows if _is_nullable(rows[name])})


def _is_nullable(column: pd.Series) -> bool:
    # Parquet of other programs may have numbers that tell NA from NaN.
    dtype = column.dtype
    return pd.api.types.is_extension_array_dtype(dtype) and pd.api.types.is_numeric_dtype(dtype)


def _plain(column: pd.Series) -> np.ndarray:
    return column.to_numpy(float, na_value=np.nan) if column.hasnans else column.to_numpy()


def read_record(table: Path) -> dict:
    """Read the record beside a table.

    Raises
    ------
    UserError
        If there is none, or it does not say how the table was made.
    """
    path = table.with_suffix(".json")
    try:
        record = json.loads(path.read_text())
        missing = [key for key in RECORD_KEYS if key not in record]
    except (OSError, ValueError, TypeError, RecursionError):
        raise UserError(
            f"{path}: cannot be read; it is the record beside {table.name} that says how the table "
            "was made"
        ) from None
    if missing:
        raise UserError(f"{path}: is not the record of a table; it lacks {', '.join(missing)}")
    if record["part"] not in list(PARTS):
        raise UserError(
            f"{path}: part: is {record['part']!r}; it must be one of {', '.join(PARTS)}"
        )
    name = record["experiment"]
    if not isinstance(name, str) or not re.fullmatch(NAME["pattern"], name):
        raise UserError(
            f"{path}: experiment: is {name!r}; it must be of letters, digits and _ only"
        )
    return record


def trials_of(record: dict, source: str) -> tuple[Experiment, list]:
    """The experiment that a record describes, and its trials.

    Raises
    ------
    UserError
        If the configuration of the record is none of such an experiment.
    """
    try:
        settings = {"figures": {}, **record["configuration"]}
        experiment = PARTS[record["part"]](record["experiment"], source, settings)
        trials = experiment.trials(record["scale"])
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise UserError(
            f"{source}: configuration: is not that of an experiment at scale {record['scale']!r}"
        ) from error
    if not trials:
        raise UserError(f"{source}: configuration: has no trials at scale {record['scale']!r}")
    return experiment, trials


def parameters_of(trial: Any) -> dict[str, Any]:
    """Parameters of a trial by the names of their columns: its `columns`, or else its fields."""
    named = getattr(trial, "columns", [field.name for field in fields(trial)])
    return dict(named) if isinstance(named, dict) else {n: getattr(trial, n, None) for n in named}


def _check_columns(rows: pd.DataFrame, record: dict, table: Path) -> None:
    try:
        kinds = {field["name"]: field.get("type") for field in record["schema"]["fields"]}
    except (AttributeError, LookupError, TypeError):
        path = table.with_suffix(".json")
        raise UserError(f"{path}: schema: is not that of a table; run it again") from None
    missing = [name for name in kinds if name not in rows]
    if missing:
        raise _unfit(table, f"lacks the column {missing[0]}")
    for name, kind in kinds.items():
        if kind in NUMBERS and not pd.api.types.is_numeric_dtype(rows[name]):
            raise _unfit(table, f"column {name}: has something other than numbers")


def _check_trials(rows: pd.DataFrame, trials: list, table: Path) -> None:
    if len(rows) != len(trials):
        return  # Several rows a trial: some of its parameters are more than one value.
    parameters = [parameters_of(trial) for trial in trials]
    names = [
        name
        for name in parameters[0]
        if name in rows and all(_is_value(each[name]) for each in parameters)
    ]
    there = rows[names].itertuples(index=False, name=None)
    left = Counter(there)
    left.subtract(tuple(each[name] for name in names) for each in parameters)
    if any(left.values()):
        raise _unfit(table, "has rows that are not those of the trials of its record")


def _is_value(parameter: Any) -> bool:
    # A flag says whether something is computed, and the column of its name what came out.
    return isinstance(parameter, str | int | float) and not isinstance(parameter, bool)


def _unfit(table: Path, what: str) -> UserError:
    return UserError(f"{table}: {what}; table and record do not belong together")
