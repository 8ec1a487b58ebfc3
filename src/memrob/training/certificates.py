"""Radii within which no perturbation changes a label, for certain."""

import numpy as np

from memrob.lipschitz.norms import conjugate, norm
from memrob.lipschitz.upper.rounding import gamma, raised
from memrob.training.classifier import Classifier
from memrob.training.linearised import ranked_classes

HALVINGS = 10
"""Bisections of a local radius, which is then within about 0.1 per cent of the best."""

FARTHEST = 2.0
"""Distances to the linearised boundary up to which a local radius is looked for."""

BELOW = 1 - 8 * gamma(1)
"""Factor that a quotient is lowered by, against rounding."""


def global_radii(
    classifier: Classifier, X: np.ndarray, labels: np.ndarray, bounds: np.ndarray
) -> np.ndarray:
    """Margins divided by Lipschitz constants of the margins.

    Parameters
    ----------
    classifier : Classifier
    X : ndarray of float64, shape (M, d)
    labels : ndarray of int, shape (M,)
        Labels a.
    bounds : ndarray of float64, shape (K, K)
        Upper bounds of lip_p of f_a - f_b (`margin_bounds`).

    Returns
    -------
    ndarray of float64, shape (M,)
        min over b of (f_a - f_b)(x) / lip_p(f_a - f_b), rounded downwards: within this distance
        in l^p no other class has a larger score. 0 where the label is not that of the largest
        score, or it is not certain to be, and inf where nothing changes any score.
    """
    return _ratios(classifier.certain_margins(X, labels), bounds[labels]).min(axis=1)


def local_radii(
    classifier: Classifier,
    X: np.ndarray,
    labels: np.ndarray,
    p: float,
    bounds: np.ndarray,
) -> np.ndarray:
    """Radii that follow from what the neurons can do near each point, for one hidden layer.

    Parameters
    ----------
    classifier : Classifier
        With one hidden layer.
    X : ndarray of float64, shape (M, d)
    labels : ndarray of int, shape (M,)
    p : float
        Exponent in [1, inf].
    bounds : ndarray of float64, shape (K, K)
        Upper bounds of lip_p of f_a - f_b, as for `global_radii`.

    Returns
    -------
    ndarray of float64, shape (M,)
        At least `global_radii`, rounded downwards.

    Notes
    -----
    A radius holds if for every class b a lower bound of f_a - f_b on the ball is positive: that
    of `global_radii`, or that of linear relaxations of the neurons (H. Zhang, T.-W. Weng,
    P.-Y. Chen, C.-J. Hsieh, L. Daniel, *Efficient neural network robustness certification with
    general activation functions*, NeurIPS 2018, CROWN), with three choices of the lower lines.
    """
    ratios = _ratios(classifier.certain_margins(X, labels), bounds[labels])
    low = ratios.min(axis=1)
    relaxed = _Relaxation(classifier, X, labels, p)
    boundary = ranked_classes(classifier, X, labels, p, 1)[1][:, 0]
    high = np.where((low > 0) & np.isfinite(boundary), FARTHEST * boundary, 0)
    for _ in range(HALVINGS):
        rows = np.flatnonzero((low > 0) & (low < high))
        middle = (low[rows] + high[rows]) / 2
        unknown = ratios[rows] <= middle[:, None]
        holds = relaxed.is_positive(rows, middle, unknown)
        low[rows[holds]], high[rows[~holds]] = middle[holds], middle[~holds]
    return low


def _ratios(margins: np.ndarray, bounds: np.ndarray) -> np.ndarray:
    margins = np.maximum(margins, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(margins > 0, margins / bounds * BELOW, 0.0)


class _Relaxation:
    """Lower bounds of margins on balls, by lines below and above each neuron."""

    def __init__(self, classifier: Classifier, X: np.ndarray, labels: np.ndarray, p: float):
        self.rows, self.last = classifier.weights
        self.offsets = classifier.biases[1]
        self.labels, self.q = labels, conjugate(p)
        self.heights = X @ self.rows.T + classifier.biases[0]
        self.sizes = np.abs(X) @ np.abs(self.rows).T + np.abs(classifier.biases[0])
        self.reach = raised(norm(self.rows, self.q), self.rows.shape[1])
        self.rounding = 4 * gamma(self.rows.shape[1] + 4 * self.rows.shape[0] + 64)

    def is_positive(self, rows: np.ndarray, radii: np.ndarray, unknown: np.ndarray) -> np.ndarray:
        """Whether the margins to the classes marked (R, K) are positive on the balls of rows."""
        row, other = np.nonzero(unknown)
        if not len(row):
            return np.ones(len(rows), dtype=bool)
        at, radius = rows[row], radii[row][:, None]
        heights, spread = self.heights[at], radius * self.reach
        spread = raised(spread + self.rounding * (self.sizes[at] + spread))
        weights = self.last[self.labels[at]] - self.last[other]
        constant = self.offsets[self.labels[at]] - self.offsets[other]
        low, high = heights - spread, heights + spread
        crossing = (low < 0) & (high > 0)
        active = np.where(low >= 0, 1.0, 0.0)
        upper = np.where(crossing, high / np.where(crossing, high - low, 1.0), active)
        lifted = np.where(crossing & (weights < 0), upper * -low * weights, 0.0).sum(axis=1)
        size = np.abs(weights) * (self.sizes[at] + spread)
        ends = self.offsets[self.labels[at]], self.offsets[other]
        error = self.rounding * (size.sum(axis=1) + np.abs(ends[0]) + np.abs(ends[1]))
        best = np.full(len(at), -np.inf)
        for steep in (high > -low, heights > 0, None):
            lower = upper if steep is None else np.where(crossing, steep, active)
            slopes = weights * np.where(weights > 0, lower, upper)
            change = radius[:, 0] * norm(slopes @ self.rows, self.q)
            best = np.maximum(best, (slopes * heights).sum(axis=1) + lifted + constant - change)
        failed = np.zeros(len(rows), dtype=bool)
        np.logical_or.at(failed, row, best - error <= 0)
        return ~failed
