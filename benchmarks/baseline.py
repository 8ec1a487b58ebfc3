"""The algorithm in plain NumPy, which the package is compared with: float32, one candidate a time.

Features are float32 rows that hold 0 and 1. A candidate's <u, Phi(x)> over all points of X+ is one
matrix-vector product, which BLAS reads at the speed of memory. Sums of up to 2^24 ones are exact.
"""

from dataclasses import dataclass

import numpy as np

from memrob.interpolation.first_layer import FirstLayer, sample_first_layer


@dataclass(frozen=True)
class Detector:
    """Second-layer neurons of one class.

    Attributes
    ----------
    candidates : list of int
        Rows of the data that made the neurons, in order of creation.
    thresholds : list of int
        Minimum m of each neuron over X+.
    n_evaluated : int
        Candidates whose m was computed; those left over have m = 0 and make no neuron.
    """

    candidates: list[int]
    thresholds: list[int]
    n_evaluated: int


def threshold_features(layer: FirstLayer, X: np.ndarray) -> np.ndarray:
    """Compute sigma(W x + b): (N, d) float32 -> (N, n) float32 of zeros and ones."""
    features = X @ layer.weights.T
    features += layer.biases
    return np.greater(features, 0, out=features)


def second_layer(
    plus: list[np.ndarray], minus: np.ndarray, order: np.ndarray, limit: int | None = None
) -> Detector:
    """Construct the second layer of the class X-, one candidate at a time.

    Parameters
    ----------
    plus : list of (N_k, n) float32
        Features of X+, in as many C-contiguous parts as they come in.
    minus : (N-, n) float32
        Features of X-, C-contiguous.
    order : (N-,) int
        The order in which candidates are visited.
    limit : int, optional
        Stop once so many candidates have been evaluated.

    Returns
    -------
    Detector
        Candidates are positions within X-.
    """
    remaining = np.ones(len(minus), dtype=bool)
    candidates, thresholds = [], []
    n_evaluated = 0
    for candidate in order:
        if not remaining[candidate]:
            continue
        if n_evaluated == limit:
            break
        n_evaluated += 1
        mask = 1 - minus[candidate]
        threshold = min((part @ mask).min() for part in plus)
        if threshold > 0:
            candidates.append(int(candidate))
            thresholds.append(int(threshold))
            remaining[minus @ mask < threshold] = False
    return Detector(candidates, thresholds, n_evaluated)


@dataclass(frozen=True)
class GroupedFeatures:
    """Features with the points of a class in consecutive rows, so that no class is ever copied.

    Attributes
    ----------
    rows : (N,) int
        Row of the data that each row of the features belongs to.
    features : (N, n) float32
        Zeros and ones.
    ends : (n_classes + 1,) int
        Class k lies in rows ends[k] ... ends[k + 1] - 1.
    """

    rows: np.ndarray
    features: np.ndarray
    ends: np.ndarray

    def split(self, k: int) -> tuple[list[np.ndarray], np.ndarray]:
        """X+ in its parts before and behind class k, and X-, which is class k."""
        start, stop = self.ends[k], self.ends[k + 1]
        parts = [self.features[:start], self.features[stop:]]
        return [part for part in parts if len(part)], self.features[start:stop]


def grouped_features(layer: FirstLayer, X: np.ndarray, y: np.ndarray) -> GroupedFeatures:
    """Compute the features of all points, grouped by class: (N, d) float32, (N,) int."""
    rows = np.argsort(y, kind="stable")
    ends = np.append(0, np.cumsum(np.unique(y, return_counts=True)[1]))
    return GroupedFeatures(rows, threshold_features(layer, X[rows]), ends)


def detected_classes(y: np.ndarray) -> list[int]:
    """Classes that get a detector: the second of two, else all of them."""
    n_classes = len(np.unique(y))
    return [1] if n_classes == 2 else list(range(n_classes))


def fit(
    X: np.ndarray, y: np.ndarray, *, first_width: int, max_bias: float, seed: int
) -> list[Detector]:
    """Construct all second layers, visiting candidates in the order of `memrob.interpolation.fit`.

    Parameters
    ----------
    X : (N, d) float32
        Points.
    y : (N,) int
        Labels.
    first_width, max_bias, seed
        As for `memrob.interpolation.fit`.

    Returns
    -------
    list of Detector
        One a detected class, candidates as rows of X.
    """
    rng = np.random.default_rng(seed)
    layer = sample_first_layer(rng, first_width, X.shape[1], max_bias)
    grouped = grouped_features(layer, X, y)
    streams = rng.spawn(len(grouped.ends) - 1)
    detectors = []
    for k in detected_classes(y):
        plus, minus = grouped.split(k)
        found = second_layer(plus, minus, streams[k].permutation(len(minus)))
        rows = grouped.rows[grouped.ends[k] + np.array(found.candidates, dtype=np.int64)]
        detectors.append(Detector(rows.tolist(), found.thresholds, found.n_evaluated))
    return detectors
