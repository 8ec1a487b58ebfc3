"""The local search in float64, from the best points that a search over the batch has found."""

import time
from collections.abc import Sequence

import numpy as np

from memrob.lipschitz.lower.climb import climbs, first_evaluations
from memrob.lipschitz.lower.confirmed import LowerBound, confirmed
from memrob.lipschitz.lower.heights import height_scale, placed
from memrob.lipschitz.lower.line_search import search_lines
from memrob.lipschitz.lower.piece_search import search_pieces
from memrob.lipschitz.lower.starts import random_points
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import conjugate, norm

POLISHED = 4
"""Points of a network and p that the local search takes."""

LINE_NUMBERS = 2**22
"""Numbers that the lines through a point hold, about: their number falls with the width."""

PIECE_WORK = 6e7
"""Numbers that the search by pieces may compute, about; it is left out where that is too few."""

PIECE_POINTS, LEAST_ROUNDS = 8, 8


def polished(
    network: ReluNetwork,
    points: np.ndarray,
    methods: list[str],
    ps: Sequence[float],
    rounds: int,
    rng: np.random.Generator,
    effort: tuple[float | None, bool, int],
) -> dict[float, LowerBound]:
    """Local search in float64 from the best points, and the best of all that is certain."""
    seconds, climb, steps = effort
    end = None if seconds is None else time.monotonic() + seconds
    if rounds:
        local = _along_pieces(network, points, ps, rounds, rng)
    elif network.depth == 1:
        local = _along_lines(network, points, ps, rng)
    if rounds or network.depth == 1:
        points = np.concatenate([points, local])
        methods = methods + ["local"] * len(local)
    if end is not None or (network.depth > 1 and (climb or not rounds)):
        local = _climbed(network, points, ps, rng, end, steps)
        points = np.concatenate([points, local])
        methods = methods + ["climb"] * len(local)
    return confirmed(network, points, methods, ps)


def _climbed(
    network: ReluNetwork,
    points: np.ndarray,
    ps: Sequence[float],
    rng: np.random.Generator,
    end: float | None,
    steps: int,
) -> np.ndarray:
    """The best points of climbs for each p; with time, one climb for each p after the other."""
    weights = sum(weight.size for weight in network.weights)
    sizes = network.input_dim, sum(network.widths), weights
    evaluations = first_evaluations(*sizes, len(ps), steps)
    points = points[np.isfinite(points).all(axis=1)]
    found, running = [], []
    for p, own in zip(ps, rng.spawn(len(ps)), strict=True):
        with np.errstate(all="ignore"):
            sizes = norm(network.gradients(points), conjugate(p))
        starts = points[np.argsort(-np.nan_to_num(sizes), kind="stable")]
        running.append(climbs(network, starts, p, evaluations, own, end))
    while running:
        for climb in list(running):
            best = next(climb, None)
            if best is None:
                running.remove(climb)
            else:
                found.append(best)
    return np.concatenate(found)


def piece_rounds(network: ReluNetwork, n_ps: int, restarts: int) -> int:
    """Lines through each point on which all pieces are looked at; 0 if that costs too much."""
    if network.depth == 1:
        work = network.weights[0].size * n_ps
    else:
        pieces = 1.5 * sum(network.widths)
        work = pieces * sum(weight.size for weight in network.weights)
    rounds = int(PIECE_WORK / (work * PIECE_POINTS * n_ps))
    return min(rounds, 3 * restarts // 2) if rounds >= LEAST_ROUNDS else 0


def _along_pieces(
    network: ReluNetwork,
    points: np.ndarray,
    ps: Sequence[float],
    rounds: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """Search from the best point for each p, and from as many random ones as the work allows.

    In low dimensions the largest gradients lie in small regions that no ascent ends in.
    """
    found = network.gradients(points)
    best = [int(np.argmax(norm(found, conjugate(p)))) for p in ps]
    count = (PIECE_POINTS - 1) * len(ps)
    fresh = random_points([rng], count, network.input_dim, not network.is_homogeneous)[0]
    scale = height_scale(network)
    others = [placed(network, np.append(x[:-1], x[-1] * scale)) for x in fresh]
    return search_pieces(network, np.stack([*points[best], *others]), ps, rounds, rng)


def _along_lines(
    network: ReluNetwork, points: np.ndarray, ps: Sequence[float], rng: np.random.Generator
) -> np.ndarray:
    found = network.gradients(points)
    rounds = int(np.clip(LINE_NUMBERS // (POLISHED * network.weights[0].size), 4, 64))
    moved = []
    for p in ps:
        best = np.argsort(-norm(found, conjugate(p)), kind="stable")[:POLISHED]
        moved.append(search_lines(network, points[best], p, rounds, rng))
    return np.concatenate(moved)
