"""A trial: one network that is to interpolate all shifts of its training signals."""

from dataclasses import dataclass

from memrob.studies.networks import CONVOLUTIONAL, FULLY_CONNECTED, NETWORKS

__all__ = ["CONVOLUTIONAL", "FULLY_CONNECTED", "NETWORKS", "Trial"]


@dataclass(frozen=True)
class Trial:
    """Parameters of a trial.

    Attributes
    ----------
    dataset : str
        Name of the data set, whose signals lie on a cyclic grid.
    n_samples : int
        This many of the first points are the training signals.
    network : {"convolutional", "fully_connected"}
        Which network is constructed; the fully connected one on all shifts as points of their own.
    n_shifts : int
        Number of shifts |S| under which the classes are to be told apart.
    filter_size : int
        Support of the filters along each axis; 0 for filters of the size of the signals.
    first_width : int
        First width n: filters, or hyperplanes.
    max_bias : float
        Maximal bias lambda.
    restart : int
        Number of the trial within its cell.
    seed : int
        Seed of the network.
    n_test : int
        This many of the last points of the data set are test signals.
    constant : float or None
        Factor of the radii of the mutual covering; None where none is computed.
    """

    dataset: str
    n_samples: int
    network: str
    n_shifts: int
    filter_size: int
    first_width: int
    max_bias: float
    restart: int
    seed: int
    n_test: int = 0
    constant: float | None = None
