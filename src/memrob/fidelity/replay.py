"""Published single trials, run again with their own seeds and compared row by row."""

from pathlib import Path

import numpy as np
import pandas as pd

from memrob.data.npz import load_prepared
from memrob.studies.interpolation.trials import Trial, run_trials
from memrob.studies.progress import shown
from memrob.studies.tables import write_table

SCORE_TOLERANCE = 1e-12
"""Published scores are means of 0s and 1s, which differ by 1 / N at least."""


def trial_of(row: pd.Series, experiment: str, n_samples: int) -> Trial:
    """Trial of a published row; a data set "moons_size_300k" is the prefix of 300,000 points."""
    suffix = str(row["dataset"]).removeprefix(f"{experiment}_")
    if suffix.endswith("k") and suffix[:-1].isdigit():
        n_samples = int(suffix[:-1]) * 1000
    return Trial(
        experiment,
        n_samples,
        int(row["first_width"]),
        float(row["max_bias"]),
        "threshold",
        "reference",
        int(row["restart"]),
        int(row["seed"]),
    )


def replay(rows: pd.DataFrame, experiment: str, dataset: Path, table: Path) -> None:
    """Run published trials again, with progress, and write one row a trial with both results.

    Parameters
    ----------
    rows : pandas.DataFrame
        Published trials.
    experiment : str
        Name of the experiment and its data set.
    dataset : path
        NPZ of the data set.
    table : path
        CSV to write: parameters, `published_score`, `accuracy`, `published_second_width`,
        `second_width`, `detectors` and `detectors_exact` (how many second layers there are, and
        how many have the published width), `exact` (0 or 1).
    """
    data = load_prepared(dataset)
    trials = [trial_of(row, experiment, len(data.y)) for _, row in rows.iterrows()]
    write_table(compare_rows(rows, run_trials(shown(trials, "trial"), data)), table)


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
