"""Tables on the page: figures that are tables to read, and the first rows of tables of trials."""

import math
from pathlib import Path

import numpy as np
import pandas as pd

from memrob.gallery.model import Column, Preview, Printed
from memrob.gallery.words import NBSP, decimal
from memrob.studies.columns import columns_of, described

ROWS = 3
ERROR = "_error"


def printed_table(path: Path, study: str) -> Printed | None:
    """Table to read as the page shows it, None if it was not made.

    Standard errors stand with what they are of, and what all rows share is said once.
    """
    if not path.is_file():
        return None
    table, known = pd.read_csv(path), columns_of(study)
    errors = {column for column in table if column.endswith(ERROR)}
    texts = {column: _texts(table, column) for column in table if column not in errors}
    shared = [c for c in texts if len(table) > 1 and len(set(texts[c])) == 1]
    columns = [column for column in texts if column not in shared]
    return Printed(
        columns=[_column(name, known) for name in columns],
        rows=[list(row) for row in zip(*(texts[name] for name in columns), strict=True)],
        shared=[f"{_column(name, known).title} = {texts[name][0]}" for name in shared],
    )


def preview(trials: pd.DataFrame | None, study: str) -> Preview | None:
    """First rows of a table of trials with what its columns mean, None where there is none."""
    if trials is None or trials.empty:
        return None
    known = columns_of(study)
    return Preview(
        n_rows=len(trials),
        columns=[_column(name, known) for name in trials],
        values=[[_short(value) for value in trials[name].iloc[:ROWS]] for name in trials],
    )


def _texts(table: pd.DataFrame, column: str) -> list[str]:
    values = table[column]
    if not pd.api.types.is_numeric_dtype(values):
        return [str(value) for value in values]
    places = _places(values)
    if (error := column + ERROR) not in table:
        return [decimal(value, places) for value in values]
    places = max(places, _places(table[error], digits=1))
    pairs = zip(values, table[error], strict=True)
    return [f"{decimal(a, places)}{NBSP}±{NBSP}{decimal(b, places)}" for a, b in pairs]


def _places(values: pd.Series, digits: int = 3) -> int:
    """Decimals that the column needs: as many as the least of its values has, or for `digits`."""
    known = values[np.isfinite(values) & (values != 0)].abs()
    if known.empty:
        return 0
    enough = max(0, digits - 1 - math.floor(math.log10(known.min())))
    exact = (places for places in range(enough) if np.allclose(known, known.round(places), 0, 1e-9))
    return next(exact, enough)


def _column(name: str, known: dict[str, dict]) -> Column:
    about = described(name, known)
    unit = f" ({about['unit']})" if "unit" in about else ""
    return Column(name, about.get("title", name), about.get("description", "") + unit)


def _short(value: object) -> str:
    """Write a value as the table has it, numbers rounded to six digits; no large one as a power."""
    if isinstance(value, float | np.floating):
        return "" if np.isnan(value) else f"{float(f'{value:.6g}'):.12g}"
    return str(value)
