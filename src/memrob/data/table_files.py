"""Tables in CSV and Parquet files of the user's: their column names, and their columns."""

import csv
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from memrob.errors import UserError

# Tried in this order; the one that occurs most often in the header separates the columns.
_DELIMITERS = ("\t", ",", ";")
# From version 3.1 on pandas reads every digit by itself, and warns of this option.
_RELEASE = tuple(int(part) for part in pd.__version__.split(".")[:2])
_EVERY_DIGIT = {"float_precision": "round_trip"} if _RELEASE < (3, 1) else {}
_TEXT = "a CSV file (text in UTF-8)"


@dataclass(frozen=True)
class CsvTable:
    """A text file with a header and one row a line.

    Attributes
    ----------
    path : pathlib.Path
    names : list of str
        Header, without surrounding spaces.
    delimiter : {",", "tab", ";"}
        What separates the columns.
    """

    path: Path
    names: list[str]
    delimiter: str

    @classmethod
    def open(cls, path: Path) -> "CsvTable":
        """Read the header.

        Raises
        ------
        UserError
            If the file is empty, has no header, or is no text in UTF-8.
        """
        with _users_mistakes(path), path.open(encoding="utf-8-sig", newline="") as file:
            first = next((line for line in file if line.strip()), None)
            if first is None:
                raise UserError(f"{path}: expected a header and rows of numbers, found nothing")
            unquoted = re.sub('"[^"]*"', "", first)
            delimiter = max(_DELIMITERS, key=unquoted.count)
            file.seek(0)
            rows = csv.reader(file, delimiter=delimiter, skipinitialspace=True)
            names = [cell.strip() for cell in next(filter(None, rows))]
        if all(_is_number(name) for name in names):
            raise UserError(
                f"{path}: expected a header with the names of the columns in the first line, found "
                "numbers only"
            )
        return cls(path, names, delimiter)

    def columns(self, label: int) -> list[np.ndarray]:
        """Read all columns; that at position `label` as text, so that 01 is not 1."""
        # By position, as pandas would rename columns of the same name. Empty cells alone are
        # missing: a class may well be called NA or None.
        with _users_mistakes(self.path), warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            frame = pd.read_csv(
                self.path,
                sep=self.delimiter,
                header=0,
                names=range(len(self.names)),
                index_col=False,
                dtype={label: str},
                na_values=[""],
                keep_default_na=False,
                skipinitialspace=True,
                low_memory=False,
                encoding="utf-8-sig",
                **_EVERY_DIGIT,
            )
        return [np.asarray(frame[position]) for position in frame]


@dataclass(frozen=True)
class ParquetTable:
    """A Parquet file.

    Attributes
    ----------
    path : pathlib.Path
    names : list of str
        Its columns, without the index that pandas stores beside them.
    """

    path: Path
    names: list[str]

    @classmethod
    def open(cls, path: Path) -> "ParquetTable":
        """Read the names of the columns.

        Raises
        ------
        UserError
            If pyarrow is not installed, or the file is damaged.
        """
        try:
            import pyarrow.parquet
        except ImportError as error:
            raise UserError(
                f"{path}: Parquet files are read with pyarrow, which is not installed; "
                "pip install pyarrow, or save the table as CSV"
            ) from error
        with _users_mistakes(path):
            schema = pyarrow.parquet.read_schema(path)
        index = _index_columns(schema)
        return cls(path, [name for name in schema.names if name not in index])

    def columns(self, label: int) -> list[np.ndarray]:
        """Read all columns; `label` is not needed, as the types are in the file."""
        import pyarrow
        import pyarrow.parquet

        with _users_mistakes(self.path), pyarrow.parquet.ParquetFile(self.path) as file:
            table = file.read()
        index = _index_columns(table.schema)
        found = []
        for field, column in zip(table.schema, table.columns, strict=True):
            if field.name in index:
                continue
            if pyarrow.types.is_decimal(field.type):
                column = column.cast(pyarrow.float64())
            found.append(np.asarray(column.to_pandas()))
        return found


def _index_columns(schema) -> set[str]:
    described = (schema.pandas_metadata or {}).get("index_columns", [])
    return {entry for entry in described if isinstance(entry, str)}


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


@contextmanager
def _users_mistakes(path: Path) -> Iterator[None]:
    """Turn what goes wrong when a table is read into one line that names the file."""
    try:
        yield
    except UnicodeDecodeError as error:
        raise UserError(
            f"{path}: expected {_TEXT}, a Parquet or an NPZ file, found other bytes"
        ) from error
    except pd.errors.ParserWarning as error:
        raise UserError(f"{path}: some rows have more cells than the header") from error
    except (pd.errors.ParserError, csv.Error) as error:
        reason = (
            str(error).strip().partition("\n")[0].removeprefix("Error tokenizing data. C error: ")
        )
        raise UserError(f"{path}: expected {_TEXT} ({reason})") from error
    except OSError as error:
        # Arrow reports damaged files as OSError as well, in several lines.
        reason = str(error.strerror or error).partition("\n")[0]
        raise UserError(f"{path}: cannot be read ({reason})") from error
    except (ValueError, NotImplementedError) as error:
        reason = str(error).partition("\n")[0]
        raise UserError(f"{path}: is damaged or of an unknown kind ({reason})") from error
