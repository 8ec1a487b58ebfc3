"""Test accuracies of a table of trials: cells of networks, curves through them, references."""

from typing import NamedTuple

import numpy as np
import pandas as pd

AXES = ("first_width", "max_bias")


class Curve(NamedTuple):
    """A quantity of networks along one parameter.

    Attributes
    ----------
    x : (places,) float64
        Ascending values of the parameter.
    samples : list of (restarts,) float64
        The quantity of each network, for each place.
    interpolates : (places,) bool
        Whether all networks of the place interpolate their training points.
    """

    x: np.ndarray
    samples: list[np.ndarray]
    interpolates: np.ndarray

    @property
    def means(self) -> np.ndarray:
        """Mean over the networks of each place, (places,) float64."""
        return np.array([values.mean() for values in self.samples])


def networks(trials: pd.DataFrame) -> pd.DataFrame:
    """Rows of networks, with `max_bias` rounded so that one setting is one cell."""
    found = trials[trials["classifier"] == "network"]
    return found.assign(max_bias=found["max_bias"].astype(float).round(6))


def curve(trials: pd.DataFrame, quantity: str, x: str, value: float) -> Curve | None:
    """Quantity along one axis where the other has a value; None without networks there.

    Parameters
    ----------
    trials : DataFrame
        One row per trial.
    quantity : str
        A column of numbers.
    x : {"first_width", "max_bias"}
        The parameter along the curve.
    value : float
        Value of the other one.
    """
    (other,) = set(AXES) - {x}
    rows = networks(trials)
    rows = rows[np.isclose(rows[other].astype(float), value, rtol=0, atol=1e-6)]
    rows = rows[rows[quantity].notna()]
    if rows.empty:
        return None
    groups = list(rows.groupby(x))
    return Curve(
        np.array([place for place, _ in groups], dtype=float),
        [group[quantity].to_numpy(float) for _, group in groups],
        np.array([bool((group["interpolated"] == 1).all()) for _, group in groups]),
    )


def reference_accuracy(trials: pd.DataFrame, classifier: str) -> float | None:
    """Test accuracy of a reference classifier, None if this run has none."""
    found = trials.loc[trials["classifier"] == classifier, "test_accuracy"]
    return None if found.empty else float(found.iloc[0])
