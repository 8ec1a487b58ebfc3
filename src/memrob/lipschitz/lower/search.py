"""The search for large gradients: samples, aligned starts, ascents, and a local search."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from memrob.lipschitz.batch import put_like, stack, to_numpy
from memrob.lipschitz.lower.ascent import Schedule, Starts, ascend
from memrob.lipschitz.lower.climb import STEPS
from memrob.lipschitz.lower.confirmed import LowerBound, of_affine
from memrob.lipschitz.lower.heights import height_scale, placed, without_biases
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
    polish_far: bool = True,
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
    polish_far : bool
        Whether networks with biases are searched without them to the end, so that what is found
        for them is no less.

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
    far: list[tuple[np.ndarray, list[str]] | None] = [None] * len(networks)
    if batch.biases is None:
        pool = outer
    else:
        if neighbours:
            search_neighbours(outer, generators)
        if polish_far:
            effort = (rounds, (None, climb, steps))
            far = list(_far_points(networks, outer, tuple(ps), generators, effort))
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
            *_joined(candidates, known, points),
            tuple(ps),
            rounds,
            rng,
            (seconds, climb, steps),
        )
        for network, candidates, known, rng in zip(
            networks, _candidates(networks, pool, scales), far, generators, strict=True
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
    groups, half = [], max(restarts // 2, 1)
    for column, p in enumerate(pool.ps):
        directions = dual_vector(_take(found, _largest(values[..., column], restarts)), p)
        points, directions, reached = aligned_points(pool.batch, pool, directions, p)
        chosen = _largest(reached, half)
        groups.append((_take(points, chosen), _take(directions, chosen), p, Schedule()))
        if p < 2:
            points, directions = _coordinate_starts(pool, generators, 2 * restarts)
            groups.append((points, directions, p, Schedule(held=0.6)))
    _climb(pool, groups, steps)
    # The dual vectors of the second ascents follow the gradient from the first step on.
    best = [(p, pool.best(p, half)) for p in pool.ps]
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


def _far_points(
    networks: Sequence[ReluNetwork],
    outer: Pool,
    ps: tuple[float, ...],
    generators: list[np.random.Generator],
    effort: tuple[int, tuple],
) -> Iterator[tuple[np.ndarray, list[str]]]:
    """Where networks with biases attain what is found for those without, and what found it.

    Generators stand where they do when a network without biases is searched: same seed, same point.
    """
    unbiased = [without_biases(network) for network in networks]
    candidates = _candidates(unbiased, outer, np.ones(len(networks)))
    for network, bare, found, rng in zip(networks, unbiased, candidates, generators, strict=True):
        bounds = polished(bare, *found, ps, effort[0], rng, effort[1]).values()
        points = [placed(network, np.append(bound.point, 0.0)) for bound in bounds]
        yield np.stack(points), [bound.method for bound in bounds]


def _joined(
    candidates: tuple[np.ndarray, list[str]],
    far: tuple[np.ndarray, list[str]] | None,
    data: np.ndarray | None,
) -> tuple[np.ndarray, list[str]]:
    points, methods = candidates
    if far is not None:
        points, methods = np.concatenate([points, far[0]]), methods + far[1]
    if data is not None:
        points, methods = np.concatenate([points, data]), methods + ["data"] * len(data)
    return points, methods


def _largest(values: np.ndarray, count: int) -> np.ndarray:
    return np.argsort(-values, axis=1, kind="stable")[:, :count]


def _take(rows: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    return np.take_along_axis(rows, chosen[..., None], axis=1)
