"""A trial: networks that are trained together, from which several rows follow."""

import os
from dataclasses import dataclass, field

import numpy as np

from memrob.data.catalogue import DATASETS
from memrob.data.dataset import Dataset
from memrob.errors import UserError
from memrob.numerics.cost import Cost
from memrob.training.samples import Samples, pooled, prepare_samples


@dataclass(frozen=True)
class Points:
    """Which points of a data set are trained and tested on, and how they are prepared.

    Attributes
    ----------
    dataset : str
        Name of the data set.
    n_samples : int
        This many of the first points are the training points.
    n_test : int
        This many of the last points are the test points.
    pooling : int
        Side of the squares of pixels that are averaged; 1 for none.
    centre : bool
        Whether the mean of the training points is subtracted.
    norm : float or None
        Root mean square norm afterwards; None for the square root of the dimension.
    """

    dataset: str
    n_samples: int
    n_test: int = 0
    pooling: int = 1
    centre: bool = False
    norm: float | None = None

    @property
    def input_dim(self) -> int:
        """Dimension of the points after pooling."""
        return DATASETS[self.dataset].input_dim // self.pooling**2

    def samples(self, data: Dataset) -> Samples:
        """Training and test points out of the whole data set, whose largest coordinate is made 1.

        Raises
        ------
        UserError
            If the data set has too few points.
        """
        count = len(data.y)
        if self.n_samples + self.n_test > count:
            raise UserError(
                f"{self.dataset}: has {count} points, but n_samples is {self.n_samples} and "
                f"test {self.n_test}"
            )
        rows = np.r_[: self.n_samples, count - self.n_test : count]
        X = data.X[rows] / data.X.max()
        if self.pooling > 1:
            X = pooled(X, DATASETS[self.dataset].image_shape, self.pooling)
        y, n = data.y[rows], self.n_samples
        size = self.norm or X.shape[1] ** 0.5
        return prepare_samples(X[:n], y[:n], X[n:], y[n:], norm=size, centre=self.centre)


@dataclass(frozen=True)
class Trial:
    """What trials of all studies have; each study has a class of its own.

    Attributes
    ----------
    points : Points
        Training and test points.
    restarts : tuple of int
        Numbers of the restarts that are computed together.
    seeds : tuple of int
        Their seeds.
    device : str
        Where networks are trained.
    save_every : int
        Epochs between saves of a training that goes on; no result depends on it.
    """

    points: Points
    restarts: tuple[int, ...]
    seeds: tuple[int, ...]
    device: str
    save_every: int = field(repr=False)

    columns = ("dataset", "n_samples", "restart", "seed", "width", "network", "labels")
    """Columns by which the rows of a trial are told from those of others, where they are one."""

    def predicted_cost(self) -> Cost:
        """Cost."""
        raise NotImplementedError

    def rows(self, samples: Samples, folder: str | os.PathLike | None) -> list[dict]:
        """Rows of the table, with `restart` counted from 0 within the trial.

        Parameters
        ----------
        samples : Samples
            Its points.
        folder : path-like or None
            Where trained networks are kept while the chunk is not finished.
        """
        raise NotImplementedError
