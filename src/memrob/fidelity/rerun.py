"""Published single trials, run again with their own seeds."""

import pandas as pd

from memrob.data.dataset import Dataset
from memrob.fidelity.replay import compare_rows
from memrob.studies.interpolation.trial import Trial
from memrob.studies.interpolation.trials import run_trials
from memrob.studies.progress import shown


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


def replay_rows(rows: pd.DataFrame, data: Dataset) -> pd.DataFrame:
    """Run published trials again, with progress, and return what `compare_rows` finds.

    Parameters
    ----------
    rows : pandas.DataFrame
        Published trials.
    data : Dataset
        Their data set.

    Returns
    -------
    pandas.DataFrame
        One row per trial.
    """
    trials = [trial_of(row) for row in rows.to_dict("records")]
    return compare_rows(rows, run_trials(shown(trials, "trial"), data))
