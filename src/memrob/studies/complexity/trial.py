"""A trial: the complexity of one data set for one maximal bias and one constant of the radii."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Trial:
    """Parameters of a trial.

    Attributes
    ----------
    dataset : str
        Name of the data set.
    n_samples : int
        The trial takes so many first points of it.
    max_bias : float
        Maximal bias lambda.
    constant : float
        Factor of the radii of the covering, which [M] leaves open.
    eta : float
        Probability of failure.
    draws : int
        Gaussian vectors for the mean widths.
    seed : int
        Seed of these vectors.
    point_separation : bool
        Whether the least distance between any two points is computed.
    """

    dataset: str
    n_samples: int
    max_bias: float
    constant: float
    eta: float
    draws: int
    seed: int
    point_separation: bool
