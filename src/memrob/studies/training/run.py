"""What a job of the workflow does: the trials of a chunk, from a data set to their table."""

import shutil
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import pandas as pd
import torch
from threadpoolctl import threadpool_limits

from memrob.data.dataset import Dataset
from memrob.studies.of_dataset import run_on_dataset
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


def run_chunk(trials: list[Trial], dataset: Path, table: Path, threads: int = 1) -> None:
    """Run the trials of a chunk, with progress on standard error, and write their table.

    Parameters
    ----------
    trials : list of Trial
        At least one.
    dataset : path
        NPZ with `X` and `y`.
    table : path
        CSV to write. Until it is written, trained networks lie in a folder of its name with the
        suffix ``.checkpoints``.
    threads : int
        Threads of the matrix products.
    """
    folder = table.with_suffix(".checkpoints")
    run_on_dataset(partial(run_trials, folder=folder), trials, dataset, table, threads)
    shutil.rmtree(folder, ignore_errors=True)
