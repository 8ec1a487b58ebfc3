"""From the columns of a table to points and labels; says which column and row cannot be used."""

import decimal
import math
import shlex
from collections import Counter
from collections.abc import Sequence
from numbers import Integral, Real

import numpy as np
import pandas as pd

from memrob.data.dataset import rounded_integer, single
from memrob.data.header import LABEL_NAMES
from memrob.data.numerals import canonical, number_in, remedy_for, whole_number
from memrob.errors import UserError

# Up to 2^53 a double still tells whole numbers apart.
_LARGEST_WHOLE = 2.0**53
_LISTED = 12


def choose_columns(
    file: str, names: Sequence[str], label: str | None, drop: Sequence[str]
) -> tuple[int, list[int]]:
    """Choose the label column and the feature columns.

    Parameters
    ----------
    file : str
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
                f"{file}: has no column {shown(wanted)} ({option}), only {_list(names)}"
            )
    kept = [i for i, name in enumerate(names) if name not in drop]
    if label is not None and label in drop:
        raise UserError(f"{file}: column {shown(label)} is both --label and --drop")
    counts = Counter(names[i] for i in kept)
    for i in kept:
        if not names[i]:
            raise UserError(
                f"{file}: column {i + 1} has no name; name it, or leave it out with --drop ''"
            )
        if counts[names[i]] > 1:
            raise UserError(f"{file}: two columns are called {shown(names[i])}, rename one of them")
    chosen = _label_column(file, [names[i] for i in kept]) if label is None else label
    position = list(names).index(chosen)
    features = [i for i in kept if i != position]
    if not features:
        raise UserError(f"{file}: has no column beside the labels in {shown(chosen)}")
    return position, features


def _label_column(file: str, names: list[str]) -> str:
    likely = [name for name in names if name.lower() in LABEL_NAMES]
    if len(likely) == 1:
        return likely[0]
    found = f"found {_list(likely)}" if likely else "found none of y, label, class and target"
    among = "" if likely else f" among {_list(names)}"
    raise UserError(f"{file}: name the column with the labels, --label NAME ({found}{among})")


def labels_of(file: str, name: str, values: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
    """Labels as integers: whole numbers stay what they are, others are numbered in sorted order.

    Two labels are one class if they are the same text, or the same number in plain notation, as 1
    and 1.0 are; see `memrob.data.numerals.canonical`.

    Parameters
    ----------
    file, name
        File and column, for messages.
    values : (N,) array of objects
        One label per row.

    Returns
    -------
    y : (N,) int64
    class_names : tuple of str
        In ascending order of the labels: whole numbers, or the texts of the file.

    Raises
    ------
    UserError
        If a label is missing or a fraction, or there is one class only.
    """
    spelled, distinct = pd.factorize(_texts(file, name, values))
    kinds, classes = pd.factorize(np.array([canonical(t) for t in distinct], dtype=object))
    if len(classes) == 1:
        raise UserError(
            f"{file}: all labels in column {shown(name)} are {shown(distinct[0])}, must be of at "
            "least two classes"
        )
    numbers = [whole_number(text) for text in classes]
    if None not in numbers:
        found = sorted(numbers)
        y = found if _are_int64(found) else range(len(found))
        code = dict(zip(found, y, strict=True))
        codes = np.array([code[number] for number in numbers], dtype=np.int64)
        return codes[kinds][spelled], tuple(map(str, found))
    _refuse_fractions(file, name, distinct, spelled)
    # A class that is spelled in one way keeps that name.
    spellings = Counter(kinds.tolist())
    names = {int(k): t for k, t in zip(kinds, distinct, strict=True) if spellings[int(k)] == 1}
    names = [names.get(k, text) for k, text in enumerate(classes)]
    order = sorted(range(len(names)), key=names.__getitem__)
    codes = np.empty(len(order), dtype=np.int64)
    codes[order] = np.arange(len(order))
    return codes[kinds][spelled], tuple(names[k] for k in order)


def _texts(file: str, name: str, values: np.ndarray) -> np.ndarray:
    texts = np.empty(len(values), dtype=object)
    for row, value in enumerate(values):
        texts[row] = "" if _is_missing(value) else _text(value)
        if not texts[row]:
            kind = value if isinstance(value, Real) else type(value).__name__
            found = "has no label" if texts[row] == "" else f"holds {kind}"
            labels = "" if texts[row] == "" else " and no label"
            raise UserError(f"{file}: column {shown(name)} {found}{labels} in {_row(row)}")
    return texts


def _text(value: object) -> str | None:
    """A label as a text, None if it is none; whole numbers of any type without a point."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace").strip()
    if isinstance(value, list | dict | tuple | np.ndarray):
        return None
    is_float = isinstance(value, Real) and not isinstance(value, Integral)
    if is_float and math.isinf(value):
        return None
    if is_float and abs(value) <= _LARGEST_WHOLE and value == int(value):
        return str(int(value))
    return str(value).strip()


def _are_int64(numbers: Sequence[int]) -> bool:
    limits = np.iinfo(np.int64)
    return limits.min <= min(numbers) and max(numbers) <= limits.max


