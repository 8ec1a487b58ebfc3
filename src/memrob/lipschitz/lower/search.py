"""The search for large gradients: samples, aligned starts, ascents, and a local search."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from memrob.lipschitz.batch import put_like, stack, to_numpy
from memrob.lipschitz.lower.ascent import Schedule, Starts, ascend
from memrob.lipschitz.lower.attained import is_differentiable
from memrob.lipschitz.lower.line_search import search_lines
from memrob.lipschitz.lower.neighbours import search_neighbours
from memrob.lipschitz.lower.pool import Pool
from memrob.lipschitz.lower.starts import aligned_points, lifted, random_points
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import conjugate, dual_vector, norm

SAMPLES = 256
"""Random points at which a search begins."""

MOST_COORDINATES = 512
"""Coordinate vectors that are tried as dual vectors for p < 2, at most."""

POLISHED = 4
"""Points of a network and p that the local search takes."""

LINE_NUMBERS = 2**22
"""Numbers that the lines through a point hold, about: their number falls with the width."""

RADII = 10.0 ** np.arange(2, 16)
"""Distances at which a point at infinity is looked for."""


@dataclass(frozen=True)
class LowerBound:
    """A lower bound of lip_p and the point that attains it.

    Attributes
    ----------
    value : float
        |gradient|_{p'} at the point, in float64; 0 with a point of zeros for a constant function.
    point : ndarray of float64, shape (d,)
        No pre-activation is so close to 0 there that rounding could have turned its sign.
    method : str
        What found it: sampling, aligned, ascent or local.
    """

    value: float
    point: np.ndarray
    method: str


def search(
    networks: Sequence[ReluNetwork],
    ps: Sequence[float],
    *,
    seeds: Sequence[int],
    restarts: int | None = None,
    steps: int = 150,
    device: str = "cpu",
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
        Steps of an ascent.
    device : str
        "cpu", or a device of torch.

    Returns
    -------
    list of dict
        For each network, a LowerBound for each p. On the processor it does not depend on what
        other networks are in the batch.
    """
    generators = [np.random.default_rng([seed, 1]) for seed in seeds]
    if not networks[0].depth:
        return [_of_affine(network, ps) for network in networks]
    batch = stack(networks, device)
    if restarts is None:
        restarts = 32 if sum(w.size for w in networks[0].weights) < 2**20 else 16
    # Far from the origin the biases do not matter: the network without them is part of each.
    outer = Pool(replace(batch, biases=None), ps)
    _explore(outer, generators, restarts, steps)
    if batch.biases is None:
        pool = outer
    else:
        pool = Pool(batch, ps)
        for method in ("sampling", "aligned", "ascent"):
            chosen = np.where((outer.methods == method)[..., None], outer.points, 0)
            if chosen.any():
                pool.add(chosen, method)
        _explore(pool, generators, restarts, steps)
    return _polish(networks, pool, generators)


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


def _polish(
    networks: Sequence[ReluNetwork], pool: Pool, generators: list[np.random.Generator]
) -> list[dict[float, LowerBound]]:
    """Local search from the best points, and the best of all that float64 confirms."""
    shallow = networks[0].depth == 1
    if not shallow:
        search_neighbours(pool, generators)
    bounds = []
    for index, (network, rng) in enumerate(zip(networks, generators, strict=True)):
        candidates = [
            (_placed(network, point), str(method))
            for point, method in zip(pool.points[index], pool.methods[index], strict=True)
        ]
        candidates = [(point, method) for point, method in candidates if point is not None]
        if shallow:
            candidates += _polished(network, candidates, pool.ps, rng)
        bounds.append(_confirmed(network, candidates, pool.ps))
    return bounds


def _polished(
    network: ReluNetwork,
    candidates: list[tuple[np.ndarray, str]],
    ps: Sequence[float],
    rng: np.random.Generator,
) -> list[tuple[np.ndarray, str]]:
    if not candidates:
        return []
    points = np.stack([point for point, _ in candidates])
    found = network.gradients(points)
    rounds = int(np.clip(LINE_NUMBERS // (POLISHED * network.weights[0].size), 4, 64))
    polished: list[tuple[np.ndarray, str]] = []
    for p in ps:
        best = np.argsort(-norm(found, conjugate(p)), kind="stable")[:POLISHED]
        polished += [(x, "local") for x in search_lines(network, points[best], p, rounds, rng)]
    return polished


def _confirmed(
    network: ReluNetwork, candidates: list[tuple[np.ndarray, str]], ps: Sequence[float]
) -> dict[float, LowerBound]:
    bounds: dict[float, LowerBound] = {}
    points = np.stack([point for point, _ in candidates] or [np.zeros(network.input_dim)])
    found = network.gradients(points)
    certain: dict[int, bool] = {}
    for p in ps:
        bounds[p] = LowerBound(0.0, np.zeros(network.input_dim), "sampling")
        values = norm(found, conjugate(p))
        for row in np.argsort(-values, kind="stable"):
            if row not in certain:
                certain[row] = is_differentiable(network, points[row])
            if certain[row] and candidates:
                bounds[p] = LowerBound(float(values[row]), points[row], candidates[row][1])
                break
    return bounds


def _placed(network: ReluNetwork, point: np.ndarray) -> np.ndarray | None:
    """The point x/t that (x, t) stands for; x far out, where biases do not matter, for t = 0."""
    x, height = point[:-1], point[-1]
    if height > 0:
        return x / height
    if network.is_homogeneous:
        return x if x.any() else None
    unbiased = ReluNetwork(network.weights, tuple(np.zeros_like(b) for b in network.biases))
    wanted = unbiased.activation_patterns(x[None])
    for radius in RADII:
        seen = network.activation_patterns(radius * x[None])
        if all((a == b).all() for a, b in zip(wanted, seen, strict=True)):
            return radius * x
    return RADII[0] * x if x.any() else None


def _of_affine(network: ReluNetwork, ps: Sequence[float]) -> dict[float, LowerBound]:
    origin = np.zeros(network.input_dim)
    return {
        p: LowerBound(float(norm(network.weights[0][0], conjugate(p))), origin, "sampling")
        for p in ps
    }


def _largest(values: np.ndarray, count: int) -> np.ndarray:
    return np.argsort(-values, axis=1, kind="stable")[:, :count]


def _take(rows: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    return np.take_along_axis(rows, chosen[..., None], axis=1)
