"""The table of many trials: one row per network."""

import time
from collections.abc import Iterable
from dataclasses import asdict

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from memrob import convolution, interpolation
from memrob.convolution.complexity import augmented_complexity, invariant_complexity
from memrob.convolution.group import ShiftGroup, orbits, shifted
from memrob.data.catalogue import DATASETS
from memrob.data.dataset import Dataset
from memrob.errors import UserError
from memrob.interpolation.network import Network
from memrob.studies.convolution.trial import CONVOLUTIONAL, FULLY_CONNECTED, Trial

MOVED_SHIFTS, MOVED_SIGNALS = 8, 100
"""Shifts, at most, by which that many test signals are moved."""

COVERING_COLUMNS = ("separation", "M_minus", "M_plus", "omega", "omega_error")


def run_trials(trials: Iterable[Trial], data: Dataset, threads: int = 1) -> pd.DataFrame:
    """Run trials one after the other: one row per trial, in their order.

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
        Columns: parameters, then `n_points`, of which the network was constructed,
        `interpolated` (0 or 1, at all shifts of the training signals), `accuracy`,
        `second_width`, `n_parameters`, `test_accuracy`, `moved`, the share of the first test
        signals whose label some of a few shifts changes, and of the mutual covering `separation`,
        `M_minus`, `M_plus`, `omega`, `omega_error`; all of these missing where they are not asked
        for; and `fit_seconds`, the wall time of the construction.
    """
    rows, known = [], {}
    with threadpool_limits(limits=threads):
        for trial in trials:
            group = ShiftGroup.of_order(DATASETS[trial.dataset].grid_shape, trial.n_shifts)
            X, y, test = _points(trial, data)
            rows.append(
                {
                    **{k: v for k, v in asdict(trial).items() if k not in ("n_test", "constant")},
                    **_constructed(trial, group, X, y, test),
                    **_covering(trial, group, X, y, known),
                }
            )
    table = pd.DataFrame(rows)
    return table[[column for column in table if column != "fit_seconds"] + ["fit_seconds"]]


def _points(trial: Trial, data: Dataset) -> tuple[np.ndarray, np.ndarray, Dataset]:
    if trial.n_samples + trial.n_test > len(data.y):
        raise UserError(
            f"{trial.dataset}: has {len(data.y)} points, but n_samples is {trial.n_samples} and "
            f"test {trial.n_test}"
        )
    first = len(data.y) - trial.n_test
    test = Dataset(data.X[first:], data.y[first:])
    return data.X[: trial.n_samples], data.y[: trial.n_samples], test


def _constructed(trial: Trial, group: ShiftGroup, X, y, test: Dataset) -> dict:
    start = time.perf_counter()
    network, n_points = _network(trial, group, X, y)
    seconds = time.perf_counter() - start
    tested = len(test.y) > 0
    return {
        "n_points": n_points,
        "interpolated": int(network.interpolates),
        "accuracy": network.accuracy,
        "second_width": network.second_width,
        "n_parameters": network.n_parameters,
        "test_accuracy": float((network.predict(test.X) == test.y).mean()) if tested else np.nan,
        "moved": moved(network, group, test.X[:MOVED_SIGNALS], trial.seed) if tested else np.nan,
        "fit_seconds": round(seconds, 6),
    }


def _network(trial: Trial, group: ShiftGroup, X, y) -> tuple[Network, int]:
    sizes = {
        "first_width": trial.first_width,
        "max_bias": trial.max_bias,
        "seed": trial.seed,
    }
    if trial.network == CONVOLUTIONAL:
        network = convolution.fit(
            X,
            y,
            grid_shape=group.grid_shape,
            strides=group.strides,
            filter_size=trial.filter_size or None,
            **sizes,
        )
        return network, len(y)
    points = orbits(X, group).reshape(-1, X.shape[1])
    return interpolation.fit(points, np.repeat(y, group.order), **sizes), len(points)


def moved(network: Network, group: ShiftGroup, X: np.ndarray, seed: int) -> float:
    """Share of signals whose label is changed by some of at most `MOVED_SHIFTS` random shifts.

    Parameters
    ----------
    network : Network
    group : ShiftGroup
        Where the shifts are drawn from, without repetition and without the zero shift.
    X : (N, d) float32
        Signals.
    seed : int
        Seed of the draw.
    """
    rng = np.random.default_rng(seed)
    drawn = 1 + rng.permutation(group.order - 1)[:MOVED_SHIFTS]
    labels = network.predict(X)
    changed = np.zeros(len(X), dtype=bool)
    for shift in drawn:
        changed |= network.predict(shifted(X, group, shift)) != labels
    return float(changed.mean())


def _covering(trial: Trial, group: ShiftGroup, X, y, known: dict) -> dict:
    if trial.constant is None:
        return dict.fromkeys(COVERING_COLUMNS, np.nan)
    key = trial.network, trial.n_samples, trial.n_shifts, trial.max_bias, trial.constant
    if key not in known:
        of_network = {
            CONVOLUTIONAL: invariant_complexity,
            FULLY_CONNECTED: augmented_complexity,
        }
        found = of_network[trial.network](X, y, group, trial.max_bias, constant=trial.constant)
        known[key] = {
            "separation": found.separation.distance,
            "M_minus": found.second_width,
            "M_plus": sum(one.M_plus for one in found.classes),
            "omega": max(one.omega.value for one in found.classes),
            "omega_error": max(one.omega for one in found.classes).standard_error,
        }
    return known[key]
