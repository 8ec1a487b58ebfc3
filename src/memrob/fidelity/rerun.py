"""Published single trials, run again with their own seeds."""

from pathlib import Path

import pandas as pd

from memrob.data.npz import load_prepared
from memrob.fidelity.replay import compare_rows
from memrob.studies.interpolation.trial import Trial
from memrob.studies.interpolation.trials import run_trials
from memrob.studies.progress import shown
from memrob.studies.tables import write_table


def trial_of(row: dict) -> Trial:
    """Trial of a published row."""
    return Trial(
        row["dataset"],
        row["n_samples"],
        row["first_width"],
        row["max_bias"],
        "threshold",
        "reference",
        row["restart"],
        row["seed"],
    )


def replay(rows: pd.DataFrame, dataset: Path, table: Path) -> None:
    """Run published trials again, with progress, and write what `compare_rows` finds.

    Parameters
    ----------
    rows : pandas.DataFrame
        Published trials.
    dataset : path
        NPZ of their data set.
    table : path
        CSV to write.
    """
    data = load_prepared(dataset)
    trials = [trial_of(row) for row in rows.to_dict("records")]
    write_table(compare_rows(rows, run_trials(shown(trials, "trial"), data)), table)
