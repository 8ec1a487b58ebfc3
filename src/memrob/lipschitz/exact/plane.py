"""Exact Lipschitz constants by a walk along every line of an arrangement: O(N^2 log N)."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from memrob.lipschitz.exact.arrangement import Arrangement, arrangement
from memrob.lipschitz.exact.crossings import Crossings
from memrob.lipschitz.exact.interior import inside
from memrob.lipschitz.exact.result import Champions, Exact
from memrob.lipschitz.integers import as_integers
from memrob.lipschitz.network import ReluNetwork


def by_plane(network: ReluNetwork, ps: Sequence[float]) -> Exact:
    """Visit the regions of a shallow network on R^2, or of a homogeneous one on R^3.

    Parameters
    ----------
    network : ReluNetwork
        Of depth 1, and input_dim 2, or 3 with all hidden biases zero.
    ps : sequence of float
        Exponents in [1, inf].

    Returns
    -------
    Exact
        Crossings that rounding could exchange are put in order in integers. Where these are too
        many, no value is settled.

    Notes
    -----
    Our own derivation. Every region has an edge on some line. The walk along a line meets the
    others in the order of their crossings, and each changes the gradient by its jump; the regions
    on the two sides of the line differ by the jump of the line itself.

    A homogeneous network on R^3 is determined by its gradients on a plane off the origin and
    on the opposite plane; as each neuron is active at exactly one of x and -x, the gradient at -x
    is sum_j v_j w_j less that at x. The plane is at a slant, so that nothing with a simple
    formula lies at infinity.
    """
    field = arrangement(network)
    spatial = network.input_dim == 3
    if not len(field.normals):
        champions = Champions(ps, network.input_dim)
        champions.offer(field.base[None], lambda _: np.zeros(network.input_dim))
        return champions.exact(network, "plane", 1, champions)
    lines = _on_slanted_plane(field) if spatial else field
    both = network.weights[1][0] @ network.weights[0] if spatial else None
    rows = as_integers(field.rows[:, :3])[0]
    if spatial:
        rows = rows @ as_integers(SLANT)[0].T
    crossings = Crossings(lines.normals, lines.offsets, rows)
    champions, regions = _walk_lines(lines, crossings, both, ps)
    doubts = Champions(ps, network.input_dim)
    doubts.offer_above(champions, np.inf if crossings.is_given_up else 3 * field.rounding())
    if spatial:
        # Euler's formula in the projective plane, whose regions are pairs of cones.
        regions = 2 * (regions - len(lines.normals))

    def point(tag):
        line, edge, side, sign = tag
        found = inside(lines, line, _middle_of_edge(lines, crossings, line, edge), side)
        return sign * (SLANT.T @ np.append(found, 1.0)) if spatial else found

    return champions.exact(network, "plane", regions, doubts, point)


def _slant() -> np.ndarray:
    matrix = np.random.default_rng(0).standard_normal((3, 3))
    return np.linalg.qr(matrix)[0]


SLANT = _slant()
"""A rotation or reflection of R^3; its third row is the normal of the plane of projection."""


def _on_slanted_plane(field: Arrangement) -> Arrangement:
    """Lines in which planes through the origin meet the plane x_3 = 1 of turned coordinates."""
    turned = field.normals @ SLANT.T
    lengths = np.linalg.norm(turned[:, :2], axis=1)
    return replace(field, normals=turned[:, :2] / lengths[:, None], offsets=turned[:, 2] / lengths)


def _walk_lines(
    lines: Arrangement, crossings: Crossings, both: np.ndarray | None, ps: Sequence[float]
) -> tuple[Champions, int]:
    """Largest gradients, and the number of regions of the plane."""
    champions = Champions(ps, lines.jumps.shape[1])
    edges, vertices = 0, 0.0
    for line in range(len(lines.normals)):
        gradients, places = _walk(lines, crossings, line)
        edges += len(places)
        # A vertex of m lines is met m times, each time as a bundle of m - 1 crossings.
        vertices += (1 / (np.diff(places) + 1)).sum()
        _offer_sides(champions, gradients[places], lines.jumps[line], both, line, places)
    return champions, round(1 + edges - vertices)


def _offer_sides(champions, gradients, jump, both, line, places) -> None:
    for side, found in ((-1, gradients), (1, gradients + jump)):
        champions.offer(found, lambda row, side=side: (line, int(places[row]), side, 1))
        if both is not None:
            champions.offer(both - found, lambda row, side=side: (line, int(places[row]), side, -1))


def _walk(lines: Arrangement, crossings: Crossings, line: int) -> tuple[np.ndarray, np.ndarray]:
    """Gradients on the negative side of a line between crossings, and which of these are edges."""
    found = crossings.along(line)
    gradients = np.empty((len(found.order) + 1, lines.jumps.shape[1]))
    gradients[0] = lines.base + found.positive @ lines.jumps
    gradients[1:] = lines.jumps[found.order] * found.turns[:, None]
    np.cumsum(gradients, axis=0, out=gradients)
    return gradients, found.edges


def _middle_of_edge(lines: Arrangement, crossings: Crossings, line: int, edge: int) -> np.ndarray:
    """The middle of an edge; a point beyond the last crossing on an unbounded one."""
    found = crossings.along(line).abscissae
    before = found[edge - 1] if edge > 0 else None
    after = found[edge] if edge < len(found) else None
    if before is None:
        place = 0.0 if after is None else after - 1 - abs(after)
    else:
        place = before + 1 + abs(before) if after is None else (before + after) / 2
    first, second = lines.normals[line]
    foot = -lines.offsets[line] * lines.normals[line]
    return foot + place * np.array([-second, first])
