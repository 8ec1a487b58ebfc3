"""Classification by nearest neighbours, in single precision."""

import numpy as np

BLOCK_NUMBERS = 2**24
"""Approximate number of distances that are held at once."""


class NearestNeighbours:
    """The majority among the k nearest training points, by brute force.

    The same as scikit-learn's KNeighborsClassifier with ``algorithm="brute"``, which takes
    distances in double precision and more than twice the time; points in the unit ball do not
    need that.

    Parameters
    ----------
    k : int
        Number of neighbours, at most that of the training points.
    """

    def __init__(self, k: int):
        self.k = k

    def fit(self, X: np.ndarray, y: np.ndarray) -> "NearestNeighbours":
        """Keep the training points: (N, d) float32, and their labels (N,) int."""
        self.labels, self.classes = np.unique(y, return_inverse=True)
        self.X, self.norms = X, np.einsum("ij,ij->i", X, X)
        return self

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Labels of points: (N, d) float32 -> (N,) int; of several majorities the least label."""
        rows = max(1, BLOCK_NUMBERS // len(self.X))
        blocks = [self._predict(X[i : i + rows]) for i in range(0, len(X), rows)]
        return self.labels[np.concatenate(blocks)]

    def score(self, X: np.ndarray, y: np.ndarray) -> float:
        """Accuracy on points (N, d) float32 with labels (N,) int."""
        return float((self.predict(X) == y).mean())

    def _predict(self, X: np.ndarray) -> np.ndarray:
        # The norm of the point itself does not change which training points are nearest.
        distances = X @ self.X.T
        distances *= -2
        distances += self.norms
        nearest = np.argpartition(distances, self.k - 1, axis=1)[:, : self.k]
        votes = np.zeros((len(X), len(self.labels)), dtype=np.int64)
        for column in self.classes[nearest].T:
            votes[np.arange(len(X)), column] += 1
        return votes.argmax(axis=1)
