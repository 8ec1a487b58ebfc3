"""Exact Lipschitz constants of shallow networks whose regions lie in a row: O(N log N)."""

import math
from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np

from memrob.lipschitz.exact.arrangement import Arrangement, arrangement
from memrob.lipschitz.exact.result import Champions, Exact
from memrob.lipschitz.integers import as_integers
from memrob.lipschitz.network import ReluNetwork

EPSILON = float(np.finfo(np.float64).eps)


def by_line(network: ReluNetwork, ps: Sequence[float]) -> Exact:
    """Visit the intervals of a network on R, or the sectors of a homogeneous one on R^2.

    Parameters
    ----------
    network : ReluNetwork
        Of depth 1, and input_dim 1, or 2 with all hidden biases zero.
    ps : sequence of float
        Exponents in [1, inf].

    Returns
    -------
    Exact

    Notes
    -----
    Our own derivation: gradients are partial sums of the jumps in the order of the breakpoints, or
    of the angles of the lines; half a turn further every line has been crossed a second time, in
    the other direction.
    """
    field = arrangement(network)
    if not len(field.normals):
        points = np.zeros((1, network.input_dim))
        gradients = field.base[None]
    else:
        points, gradients = (_intervals if network.input_dim == 1 else _sectors)(field)
    champions, doubts = Champions(ps, network.input_dim), Champions(ps, network.input_dim)
    champions.offer(gradients, points.__getitem__)
    doubts.offer_above(champions, field.rounding())
    return champions.exact(network, "line", len(points), doubts=doubts)


def _partial_sums(first: np.ndarray, steps: np.ndarray) -> np.ndarray:
    return np.cumsum(np.vstack([first, steps]), axis=0)


def _intervals(field: Arrangement) -> tuple[np.ndarray, np.ndarray]:
    """A point in each interval, (n + 1, 1), and its gradient."""
    # On the line every normal is 1.
    order = _settled(-field.offsets, lambda w, b: Fraction(-b, w), field.rows)
    breaks = -field.offsets[order]
    ends = np.array([breaks[0] - 1 - abs(breaks[0]), breaks[-1] + 1 + abs(breaks[-1])])
    middles = (breaks[1:] + breaks[:-1]) / 2
    points = np.concatenate([ends[:1], middles, ends[1:]])
    return points[:, None], _partial_sums(field.base, field.jumps[order])


def _settled(
    places: np.ndarray, exact_place: Callable[[int, int], Fraction | float], rows: np.ndarray
) -> np.ndarray:
    """Ascending order of places, settled in integers where float64 leaves a doubt.

    `exact_place` takes the first two entries of a row (w, b), in integers, to its place or to
    another number that ascends with it.
    """
    order = np.argsort(places)
    found = places[order]
    size = np.maximum(np.abs(found[1:]), np.abs(found[:-1]))
    cuts = np.flatnonzero(np.diff(found) > 64 * EPSILON * size) + 1
    if len(cuts) == len(order) - 1:
        return order
    for part in np.split(np.arange(len(order)), cuts):
        if len(part) > 1:
            whole = {int(j): as_integers(rows[j, :2])[0] for j in order[part]}
            order[part] = sorted(whole, key=lambda j, whole=whole: exact_place(*whole[j]))
    return order


def _cotangent(first: int, second: int) -> Fraction | float:
    """Less the cotangent of the angle in [0, pi) of the line on which (first, second) vanishes."""
    return Fraction(second, first) if first else -math.inf


def _sectors(field: Arrangement) -> tuple[np.ndarray, np.ndarray]:
    """A unit vector in each sector, (2n, 2), and its gradient."""
    # Turning through the angle of a line, from 0 on, leads to the positive side of the normal
    # that is a quarter turn further; where n is its opposite, the jump has the opposite sign.
    angles = np.arctan2(-field.normals[:, 0], field.normals[:, 1])
    opposite = angles < 0
    angles = np.where(opposite, angles + np.pi, angles)
    order = _settled(angles, _cotangent, field.rows)
    angles = angles[order]
    steps = np.where(opposite, -1.0, 1.0)[order, None] * field.jumps[order]
    before = field.base + field.jumps[opposite].sum(axis=0)
    half = _partial_sums(before, steps[:-1])
    other = _partial_sums(before + steps.sum(axis=0), -steps[:-1])
    middles = (angles + np.concatenate([[angles[-1] - np.pi], angles[:-1]])) / 2
    middles = np.concatenate([middles, middles + np.pi])
    return np.column_stack([np.cos(middles), np.sin(middles)]), np.vstack([half, other])
