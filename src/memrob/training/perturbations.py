"""The least perturbation along a path that changes a label, confirmed in float64."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from memrob.lipschitz.norms import norm
from memrob.lipschitz.upper.rounding import raised
from memrob.training.classifier import Classifier

HALVINGS = 30
"""Bisections of the interval in which a label changes."""

FARTHEST = 1e3
"""How far along a ray a change is looked for, in distances to the linearised boundary."""


class Perturbed(NamedTuple):
    """The nearest points found at which labels change.

    Attributes
    ----------
    radii : ndarray of float64, shape (M,)
        Distances |points - X|_p, rounded upwards; inf where none was found, and 0 where the label
        is not that of the largest score to begin with.
    points : ndarray of float64, shape (M, d)
        The points, confirmed in float64 (`Classifier.changed`); X where there is none.
    """

    radii: np.ndarray
    points: np.ndarray


def nearest_on_paths(
    classifier: Classifier,
    X: np.ndarray,
    labels: np.ndarray,
    p: float,
    path: Callable[[np.ndarray, np.ndarray], np.ndarray],
    ladders: np.ndarray,
) -> Perturbed:
    """First change of the label along paths, between places at which it is looked for.

    Parameters
    ----------
    classifier : Classifier
    X : ndarray of float64, shape (M, d)
        Starting points of the paths.
    labels : ndarray of int, shape (M,)
    p : float
        Distances are of l^p.
    path : callable
        Points (R, d) on the paths of rows (R,) at times (R,).
    ladders : ndarray of float64, shape (M, T)
        Times at which to look on each path, rising.

    Returns
    -------
    Perturbed
        Between the first time with another label and the time before it, the change is found by
        bisection.
    """
    low, high = np.zeros(len(X)), np.full(len(X), np.inf)
    searching = np.arange(len(X))
    for times in ladders.T:
        found = classifier.changed(path(searching, times[searching]), labels[searching])
        high[searching[found]] = times[searching[found]]
        searching = searching[~found]
        low[searching] = times[searching]
    rows = np.flatnonzero(np.isfinite(high))
    for _ in range(HALVINGS):
        middle = (low[rows] + high[rows]) / 2
        found = classifier.changed(path(rows, middle), labels[rows])
        high[rows[found]], low[rows[~found]] = middle[found], middle[~found]
    radii, points = np.full(len(X), np.inf), X.copy()
    points[rows] = path(rows, high[rows])
    radii[rows] = raised(norm(points[rows] - X[rows], p), X.shape[1])
    return Perturbed(radii, points)


def crossing_times(
    classifier: Classifier, X: np.ndarray, labels: np.ndarray, directions: np.ndarray
) -> np.ndarray:
    """Least t > 0 at which the label of x + t u changes, for one hidden layer; inf beyond reach.

    Parameters
    ----------
    classifier : Classifier
        With one hidden layer.
    X, directions : ndarray of float64, shape (M, d)
        Points x and directions u.
    labels : ndarray of int, shape (M,)
        Classes of the largest scores at X.

    Returns
    -------
    ndarray of float64, shape (M,)
        Up to rounding.

    Notes
    -----
    Our own derivation: between the zeros of pre-activations all margins are affine in t, and their
    minimum is concave, so that no change is missed that the zeros do not show.
    """
    heights = X @ classifier.weights[0].T + classifier.biases[0]
    speeds = directions @ classifier.weights[0].T
    with np.errstate(divide="ignore", invalid="ignore"):
        zeros = -heights / speeds
    zeros = np.where(zeros > 0, zeros, np.inf)
    size = np.abs(heights).max(axis=1) / np.maximum(np.abs(speeds).max(axis=1), 1e-300)
    last = np.max(zeros, axis=1, where=np.isfinite(zeros), initial=0.0)
    end = FARTHEST * np.maximum(last, size)[:, None]
    times = np.sort(np.concatenate([np.zeros_like(end), np.minimum(zeros, end), end], axis=1))
    return np.array(
        [_first_zero(classifier, *row) for row in zip(heights, speeds, times, labels, strict=True)]
    )


def _first_zero(
    classifier: Classifier, heights: np.ndarray, speeds: np.ndarray, times: np.ndarray, label: int
) -> float:
    hidden = np.maximum(heights + times[:, None] * speeds, 0)
    scores = hidden @ classifier.weights[1].T + classifier.biases[1]
    margins = np.delete(scores[:, [label]] - scores, label, axis=1)
    changed = (margins <= 0).any(axis=1)
    if not changed.any():
        return np.inf
    after = int(np.argmax(changed))
    if not after:
        return 0.0
    before, beyond = margins[after - 1], margins[after]
    turned = beyond <= 0
    share = (before[turned] / (before[turned] - beyond[turned])).min()
    return float(times[after - 1] + share * (times[after] - times[after - 1]))
