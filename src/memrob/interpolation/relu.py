"""The variant with ReLU in both layers, over the same random weights.

With H = relu(W x + b) and the mask u of the hyperplanes that are inactive at x*, <u, H(x*)> = 0.
If m = min over X+ of <u, H(x)> is positive, the neuron relu(m - <u, H(x)>) is positive at x* and 0
on X+; it strikes out the candidates with <u, H(x)> < m.
"""

import numpy as np

from memrob.interpolation.first_layer import FirstLayer
from memrob.interpolation.second_layer import SecondLayer

MARGIN = 1e-4
"""Relative margin below m that keeps rounding in float32 from making a neuron fire on X+."""

POINTS_A_BLOCK = 4096


def relu_features(layer: FirstLayer, X: np.ndarray) -> np.ndarray:
    """Compute H = relu(W x + b), (N, n) float32: held whole, 4 N n bytes."""
    hidden = X @ layer.weights.T
    hidden += layer.biases
    return np.maximum(hidden, 0, out=hidden)


def second_layer(
    hidden: np.ndarray, classes: list[np.ndarray], k: int, rng: np.random.Generator
) -> SecondLayer:
    """Construct the second layer of class k, in one random permutation of its points.

    Parameters
    ----------
    hidden : (N, n) float32
        Features H of all points.
    classes : list of (size,) int arrays
        Rows of each class; all classes but k are X+.
    k : int
        The class that plays X-.
    rng : numpy.random.Generator
        Used for one permutation.

    Returns
    -------
    SecondLayer
        With float64 thresholds.
    """
    members = hidden[classes[k]]
    others = [rows for j, rows in enumerate(classes) if j != k]
    alive = np.ones(len(members), dtype=bool)
    # Unlike with threshold features, a neuron may fire at a candidate whose own minimum is 0.
    covered = np.zeros(len(members), dtype=bool)
    chosen, thresholds = [], []
    for candidate in rng.permutation(len(members)):
        if not alive[candidate]:
            continue
        alive[candidate] = False
        mask = (members[candidate] == 0).astype(np.float32)
        minimum = min(_least_product(hidden, rows, mask) for rows in others)
        if minimum > 0:
            threshold = minimum * (1 - MARGIN)
            chosen.append(candidate)
            thresholds.append(threshold)
            fired = members @ mask < threshold
            covered |= fired
            alive &= ~fired
    return SecondLayer(np.array(chosen, dtype=np.int64), np.array(thresholds), int(covered.sum()))


def _least_product(hidden: np.ndarray, rows: np.ndarray, mask: np.ndarray) -> float:
    blocks = (
        hidden[rows[first : first + POINTS_A_BLOCK]]
        for first in range(0, len(rows), POINTS_A_BLOCK)
    )
    return float(min((block @ mask).min() for block in blocks))


def sums(hidden: np.ndarray, masks: np.ndarray) -> np.ndarray:
    """Sums <u, H(x)>, for each point and mask: (N, n), (m, n) -> (N, m) float32."""
    return hidden @ masks.T.astype(np.float32)
