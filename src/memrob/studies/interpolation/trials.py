"""The table of many trials: one row per network."""

import itertools
import time
from collections.abc import Iterable
from dataclasses import asdict, replace

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from memrob.data.dataset import Dataset, stratified_order
from memrob.errors import UserError
from memrob.interpolation.construction import fit, fit_sharing_weights
from memrob.interpolation.network import Network
from memrob.studies.interpolation.trial import FIRST_POINTS, Trial


def run_trials(trials: Iterable[Trial], data: Dataset, threads: int = 1) -> pd.DataFrame:
    """Run trials one after the other: one row per trial, in their order.

    Neighbours that differ in their maximal bias alone, seed included, share one matrix product;
    their rows are those that each would have alone.

    Parameters
    ----------
    trials : iterable of Trial
        Trials on the same data set.
    data : Dataset
        The whole data set.
    threads : int
        Threads of the matrix products.

    Returns
    -------
    pandas.DataFrame
        Columns: parameters, then `interpolated` (0 or 1), `accuracy`, `covered`, `second_width`,
        `second_width_0` ... one a detector, `n_parameters` and `fit_seconds`, the wall time, its
        mean over trials that were run as one.
    """
    rows = []
    with threadpool_limits(limits=threads):
        for _, group in itertools.groupby(trials, key=lambda t: replace(t, max_bias=0.0)):
            rows.extend(_run_together(list(group), data))
    return pd.DataFrame(rows)


def _run_together(trials: list[Trial], data: Dataset) -> list[dict]:
    first = trials[0]
    X, y = _points(first, data)
    start = time.perf_counter()
    if len(trials) > 1 and first.order != "reference" and first.activation == "threshold":
        results = [
            _result(network)
            for network in fit_sharing_weights(
                X,
                y,
                first_width=first.first_width,
                max_biases=[trial.max_bias for trial in trials],
                seed=first.seed,
                order=first.order,
            )
        ]
    else:
        results = [
            _result(
                fit(
                    X,
                    y,
                    first_width=trial.first_width,
                    max_bias=trial.max_bias,
                    seed=trial.seed,
                    order=trial.order,
                    activation=trial.activation,
                )
            )
            for trial in trials
        ]
    seconds = round((time.perf_counter() - start) / len(trials), 6)
    return [
        {**asdict(trial), **result, "fit_seconds": seconds}
        for trial, result in zip(trials, results, strict=True)
    ]


def _points(trial: Trial, data: Dataset) -> tuple[np.ndarray, np.ndarray]:
    if trial.n_samples > len(data.y):
        raise UserError(
            f"{trial.dataset}: has {len(data.y)} points, but n_samples is {trial.n_samples}"
        )
    rows: slice | np.ndarray = slice(trial.n_samples)
    if trial.subset_seed != FIRST_POINTS:
        rows = stratified_order(data.y, trial.subset_seed)[: trial.n_samples]
    return data.X[rows], data.y[rows]


def _result(network: Network) -> dict:
    widths = network.second_width_per_class
    return {
        "interpolated": int(network.interpolates),
        "accuracy": network.accuracy,
        "covered": network.covered,
        "second_width": network.second_width,
        **{f"second_width_{k}": width for k, width in enumerate(widths)},
        "n_parameters": network.n_parameters,
    }
