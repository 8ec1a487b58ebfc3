"""Distances to the boundaries between classes if scores were affine."""

import numpy as np

from memrob.lipschitz.norms import conjugate, norm
from memrob.training.classifier import Classifier


def ranked_classes(
    classifier: Classifier, X: np.ndarray, labels: np.ndarray, p: float, count: int
) -> tuple[np.ndarray, np.ndarray]:
    """The other classes by distance to their linearised boundaries, the nearest first.

    Parameters
    ----------
    classifier : Classifier
    X : ndarray of float64, shape (M, d)
    labels : ndarray of int, shape (M,)
    p : float
        Exponent in [1, inf].
    count : int
        Classes wanted; K - 1 at most are returned.

    Returns
    -------
    classes : ndarray of int, shape (M, min(count, K - 1))
    distances : ndarray of float64, of the same shape
        Margin over |gradient|_{p'}; inf where the gradient is 0.
    """
    margins = classifier.margins(X, labels)
    distances = np.full_like(margins, np.inf)
    for other in range(classifier.n_outputs):
        slopes = classifier.margin_gradients(X, labels, np.full_like(labels, other))
        sizes = norm(slopes, conjugate(p))
        rows = (labels != other) & (sizes > 0)
        distances[rows, other] = margins[rows, other] / sizes[rows]
    distances[np.arange(len(X)), labels] = np.nan
    classes = np.argsort(distances, axis=1, kind="stable")[:, : min(count, margins.shape[1] - 1)]
    return classes, np.take_along_axis(distances, classes, axis=1)
