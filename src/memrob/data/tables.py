"""Labelled points in files of the user's: NPZ, CSV, TSV or Parquet, told apart by their content."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from memrob.data.dataset import normalise
from memrob.data.npz import load_npz
from memrob.errors import UserError
from memrob.numerics.archives import read_npz, require_file

_EXPECTED = "an NPZ, CSV, TSV or Parquet file"
_SAMPLED = 4096
_DOMINANT = 0.99
_FAR = 10
_SPREADSHEETS = {".xlsx", ".xls", ".ods"}


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
    standardize: bool = False,
    normalize: bool = False,
) -> LabelledPoints:
    """Read labelled points from a file and check that they can be worked with.

    Parameters
    ----------
    path : path
        NPZ with X (N, d) and y (N,), see `memrob.data.load_npz`; or CSV, TSV (comma, tab or
        semicolon, with a header) or Parquet with one row a point, a column of labels, and numbers
        in all other columns.
    label : str, optional
        Column of the labels; without it, the only one called y, label, class or target.
        Whole numbers stay what they are, others are numbered from 0 in the order of their texts.
    drop : sequence of str
        Columns to leave out.
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
    path = Path(path)
    require_file(path, _EXPECTED)
    if _is_npz(path):
        if label is not None or drop:
            option = "--label" if label is not None else "--drop"
            raise UserError(f"{path}: {option} is for tables; an NPZ file holds X and y")
        X, y = load_npz(path)
        if standardize:
            # Once more, since single precision rounds away what is small beside the mean.
            X = read_npz(path, lambda keys: ("X",), _EXPECTED)["X"]
        names = tuple(str(value) for value in np.unique(y))
        features = label_name = None
    else:
        X, y, names, features, label_name = _load_table(path, label, drop)
    if standardize:
        X = _standardized(X)
    X = np.ascontiguousarray(X, dtype=np.float32)
    if normalize and X.any():
        X = normalise(X)
    return LabelledPoints(X, y, names, features, label_name)


def _is_npz(path: Path) -> bool:
    if path.suffix.lower() in _SPREADSHEETS:
        raise UserError(f"{path}: expected {_EXPECTED}, found a spreadsheet; save it as CSV")
    return path.suffix.lower() == ".npz" or _starts_with(path, b"PK\x03\x04")


def _starts_with(path: Path, magic: bytes) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(magic)) == magic
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror or error})") from error


def _load_table(path: Path, label: str | None, drop: Sequence[str]) -> tuple:
    # Here, so that NPZ files do not wait for pandas.
    from memrob.data.columns import choose_columns, labels_of, points_of
    from memrob.data.table_files import CsvTable, ParquetTable

    parquet = path.suffix.lower() in {".parquet", ".pq"} or _starts_with(path, b"PAR1\x15")
    table = ParquetTable.open(path) if parquet else CsvTable.open(path)
    position, kept = choose_columns(path, table.names, label, drop)
    columns = table.columns(position)
    if len(columns[position]) < 2:
        found = len(columns[position]) or "no"
        raise UserError(f"{path}: holds {found} row beside the header, must hold at least two")
    label_name = table.names[position]
    y, names = labels_of(path, label_name, columns[position])
    features = tuple(table.names[i] for i in kept)
    X = points_of(path, features, [columns[i] for i in kept])
    return X, y, names, features, label_name


def _standardized(X: np.ndarray) -> np.ndarray:
    from sklearn.preprocessing import StandardScaler

    X = X.astype(np.float64)
    # Of equal numbers the mean may differ by rounding.
    X[:, X.min(axis=0) == X.max(axis=0)] = 0
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
