"""Published and replicated values of the cells that a figure draws."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from memrob.gallery.model import Comparison
from memrob.gallery.tables import read_table

COLUMNS = [
    "experiment",
    "n_samples",
    "first_width",
    "max_bias",
    "quantity",
    "published",
    "replicated",
    "z",
    "trials",
    "published_trials",
]
SYMBOLS = {"n_samples": "N", "first_width": "n", "max_bias": "λ"}
SHOWN = 5


def read_compared(root: Path) -> pd.DataFrame:
    """Read the comparison with the published cells, one row per cell and quantity.

    Empty where there is none.

    Raises
    ------
    UserError
        If the table is there but lacks columns.
    """
    table = read_table(root / "results" / "fidelity.csv", COLUMNS)
    if table is None:
        return pd.DataFrame(columns=COLUMNS)
    return table.assign(max_bias=table["max_bias"].astype(float).round(6))


def compared_cells(
    compared: pd.DataFrame, experiment: str, options: dict[str, Any]
) -> pd.DataFrame:
    """Rows of the comparison that a figure draws; none if it draws no quantity that was compared.

    Parameters
    ----------
    compared : DataFrame
        As `read_compared` returns it.
    experiment : str
        Name of the experiment.
    options : dict
        The figure's entry in the configuration: ``quantity``, and for lines through the grid
        ``by`` and ``at``.
    """
    quantity = options.get("quantity")
    rows = compared[(compared["experiment"] == experiment) & (compared["quantity"] == quantity)]
    return drawn_rows(rows, options)


def drawn_rows(cells: pd.DataFrame, options: dict[str, Any]) -> pd.DataFrame:
    """Those of the cells that a figure draws: all, but for lines through the grid."""
    if "at" not in options or options.get("by") not in SYMBOLS or cells.empty:
        return cells
    values = cells[options["by"]].to_numpy(float)
    drawn = np.isclose(values[:, None], np.array(options["at"], float), rtol=0, atol=1e-6)
    return cells[drawn.any(axis=1)]


def compare(rows: pd.DataFrame, options: dict[str, Any]) -> Comparison | None:
    """Count the cells that agree, and list all that lines draw, of others those farthest apart.

    Parameters
    ----------
    rows : DataFrame
        As `compared_cells` returns it.
    options : dict
        The figure's entry in the configuration.

    Returns
    -------
    Comparison or None
        None where nothing was compared. `listed` has every cell of lines through the grid, in
        their order; of other figures the cells with the largest |z|, those with z = 0 left out.
    """
    if rows.empty:
        return None
    size = rows["z"].abs()
    varying = [column for column in SYMBOLS if rows[column].nunique() > 1]
    complete = options.get("kind") == "slices"
    if complete:
        listed = rows.sort_values([options["by"], options["x"]])
    else:
        listed = rows[size > 0].loc[size[size > 0].nlargest(SHOWN).index]
    return Comparison(
        cells=len(rows),
        # Published means have six decimals.
        equal=int(np.isclose(rows["published"], rows["replicated"], rtol=0, atol=2e-6).sum()),
        within=int((size <= 3).sum()),
        largest=float(size.max()),
        empty_as_one=options.get("quantity") == "second_width",
        symbols=[SYMBOLS[column] for column in varying],
        complete=complete,
        listed=[
            {"place": [float(row[column]) for column in varying], **row}
            for row in listed.to_dict("records")
        ],
    )
