"""Tables of trials, and of published cells, from arrays with one row per cell."""

import numpy as np
import pandas as pd
import pytest


def trial_table(widths, hits=None, order="permutation", subset_seed=-1):
    """Trials with second widths and interpolated (0 or 1) of shape (n_cells, k)."""
    widths = np.asarray(widths)
    hits = np.ones_like(widths) if hits is None else np.asarray(hits)
    cell, restart = np.indices(widths.shape)
    return pd.DataFrame(
        {
            "dataset": "moons",
            "n_samples": 1000,
            "first_width": 10 * (cell.ravel() + 1),
            "max_bias": 0.1 + 0.2,
            "activation": "threshold",
            "order": order,
            "restart": restart.ravel(),
            "seed": np.arange(widths.size),
            "subset_seed": subset_seed,
            "interpolated": hits.ravel(),
            "second_width": widths.ravel(),
            "second_width_0": widths.ravel(),
        }
    )


def published_table(widths, hits=None):
    """Published cells that sum up such arrays, with six decimals as published."""
    widths = np.asarray(widths)
    hits = np.ones_like(widths) if hits is None else np.asarray(hits)
    return pd.DataFrame(
        {
            "dataset": "moons",
            "n_samples": 1000,
            "first_width": 10 * (np.arange(len(widths)) + 1),
            "max_bias": 0.3,
            "trials": widths.shape[1],
            "interpolated": hits.mean(axis=1).round(6),
            "score_mean": 1.0,
            "second_width_mean": widths.mean(axis=1).round(6),
            "second_width_sd": widths.std(axis=1, ddof=1).round(6),
            "fit_seconds_mean": 0.1,
        }
    )


@pytest.fixture(name="trial_table")
def _trial_table():
    return trial_table


@pytest.fixture(name="published_table")
def _published_table():
    return published_table
