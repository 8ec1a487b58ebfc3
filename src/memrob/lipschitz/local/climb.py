"""Climbs through the regions that a box or ball meets."""

import time
from collections.abc import Sequence

import numpy as np

from memrob.lipschitz.local.region import Region
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import conjugate, norm

SAMPLES, CLIMBERS, MOVES, ROUNDS = 1024, 16, 8, 60
WORK = 1e9
"""Weights that the points of a climb pass, about."""

LENGTHS = (-6.0, 0.0)
"""Decimal logarithms of the shortest and longest moves, relative to the radius."""


def climb_within(
    network: ReluNetwork,
    region: Region,
    ps: Sequence[float],
    seed: int = 0,
    end: float | None = None,
) -> np.ndarray:
    """Points of a region with large gradients.

    Parameters
    ----------
    network : ReluNetwork
    region : Region
    ps : sequence of float
        Exponents.
    seed : int
        Of the random moves.
    end : float, optional
        `time.monotonic()` at which to stop; without it there is a fixed number of rounds.

    Returns
    -------
    ndarray of float64, shape (K, d)
        The best for each p, and the centre.
    """
    rng, d = np.random.default_rng([seed, 5]), network.input_dim
    weights = sum(weight.size for weight in network.weights)
    samples = region.samples(int(np.clip(WORK / 4 / weights, 64, SAMPLES)), seed)
    gradients = network.gradients(samples)
    rounds = int(np.clip(WORK / (weights * CLIMBERS * MOVES * len(ps)), 2, ROUNDS))
    found = [region.centre[None]]
    for p in ps:
        values = np.nan_to_num(norm(gradients, conjugate(p)))
        best = np.argsort(-values, kind="stable")[:CLIMBERS]
        points, values = samples[best], values[best]
        step = 0
        while step < rounds or (end is not None and time.monotonic() < end):
            step += 1
            shape = (len(points), MOVES)
            lengths = 10.0 ** rng.uniform(*LENGTHS, (*shape, 1)) * region.radius
            units = np.eye(d)[rng.integers(0, d, shape)] * rng.choice([-1.0, 1.0], (*shape, 1))
            along = rng.random((*shape, 1)) < 0.5
            moves = lengths * np.where(along, units, rng.standard_normal((*shape, d)))
            tried = region.clipped((points[:, None] + moves).reshape(-1, d))
            sizes = np.nan_to_num(norm(network.gradients(tried), conjugate(p))).reshape(shape)
            chosen, rows = sizes.argmax(axis=1), np.arange(len(points))
            better = sizes[rows, chosen] >= values
            tried = tried.reshape(*shape, d)
            points = np.where(better[:, None], tried[rows, chosen], points)
            values = np.where(better, sizes[rows, chosen], values)
        found.append(points[np.argsort(-values, kind="stable")[:4]])
    return np.concatenate(found)
