"""Exact Lipschitz constants by the cheapest method that applies."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from memrob.errors import UserError
from memrob.lipschitz.exact.branching import by_branching
from memrob.lipschitz.exact.line import by_line
from memrob.lipschitz.exact.plane import by_plane
from memrob.lipschitz.exact.regions import by_regions
from memrob.lipschitz.exact.result import Exact
from memrob.lipschitz.integers import as_integers, norm_between
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import checked_p, conjugate

# Each takes about a minute, or at most two, on one core.
LINE_WIDTH = 5_000_000
PLANE_WIDTH = 20_000
SEGMENT_NEURONS = 5_000
REGION_NEURONS = 1_000

LARGEST_SEARCH = 2_000_000
"""Weights up to which branching is tried: its integers take 100 bytes each."""

SETTLING_NODES, SETTLING_NEURONS = 50_000, 256
"""Nodes of the search that settles what another method leaves open, and the largest network."""


def exact_lipschitz(
    network: ReluNetwork,
    ps: Sequence[float],
    *,
    lower: float | Mapping[float, float] | None = None,
    points: np.ndarray | None = None,
    nodes: int | None = None,
    seconds: float | None = None,
) -> Exact:
    """lip_p over all of R^d, for every p at once: which gradients occur does not depend on p.

    Parameters
    ----------
    network : ReluNetwork
        Any; `feasible_method` names the method.
    ps : sequence of float
        Exponents in [1, inf].
    lower : float or mapping of float to float, optional
        A lower bound that is attained, for all p or by p. It can shorten a search, never change
        what is found.
    points : ndarray of float64, shape (M, d), optional
        Points with large gradients: with them a search that ends early has a better value.
    nodes, seconds : int, float, optional
        Where branching ends (`by_branching`).

    Returns
    -------
    Exact
        `doubtful` names the exponents for which lip_p is not settled.

    Raises
    ------
    UserError
        For a network that is too large even to begin with.
    """
    method = feasible_method(network)
    if method == "linear":
        return _of_affine(network, ps)
    budget = {"points": points, "nodes": nodes, "seconds": seconds}
    if method == "branching":
        return by_branching(network, ps, _by_p(lower, ps), **budget)
    found = {"line": by_line, "plane": by_plane, "regions": by_regions}[method](network, ps)
    is_settled = not found.doubtful and all(point is not None for point in found.points.values())
    if is_settled or sum(network.widths) > SETTLING_NEURONS:
        return found
    known = [point for point in found.points.values() if point is not None]
    known += [] if points is None else list(points)
    budget |= {"nodes": min(nodes or SETTLING_NODES, SETTLING_NODES)}
    budget |= {"points": np.reshape(known, (-1, network.input_dim))}
    return _better(found, by_branching(network, ps, _by_p(lower, ps), **budget))


def _of_affine(network: ReluNetwork, ps: Sequence[float]) -> Exact:
    row, power = as_integers(network.weights[0][0])
    found = {p: norm_between(row, power, conjugate(p)) for p in map(checked_p, ps)}
    return Exact(
        "linear",
        {p: low for p, (low, _) in found.items()},
        dict.fromkeys(found, np.zeros(network.input_dim)),
        1,
        above={p: high for p, (_, high) in found.items()},
    )


def _better(first: Exact, second: Exact) -> Exact:
    """What two methods settle together."""
    if not second.doubtful:
        return second
    doubtful = {
        p: min(bound, second.doubtful[p])
        for p, bound in first.doubtful.items()
        if p in second.doubtful
    }
    best = {p: max((first, second), key=lambda found, p=p: found.values[p]) for p in first.values}
    values = {p: found.values[p] for p, found in best.items()}
    points = {p: found.points[p] for p, found in best.items()}
    above = {p: min(first.above[p], second.above[p]) for p in values}
    return replace(first, values=values, points=points, doubtful=doubtful, above=above)


def feasible_method(network: ReluNetwork) -> str:
    """Name of the method that `exact_lipschitz` uses first.

    Raises
    ------
    UserError
        If none is feasible.
    """
    dim, neurons, homogeneous = network.input_dim, sum(network.widths), network.is_homogeneous
    if not network.depth:
        return "linear"
    if network.depth == 1:
        if dim == 1 or (dim == 2 and homogeneous):
            if neurons <= LINE_WIDTH:
                return "line"
        elif (dim == 2 or (dim == 3 and homogeneous)) and neurons <= PLANE_WIDTH:
            return "plane"
    elif neurons <= (SEGMENT_NEURONS if dim == 1 else REGION_NEURONS if dim == 2 else 0):
        return "regions"
    if sum(weight.size for weight in network.weights) <= LARGEST_SEARCH:
        return "branching"
    raise UserError(
        f"exact: infeasible for input_dim {dim}, depth {network.depth}, widths {network.widths}; "
        f"feasible are depth 1 with input_dim 1 or 2 (3 if all hidden biases are zero) and width "
        f"up to {PLANE_WIDTH}, any depth with input_dim 2 and up to {REGION_NEURONS} neurons or "
        f"input_dim 1 and up to {SEGMENT_NEURONS}, and up to {LARGEST_SEARCH} weights, whose "
        "search may end early"
    )


def _by_p(
    lower: float | Mapping[float, float] | None, ps: Sequence[float]
) -> dict[float, float] | None:
    if lower is None:
        return None
    if isinstance(lower, Mapping):
        return {checked_p(p): float(value) for p, value in lower.items()}
    return {checked_p(p): float(lower) for p in ps}
