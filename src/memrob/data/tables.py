"""Labelled points in files of the user's: NPZ, CSV, TSV or Parquet, told apart by their content."""

import os
from collections.abc import Sequence
from typing import BinaryIO, NamedTuple

import numpy as np

from memrob.data.dataset import normalise
from memrob.data.kinds import EXPECTED, kind_of
from memrob.data.npz import read_arrays
from memrob.data.opened import opened
from memrob.errors import UserError

_SAMPLED = 4096
_DOMINANT = 0.99
_FAR = 10


class LabelledPoints(NamedTuple):
    """Labelled points with the names that they have in their file.

    Attributes
    ----------
    X : (N, d) float32
        Points.
    y : (N,) int64
        Labels.
    class_names : tuple of str
        In ascending order of the labels; of whole numbers, the numbers themselves.
    feature_names : tuple of str or None
        Of the columns of X; None for an NPZ file, which has no names.
    label_name : str or None
        Column that holds the labels; None for an NPZ file.
    """

    X: np.ndarray
    y: np.ndarray
    class_names: tuple[str, ...]
    feature_names: tuple[str, ...] | None
    label_name: str | None


def load_points(
    path: str | os.PathLike,
    *,
    label: str | None = None,
    drop: Sequence[str] = (),
    header: bool | None = None,
    standardize: bool = False,
    normalize: bool = False,
) -> LabelledPoints:
    """Read labelled points from a file and check that they can be worked with.

    Parameters
    ----------
    path : path
        NPZ with X (N, d) and y (N,), see `memrob.data.load_npz`; or CSV, TSV (comma, tab,
        semicolon or vertical bar) or Parquet with one row per point, a column of labels, and
        numbers in all other columns. May be compressed with gzip, a pipe, or ``-`` for standard
        input.
    label : str, optional
        Column of the labels; without it, the only one called y, label, class or target.
        Whole numbers stay what they are, others are numbered from 0 in the order of their texts.
        Labels are one class if they are the same text, or the same number in plain notation.
    drop : sequence of str
        Columns to leave out.
    header : bool, optional
        Whether the first line of a CSV file names the columns, which without it are called 1, 2,
        ...; if left out, it is told by the lines, and an error if they leave it open.
    standardize : bool
        Shift and scale each feature to mean 0 and standard deviation 1; a constant one becomes 0.
    normalize : bool
        Divide all points by the largest Euclidean norm, after `standardize`.

    Returns
    -------
    LabelledPoints

    Raises
    ------
    UserError
        In one line that names the file, the column and the row at fault.
    """
    with opened(path, EXPECTED) as (name, file):
        kind = kind_of(name, file)
        if kind == "npz":
            _require_no_options(name, label, drop, header)
            X, y = read_arrays(name, file)
            found = tuple(str(value) for value in np.unique(y))
            features = label_name = None
        else:
            X, y, found, features, label_name = _load_table(name, file, kind, label, drop, header)
    if standardize:
        X = _standardized(X)
    if normalize:
        X = normalise(X, name)
    else:
        # Here, so that NPZ files in single precision do not wait for pandas.
        from memrob.data.columns import single_precision

        X = single_precision(name, features, X)
    return LabelledPoints(X, y, found, features, label_name)


def _require_no_options(
    name: str, label: str | None, drop: Sequence[str], header: bool | None
) -> None:
    given = [("--label", label is not None), ("--drop", bool(drop)), ("--header", header is True)]
    for option, is_given in [*given, ("--no-header", header is False)]:
        if is_given:
            raise UserError(f"{name}: {option} is for tables; an NPZ file holds X and y")


def _load_table(
    name: str,
    file: BinaryIO,
    kind: str,
    label: str | None,
    drop: Sequence[str],
    header: bool | None,
) -> tuple:
    # Here, so that NPZ files do not wait for pandas.
    from memrob.data.columns import choose_columns, labels_of, points_of

    if kind == "parquet":
        from memrob.data.parquet_table import ParquetTable

        if header is not None:
            option = "--header" if header else "--no-header"
            raise UserError(f"{name}: {option} is for CSV files; a Parquet file has names")
        table = ParquetTable.open(name, file)
    else:
        from memrob.data.csv_table import CsvTable

        table = CsvTable.open(name, file, header)
    position, kept = choose_columns(name, table.names, label, drop)
    columns = table.columns(position)
    if len(columns[position]) < 2:
        n_rows = len(columns[position]) or "no"
        raise UserError(f"{name}: holds {n_rows} row beside the header, must hold at least two")
    label_name = table.names[position]
    y, found = labels_of(name, label_name, columns[position])
    features = tuple(table.names[i] for i in kept)
    X = points_of(name, features, [columns[i] for i in kept])
    return X, y, found, features, label_name


def _standardized(X: np.ndarray) -> np.ndarray:
    from sklearn.preprocessing import StandardScaler

    X = X.astype(np.float64)
    # Of equal numbers the mean may differ by rounding.
    X[:, X.min(axis=0) == X.max(axis=0)] = 0
    # By powers of two, which change no digit, so that squares stay in range.
    X = np.ldexp(X, -np.frexp(np.abs(X).max(axis=0))[1])
    return StandardScaler(copy=False).fit_transform(X)


def uneven_scales(X: np.ndarray) -> bool:
    """Whether one feature has nearly all of the variance, or the points lie far from the origin.

    Hyperplanes with Gaussian normals then hardly see the other features, or miss the points.

    Parameters
    ----------
    X : (N, d) float32
    """
    # A sample will do, and spares large sets a copy in double precision.
    X = X[:: -(-len(X) // _SAMPLED)]
    variances = X.var(axis=0, dtype=np.float64)
    total = variances.sum()
    if total == 0:
        return False
    distance = np.linalg.norm(X.mean(axis=0, dtype=np.float64))
    dominated = np.count_nonzero(variances) > 1 and variances.max() > _DOMINANT * total
    return bool(dominated or distance > _FAR * np.sqrt(total))
