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
    if "at" in options and options.get("by") in SYMBOLS and len(rows):
        values = rows[options["by"]].to_numpy(float)
        drawn = np.isclose(values[:, None], np.array(options["at"], float), rtol=0, atol=1e-6)
        rows = rows[drawn.any(axis=1)]
    return rows


def compare(rows: pd.DataFrame) -> Comparison | None:
    """Count the cells that agree and single out those that lie farthest apart.

    Parameters
    ----------
    rows : DataFrame
        As `compared_cells` returns it.

    Returns
    -------
    Comparison or None
        None where nothing was compared. `farthest` has the cells with the largest |z|, those
        with z = 0 left out.
    """
    if rows.empty:
        return None
    size = rows["z"].abs()
    varying = [column for column in SYMBOLS if rows[column].nunique() > 1]
    farthest = rows[size > 0].loc[size[size > 0].nlargest(SHOWN).index]
    return Comparison(
        cells=len(rows),
        # Published means have six decimals.
        equal=int(np.isclose(rows["published"], rows["replicated"], rtol=0, atol=2e-6).sum()),
        within=int((size <= 3).sum()),
        largest=float(size.max()),
        symbols=[SYMBOLS[column] for column in varying],
        farthest=[
            {"place": [float(row[column]) for column in varying], **row}
            for row in farthest.to_dict("records")
        ],
    )
