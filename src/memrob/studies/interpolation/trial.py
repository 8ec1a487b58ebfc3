"""A trial: one network constructed on one data set."""

from dataclasses import dataclass

FIRST_POINTS = -1
"""Subset seed of a trial on the first points of its data set."""


@dataclass(frozen=True)
class Trial:
    """Parameters of a trial, the first columns of its row.

    Attributes
    ----------
    dataset : str
        Name of the data set.
    n_samples : int
        The trial takes so many points of it.
    first_width : int
        First width n.
    max_bias : float
        Maximal bias lambda.
    activation, order : str
        As for `memrob.interpolation.fit`.
    restart : int
        Number of the trial within its cell.
    seed : int
        Seed of the trial.
    subset_seed : int
        Seed of the random stratified subset that the trial takes, nested in `n_samples`; -1 for
        the first points of the data set.
    """

    dataset: str
    n_samples: int
    first_width: int
    max_bias: float
    activation: str
    order: str
    restart: int
    seed: int
    subset_seed: int = FIRST_POINTS
