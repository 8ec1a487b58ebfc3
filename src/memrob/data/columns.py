"""From the columns of a table to points and labels; says which column and row cannot be used."""

import re
import shlex
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from memrob.errors import UserError

LABEL_NAMES = ("y", "label", "class", "target")
"""Column names taken for the labels, in upper or lower case, if none is named."""

# Up to 2^53 a double still tells whole numbers apart.
_LARGEST_WHOLE = 2.0**53
_LISTED = 12
_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+")


def choose_columns(
    path: Path, names: Sequence[str], label: str | None, drop: Sequence[str]
) -> tuple[int, list[int]]:
    """Choose the label column and the feature columns.

    Parameters
    ----------
    path : pathlib.Path
        For messages.
    names : sequence of str
        All columns.
    label : str or None
        The label column; without it, the only one that is called as in `LABEL_NAMES`.
    drop : sequence of str
        Columns to leave out.

    Returns
    -------
    label : int
    features : list of int
        Positions in `names`.

    Raises
    ------
    UserError
        If a name is not there or not unique, or no feature is left.
    """
    for option, wanted in [("--drop", name) for name in drop] + [("--label", label)]:
        if wanted is not None and wanted not in names:
            raise UserError(
                f"{path}: has no column {shown(wanted)} ({option}), only {_list(names)}"
            )
    kept = [i for i, name in enumerate(names) if name not in drop]
    if label is not None and label in drop:
        raise UserError(f"{path}: column {shown(label)} is both --label and --drop")
    counts = Counter(names[i] for i in kept)
    for i in kept:
        if not names[i]:
            raise UserError(
                f"{path}: column {i + 1} has no name; name it, or leave it out with --drop ''"
            )
        if counts[names[i]] > 1:
            raise UserError(f"{path}: two columns are called {shown(names[i])}, rename one of them")
    chosen = _label_column(path, [names[i] for i in kept]) if label is None else label
    position = list(names).index(chosen)
    features = [i for i in kept if i != position]
    if not features:
        raise UserError(f"{path}: has no column beside the labels in {shown(chosen)}")
    return position, features


def _label_column(path: Path, names: list[str]) -> str:
    likely = [name for name in names if name.lower() in LABEL_NAMES]
    if len(likely) == 1:
        return likely[0]
    found = f"found {_list(likely)}" if likely else "found none of y, label, class and target"
    among = "" if likely else f" among {_list(names)}"
    raise UserError(f"{path}: name the column with the labels, --label NAME ({found}{among})")


