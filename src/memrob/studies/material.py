"""What figures are drawn from."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Material:
    """What a figure can be drawn from; None where it was not given.

    Attributes
    ----------
    trials : DataFrame, optional
        Table of the experiment, one row per trial.
    measured : DataFrame, optional
        Table of an experiment of another study, which it is compared with.
    published : DataFrame, optional
        Published cells of the experiment.
    dataset : (X, y), optional
        Points (N, d) float32 and labels (N,) int.
    image_shape : sequence of int, optional
        Shape of a point that is an image.
    grid_shape : sequence of int, optional
        Shape of the cyclic grid of a point that is a signal.
    class_names : sequence of str, optional
        Names in ascending order of the labels.
    """

    trials: pd.DataFrame | None = None
    measured: pd.DataFrame | None = None
    published: pd.DataFrame | None = None
    dataset: tuple[np.ndarray, np.ndarray] | None = None
    image_shape: Sequence[int] | None = None
    grid_shape: Sequence[int] | None = None
    class_names: Sequence[str] | None = None

    @property
    def points(self) -> np.ndarray:
        """Points of the data set."""
        return self.dataset[0]

    @property
    def labels(self) -> np.ndarray:
        """Labels of the data set."""
        return self.dataset[1]
