"""A trial: the second layers that one selection of neurons gives upon random hyperplanes."""

from dataclasses import dataclass
from typing import Any

RANDOM, GREEDY, CLUSTER, SMALLEST = "random", "greedy", "cluster", "smallest"

NETWORKS: dict[str, dict[str, Any]] = {
    RANDOM: {},
    GREEDY: {"order": "greedy"},
    CLUSTER: {"order": "cluster"},
    "margin": {"decision": "margin"},
    "cluster_margin": {"order": "cluster", "decision": "margin"},
    "slack": {"decision": "margin", "slack": 3},
    "min_cover": {"decision": "margin", "min_cover": 5},
    "slack_and_min_cover": {"decision": "margin", "slack": 3, "min_cover": 10},
    "greedy_min_cover": {"order": "greedy", "decision": "margin", "min_cover": 5},
}
"""Arguments of `memrob.interpolation.fit` for each selection; "random" is that of [M]."""

REFERENCES = ("linear", "neighbours")
"""Classifiers that depend on the points and their labels alone."""

RANDOM_FEATURES = "random_features"
"""A classifier with as many parameters as the network "random" of the same cell and restart."""

SELECTIONS = (*NETWORKS, SMALLEST, *REFERENCES, RANDOM_FEATURES)


@dataclass(frozen=True)
class Trial:
    """Parameters of a trial, the first columns of its row.

    Attributes
    ----------
    dataset : str
        Name of the data set.
    network : {"fully_connected", "convolutional"}
        Which network.
    selection : str
        One of `SELECTIONS`: a key of `NETWORKS`, bounds on the least second width, or a classifier
        to compare with.
    n_samples : int
        Training points, the first ones.
    test_from : int
        All points from this one on are test points; 0 for none.
    first_width : int
        First width n.
    max_bias : float
        Maximal bias lambda.
    noise : float
        Share of the training points whose label is replaced by another one.
    restart : int
        Number of the trial within its cell.
    seed : int
        Seed of hyperplanes and noise; that of all selections of a cell and restart.
    """

    dataset: str
    network: str
    selection: str
    n_samples: int
    test_from: int
    first_width: int
    max_bias: float
    noise: float
    restart: int
    seed: int
