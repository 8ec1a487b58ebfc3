"""The table of many trials, of whichever study."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import torch
from threadpoolctl import threadpool_limits

from memrob.data.dataset import Dataset
from memrob.studies.training import (
    double_descent,
    lipschitz,
    random_features,
    robustness,
    threshold,
)
from memrob.studies.training.trial import Trial

STUDIES = (double_descent, lipschitz, random_features, robustness, threshold)
"""What trials are of; named here so that an edit of any of them runs its trials anew."""


def run_trials(
    trials: Iterable[Trial], data: Dataset, threads: int = 1, folder: Path | None = None
) -> pd.DataFrame:
    """Run trials of one study one after the other, in their order.

    Parameters
    ----------
    trials : iterable of Trial
        Trials on the same data set. No trial depends on the others.
    data : Dataset
        The whole data set.
    threads : int
        Threads of the matrix products.
    folder : path, optional
        Where trained networks are kept, so that a killed run goes on after the last of them.

    Returns
    -------
    pandas.DataFrame
        `dataset`, and the columns of the study, see `memrob.training`.
    """
    torch.set_num_threads(threads)
    rows, known = [], {}
    with threadpool_limits(limits=threads):
        for trial in trials:
            if trial.points not in known:
                known = {trial.points: trial.points.samples(data)}
            for row in trial.rows(known[trial.points], folder):
                restart = trial.restarts[row["restart"]]
                rows.append({"dataset": trial.points.dataset, **row, "restart": restart})
    return pd.DataFrame(rows)
