"""Points with a height: (x, t) stands for the point x/t, and for one at infinity if t = 0.

With its biases multiplied by t a network has the same activation pattern at x as it has itself at
x/t. So all of R^d, infinity included, is searched on half a sphere.
"""

import numpy as np

from memrob.lipschitz.network import ReluNetwork

RADII = 10.0 ** np.arange(2, 16)
"""Distances at which a point at infinity is looked for."""


def height_scale(network: ReluNetwork) -> float:
    """Factor of heights that makes the biases of the first layer as large as its weights.

    Parameters
    ----------
    network : ReluNetwork
        Of depth 1 at least.

    Returns
    -------
    float
        Root mean square of the entries of a typical row of W_0 over a typical entry of b_0.
    """
    biases = np.abs(network.biases[0])
    typical = float(np.median(biases)) or float(biases.max())
    sizes = np.linalg.norm(network.weights[0], axis=1) / np.sqrt(network.input_dim)
    size = float(np.median(sizes))
    return size / typical if typical > 0 and size > 0 else 1.0


def placed(network: ReluNetwork, point: np.ndarray) -> np.ndarray:
    """Point of R^d that a point with a height stands for.

    Parameters
    ----------
    network : ReluNetwork
        The network.
    point : ndarray of float64, shape (d + 1,)
        The height is the last coordinate.

    Returns
    -------
    ndarray of float64, shape (d,)
        For the height 0, the first of some points further and further out at which the biases no
        longer matter; the nearest of them if they do at all.
    """
    x, height = point[:-1], point[-1]
    if height > 0:
        return x / height
    if network.is_homogeneous or not x.any():
        return x
    wanted = without_biases(network).activation_patterns(x[None])
    for radius in RADII:
        seen = network.activation_patterns(radius * x[None])
        if all((a == b).all() for a, b in zip(wanted, seen, strict=True)):
            return radius * x
    return RADII[0] * x


def without_biases(network: ReluNetwork) -> ReluNetwork:
    """The network that a network is like far from the origin."""
    return ReluNetwork(network.weights, tuple(np.zeros_like(bias) for bias in network.biases))
