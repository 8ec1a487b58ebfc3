"""Local search by the best linear piece of random lines, for networks of any depth."""

from collections.abc import Sequence

import numpy as np

from memrob.lipschitz.lower.pieces import pieces_of_lines
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import conjugate, norm


def search_pieces(
    network: ReluNetwork,
    points: np.ndarray,
    ps: Sequence[float],
    rounds: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """Move points to the best piece of random lines through them, again and again.

    Parameters
    ----------
    network : ReluNetwork
        Of depth 1 at least.
    points : ndarray of float64, shape (M, d)
        M a multiple of the number of exponents: each of them has as many points, in turn.
    ps : sequence of float
        Exponents.
    rounds : int
        Lines through each point.
    rng : numpy.random.Generator
        Source of the lines.

    Returns
    -------
    ndarray of float64, shape (M + len(ps), d)
        The points, |gradient|_{p'} nowhere smaller than before, and the best point for each p on
        any of the lines.
    """
    owners = np.arange(len(points)) % len(ps)
    found = network.gradients(points)
    reached = np.array([norm(g, conjugate(ps[k])) for g, k in zip(found, owners, strict=True)])
    champions, records = points[: len(ps)].copy(), np.zeros(len(ps))
    for _ in range(rounds):
        lines = rng.standard_normal(points.shape)
        rows, offsets, gradients = pieces_of_lines(network, points, lines)
        places = points[rows] + offsets[:, None] * lines[rows]
        moved = points.copy()
        for k, p in enumerate(ps):
            values = norm(gradients, conjugate(p))
            top = int(np.argmax(values))
            if values[top] > records[k]:
                records[k], champions[k] = values[top], places[top]
            mine = np.flatnonzero(owners[rows] == k)
            # In ascending order the last of each line is its largest.
            mine = mine[np.argsort(values[mine], kind="stable")]
            best = np.full(len(points), -1)
            best[rows[mine]] = mine
            better = (best >= 0) & (values[best] > reached)
            moved[better], reached[better] = places[best[better]], values[best[better]]
        points = moved
    return np.concatenate([points, champions])
