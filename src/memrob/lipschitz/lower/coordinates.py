"""Lipschitz constants in the direction of single coordinates.

lip_1 is the largest of the d numbers sup |dPhi/dx_i|. Their typical size shows the order in d
without the largest fluctuation of d of them, which finite dimensions add to lip_1.
"""

from collections.abc import Sequence

import numpy as np

from memrob.lipschitz.batch import put_like, stack, to_numpy
from memrob.lipschitz.lower.ascent import Schedule, Starts, ascend, slope_of_half_active
from memrob.lipschitz.lower.starts import lifted
from memrob.lipschitz.network import ReluNetwork

STARTS = 8
"""Starts for each coordinate, half of them for either sign."""


def coordinate_constants(
    networks: Sequence[ReluNetwork], *, seeds: Sequence[int], count: int, steps: int = 150
) -> np.ndarray:
    """Largest |dPhi/dx_i| found, for some random coordinates i of each network.

    Parameters
    ----------
    networks : sequence of ReluNetwork
        Networks of one shape with zero biases.
    seeds : sequence of int
        Seed of each network's coordinates and starts.
    count : int
        Coordinates of each network; all of them if there are fewer.
    steps : int
        Steps of an ascent.

    Returns
    -------
    ndarray of float64, shape (len(networks), min(count, d))
        Lower bounds, attained in the precision of the search, float32.
    """
    batch, d = stack(networks), networks[0].input_dim
    count = min(count, d)
    directions, noise = [], []
    signs = np.tile(np.where(np.arange(STARTS) % 2, -1.0, 1.0), count)
    for seed in seeds:
        rng = np.random.default_rng([seed, 3])
        units = np.eye(d)[rng.permutation(d)[:count]]
        directions.append(np.repeat(units, STARTS, axis=0) * signs[:, None])
        noise.append(rng.standard_normal((len(signs), d)) / np.sqrt(d))
    placed = put_like(np.stack(directions), batch)
    points = lifted(to_numpy(slope_of_half_active(batch, placed)), batch)[..., :-1]
    # The first start of either sign is the aligned one itself.
    points = points + np.stack(noise) * (np.arange(len(signs)) % STARTS >= 2)[:, None]
    schedule = Schedule(sharpness=(1.0, 60.0), held=1.1)
    ended = ascend(batch, [Starts(put_like(points, batch), placed, 1.0, schedule)], steps)
    found = [
        network.gradients(to_numpy(x).astype(float))
        for network, x in zip(networks, ended, strict=True)
    ]
    slopes = (np.stack(found) * np.stack(directions)).sum(axis=-1)
    return slopes.reshape(len(networks), count, STARTS).max(axis=-1)
