"""Starts of the ascent: points aligned with dual vectors, and random points.

At random points a gradient has the norm of a Gaussian vector and misses the supremum for p < 2.
The point sum_j v_j <w_j, u> w_j does not: it makes active what raises the slope in direction u
([L] for p = 1 and u a coordinate vector; here for any p through dual vectors, and for any depth).
"""

import numpy as np

from memrob.lipschitz.batch import NetworkBatch, put_like, to_numpy
from memrob.lipschitz.lower.ascent import slope_of_half_active
from memrob.lipschitz.lower.pool import Pool
from memrob.lipschitz.norms import conjugate, dual_vector, norm

ALIGNMENTS = 3
"""Times that a start is aligned anew with the dual vector of its own gradient."""


def random_points(
    generators: list[np.random.Generator], count: int, input_dim: int, finite: bool
) -> np.ndarray:
    """Points on the unit sphere, of each network's own generator.

    Parameters
    ----------
    generators : list of numpy.random.Generator
        One a network.
    count : int
        Points a network.
    input_dim : int
        Dimension d.
    finite : bool
        Whether heights are positive, of angles uniform over the quarter circle; else they are 0,
        which stands for points at infinity.

    Returns
    -------
    ndarray of float64, shape (len(generators), count, d + 1)
    """
    placed = []
    for rng in generators:
        points = rng.standard_normal((count, input_dim))
        points /= np.linalg.norm(points, axis=1, keepdims=True)
        angles = rng.uniform(0, np.pi / 2, count) if finite else np.zeros(count)
        placed.append(np.column_stack([points * np.cos(angles)[:, None], np.sin(angles)]))
    return np.stack(placed)


def aligned_points(
    batch: NetworkBatch, pool: Pool, directions: np.ndarray, p: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points aligned with dual vectors, then with those of their own gradients, some times.

    Parameters
    ----------
    batch : NetworkBatch
        B networks.
    pool : Pool
        Takes all of them.
    directions : ndarray, shape (B, M, d)
        First dual vectors.
    p : float
        Exponent.

    Returns
    -------
    points, directions, values : ndarray, shapes (B, M, d + 1), (B, M, d) and (B, M)
        The last points, the dual vectors that they are aligned with, the norms of their gradients.
    """
    for _ in range(ALIGNMENTS if p > 1 else 1):
        points = lifted(to_numpy(slope_of_half_active(batch, put_like(directions, batch))), batch)
        found, _ = pool.add(points, "aligned")
        aligned_with, directions = directions, dual_vector(found, p)
    return points, aligned_with, norm(found, conjugate(p))


def lifted(points: np.ndarray, batch: NetworkBatch) -> np.ndarray:
    """Points on the unit sphere with a height, 0 where the batch has no biases."""
    if batch.biases is None:
        points = np.concatenate([points, np.zeros_like(points[..., :1])], axis=-1)
    else:
        points = np.concatenate([points[..., :-1], np.abs(points[..., -1:])], axis=-1)
    length = np.linalg.norm(points, axis=-1, keepdims=True)
    return points / np.where(length > 0, length, 1)
