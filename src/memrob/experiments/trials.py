"""A trial: one network constructed on one data set; and the table of many trials."""

import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from memrob.data.dataset import Dataset, stratified_order
from memrob.errors import UserError
from memrob.interpolation.network import fit

FIRST_POINTS = -1
"""Subset seed of a trial on the first points of its data set."""


@dataclass(frozen=True)
class Trial:
    """Parameters of a trial, the first columns of its row.

    Attributes
    ----------
    dataset : str
        Name of the data set.
    n_samples : int
        The trial takes so many points of it.
    first_width : int
        First width n.
    max_bias : float
        Maximal bias lambda.
    activation, order : str
        As for `memrob.interpolation.fit`.
    restart : int
        Number of the trial within its cell.
    seed : int
        Seed of the trial.
    subset_seed : int
        Seed of the random stratified subset that the trial takes, nested in `n_samples`; -1 for
        the first points of the data set.
    """

    dataset: str
    n_samples: int
    first_width: int
    max_bias: float
    activation: str
    order: str
    restart: int
    seed: int
    subset_seed: int = FIRST_POINTS


def run_trial(trial: Trial, data: Dataset) -> dict:
    """Run one trial.

    Parameters
    ----------
    trial : Trial
        Its parameters.
    data : Dataset
        The whole data set.

    Returns
    -------
    dict
        The row: parameters, then `interpolated` (0 or 1), `accuracy`, `covered`, `second_width`,
        `second_width_0` ... one a detector, `n_parameters` and `fit_seconds` (wall time).
    """
    if trial.n_samples > len(data.y):
        raise UserError(
            f"{trial.dataset}: has {len(data.y)} points, but n_samples is {trial.n_samples}"
        )
    rows: slice | np.ndarray = slice(trial.n_samples)
    if trial.subset_seed != FIRST_POINTS:
        rows = stratified_order(data.y, trial.subset_seed)[: trial.n_samples]
    X, y = data.X[rows], data.y[rows]
    start = time.perf_counter()
    network = fit(
        X,
        y,
        first_width=trial.first_width,
        max_bias=trial.max_bias,
        seed=trial.seed,
        order=trial.order,
        activation=trial.activation,
    )
    seconds = time.perf_counter() - start
    widths = network.second_width_per_class
    return {
        **asdict(trial),
        "interpolated": int(network.interpolates),
        "accuracy": network.accuracy,
        "covered": network.covered,
        "second_width": network.second_width,
        **{f"second_width_{k}": width for k, width in enumerate(widths)},
        "n_parameters": network.n_parameters,
        "fit_seconds": round(seconds, 6),
    }


def run_trials(trials: Iterable[Trial], data: Dataset, threads: int = 1) -> pd.DataFrame:
    """Run trials one after the other: one row a trial, in their order.

    Parameters
    ----------
    trials : iterable of Trial
        Trials on the same data set.
    data : Dataset
        The whole data set.
    threads : int
        Threads of the matrix products.
    """
    with threadpool_limits(limits=threads):
        return pd.DataFrame([run_trial(trial, data) for trial in trials])


def same_results(left: pd.DataFrame, right: pd.DataFrame) -> np.ndarray:
    """Whether the rows of two trial tables are the same apart from times, (n_rows,) bool."""
    columns = [column for column in left.columns if column != "fit_seconds"]
    return (left[columns].to_numpy() == right[columns].to_numpy()).all(axis=1)
