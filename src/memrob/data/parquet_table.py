"""Tables in Parquet files: the names of their columns, and their columns."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

from memrob.errors import UserError


@dataclass(frozen=True)
class ParquetTable:
    """A Parquet file.

    Attributes
    ----------
    name : str
        Of the file, for messages.
    file : binary file
    names : list of str
        Its columns, without the index that pandas stores beside them.
    """

    name: str
    file: BinaryIO
    names: list[str]

    @classmethod
    def open(cls, name: str, file: BinaryIO) -> "ParquetTable":
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
                f"{name}: Parquet files are read with pyarrow, which is not installed; "
                "pip install pyarrow, or save the table as CSV"
            ) from error
        with _users_mistakes(name):
            schema = pyarrow.parquet.read_schema(file)
        index = _index_columns(schema)
        return cls(name, file, [name for name in schema.names if name not in index])

    def columns(self, label: int) -> list[np.ndarray]:
        """Read all columns; that at position `label` as objects, so that no digit is lost."""
        import pyarrow
        import pyarrow.parquet

        self.file.seek(0)
        with _users_mistakes(self.name):
            table = pyarrow.parquet.ParquetFile(self.file).read()
            index = _index_columns(table.schema)
            found = []
            for field, column in zip(table.schema, table.columns, strict=True):
                if field.name in index:
                    continue
                if len(found) == label:
                    values = np.empty(len(column), dtype=object)
                    values[:] = column.to_pylist()
                    found.append(values)
                    continue
                if pyarrow.types.is_decimal(field.type):
                    column = column.cast(pyarrow.float64())
                found.append(np.asarray(column.to_pandas()))
        return found


def _index_columns(schema) -> set[str]:
    described = (schema.pandas_metadata or {}).get("index_columns", [])
    return {entry for entry in described if isinstance(entry, str)}


@contextmanager
def _users_mistakes(name: str) -> Iterator[None]:
    """Turn what goes wrong when the file is read into one line that names it."""
    try:
        yield
    except OSError as error:
        # Arrow reports damaged files as OSError as well, in several lines.
        reason = str(error.strerror or error).partition("\n")[0]
        raise UserError(f"{name}: cannot be read ({reason})") from error
    except OverflowError as error:
        raise UserError(f"{name}: holds a date or a time that is out of range ({error})") from error
    except (ValueError, NotImplementedError) as error:
        reason = str(error).partition("\n")[0]
        raise UserError(f"{name}: is damaged or of an unknown kind ({reason})") from error