def labels_of(path: Path, name: str, values: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
    """Labels as integers: whole numbers stay what they are, others are numbered in sorted order.

    Parameters
    ----------
    path, name
        File and column, for messages.
    values : (N,) array of any type
        One label a row.

    Returns
    -------
    y : (N,) int64
    class_names : tuple of str
        In ascending order of the labels.

    Raises
    ------
    UserError
        If a label is missing or a fraction, or there is one class only.
    """
    texts = pd.Series(values, dtype=object).map(str).str.strip()
    missing = np.asarray(pd.isna(values) | (texts == ""), dtype=bool)
    if missing.any():
        raise UserError(f"{path}: column {shown(name)} has no label in {_row(np.argmax(missing))}")
    codes, distinct = pd.factorize(np.asarray(texts, dtype=object), sort=True)
    if len(distinct) == 1:
        raise UserError(
            f"{path}: all labels in column {shown(name)} are {shown(distinct[0])}, must be of at "
            "least two classes"
        )
    numbers = _plain_numbers(distinct)
    if numbers is None:
        return codes.astype(np.int64), tuple(distinct)
    whole = (np.abs(numbers) <= _LARGEST_WHOLE) & (numbers == np.floor(numbers))
    if not whole.all():
        row = int(np.argmin(whole[codes]))
        raise UserError(
            f"{path}: labels in column {shown(name)} must be whole numbers or texts, found "
            f"{texts[row]} in {_row(row)}"
        )
    y = numbers.astype(np.int64)[codes]
    return y, tuple(str(label) for label in np.unique(y))


def _plain_numbers(texts: Sequence[str]) -> np.ndarray | None:
    """The texts as numbers, or None if some is not one or begins with a zero, as codes do."""
    try:
        numbers = np.array([float(text) for text in texts])
    except ValueError:
        return None
    coded = any(len(text) > 1 and text[0] == "0" and text[1].isdigit() for text in texts)
    return None if coded else numbers


def points_of(path: Path, names: Sequence[str], columns: Sequence[np.ndarray]) -> np.ndarray:
    """Feature columns as a matrix.

    Parameters
    ----------
    path : pathlib.Path
        For messages.
    names : sequence of str
        Names of the features, for messages.
    columns : sequence of (N,) arrays
        One a feature, numbers or truth values.

    Returns
    -------
    (N, d) float64

    Raises
    ------
    UserError
        If a column holds texts, or a value is missing, not finite or beyond single precision.
    """
    _refuse_texts(path, names, columns)
    X = np.empty((len(columns[0]), len(columns)))
    for j, (name, column) in enumerate(zip(names, columns, strict=True)):
        values = column if column.dtype.kind in "biuf" else _as_numbers(column)
        if values.dtype == object:
            row = next(i for i, value in enumerate(values) if value is None)
            raise UserError(_unusable(path, name, column[row], row))
        X[:, j] = values
        good = np.abs(X[:, j]) <= np.finfo(np.float32).max
        if not good.all():
            row = int(np.argmin(good))
            raise UserError(_unusable(path, name, column[row], row))
    return X


def _refuse_texts(path: Path, names: Sequence[str], columns: Sequence[np.ndarray]) -> None:
    texts = [
        (name, column)
        for name, column in zip(names, columns, strict=True)
        if column.dtype.kind not in "biuf" and _is_text(column)
    ]
    if not texts:
        return
    found = [name for name, _ in texts]
    first, column = texts[0]
    row = next(i for i, value in enumerate(column) if not _is_missing(value))
    which, of = f"column {shown(first)} holds", ""
    if len(texts) > 1:
        which, of = f"columns {_list(found)} hold", f" of {shown(first)}"
    remedy = f"encode as numbers, or leave out with --drop {shlex.quote(first)}"
    if _DECIMAL_COMMA.fullmatch(str(column[row]).strip()):
        remedy = "write decimals with a point"
    raise UserError(
        f"{path}: {which} no numbers but {shown(str(column[row]))} in {_row(row)}{of}; {remedy}"
    )


def _is_text(column: np.ndarray) -> bool:
    present = [value for value in column if not _is_missing(value)]
    return bool(present) and all(_number(value) is None for value in present)


def _as_numbers(column: np.ndarray) -> np.ndarray:
    values = [np.nan if _is_missing(value) else _number(value) for value in column]
    return np.array(values, dtype=object if None in values else np.float64)


def _number(value: object) -> float | None:
    # NumPy makes a number of a date, the nanoseconds since 1970.
    if isinstance(value, np.datetime64 | np.timedelta64):
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _is_missing(value: object) -> bool:
    return pd.api.types.is_scalar(value) and bool(pd.isna(value))


def _unusable(path: Path, name: str, value: object, row: int) -> str:
    place = f"column {shown(name)} in {_row(row)}"
    if _is_missing(value):
        return f"{path}: {place} is empty or no number; fill it in, or leave out the row or column"
    number = _number(value)
    if number is not None and np.isfinite(number):
        return f"{path}: {place} exceeds single precision ({number:g})"
    return f"{path}: {place} must be a finite number, found {shown(str(value))}"


def _row(row: int) -> str:
    return f"row {row} (counted from 0)"


def shown(name: str) -> str:
    """Name or text for a message: in one line, and not too long."""
    text = name if name.isprintable() and name.strip() else repr(name)
    return text if len(text) <= 40 else text[:37] + "..."


def _list(names: Sequence[str]) -> str:
    texts = [shown(name) for name in names]
    if len(texts) > _LISTED:
        texts = [*texts[: _LISTED - 2], "...", f"{texts[-1]} ({len(texts):,} columns)"]
    return ", ".join(texts)
