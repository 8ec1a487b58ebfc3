"""The gradient of a shallow network as a sum of jumps across hyperplanes."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from memrob.lipschitz.network import ReluNetwork

SAME = 4e-15
"""Distance of two unit vectors (w, b) below which rounding alone may tell them apart."""


@dataclass(frozen=True)
class Arrangement:
    """grad Phi(x) = base + sum of jump_j over the hyperplanes with n_j.x + c_j > 0.

    Attributes
    ----------
    normals : ndarray, shape (n, d)
        Unit normals n_j of distinct hyperplanes.
    offsets : ndarray, shape (n,)
        c_j.
    jumps : ndarray, shape (n, d)
        Change of the gradient from the negative to the positive side.
    base : ndarray, shape (d,)
        Gradient where every side is negative, whether or not there is such a point.
    """

    normals: np.ndarray
    offsets: np.ndarray
    jumps: np.ndarray
    base: np.ndarray


def arrangement(network: ReluNetwork) -> Arrangement:
    """Hyperplanes of a shallow network: one for all neurons that share it.

    Parameters
    ----------
    network : ReluNetwork
        Of depth 1.

    Notes
    -----
    Our own derivation. Let w = s |w| n with s = 1 or -1. As relu(-z) = relu(z) - z, the neuron
    v relu(w.x + b) adds v |w| n to the gradient when x passes to the positive side of n,
    whatever s is; s = -1 adds v w to the gradient everywhere besides. A neuron with w = 0 has no
    gradient.
    """
    weights, last = network.weights[0], network.weights[1][0]
    lengths = np.linalg.norm(weights, axis=1)
    kept = lengths > 0
    weights, last, lengths = weights[kept], last[kept], lengths[kept]
    normals = weights / lengths[:, None]
    offsets = network.biases[0][kept] / lengths
    # No direction of practical interest is orthogonal to this one, so that rounding flips no n.
    reference = np.sqrt(np.arange(2, normals.shape[1] + 2)) % 1 + 0.1
    flipped = normals @ reference < 0
    base = (last[flipped, None] * weights[flipped]).sum(axis=0)
    signs = np.where(flipped, -1.0, 1.0)
    normals, offsets = normals * signs[:, None], offsets * signs
    group, first = _groups(normals, offsets)
    jumps = np.zeros((len(first), weights.shape[1]))
    np.add.at(jumps, group, (last * lengths)[:, None] * normals)
    return Arrangement(normals[first], offsets[first], jumps, base)


def _groups(normals: np.ndarray, offsets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Group of each hyperplane, and the first hyperplane of each group."""
    if not len(normals):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    # In units in which the offsets are of order 1: all of them small, or large, tells nothing.
    offsets = offsets / (np.median(np.abs(offsets)) or 1.0)
    planes = np.column_stack([normals, offsets]) / np.hypot(1.0, offsets)[:, None]
    # Rounded first: many copies of one hyperplane would be too many pairs.
    _, first, rounded = np.unique(planes.round(15), axis=0, return_index=True, return_inverse=True)
    pairs = KDTree(planes[first]).query_pairs(SAME, output_type="ndarray")
    links = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(first),) * 2)
    _, joined = connected_components(links, directed=False)
    group = joined[rounded.ravel()]
    return group, np.unique(group, return_index=True)[1]
