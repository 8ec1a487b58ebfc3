"""Climbs through neighbouring regions, for trained networks and deep ones in low dimension.

Their largest gradients lie in small regions behind many others, where an ascent on an annealed
network does not lead. Each climber tries moves along single coordinates and random directions, of
lengths over many orders of magnitude, and takes the best that is no worse. Again and again the
lower half of the climbers gives up, so that most of the work goes where it pays.
"""

import time
from collections.abc import Iterator

import numpy as np

from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import conjugate, norm

CLIMBERS, LAST_CLIMBERS = 64, 4
"""Climbers at first and in the end."""

MOVES = 4
"""Moves that a climber tries at a time."""

LENGTHS = (-5.0, 0.5)
"""Decimal logarithms of the shortest and longest moves, relative to the distance from 0."""

RADII = (-3.0, 2.0)
"""Decimal logarithms of the distances at which new climbers start."""

CAMPAIGN = 150_000
"""Points that a climb looks at, at most."""

CLIMB_WORK, CLIMB_DIM = 2e9, 16
"""Weights that the points of the climbs of a network pass, for all p together, and the dimension
from which on they are fewer, as ascents find more there."""

STEPS = 150
"""Steps of an ascent from which on a climb is not cut short."""

POINTS_PER_NEURON = 100
"""Points for each neuron and dimension of the input: small networks have few regions."""


def climbs(
    network: ReluNetwork,
    starts: np.ndarray,
    p: float,
    evaluations: int,
    rng: np.random.Generator,
    end: float | None = None,
) -> Iterator[np.ndarray]:
    """Climb from given points and from new ones, again and again.

    Parameters
    ----------
    network : ReluNetwork
        Of depth 1 at least.
    starts : ndarray of float64, shape (M, d)
        Points, the best first.
    p : float
        Exponent in [1, inf].
    evaluations : int
        Points that the first climb looks at.
    rng : numpy.random.Generator
        Source of new points and of moves.
    end : float, optional
        `time.monotonic()` at which to stop; without it there is one climb.

    Yields
    ------
    ndarray of float64, shape (K, d)
        The best points of each climb. What is looked at depends on the time only in where it ends.
    """
    while True:
        fresh = _random_starts(network, CLIMBERS - min(len(starts), CLIMBERS // 2), rng)
        points = np.concatenate([starts[: CLIMBERS // 2], fresh])
        yield _climb(network, points, p, evaluations, rng, end)
        if end is None or time.monotonic() > end:
            return
        # Later climbs begin anew, from half of the known points at most.
        starts, evaluations = starts[: rng.integers(0, 2) * CLIMBERS // 4], CAMPAIGN


def first_evaluations(input_dim: int, neurons: int, weights: int, n_ps: int, steps: int) -> int:
    """Points that the first climb for each of some exponents looks at, fewer for short ascents."""
    share = min(1.0, steps / STEPS)
    work = share * CLIMB_WORK * min(1.0, CLIMB_DIM / input_dim) ** 2
    most = work / (weights * n_ps)
    return int(min(most, share * CAMPAIGN, share * POINTS_PER_NEURON * neurons * input_dim))


def _random_starts(network: ReluNetwork, count: int, rng: np.random.Generator) -> np.ndarray:
    points = rng.standard_normal((count, network.input_dim))
    if not network.is_homogeneous:
        points *= 10.0 ** rng.uniform(*RADII, (count, 1))
    return points


def _climb(
    network: ReluNetwork,
    points: np.ndarray,
    p: float,
    evaluations: int,
    rng: np.random.Generator,
    end: float | None,
) -> np.ndarray:
    d, values = points.shape[1], _sizes(network, points, p)
    phases = int(np.log2(CLIMBERS / LAST_CLIMBERS)) + 1
    for _ in range(phases):
        for _ in range(evaluations // (phases * len(points) * MOVES)):
            shape = (len(points), MOVES)
            lengths = 10.0 ** rng.uniform(*LENGTHS, (*shape, 1))
            lengths *= np.linalg.norm(points, axis=1)[:, None, None]
            directions = rng.standard_normal((*shape, d)) / np.sqrt(d)
            units = np.eye(d)[rng.integers(0, d, shape)] * rng.choice([-1.0, 1.0], (*shape, 1))
            along = rng.random((*shape, 1)) < 0.5
            tried = points[:, None] + lengths * np.where(along, units, directions)
            found = _sizes(network, tried.reshape(-1, d), p).reshape(shape)
            best = found.argmax(axis=1)
            rows = np.arange(len(points))
            better = found[rows, best] >= values
            points = np.where(better[:, None], tried[rows, best], points)
            values = np.where(better, found[rows, best], values)
            if end is not None and time.monotonic() > end:
                return points[np.argsort(-values, kind="stable")[:LAST_CLIMBERS]]
        kept = np.argsort(-values, kind="stable")[: max(len(points) // 2, LAST_CLIMBERS)]
        points, values = points[kept], values[kept]
    return points


def _sizes(network: ReluNetwork, points: np.ndarray, p: float) -> np.ndarray:
    with np.errstate(all="ignore"):
        return np.nan_to_num(norm(network.gradients(points), conjugate(p)), posinf=0.0)