def _refuse_fractions(file: str, name: str, texts: Sequence[str], rows: np.ndarray) -> None:
    """Refuse measurements for labels: numbers alone, of which some is not whole."""
    numbers = [number_in(text) for text in texts]
    if None in numbers:
        return
    fractions = [i for i, number in enumerate(numbers) if number != np.floor(number)]
    if fractions:
        row = int(np.argmax(np.isin(rows, fractions)))
        raise UserError(
            f"{file}: labels in column {shown(name)} must be whole numbers or texts, found "
            f"{texts[rows[row]]} in {_row(row)}"
        )


def points_of(file: str, names: Sequence[str], columns: Sequence[np.ndarray]) -> np.ndarray:
    """Feature columns as a matrix.

    Parameters
    ----------
    file : str
        For messages.
    names : sequence of str
        Names of the features, for messages.
    columns : sequence of (N,) arrays
        One per feature, numbers or truth values.

    Returns
    -------
    (N, d) float64

    Raises
    ------
    UserError
        If a column holds texts, or a value is missing, not finite or an integer that double
        precision rounds.
    """
    for name, column in zip(names, columns, strict=True):
        row = rounded_integer(column) if column.dtype.kind in "iuO" else None
        if row is not None:
            raise UserError(
                f"{file}: column {shown(name)} in {_row(row)} holds the integer {column[row]}, "
                "which double precision rounds, as it is beyond 2^53; leave out with --drop "
                f"{shlex.quote(name)}, or subtract a number"
            )
    numbers = [_as_numbers(column) for column in columns]
    texts = [i for i, found in enumerate(numbers) if _is_text(found, columns[i])]
    if texts:
        raise UserError(f"{file}: {_about_texts(names, columns, texts)}")
    X = np.empty((len(columns[0]), len(columns)))
    for j, found in enumerate(numbers):
        X[:, j] = found
        good = np.isfinite(X[:, j])
        if not good.all():
            row = int(np.argmin(good))
            raise UserError(f"{file}: {_unusable(names[j], columns[j][row], row)}")
    return X


def single_precision(file: str, names: Sequence[str] | None, X: np.ndarray) -> np.ndarray:
    """Points as float32.

    Parameters
    ----------
    file : str
        For messages.
    names : sequence of str or None
        Names of the features, for messages.
    X : (N, d) array, finite

    Raises
    ------
    UserError
        That names the first value out of range.
    """
    points = single(X)
    good = np.isfinite(points)
    if not good.all():
        row, j = np.unravel_index(np.argmin(good), good.shape)
        column = "X" if names is None else f"column {shown(names[j])}"
        raise UserError(
            f"{file}: {column} in {_row(row)} exceeds single precision ({X[row, j]:g}); "
            "--normalize or --standardize brings it into range"
        )
    return points


def _about_texts(names: Sequence[str], columns: Sequence[np.ndarray], texts: Sequence[int]) -> str:
    first, column = names[texts[0]], columns[texts[0]]
    row = next(i for i, value in enumerate(column) if not _is_missing(value))
    which, of = f"column {shown(first)} holds", ""
    if len(texts) > 1:
        which, of = f"columns {_list([names[i] for i in texts])} hold", f" of {shown(first)}"
    leave_out = f"leave out with --drop {shlex.quote(first)}"
    remedy = f"{remedy_for(str(column[row])) or 'encode as numbers'}, or {leave_out}"
    return f"{which} no numbers but {shown(str(column[row]))} in {_row(row)}{of}; {remedy}"


def _is_text(numbers: np.ndarray, column: np.ndarray) -> bool:
    if column.dtype.kind in "biuf" or np.isfinite(numbers).any():
        return False
    present = [value for value in column if not _is_missing(value)]
    return bool(present) and all(_number(value) is None for value in present)


def _as_numbers(column: np.ndarray) -> np.ndarray:
    """Numbers of a column, nan for those that are missing or none."""
    if column.dtype.kind in "biuf":
        return column
    numbers = [None if _is_missing(value) else _number(value) for value in column]
    return np.array([np.nan if number is None else number for number in numbers])


def _number(value: object) -> float | None:
    # float takes more texts, and NumPy makes numbers of dates and takes durations for integers.
    if isinstance(value, str):
        return number_in(value)
    if not isinstance(value, Real | decimal.Decimal | np.bool_) or isinstance(
        value, np.timedelta64
    ):
        return None
    try:
        return float(value)
    except OverflowError:
        return np.inf if value > 0 else -np.inf


def _is_missing(value: object) -> bool:
    if isinstance(value, str):
        return not value.strip()
    return pd.api.types.is_scalar(value) and bool(pd.isna(value))


def _unusable(name: str, value: object, row: int) -> str:
    place = f"column {shown(name)} in {_row(row)}"
    if _is_missing(value):
        return f"{place} is empty or no number; fill it in, or leave out the row or column"
    remedy = remedy_for(str(value))
    then = "" if remedy is None else f"; {remedy}"
    if isinstance(value, float) and np.isinf(value):
        then = ", or a number beyond 1.8e308"
    return f"{place} must be a finite number, found {shown(str(value))}{then}"


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
