"""Local search across neighbouring activation regions of networks of any depth."""

import numpy as np

from memrob.lipschitz.lower.pool import Pool
from memrob.lipschitz.lower.starts import lifted

ROUNDS = 24
PROPOSALS = 32
LENGTHS = (0.2, 0.002)
"""Lengths of the first and the last moves, on the unit sphere."""


def search_neighbours(pool: Pool, generators: list[np.random.Generator]) -> None:
    """Try random moves from the best point of each network and p, shorter and shorter ones.

    Parameters
    ----------
    pool : Pool
        Holds the points, and takes those that are better.
    generators : list of numpy.random.Generator
        One a network.
    """
    finite = pool.batch.biases is not None
    for step in range(ROUNDS):
        length = LENGTHS[0] * (LENGTHS[1] / LENGTHS[0]) ** (step / (ROUNDS - 1))
        best = np.concatenate([pool.best(p, 1) for p in pool.ps], axis=1)
        origins = np.repeat(best, PROPOSALS, axis=1)
        shape = origins.shape[1:]
        moves = np.stack([rng.standard_normal(shape) for rng in generators])
        moves /= np.linalg.norm(moves, axis=-1, keepdims=True)
        if not finite:
            moves[..., -1] = 0
        moved = origins + length * moves
        pool.add(lifted(moved if finite else moved[..., :-1], pool.batch), "local")
