"""Classifiers that test accuracies of constructed networks are compared with."""

import warnings

import numpy as np

from memrob.studies.neighbours import NearestNeighbours

NEIGHBOURS = 5
ITERATIONS = 100
INVERSE_PENALTY = 1.0
"""C of the logistic regression, for points in the unit ball."""

REFERENCES = ("linear", "neighbours")
"""Classifiers beside the network: multinomial logistic regression, and k nearest neighbours."""


def fitted_reference(name: str, X: np.ndarray, y: np.ndarray):
    """Fit a classifier that networks are compared with.

    Parameters
    ----------
    name : {"linear", "neighbours"}
        "linear": multinomial logistic regression, 100 iterations of L-BFGS at most. "neighbours":
        the majority among the 5 nearest training points in Euclidean distance.
    X : (N, d) float32
        Training points.
    y : (N,) int
        Their labels.

    Returns
    -------
    object
        With the method `score` of a classifier of scikit-learn; it draws no random numbers.
    """
    if name == "neighbours":
        return NearestNeighbours(NEIGHBOURS).fit(X, y)
    # scikit-learn takes a second to import.
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    with warnings.catch_warnings():
        # Stopping after that many iterations is meant.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return LogisticRegression(C=INVERSE_PENALTY, max_iter=ITERATIONS).fit(X, y)
