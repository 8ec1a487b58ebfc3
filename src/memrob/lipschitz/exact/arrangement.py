"""The gradient of a shallow network as a sum of jumps across hyperplanes."""

import math
from dataclasses import dataclass

import numpy as np

from memrob.lipschitz.integers import as_integers
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import norm
from memrob.lipschitz.upper.rounding import gamma

CLOSE = 1e-11
"""Distance of two unit vectors (w, b) below which integers tell whether they are the same."""

FEW = 100
"""Hyperplanes up to which all distances are looked at."""


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
    rows : ndarray, shape (n, d + 1)
        (w, b) of a neuron on each hyperplane, as in the network.
    is_apart : bool
        Whether no two of the hyperplanes are closer than float64 tells reliably.
    """

    normals: np.ndarray
    offsets: np.ndarray
    jumps: np.ndarray
    base: np.ndarray
    rows: np.ndarray
    is_apart: bool

    def rounding(self) -> float:
        """Upper bound of the error of a gradient that is summed over all jumps, in any order."""
        sizes = np.abs(self.jumps).sum(axis=0) + np.abs(self.base)
        return float(2 * gamma(2 * len(self.jumps) + 16) * norm(sizes, 2))


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
    lengths = norm(weights, 2)
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
    rows = np.column_stack([weights, network.biases[0][kept]])
    group, first, is_apart = _groups(normals, offsets, rows)
    jumps = np.zeros((len(first), weights.shape[1]))
    np.add.at(jumps, group, (last * lengths)[:, None] * normals)
    return Arrangement(normals[first], offsets[first], jumps, base, rows[first], is_apart)


def _groups(
    normals: np.ndarray, offsets: np.ndarray, rows: np.ndarray
) -> tuple[np.ndarray, np.ndarray, bool]:
    """Group of each hyperplane, the first of each group, and whether the groups are apart."""
    if not len(normals):
        return np.zeros(0, np.int64), np.zeros(0, np.int64), True
    # In units in which the offsets are of order 1: all of them small, or large, tells nothing.
    offsets = offsets / (np.median(np.abs(offsets)) or 1.0)
    planes = np.column_stack([normals, offsets]) / np.hypot(1.0, offsets)[:, None]
    # Rounded first: many copies of one hyperplane would be too many pairs.
    _, first, rounded = np.unique(planes.round(12), axis=0, return_index=True, return_inverse=True)
    close = _joined(planes[first])[rounded.ravel()]
    order = np.argsort(close, kind="stable")
    starts = np.flatnonzero(np.diff(close[order], prepend=-1))
    group, is_apart = close.copy(), True
    fresh = int(close.max()) + 1
    for members in np.split(order, starts[1:]):
        known: dict[tuple, int] = {}
        for member in members if len(members) > 1 else ():
            name = known.setdefault(_exact_direction(rows[member]), fresh + len(known))
            group[member] = name
        fresh += len(known)
        is_apart &= len(known) <= 1
    _, first, group = np.unique(group, return_index=True, return_inverse=True)
    return group.ravel(), first, is_apart


def _joined(points: np.ndarray) -> np.ndarray:
    """Number of the group of each point: those that chains of close ones lead to."""
    if len(points) <= FEW:
        apart = np.linalg.norm(points[:, None] - points, axis=2) + np.eye(len(points))
        if apart.min() > CLOSE:
            return np.arange(len(points))
    # Imported here: it takes longer than small networks do.
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import KDTree

    pairs = KDTree(points).query_pairs(CLOSE, output_type="ndarray")
    links = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(points),) * 2)
    return connected_components(links, directed=False)[1]


def _exact_direction(row: np.ndarray) -> tuple[int, ...]:
    """The same for rows that are in proportion, of either sign, and for no others."""
    whole = [int(entry) for entry in as_integers(row)[0]]
    divisor = math.gcd(*whole) * (1 if next(filter(None, whole)) > 0 else -1)
    return tuple(entry // divisor for entry in whole)
