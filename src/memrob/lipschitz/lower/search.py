"""The search for large gradients: samples, aligned starts, ascents, and a local search."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from memrob.lipschitz.batch import put_like, stack, to_numpy
from memrob.lipschitz.lower.ascent import Schedule, Starts, ascend
from memrob.lipschitz.lower.climb import STEPS
from memrob.lipschitz.lower.confirmed import LowerBound, of_affine
from memrob.lipschitz.lower.heights import height_scale, placed
from memrob.lipschitz.lower.local import piece_rounds, polished
from memrob.lipschitz.lower.neighbours import search_neighbours
from memrob.lipschitz.lower.pool import Pool
from memrob.lipschitz.lower.starts import aligned_points, lifted, random_points
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import dual_vector

SAMPLES = 256
"""Random points at which a search begins."""

MOST_COORDINATES = 2048
"""Coordinate vectors that are tried as dual vectors for p < 2, at most."""


def search(
    networks: Sequence[ReluNetwork],
    ps: Sequence[float],
    *,
    seeds: Sequence[int],
    restarts: int | None = None,
    steps: int = STEPS,
    device: str = "cpu",
    points: np.ndarray | None = None,
    seconds: float | None = None,
    climb: bool = False,
) -> list[dict[float, LowerBound]]:
    """Search many networks of one shape for points with large gradients.

    Parameters
    ----------
    networks : sequence of ReluNetwork
        Networks of one shape.
    ps : sequence of float
        Exponents in [1, inf]; a point that is found for one of them serves all.
    seeds : sequence of int
        Seed of each network's search.
    restarts : int, optional
        Ascents for each network and p; 32 if left out, and 16 from a million weights on.
    steps : int
        Steps of an ascent; climbs are shorter in proportion.
    device : str
        "cpu", or a device of torch.
    points : ndarray of float64, shape (M, d), optional
        Points to start at besides, such as data.
    seconds : float, optional
        Time for each network after which climbs that follow end; more time never gives less.
    climb : bool
        Whether to climb even where all pieces of lines are looked at, which does nearly as well.

    Returns
    -------
    list of dict
        For each network, a LowerBound for each p. On the processor it does not depend on what
        other networks are in the batch, nor on the machine if `seconds` is left out.
    """
    generators = [np.random.default_rng([seed, 1]) for seed in seeds]
    if not networks[0].depth:
        return [of_affine(network, ps) for network in networks]
    batch = stack(networks, device)
    scales = np.array([height_scale(network) for network in networks])
    if batch.biases is not None:
        factors = put_like(scales[:, None, None], batch)
        batch = replace(batch, biases=tuple(bias * factors for bias in batch.biases))
    if restarts is None:
        restarts = default_restarts(sum(w.size for w in networks[0].weights[:-1]))
    rounds = piece_rounds(networks[0], len(ps), restarts)
    neighbours = networks[0].depth > 1 and not rounds
    # Far from the origin the biases do not matter: the network without them is part of each.
    outer = Pool(replace(batch, biases=None), ps)
    _explore(outer, generators, restarts, steps)
    if batch.biases is None:
        pool = outer
    else:
        if neighbours:
            search_neighbours(outer, generators)
        pool = Pool(batch, ps)
        for method in np.unique(outer.methods):
            chosen = np.where((outer.methods == method)[..., None], outer.points, 0)
            if chosen.any():
                pool.add(chosen, method)
        _explore(pool, generators, restarts, steps)
    if neighbours:
        search_neighbours(pool, generators)
    return [
        polished(
            network,
            *_with_data(candidates, points),
            tuple(ps),
            rounds,
            rng,
            (seconds, climb, steps),
        )
        for network, candidates, rng in zip(
            networks, _candidates(networks, pool, scales), generators, strict=True
        )
    ]


def default_restarts(weights: int) -> int:
    """Ascents for each network and p, for a number of weights of the hidden layers."""
    return 32 if weights < 2**20 else 16


def _explore(pool: Pool, generators: list[np.random.Generator], restarts: int, steps: int) -> None:
    """Fill the pool by samples, by aligned starts and ascents from them, and by ascents anew."""
    finite = pool.batch.biases is not None
    samples = random_points(generators, SAMPLES, pool.batch.input_dim, finite)
    found, values = pool.add(samples, "sampling")
    groups = []
    for column, p in enumerate(pool.ps):
        directions = dual_vector(_take(found, _largest(values[..., column], restarts)), p)
        points, directions, reached = aligned_points(pool.batch, pool, directions, p)
        chosen = _largest(reached, restarts // 2)
        groups.append((_take(points, chosen), _take(directions, chosen), p, Schedule()))
        if p < 2:
            points, directions = _coordinate_starts(pool, generators, 2 * restarts)
            groups.append((points, directions, p, Schedule(held=0.6)))
    _climb(pool, groups, steps)
    # The dual vectors of the second ascents follow the gradient from the first step on.
    best = [(p, pool.best(p, restarts // 2)) for p in pool.ps]
    groups = [(x, np.zeros_like(x[..., :-1]), p, Schedule(sharpness=(2.0, 60.0))) for p, x in best]
    _climb(pool, groups, steps)


def _coordinate_starts(
    pool: Pool, generators: list[np.random.Generator], count: int
) -> tuple[np.ndarray, np.ndarray]:
    """The best starts among those that are aligned with coordinate vectors of either sign."""
    d = pool.batch.input_dim
    units = np.concatenate([np.eye(d), -np.eye(d)])
    sets = [
        units if 2 * d <= MOST_COORDINATES else rng.permutation(units)[:MOST_COORDINATES]
        for rng in generators
    ]
    directions = np.stack(sets)
    points, directions, values = aligned_points(pool.batch, pool, directions, 1.0)
    chosen = _largest(values, count)
    return _take(points, chosen), _take(directions, chosen)


def _climb(pool: Pool, groups: list[tuple], steps: int) -> None:
    batch = pool.batch
    starts = [
        Starts(
            put_like(points if batch.biases is not None else points[..., :-1], batch),
            put_like(directions, batch),
            p,
            schedule,
        )
        for points, directions, p, schedule in groups
    ]
    pool.add(lifted(to_numpy(ascend(batch, starts, steps)), batch), "ascent")


def _candidates(
    networks: Sequence[ReluNetwork], pool: Pool, scales: np.ndarray
) -> Iterator[tuple[np.ndarray, list[str]]]:
    """Points in R^d of each network, and what found them."""
    for network, rows, methods, scale in zip(
        networks, pool.points, pool.methods, scales, strict=True
    ):
        points = [placed(network, np.append(row[:-1], row[-1] * scale)) for row in rows]
        yield np.stack(points), [str(method) for method in methods]


def _with_data(
    candidates: tuple[np.ndarray, list[str]], data: np.ndarray | None
) -> tuple[np.ndarray, list[str]]:
    points, methods = candidates
    if data is None:
        return candidates
    return np.concatenate([points, data]), methods + ["data"] * len(data)


def _largest(values: np.ndarray, count: int) -> np.ndarray:
    return np.argsort(-values, axis=1, kind="stable")[:, :count]


def _take(rows: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    return np.take_along_axis(rows, chosen[..., None], axis=1)
