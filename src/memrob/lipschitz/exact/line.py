"""Exact Lipschitz constants of shallow networks whose regions lie in a row: O(N log N)."""

from collections.abc import Sequence

import numpy as np

from memrob.lipschitz.exact.arrangement import Arrangement, arrangement
from memrob.lipschitz.exact.result import Champions, Exact
from memrob.lipschitz.network import ReluNetwork


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
    champions = Champions(ps, network.input_dim)
    champions.offer(gradients, points.__getitem__)
    return champions.exact(network, "line", len(points))


def _partial_sums(first: np.ndarray, steps: np.ndarray) -> np.ndarray:
    return np.cumsum(np.vstack([first, steps]), axis=0)


def _intervals(field: Arrangement) -> tuple[np.ndarray, np.ndarray]:
    """A point in each interval, (n + 1, 1), and its gradient."""
    # On the line every normal is 1.
    order = np.argsort(-field.offsets)
    breaks = -field.offsets[order]
    ends = np.array([breaks[0] - 1 - abs(breaks[0]), breaks[-1] + 1 + abs(breaks[-1])])
    middles = (breaks[1:] + breaks[:-1]) / 2
    points = np.concatenate([ends[:1], middles, ends[1:]])
    return points[:, None], _partial_sums(field.base, field.jumps[order])


def _sectors(field: Arrangement) -> tuple[np.ndarray, np.ndarray]:
    """A unit vector in each sector, (2n, 2), and its gradient."""
    # Turning through the angle of a line, from 0 on, leads to the positive side of the normal
    # that is a quarter turn further; where n is its opposite, the jump has the opposite sign.
    angles = np.arctan2(-field.normals[:, 0], field.normals[:, 1])
    opposite = angles < 0
    angles = np.where(opposite, angles + np.pi, angles)
    order = np.argsort(angles)
    angles = angles[order]
    steps = np.where(opposite, -1.0, 1.0)[order, None] * field.jumps[order]
    before = field.base + field.jumps[opposite].sum(axis=0)
    half = _partial_sums(before, steps[:-1])
    other = _partial_sums(before + steps.sum(axis=0), -steps[:-1])
    middles = (angles + np.concatenate([[angles[-1] - np.pi], angles[:-1]])) / 2
    middles = np.concatenate([middles, middles + np.pi])
    return np.column_stack([np.cos(middles), np.sin(middles)]), np.vstack([half, other])
