"""What figures of trained networks take from a table, and the texts that they share."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from memrob.errors import UserError
from memrob.plots.means import open_frame
from memrob.plots.style import grouped

MARKERS = ("o", "s", "^", "D", "v", "P", "X")
DATASETS = {"moons": "two moons", "mnist": "MNIST", "mnist_1v8": "MNIST, 1 against 8"}
SYMBOLS = {"n_samples": "$N$", "width": "$H$", "dataset": "", "label_noise": "label noise"}
HALO = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.8}


def selected(
    trials: pd.DataFrame,
    kind: str,
    columns: Iterable[str],
    *,
    only: dict | None = None,
    constant: Iterable[str] = (),
) -> pd.DataFrame:
    """Check that a table has columns and return the part of it that a figure is of.

    Parameters
    ----------
    trials : DataFrame
        Table of the experiment.
    kind : str
        Kind of the figure, for messages.
    columns : iterable of str
        Columns it needs.
    only : dict, optional
        Values of columns, for instance ``{"width": 512}``; all rows if left out.
    constant : iterable of str
        Columns that must have one value, as networks that differ in them have no place beside
        each other.

    Raises
    ------
    UserError
        When a column is missing, no row has the values of `only`, or a constant column varies.
    """
    for column in columns:
        if column not in trials:
            raise UserError(f"figure of kind {kind}: found no column {column} in the trials")
    for name, value in (only or {}).items():
        if name not in trials:
            raise UserError(f"figure option only: found no column {name} in the trials")
        trials = trials[trials[name] == value]
    if trials.empty:
        raise UserError(f"figure option only: found no trials with {only}")
    for name in constant:
        values = trials[name].unique() if name in trials else ()
        if len(values) > 1:
            found = ", ".join(str(value) for value in values)
            raise UserError(
                f"figure of kind {kind}: {name} varies ({found}); hold it with the option only"
            )
    return trials


def settings_text(trials: pd.DataFrame, columns: Iterable[str]) -> str:
    """Say which settings all rows share, as ``mnist, $N$ = 4,000, $H$ = 512``."""
    parts = []
    for column in columns:
        values = trials[column].unique() if column in trials else ()
        if len(values) == 1:
            parts.append(setting(column, values[0]))
    return ", ".join(parts)


def setting(column: str, value: float | str) -> str:
    """Return for instance ``$N$ = 4,000``, ``label noise 10 %`` or the name of a data set."""
    if column == "dataset":
        return DATASETS.get(value, str(value))
    if column == "label_noise":
        return f"label noise {100 * value:g} %"
    return f"{SYMBOLS[column]} = {grouped(value)}"


def restarts_text(trials: pd.DataFrame, what: str = "network") -> str:
    """Return for instance ``5 networks`` or ``1 network``."""
    count = trials["restart"].nunique()
    return f"{count} {what}{'s' * (count != 1)}"


def log_axis(axis: Axis, low: float, high: float) -> None:
    """Make an axis logarithmic, with round numbers as ticks: powers of ten where there are many.

    Parameters
    ----------
    axis : matplotlib.axis.Axis
        The axis.
    low, high : float
        The range of the values shown.
    """
    axis.axes.set(**{f"{axis.axis_name}scale": "log"})
    decades = np.log10(high / low)
    axis.set_major_locator(LogLocator(subs=(1, 2, 5) if decades < 1.8 else (1,), numticks=8))
    if decades < 4.5 and low >= 1e-3:
        axis.set_major_formatter(FuncFormatter(grouped))
    axis.set_minor_formatter(NullFormatter())


def percent(value: float, _position: int | None = None) -> str:
    """Write a share as ``5 %`` or ``2.5 %``."""
    return f"{grouped(round(100 * value, 6))} %"


def plain_frame(axes: Axes) -> None:
    """Draw a grid and no frame above and on the right, as in the figures of other parts."""
    open_frame(axes)
