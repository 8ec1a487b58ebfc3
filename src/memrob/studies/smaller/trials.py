"""Runs trials: second widths upon the same hyperplanes, and accuracies with noisy labels."""

import time
from collections.abc import Iterable
from dataclasses import asdict

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from memrob import convolution, interpolation
from memrob.data.catalogue import DATASETS
from memrob.data.dataset import Dataset
from memrob.studies.baselines import RandomFeatures, fitted_reference
from memrob.studies.networks import FULLY_CONNECTED
from memrob.studies.smaller.trial import NETWORKS, RANDOM_FEATURES, REFERENCES, SMALLEST, Trial

MEASURED = ("second_width", "lower", "interpolated", "accuracy", "n_parameters")


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
        Columns: parameters, then `second_width`, `lower` (a proved lower bound on the second width,
        for the selection "smallest"), `interpolated` (0 or 1), `accuracy` (on the training points,
        with their noisy labels), `n_parameters` (weights and biases), `n_test`, `test_accuracy` and
        `fit_seconds`. What a trial does not have is missing.
    """
    with threadpool_limits(limits=threads):
        return pd.DataFrame([_row(trial, data) for trial in trials])


def _row(trial: Trial, data: Dataset) -> dict:
    X = data.X[: trial.n_samples]
    y = noisy(data.y[: trial.n_samples], np.unique(data.y), trial.noise, trial.seed)
    test = Dataset(data.X[trial.test_from :], data.y[trial.test_from :])
    start = time.perf_counter()
    missing = dict.fromkeys(MEASURED, np.nan)
    if trial.selection in REFERENCES:
        found, fitted = missing, fitted_reference(trial.selection, X, y)
    elif trial.selection == RANDOM_FEATURES:
        fitted = _random_features(trial, _network(trial, X, y).n_parameters, X, y)
        found = missing | {"n_parameters": fitted.n_features * (X.shape[1] + len(np.unique(y)))}
    else:
        network = _network(trial, X, y)
        found, fitted = missing | _sizes(trial, network, X, y), network
    seconds = time.perf_counter() - start
    has_test = trial.test_from > 0 and trial.selection != SMALLEST
    return {
        **asdict(trial),
        **found,
        "n_test": len(test.y) if has_test else 0,
        "test_accuracy": _accuracy(fitted, test) if has_test else np.nan,
        "fit_seconds": round(seconds, 6),
    }


def noisy(y: np.ndarray, labels: np.ndarray, noise: float, seed: int) -> np.ndarray:
    """Replace labels by others, each with probability `noise` and by any other equally likely.

    Parameters
    ----------
    y : (N,) int
        Labels.
    labels : (n_classes,) int
        All labels, ascending.
    noise : float
        Share of the labels.
    seed : int
        Seed.
    """
    rng = np.random.default_rng([seed, 1])
    replaced = rng.random(len(y)) < noise
    steps = rng.integers(1, len(labels), size=len(y))
    others = labels[(np.searchsorted(labels, y) + steps) % len(labels)]
    return np.where(replaced, others, y)


def _network(trial: Trial, X: np.ndarray, y: np.ndarray) -> interpolation.Network:
    arguments = {
        "first_width": trial.first_width,
        "max_bias": trial.max_bias,
        "seed": trial.seed,
        **NETWORKS.get(trial.selection, {}),
    }
    if trial.network == FULLY_CONNECTED:
        return interpolation.fit(X, y, **arguments)
    return convolution.fit(X, y, grid_shape=DATASETS[trial.dataset].grid_shape, **arguments)


def _random_features(trial: Trial, n_parameters: int, X: np.ndarray, y: np.ndarray):
    sizes = n_parameters, X.shape[1], len(np.unique(y))
    return RandomFeatures.with_parameters(*sizes, seed=[trial.seed, 2]).fit(X, y)


def _sizes(trial: Trial, network: interpolation.Network, X: np.ndarray, y: np.ndarray) -> dict:
    found = {
        "second_width": network.second_width,
        "interpolated": int(network.interpolates),
        "accuracy": network.accuracy,
        "n_parameters": network.n_parameters,
    }
    if trial.selection == SMALLEST:
        package = interpolation if trial.network == FULLY_CONNECTED else convolution
        bounds = package.least_widths(network, X, y)
        found["second_width"] = sum(each.upper for each in bounds)
        found["n_parameters"] = np.nan
        found["lower"] = sum(each.lower for each in bounds)
    return found


def _accuracy(fitted, test: Dataset) -> float:
    return float((fitted.predict(test.X) == test.y).mean())
