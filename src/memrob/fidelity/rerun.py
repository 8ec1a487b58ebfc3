"""Published single trials, run again with their own seeds."""

from pathlib import Path

import pandas as pd

from memrob.data.npz import load_prepared
from memrob.fidelity.replay import compare_rows
from memrob.studies.interpolation.trial import Trial
from memrob.studies.interpolation.trials import run_trials
from memrob.studies.progress import shown
from memrob.studies.tables import write_table


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
