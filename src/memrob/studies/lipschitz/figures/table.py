"""What figures take from a table of trials: its columns, a part of it, and what it is of."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from memrob.errors import UserError
from memrob.lipschitz.norms import checked_p
from memrob.plots.style import CATEGORY_COLOURS, INK
from memrob.studies.lipschitz.cells import BIAS_TEXTS, CELL, exponents

AXIS_LABELS = {"input_dim": "input dimension $d$", "width": "width $N$", "depth": "depth $L$"}
SYMBOLS = {"input_dim": "$d$", "width": "$N$", "depth": "$L$"}
BIAS_COLOURS = dict(zip(BIAS_TEXTS, (INK, *CATEGORY_COLOURS), strict=True))
BIAS_MARKERS = dict(zip(BIAS_TEXTS, "osD^vPXd", strict=True))


def selected(
    trials: pd.DataFrame, kind: str, columns: Iterable[str], only: dict | None = None
) -> pd.DataFrame:
    """Check that a table has columns and return the part of it that a figure is of.

    Parameters
    ----------
    trials : DataFrame
        One row per network and p.
    kind : str
        Kind of the figure, for messages.
    columns : iterable of str
        Columns it needs beside those of `memrob.studies.lipschitz.cells.CELL` and ``restart``.
    only : dict, optional
        Values of parameters, for instance ``{"depth": 1, "bias": "zero"}``; all rows if left out.

    Raises
    ------
    UserError
        When a column is missing, or no row has the values of `only`.
    """
    for column in (*CELL, "restart", *columns):
        if column not in trials:
            raise UserError(f"figure of kind {kind}: found no column {column} in the trials")
    for name, value in (only or {}).items():
        if name not in CELL[:-1]:
            allowed = ", ".join(CELL[:-1])
            raise UserError(f"figure option only: found {name}, expected some of {allowed}")
        trials = trials[trials[name] == value]
    if trials.empty:
        raise UserError(f"figure option only: found no trials with {only}")
    return trials


def chosen_ps(trials: pd.DataFrame, ps: Iterable[float | str] | None) -> list[float]:
    """Return the exponents to draw, ascending: those asked for, or all that the table has."""
    return exponents(trials) if ps is None else sorted({checked_p(p) for p in ps})


def one_of(option: str, value: str, allowed: Iterable[str]) -> str:
    """Return a value of an option; raise a UserError when it is not among those allowed."""
    allowed = tuple(allowed)
    if value not in allowed:
        raise UserError(f"figure option {option}: found {value!r}, expected {', '.join(allowed)}")
    return value


def setting(column: str, value: float | str) -> str:
    """Return for instance ``$d$ = 32`` or ``Gaussian biases``."""
    if column == "bias":
        return f"{BIAS_TEXTS.get(value, value)} biases"
    return f"{SYMBOLS[column]} = {int(value):,}"


def settings_text(trials: pd.DataFrame, *, without: Iterable[str] = ()) -> str:
    """Say which parameters are the same in all rows, as ``$N$ = 64$d$, $L$ = 1, zero biases``."""
    parts = []
    for column in ("input_dim", "width", "depth", "bias"):
        values = trials[column].unique()
        if column not in without and len(values) == 1:
            parts.append(setting(column, values[0]))
        elif column == "width" and "width" not in without:
            multiples = (trials["width"] / trials["input_dim"]).unique()
            if len(multiples) == 1:
                parts.append(f"$N$ = {multiples[0]:g}$d$")
    return ", ".join(parts)


def networks_text(counts: Iterable[int]) -> str:
    """Return for instance ``20 networks per cell`` or ``5 to 20 networks per cell``."""
    low, high = int(np.min(counts)), int(np.max(counts))
    if high == 1:
        return "1 network per cell"
    return f"{low} networks per cell" if low == high else f"{low} to {high} networks per cell"
