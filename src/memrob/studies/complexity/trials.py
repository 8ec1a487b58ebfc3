"""The table of many trials: a row per class."""

import itertools
import time
from collections.abc import Iterable
from dataclasses import asdict

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from memrob.complexity.conditions import conditions_hold
from memrob.complexity.profile import ClassComplexity, Complexity, complexity
from memrob.complexity.separation import point_separation
from memrob.data.dataset import Dataset
from memrob.errors import UserError
from memrob.studies.complexity.trial import Trial


def run_trials(trials: Iterable[Trial], data: Dataset, threads: int = 1) -> pd.DataFrame:
    """Run trials one after the other: one row per trial and class, in their order.

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
        Columns: parameters, then `input_dim`, `label` of the class that plays X-, `n_minus`,
        `n_plus`, `M_minus`, `M_plus`, `separation`, `centre_separation`, `radius`, `omega`,
        `omega_error`, `first_width_shape`, `point_separation` (missing where it was not asked
        for), `conditions_hold` (0 or 1) and `seconds`, the wall time of a trial over its classes.
    """
    rows: list[dict] = []
    with threadpool_limits(limits=threads):
        for _, group in itertools.groupby(trials, key=lambda trial: trial.n_samples):
            least = np.nan
            for trial in group:
                X, y = _points(trial, data)
                if trial.point_separation and np.isnan(least):
                    least = point_separation(X).distance
                rows.extend(_rows(trial, X, y, least))
    return pd.DataFrame(rows)


def _points(trial: Trial, data: Dataset) -> Dataset:
    if trial.n_samples > len(data.y):
        raise UserError(
            f"{trial.dataset}: has {len(data.y)} points, but n_samples is {trial.n_samples}"
        )
    return Dataset(data.X[: trial.n_samples], data.y[: trial.n_samples])


def _rows(trial: Trial, X: np.ndarray, y: np.ndarray, least: float) -> list[dict]:
    start = time.perf_counter()
    found = complexity(
        X,
        y,
        trial.max_bias,
        constant=trial.constant,
        eta=trial.eta,
        draws=trial.draws,
        seed=trial.seed,
    )
    seconds = round((time.perf_counter() - start) / len(found.classes), 6)
    parameters = {k: v for k, v in asdict(trial).items() if k != "point_separation"}
    return [
        {
            **parameters,
            **_of_class(found, one),
            "point_separation": least,
            "conditions_hold": int(
                conditions_hold(one.covering, X[y == one.label], X[y != one.label])
            ),
            "seconds": seconds,
        }
        for one in found.classes
    ]


def _of_class(found: Complexity, one: ClassComplexity) -> dict:
    return {
        "input_dim": found.input_dim,
        "label": one.label,
        "n_minus": one.n_minus,
        "n_plus": one.n_plus,
        "M_minus": one.M_minus,
        "M_plus": one.M_plus,
        "separation": one.separation,
        "centre_separation": one.centre_separation,
        "radius": found.radius,
        "omega": one.omega.value,
        "omega_error": one.omega.standard_error,
        "first_width_shape": one.first_width,
    }
