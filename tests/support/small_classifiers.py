"""Small classifiers, and the distance to their boundaries by brute force in the plane."""

import numpy as np

from memrob.lipschitz.norms import norm
from memrob.training.classifier import Classifier


def random_classifier(sizes, seed):
    """Gaussian weights and biases; sizes (d, N_1, ..., K)."""
    rng = np.random.default_rng(seed)
    parameters = []
    for n, m in zip(sizes[1:], sizes, strict=False):
        parameters += [rng.standard_normal((n, m)) / np.sqrt(m), rng.standard_normal(n) / 2]
    return Classifier.from_parameters(parameters)


def plane_distances(classifier, X, labels, p, directions=1440, steps=400, farthest=6.0):
    """Least distances at which rays show another class, and the step between those looked at.

    At least the exact ones, and near them; inf beyond the farthest.
    """
    angles = np.linspace(0, 2 * np.pi, directions, endpoint=False)
    units = np.column_stack([np.cos(angles), np.sin(angles)])
    units /= norm(units, p)[:, None]
    times = np.linspace(0, farthest, steps + 1)
    found = np.full(len(X), np.inf)
    for row, (point, label) in enumerate(zip(X, labels, strict=True)):
        rays = point + times[:, None, None] * units
        changed = classifier.predict(rays.reshape(-1, 2)).reshape(rays.shape[:2]) != label
        reached = changed.any(axis=1)
        if reached.any():
            found[row] = times[np.argmax(reached)]
    return found, farthest / steps


def parameters_of(classifier):
    return [
        array for pair in zip(classifier.weights, classifier.biases, strict=True) for array in pair
    ]
