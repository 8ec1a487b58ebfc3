"""A trial: one classifier fitted on the training points of a data set."""

from dataclasses import dataclass

NETWORK = "network"


@dataclass(frozen=True)
class Trial:
    """Parameters of a trial, the first columns of its row.

    Attributes
    ----------
    dataset : str
        Name of the data set.
    classifier : {"network", "linear", "neighbours"}
        What is fitted.
    n_train : int
        This many of the first points are trained on, all others are test points.
    first_width : int
        First width n; 0 for other classifiers.
    max_bias : float or None
        Maximal bias lambda; None for other classifiers.
    restart : int
        Number of the trial within its cell.
    seed : int
        Seed of the network; 0 for other classifiers, which draw no random numbers.
    """

    dataset: str
    classifier: str
    n_train: int
    first_width: int = 0
    max_bias: float | None = None
    restart: int = 0
    seed: int = 0
