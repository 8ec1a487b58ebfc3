"""The table of many trials: one row per classifier."""

import time
from collections.abc import Iterable
from dataclasses import asdict

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from memrob.data.dataset import Dataset
from memrob.errors import UserError
from memrob.interpolation.construction import fit
from memrob.studies.baselines import fitted_reference
from memrob.studies.generalisation.detection import evaluate
from memrob.studies.generalisation.trial import NETWORK, Trial


def run_trials(trials: Iterable[Trial], data: Dataset, threads: int = 1) -> pd.DataFrame:
    """Run trials one after the other: one row per trial, in their order.

    Parameters
    ----------
    trials : iterable of Trial
        Trials on the same data set.
    data : Dataset
        The whole data set, training points first. It is scaled by its largest norm, that of the
        test points included.
    threads : int
        Threads of the matrix products.

    Returns
    -------
    pandas.DataFrame
        Columns: parameters, then `n_test`, `second_width`, `interpolated` (0 or 1), `accuracy` (on
        the training points), `test_accuracy`, `undetected` and `ambiguous` (shares of the test
        points at which no detector fires, or several do), `unique_accuracy` (accuracy on the
        others), `undetected_errors` and `ambiguous_errors` (shares of all test points that are of
        either kind and wrongly labelled) and `fit_seconds`. What a classifier does not have is
        missing; so is the accuracy of the nearest neighbours on the training points.
    """
    with threadpool_limits(limits=threads):
        return pd.DataFrame([_row(trial, data) for trial in trials])


def _row(trial: Trial, data: Dataset) -> dict:
    if trial.n_train >= len(data.y):
        raise UserError(
            f"{trial.dataset}: has {len(data.y)} points, but train is {trial.n_train}; "
            "test points must remain"
        )
    X, y = data.X[: trial.n_train], data.y[: trial.n_train]
    test = Dataset(data.X[trial.n_train :], data.y[trial.n_train :])
    run = _network if trial.classifier == NETWORK else _reference
    return {**asdict(trial), "n_test": len(test.y), **run(trial, X, y, test)}


def _network(trial: Trial, X: np.ndarray, y: np.ndarray, test: Dataset) -> dict:
    start = time.perf_counter()
    network = fit(X, y, first_width=trial.first_width, max_bias=trial.max_bias, seed=trial.seed)
    seconds = time.perf_counter() - start
    result = evaluate(network, *test)._asdict()
    return {
        "second_width": network.second_width,
        "interpolated": int(network.interpolates),
        "accuracy": network.accuracy,
        "test_accuracy": result.pop("accuracy"),
        **result,
        "fit_seconds": round(seconds, 6),
    }


def _reference(trial: Trial, X: np.ndarray, y: np.ndarray, test: Dataset) -> dict:
    start = time.perf_counter()
    fitted = fitted_reference(trial.classifier, X, y)
    seconds = time.perf_counter() - start
    accuracy = np.nan
    if trial.classifier == "linear":
        accuracy = float(fitted.score(X, y))
    return {
        "second_width": 0,
        "interpolated": np.nan,
        "accuracy": accuracy,
        "test_accuracy": float(fitted.score(*test)),
        "undetected": np.nan,
        "ambiguous": np.nan,
        "unique_accuracy": np.nan,
        "undetected_errors": np.nan,
        "ambiguous_errors": np.nan,
        "fit_seconds": round(seconds, 6),
    }
