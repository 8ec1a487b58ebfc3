"""Exact Lipschitz constants by a walk along every line of an arrangement: O(N^2 log N)."""

from collections.abc import Sequence

import numpy as np

from memrob.lipschitz.exact.arrangement import Arrangement, arrangement
from memrob.lipschitz.exact.interior import inside
from memrob.lipschitz.exact.result import Champions, Exact
from memrob.lipschitz.network import ReluNetwork

EPSILON = float(np.finfo(np.float64).eps)

PARALLEL = 4 * EPSILON
"""Sine of an angle below which rounding alone may make two lines cross."""


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
        The regions between crossings that rounding could exchange are passed over, and appear in
        `doubtful` where they might matter.

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
        return champions.exact(network, "plane", 1)
    lines = _on_slanted_plane(field) if spatial else field
    both = network.weights[1][0] @ network.weights[0] if spatial else None
    champions, doubts, regions = _walk_lines(lines, both, ps)
    if spatial:
        # Euler's formula in the projective plane, whose regions are pairs of cones.
        regions = 2 * (regions - len(lines.normals))

    def point(tag):
        line, edge, side, sign = tag
        found = inside(lines, line, _middle_of_edge(lines, line, edge), side)
        return sign * (SLANT.T @ np.append(found, 1.0)) if spatial else found

    return champions.exact(network, "plane", regions, point, doubts)


def _slant() -> np.ndarray:
    matrix = np.random.default_rng(0).standard_normal((3, 3))
    return np.linalg.qr(matrix)[0]


SLANT = _slant()
"""A rotation or reflection of R^3; its third row is the normal of the plane of projection."""


def _on_slanted_plane(field: Arrangement) -> Arrangement:
    """Lines in which planes through the origin meet the plane x_3 = 1 of turned coordinates."""
    turned = field.normals @ SLANT.T
    lengths = np.linalg.norm(turned[:, :2], axis=1)
    return Arrangement(
        turned[:, :2] / lengths[:, None], turned[:, 2] / lengths, field.jumps, field.base
    )


def _walk_lines(
    lines: Arrangement, both: np.ndarray | None, ps: Sequence[float]
) -> tuple[Champions, Champions, int]:
    """Largest gradients, those of doubtful regions, and the number of regions of the plane."""
    champions, doubts = (Champions(ps, lines.jumps.shape[1]) for _ in range(2))
    edges, vertices = 0, 0.0
    for line in range(len(lines.normals)):
        gradients, certain = _walk(lines, line)
        places = np.flatnonzero(certain)
        edges += len(places)
        # A vertex of m lines is met m times, each time as a bundle of m - 1 crossings.
        vertices += (1 / (np.diff(places) + 1)).sum()
        doubtful = np.flatnonzero(~certain)
        if len(doubtful):
            _offer_sides(doubts, gradients[doubtful], lines.jumps[line], both, line, doubtful)
            gradients = gradients[places]
        _offer_sides(champions, gradients, lines.jumps[line], both, line, places)
    return champions, doubts, round(1 + edges - vertices)


def _offer_sides(champions, gradients, jump, both, line, places) -> None:
    for side, found in ((-1, gradients), (1, gradients + jump)):
        champions.offer(found, lambda row, side=side: (line, int(places[row]), side, 1))
        if both is not None:
            champions.offer(both - found, lambda row, side=side: (line, int(places[row]), side, -1))


def _crossings(lines: Arrangement, line: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where the others cross a line: abscissae along it (inf if parallel), sines, heights.

    The abscissa counts from the foot of the origin towards (-n_2, n_1); a height is the signed
    distance of the foot from another line.
    """
    first, second = lines.normals[line]
    sines = lines.normals[:, 1] * first - lines.normals[:, 0] * second
    heights = lines.offsets - lines.offsets[line] * (lines.normals @ lines.normals[line])
    abscissae = np.full(len(sines), np.inf)
    np.divide(-heights, sines, out=abscissae, where=np.abs(sines) > PARALLEL)
    return abscissae, sines, heights


def _walk(lines: Arrangement, line: int) -> tuple[np.ndarray, np.ndarray]:
    """Gradients on the negative side of a line, edge by edge, and which edges are certain."""
    abscissae, sines, heights = _crossings(lines, line)
    order = np.argsort(abscissae)
    order = order[: len(order) - np.count_nonzero(np.isinf(abscissae))]
    positive = np.where(np.isinf(abscissae), heights > 0, sines < 0)
    positive[line] = False
    gradients = np.empty((len(order) + 1, lines.jumps.shape[1]))
    gradients[0] = lines.base + positive @ lines.jumps
    gradients[1:] = lines.jumps[order] * np.sign(sines[order])[:, None]
    np.cumsum(gradients, axis=0, out=gradients)

    certain = np.ones(len(order) + 1, dtype=bool)
    found = abscissae[order]
    size = np.abs(lines.offsets[order]) + abs(lines.offsets[line]) + np.abs(found)
    slack = 8 * EPSILON * size / np.abs(sines[order])
    latest = np.maximum.accumulate(found + slack)
    earliest = np.minimum.accumulate((found - slack)[::-1])[::-1]
    certain[1:-1] = latest[:-1] < earliest[1:]
    return gradients, certain


def _middle_of_edge(lines: Arrangement, line: int, edge: int) -> np.ndarray:
    """The middle of an edge; a point beyond the last crossing on an unbounded one."""
    abscissae = _crossings(lines, line)[0]
    found = np.sort(abscissae[np.isfinite(abscissae)])
    before = found[edge - 1] if edge > 0 else None
    after = found[edge] if edge < len(found) else None
    if before is None:
        place = 0.0 if after is None else after - 1 - abs(after)
    else:
        place = before + 1 + abs(before) if after is None else (before + after) / 2
    first, second = lines.normals[line]
    foot = -lines.offsets[line] * lines.normals[line]
    return foot + place * np.array([-second, first])
