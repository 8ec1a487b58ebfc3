"""Tables in text files: the names of their columns, and their columns."""

import csv
import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

import numpy as np
import pandas as pd

from memrob.data.header import require_header
from memrob.errors import UserError

# Tried in this order; the one that occurs most often in the first line separates the columns.
_DELIMITERS = ("\t", ",", ";", "|")
# From version 3.1 on pandas reads every digit by itself, and warns of this option.
_RELEASE = tuple(int(part) for part in pd.__version__.split(".")[:2])
_EVERY_DIGIT = {"float_precision": "round_trip"} if _RELEASE < (3, 1) else {}
_HEAD_BYTES = 1 << 16
_LOOKED_AT = 200
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_UNCLOSED = "EOF inside string"
_COMMENT = {"#", "%"}
# Up to a line break outside of quotes.
_LINE = re.compile(r'(?:[^"\r\n]|"(?:[^"]|"")*")+')
_QUOTED = re.compile(r'"(?:[^"]|"")*"')


@dataclass(frozen=True)
class CsvTable:
    """A text file with one row per line.

    Attributes
    ----------
    name : str
        Of the file, for messages.
    file : binary file
    encoding : {"utf-8-sig", "utf-16"}
    delimiter : {",", "tab", ";", "|"}
        What separates the columns.
    names : list of str
        Of the columns, without surrounding spaces; 1, 2, ... without a header.
    has_header : bool
    n_empty : int
        Columns without a name or a value, which end the lines.
    """

    name: str
    file: BinaryIO
    encoding: str
    delimiter: str
    names: list[str]
    has_header: bool
    n_empty: int

    @classmethod
    def open(cls, name: str, file: BinaryIO, header: bool | None = None) -> "CsvTable":
        """Read the header.

        Parameters
        ----------
        name : str
        file : binary file
        header : bool, optional
            Whether the first line names the columns; if left out, it is told by the lines.

        Raises
        ------
        UserError
            If the file is empty, is no text in UTF-8 or UTF-16, or has no header.
        """
        head = file.read(_HEAD_BYTES)
        encoding = "utf-16" if head[:2] in _UTF_16 else "utf-8-sig"
        delimiter = _delimiter(head.decode(encoding, errors="replace"))
        with _users_mistakes(name, file):
            lines = (row for _, row in _cells(file, encoding, delimiter))
            rows = list(islice(lines, _LOOKED_AT))
            if header is None and rows:
                require_header(name, rows, lines)
            lines.close()
        if not rows:
            raise UserError(f"{name}: expected a header and rows of numbers, found nothing")
        names = [cell.strip() for cell in rows[0]]
        _require_no_remark(name, rows)
        if len(names) == 1 and len(names[0].split()) > 1:
            raise UserError(
                f"{name}: found one column only, {names[0][:40]!r}; columns must be separated by "
                "commas, tabs, semicolons or vertical bars"
            )
        n_columns = _width(rows)
        n_empty = max(len(row) for row in rows if not any(row[n_columns:])) - n_columns
        if header is False:
            names = [str(i + 1) for i in range(n_columns)]
        return cls(name, file, encoding, delimiter, names[:n_columns], header is not False, n_empty)

    def columns(self, label: int) -> list[np.ndarray]:
        """Read all columns; that at position `label` as text, so that 01 is not 1.

        Raises
        ------
        UserError
            If rows have more or fewer cells than the first, with the line.
        """
        n_cells = len(self.names) + self.n_empty
        # By position, as pandas would rename columns of the same name. Empty cells alone are
        # missing: a class may well be called NA or None.
        with _users_mistakes(self.name, self.file), warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            try:
                frame = pd.read_csv(
                    self.file,
                    sep=self.delimiter,
                    header=0 if self.has_header else None,
                    names=range(n_cells),
                    index_col=False,
                    dtype={label: str},
                    na_values=[""],
                    keep_default_na=False,
                    skipinitialspace=True,
                    low_memory=False,
                    encoding=self.encoding,
                    **_EVERY_DIGIT,
                )
            except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
                if _UNCLOSED not in str(error):
                    self._require_cells(n_cells)
                raise
        if len(frame) and frame[n_cells - 1].isna().any():
            # pandas fills a line that ends early.
            self._require_cells(n_cells)
        for i in range(len(self.names), n_cells):
            if not frame[i].isna().all():
                row = int(np.argmin(frame[i].isna()))
                raise UserError(
                    f"{self.name}: column {i + 1} has no name, but a value in row {row} (counted "
                    "from 0); name it in the first line"
                )
        return [np.asarray(frame[i]) for i in range(len(self.names))]

    def _require_cells(self, n_cells: int) -> None:
        """Raise a UserError if a line has another number of cells than the first."""
        with _users_mistakes(self.name, self.file):
            for line, row in _cells(self.file, self.encoding, self.delimiter):
                # A delimiter may end the lines below the header, or the header alone.
                ends_empty = not any(row[len(self.names) :])
                if not (len(self.names) <= len(row) <= n_cells and ends_empty):
                    raise UserError(
                        f"{self.name}: line {line} has {_counted(len(row))}, the first line "
                        f"{len(self.names)}{_comment(row)}; quote cells that hold a separator"
                    )


