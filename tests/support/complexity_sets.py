"""Small labelled sets."""

import numpy as np


def blobs(n_classes, size, dim):
    """Gaussian clouds, one a class, that touch but do not coincide: (n, d) float32 and labels."""
    rng = np.random.default_rng(n_classes + dim)
    means = 2 * rng.standard_normal((n_classes, dim)) / np.sqrt(dim)
    y = np.repeat(np.arange(n_classes), size)
    X = means[y] + rng.standard_normal((len(y), dim)) / np.sqrt(dim)
    return X.astype(np.float32), y
