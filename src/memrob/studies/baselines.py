"""Classifiers that test accuracies of constructed networks are compared with."""

import warnings

import numpy as np

from memrob.studies.neighbours import NearestNeighbours
from memrob.training.random_features import random_relu_features, sample_directions

NEIGHBOURS = 5
ITERATIONS = 100
INVERSE_PENALTY = 1.0
"""C of the logistic regression, for points in the unit ball."""

RIDGE_PENALTY = 0.01
POINTS_A_BLOCK = 4096

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


class RandomFeatures:
    """Ridge regression upon random ReLU features, of one column of zeros and ones per class.

    Parameters
    ----------
    n_features : int
        Number of features p; they are relu(Vx) / sqrt(p) with V standard Gaussian.
    seed : sequence of int
        Seed of V.
    """

    def __init__(self, n_features: int, seed: list[int]):
        self.n_features, self.seed = n_features, seed

    @staticmethod
    def with_parameters(
        n_parameters: int, input_dim: int, n_classes: int, seed: list[int]
    ) -> "RandomFeatures":
        """As many features as make at most so many weights, p (d + K), and one at least."""
        return RandomFeatures(max(n_parameters // (input_dim + n_classes), 1), seed)

    def fit(self, X: np.ndarray, y: np.ndarray) -> "RandomFeatures":
        """Fit the readout to points (N, d) float32 with labels (N,) int."""
        from sklearn.linear_model import RidgeClassifier

        rng = np.random.default_rng(self.seed)
        self.directions = sample_directions(rng, self.n_features, X.shape[1])
        self.readout = RidgeClassifier(alpha=RIDGE_PENALTY).fit(self._features(X), y)
        return self

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Labels of points: (N, d) float32 -> (N,) int."""
        blocks = [X[i : i + POINTS_A_BLOCK] for i in range(0, len(X), POINTS_A_BLOCK)]
        return np.concatenate([self.readout.predict(self._features(block)) for block in blocks])

    def _features(self, X: np.ndarray) -> np.ndarray:
        found = random_relu_features(X, self.directions)
        found /= np.float32(np.sqrt(self.n_features))
        return found
