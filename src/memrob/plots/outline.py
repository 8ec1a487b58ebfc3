"""Cells of a grid: their borders, and the outline of a set of cells."""

from collections import defaultdict

import numpy as np


def cell_edges(centres: np.ndarray) -> np.ndarray:
    """Return the borders of cells around given centres, half-way between neighbours.

    Parameters
    ----------
    centres : array-like of float, shape (k,)
        Ascending, not necessarily equispaced.

    Returns
    -------
    ndarray of float64, shape (k + 1,)
        The outermost borders lie as far from their centre as the next borders on the other side;
        a single centre gets a cell of width one.
    """
    centres = np.asarray(centres, dtype=np.float64)
    if centres.size == 1:
        return centres[0] + np.array([-0.5, 0.5])
    between = (centres[:-1] + centres[1:]) / 2
    first, last = 2 * centres[0] - between[0], 2 * centres[-1] - between[-1]
    return np.concatenate([[first], between, [last]])


def _border_steps(inside: np.ndarray) -> dict[tuple[int, int], list[tuple[int, int]]]:
    """Return unit steps along borders of the set, from vertex (row, column) to vertex.

    Each step has the set on its left (rows count upwards), so steps can be chained head to tail.
    """
    steps = defaultdict(list)
    for row, column in zip(*np.nonzero(inside[:, :-1] != inside[:, 1:]), strict=True):
        low, high = (int(row), int(column) + 1), (int(row) + 1, int(column) + 1)
        start, end = (low, high) if inside[row, column] else (high, low)
        steps[start].append(end)
    for row, column in zip(*np.nonzero(inside[:-1] != inside[1:]), strict=True):
        left, right = (int(row) + 1, int(column)), (int(row) + 1, int(column) + 1)
        start, end = (right, left) if inside[row, column] else (left, right)
        steps[start].append(end)
    return steps


def region_outline(
    inside: np.ndarray, x_edges: np.ndarray, y_edges: np.ndarray
) -> list[np.ndarray]:
    """Return the borders between the cells inside a set and those outside, as polygonal lines.

    Borders on the rim of the grid are left out: nothing is known about what lies beyond.

    Parameters
    ----------
    inside : ndarray of bool, shape (rows, columns)
        Which cells belong to the set; row i lies between ``y_edges[i]`` and ``y_edges[i + 1]``.
    x_edges, y_edges : ndarray of float, shapes (columns + 1,) and (rows + 1,)
        Borders of the cells, ascending.

    Returns
    -------
    list of ndarray of float64, each of shape (k, 2)
        Lines as long as possible, with points (x, y); closed ones end where they began.
    """
    steps = _border_steps(np.asarray(inside, dtype=bool))
    arrivals = defaultdict(int)
    for ends in steps.values():
        for end in ends:
            arrivals[end] += 1
    # Open lines first, from the rim, so that no loop swallows a piece of one.
    open_starts = [
        start for start, ends in steps.items() for _ in range(len(ends) - arrivals[start])
    ]
    lines = [_follow(steps, start) for start in sorted(open_starts)]
    for start in sorted(steps):
        while steps[start]:
            lines.append(_follow(steps, start))
    return [
        np.array([(x_edges[column], y_edges[row]) for row, column in line], dtype=np.float64)
        for line in lines
    ]


def _follow(
    steps: dict[tuple[int, int], list[tuple[int, int]]], start: tuple[int, int]
) -> list[tuple[int, int]]:
    """Walk along steps until there is none left, using each up, and return the vertices."""
    line = [start]
    while steps.get(line[-1]):
        line.append(steps[line[-1]].pop())
    return line
