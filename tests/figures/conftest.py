"""Small tables and a network that is quick to fit."""

from importlib import import_module

import numpy as np
import pandas as pd
import pytest

boundary = import_module("memrob.studies.interpolation.figures.boundary")
boundary_grid = import_module("memrob.studies.interpolation.figures.boundary_grid")


def trial_table(restarts=3, first_widths=(10, 30, 60), max_biases=(0.0, 0.5, 1.5), n_samples=100):
    """Trials that interpolate from n = 30 on, except at lambda = 0."""
    rng = np.random.default_rng(0)
    rows = [
        {
            "dataset": "toy",
            "n_samples": n_samples,
            "first_width": first_width,
            "max_bias": max_bias,
            "restart": restart,
            "interpolated": int(first_width >= 30 and max_bias > 0),
            "accuracy": 1.0,
            "covered": 1.0,
            "second_width": int(rng.integers(5, 20)),
            "fit_seconds": 0.1,
        }
        for first_width in first_widths
        for max_bias in max_biases
        for restart in range(restarts)
    ]
    return pd.DataFrame(rows)


@pytest.fixture
def trials():
    return trial_table()


@pytest.fixture
def published():
    """Published cells on a finer grid than the trials'."""
    from memrob.studies.interpolation.cells import summarise

    return summarise(trial_table(5, (10, 20, 30, 45, 60), (0.0, 0.25, 0.5, 1.0, 1.5)))


@pytest.fixture
def planar():
    """Two noisy arcs, forty points; label 1 is class minus."""
    angle = np.linspace(0, np.pi, 20)
    upper = np.column_stack([np.cos(angle), np.sin(angle)])
    lower = np.column_stack([1 - np.cos(angle), 0.5 - np.sin(angle)])
    X = np.concatenate([upper, lower]).astype(np.float32)
    order = np.random.default_rng(1).permutation(40)
    return X[order] / 2.2, np.repeat([0, 1], 20)[order]


class Discs:
    """Neurons that fire on discs around their points, in place of a second layer."""

    def __init__(self, X, candidates, radius):
        self.candidates, self.centres, self.radius = candidates, X[candidates], radius

    def fires(self, X):
        return np.linalg.norm(X[:, None] - self.centres, axis=-1) < self.radius


@pytest.fixture
def quick_fit(monkeypatch):
    """Replace the fit by discs around the first points of class minus, coarsely drawn."""
    monkeypatch.setattr(boundary, "FINE_COLUMNS", 90)
    monkeypatch.setattr(boundary_grid, "COLUMNS", 60)

    class Network:
        def __init__(self, X, y, first_width, max_bias, seed):
            candidates = np.flatnonzero(y == y.max())[: first_width // 10]
            self.detectors = [Discs(X, candidates, 0.2)]
            self.interpolates = max_bias > 0

    def fit(X, y, *, first_width, max_bias, seed):
        return Network(X, y, first_width, max_bias, seed)

    monkeypatch.setattr(boundary, "fit", fit)
    monkeypatch.setattr(boundary_grid, "fit", fit)
