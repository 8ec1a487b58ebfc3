"""A point well inside a region of an arrangement of lines."""

import numpy as np

from memrob.lipschitz.exact.arrangement import Arrangement

TURNS = 24
"""Chords whose middles are taken in turn."""


def inside(lines: Arrangement, line: int, start: np.ndarray, side: int) -> np.ndarray:
    """A point inside the region on one side of an edge.

    Parameters
    ----------
    lines : Arrangement
        Lines of the plane.
    line : int
        Line on which the edge lies.
    start : ndarray, shape (2,)
        A point of the edge, on no other line.
    side : int
        1 for the positive side of the line, -1 for the negative.

    Returns
    -------
    ndarray, shape (2,)
        The middles of chords in turning directions lead away from the boundary.
    """
    signs = np.sign(lines.normals @ start + lines.offsets)
    signs[line] = side
    point = (
        start
        + side
        * _reach(lines, signs, start, side * lines.normals[line], line)
        / 2
        * (lines.normals[line])
    )
    for turn in range(TURNS):
        angle = turn * np.pi * (np.sqrt(5) - 1) / 2
        direction = np.array([np.cos(angle), np.sin(angle)])
        ahead = _reach(lines, signs, point, direction)
        behind = _reach(lines, signs, point, -direction)
        point = point + (ahead - behind) / 2 * direction
    return point


def _reach(
    lines: Arrangement,
    signs: np.ndarray,
    point: np.ndarray,
    direction: np.ndarray,
    on: int | None = None,
) -> float:
    """Distance to the boundary of a region in a direction, at most 1 + |point|.

    A line `on` which the point lies does not count.
    """
    distances = np.abs(lines.normals @ point + lines.offsets)
    speeds = -signs * (lines.normals @ direction)
    if on is not None:
        speeds[on] = 0
    near = speeds > 0
    farthest = 1 + float(np.linalg.norm(point))
    return float(np.min(distances[near] / speeds[near], initial=farthest))