def _require_no_remark(name: str, rows: list[list[str]]) -> None:
    start = rows[0][0].strip()
    fits = len(rows) > 1 and len(rows[1]) == len(rows[0]) > 1
    if start.lower().startswith("sep="):
        raise UserError(f"{name}: the first line is meant for Excel ({start}); delete it")
    if start[:1] in _COMMENT and not fits:
        raise UserError(f"{name}: the first line is a comment ({start[:40]}); delete it")


def _delimiter(head: str) -> str:
    first = _LINE.search(head.lstrip("\ufeff"))
    unquoted = _QUOTED.sub("", first.group()) if first else ""
    return max(_DELIMITERS, key=unquoted.count)


def _width(rows: list[list[str]]) -> int:
    """Number of columns without those at the end that have no name and no value."""
    width = len(rows[0])
    while width > 1 and not rows[0][width - 1].strip():
        if any(cell.strip() for row in rows for cell in row[width - 1 : width]):
            break
        width -= 1
    return width


def _cells(file: BinaryIO, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Lines with their numbers, from 1, and their cells; blank ones are left out."""
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        rows = csv.reader(text, delimiter=delimiter, skipinitialspace=True)
        last = 0
        for row in rows:
            if row and row != [""]:
                yield last + 1, row
            last = rows.line_num
    finally:
        text.detach()
        file.seek(0)


def _counted(n_cells: int) -> str:
    return "1 cell" if n_cells == 1 else f"{n_cells:,} cells"


def _comment(row: list[str]) -> str:
    is_comment = row[0].lstrip()[:1] in _COMMENT
    return " (comments are not read: delete them)" if is_comment else ""


@contextmanager
def _users_mistakes(name: str, file: BinaryIO) -> Iterator[None]:
    """Turn what goes wrong when a text is read into one line that names the file."""
    try:
        file.seek(0)
        yield
    except UnicodeError as error:
        raise UserError(f"{name}: {_undecodable(file)}") from error
    except (pd.errors.ParserError, pd.errors.ParserWarning, csv.Error) as error:
        reason = (
            str(error).strip().partition("\n")[0].removeprefix("Error tokenizing data. C error: ")
        )
        mistake = "a quotation mark is not closed" if _UNCLOSED in reason else "expected a CSV file"
        raise UserError(f"{name}: {mistake} ({reason})") from error
    except OSError as error:
        raise UserError(f"{name}: cannot be read ({error.strerror or error})") from error
    except ValueError as error:
        reason = str(error).partition("\n")[0]
        raise UserError(f"{name}: is damaged or of an unknown kind ({reason})") from error


def _undecodable(file: BinaryIO) -> str:
    file.seek(0)
    if file.read(2) in _UTF_16:
        return "is damaged UTF-16; save the file in UTF-8"
    file.seek(0)
    for i, line in enumerate(file.read().splitlines()):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError as error:
            return (
                f"line {i + 1} is no text in UTF-8 (byte 0x{line[error.start]:02x}); save the "
                "file in UTF-8"
            )
    return "is damaged UTF-16; save the file in UTF-8"
