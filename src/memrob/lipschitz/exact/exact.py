"""Exact Lipschitz constants by the cheapest method that applies."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from memrob.errors import UserError
from memrob.lipschitz.exact.branching import by_branching
from memrob.lipschitz.exact.line import by_line
from memrob.lipschitz.exact.plane import by_plane
from memrob.lipschitz.exact.regions import by_regions
from memrob.lipschitz.exact.result import Champions, Exact
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import checked_p

# Each takes about a minute, or at most two, on one core. Bounds rule out most of the nodes of a
# search: of 10^7 possible nodes about 2 in 100 are visited, and fewer where there are more.
LINE_WIDTH = 5_000_000
PLANE_WIDTH = 20_000
SEGMENT_NEURONS = 5_000
REGION_NEURONS = 1_000
BRANCHING_NODES = 20_000_000
BRANCHING_NEURONS = 28


def exact_lipschitz(
    network: ReluNetwork,
    ps: Sequence[float],
    *,
    lower: float | Mapping[float, float] | None = None,
) -> Exact:
    """lip_p over all of R^d, for every p at once: which gradients occur does not depend on p.

    Parameters
    ----------
    network : ReluNetwork
        Small enough: see `feasible_method`.
    ps : sequence of float
        Exponents in [1, inf].
    lower : float or mapping of float to float, optional
        A lower bound that is attained, for all p or by p. It can shorten a search, never change
        what is found.

    Returns
    -------
    Exact

    Raises
    ------
    UserError
        Where no method would take less than some minutes; the message says what is feasible.
    """
    method = feasible_method(network)
    if method == "linear":
        champions = Champions(ps, network.input_dim)
        champions.offer(network.weights[0], lambda _: np.zeros(network.input_dim))
        return champions.exact(network, "linear", 1)
    if method == "branching":
        return by_branching(network, ps, _by_p(lower, ps))
    return {"line": by_line, "plane": by_plane, "regions": by_regions}[method](network, ps)


def feasible_method(network: ReluNetwork) -> str:
    """Name of the method that `exact_lipschitz` uses.

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
    searched = max(dim, 3)
    most = largest_search(searched, homogeneous)
    if dim == searched and neurons <= most:
        return "branching"
    raise UserError(
        f"exact: infeasible for input_dim {dim}, depth {network.depth}, widths {network.widths}; "
        f"feasible are depth 1 with input_dim 1 or 2 (3 if all hidden biases are zero) and width "
        f"up to {PLANE_WIDTH}, any depth with input_dim 2 and up to {REGION_NEURONS} neurons or "
        f"input_dim 1 and up to {SEGMENT_NEURONS}, input_dim {searched} and up to {most} neurons"
    )


def largest_search(dim: int, homogeneous: bool) -> int:
    """Most neurons for which branching is feasible.

    The nodes are those of a tree over the sides of hyperplanes in general position, one after
    another.
    """
    neurons, nodes = 0, 1
    while nodes <= BRANCHING_NODES or neurons <= BRANCHING_NEURONS:
        neurons += 1
        if homogeneous:
            nodes += 2 * sum(math.comb(neurons - 1, k) for k in range(dim))
        else:
            nodes += sum(math.comb(neurons, k) for k in range(dim + 1))
    return neurons - 1


def _by_p(
    lower: float | Mapping[float, float] | None, ps: Sequence[float]
) -> dict[float, float] | None:
    if lower is None:
        return None
    if isinstance(lower, Mapping):
        return {checked_p(p): float(value) for p, value in lower.items()}
    return {checked_p(p): float(lower) for p in ps}
