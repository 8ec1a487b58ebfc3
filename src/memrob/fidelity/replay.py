"""Published single trials compared row by row with the same trials run again."""

import numpy as np
import pandas as pd

SCORE_TOLERANCE = 1e-12
"""Published scores are means of 0s and 1s, which differ by 1 / N at least."""


def compare_rows(rows: pd.DataFrame, replayed: pd.DataFrame) -> pd.DataFrame:
    """Compare published trials with the same trials run again, row by row.

    A published trial without any second-layer neuron has second width 1: the authors' program
    keeps one neuron that never fires. The second width here counts what was constructed, so 0 is
    compared as 1.
    """
    detectors = [column for column in rows if column.startswith("second_width_")]
    widths = np.maximum(replayed[detectors].to_numpy(), 1)
    same = widths == rows[detectors].to_numpy()
    scores = np.abs(replayed["accuracy"] - rows["score"]) <= SCORE_TOLERANCE
    parameters = ["dataset", "n_samples", "first_width", "max_bias", "restart", "seed"]
    return replayed[parameters].assign(
        published_score=rows["score"],
        accuracy=replayed["accuracy"],
        published_second_width=rows["second_width"],
        second_width=replayed["second_width"],
        detectors=len(detectors),
        detectors_exact=same.sum(axis=1),
        exact=(same.all(axis=1) & scores).astype(int),
    )


def summarise(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """One row an experiment: rows replayed, rows exact, their share, and the same for detectors."""
    rows = [
        {
            "experiment": name,
            "rows": len(table),
            "exact": int(table["exact"].sum()),
            "share": table["exact"].mean(),
            "detectors": int(table["detectors"].sum()),
            "detectors_exact": int(table["detectors_exact"].sum()),
        }
        for name, table in tables.items()
    ]
    columns = ["experiment", "rows", "exact", "share", "detectors", "detectors_exact"]
    return pd.DataFrame(rows, columns=columns)
