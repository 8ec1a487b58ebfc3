"""The order in which lines of a plane cross one of them, settled in integers where it is close."""

from functools import cmp_to_key
from itertools import pairwise
from typing import NamedTuple

import numpy as np

EPSILON = float(np.finfo(np.float64).eps)

MOST_COMPARISONS = 3_000_000
"""Comparisons in integers after which the order is left open: some seconds."""


class Along(NamedTuple):
    """What a walk along a line meets.

    Attributes
    ----------
    order : ndarray of int, shape (m,)
        The lines that cross it, in the order of their crossings.
    abscissae : ndarray, shape (m,)
        Where they cross, counted from the foot of the origin towards (-n_2, n_1).
    turns : ndarray, shape (m,)
        1 where the walk leads to the positive side of the line that crosses, else -1.
    positive : ndarray of bool, shape (n,)
        The lines on whose positive sides the walk begins.
    edges : ndarray of int
        Numbers of the intervals between crossings, 0 to m, that are longer than 0.
    """

    order: np.ndarray
    abscissae: np.ndarray
    turns: np.ndarray
    positive: np.ndarray
    edges: np.ndarray


class Crossings:
    """Lines n_j.x + c_j = 0 of the plane.

    Parameters
    ----------
    normals, offsets : ndarray, shapes (n, 2) and (n,)
        Unit normals n_j and c_j, as float64 has them.
    rows : ndarray of int of Python, shape (n, 3)
        (n_j, c_j) up to a factor that differs from line to line, of either sign, in integers. No
        two lines are the same.

    Notes
    -----
    With D the determinant of the rows i, j, k and C_j the third entry of the cross product of i and
    j, the value of row k where i and j cross is D / C_j: so j is met before k if and only if
    s D C_j C_k < 0, where s is the sign of the factor between row i and its normal.
    """

    def __init__(self, normals: np.ndarray, offsets: np.ndarray, rows: np.ndarray):
        self.normals, self.offsets, self.rows = normals, offsets, rows
        largest = np.abs(normals).argmax(axis=1)
        every = np.arange(len(rows))
        signs = (rows[every, largest] > 0).astype(bool) == (normals[every, largest] > 0)
        self.signs = np.where(signs, 1, -1)
        self.comparisons = 0

    @property
    def is_given_up(self) -> bool:
        """Whether too many crossings were too close to each other."""
        return self.comparisons > MOST_COMPARISONS

    def along(self, line: int) -> Along:
        """The crossings of one line."""
        normals, offsets = self.normals, self.offsets
        first, second = normals[line]
        sines = normals[:, 1] * first - normals[:, 0] * second
        products = normals @ normals[line]
        heights = offsets - offsets[line] * products
        size = np.abs(offsets) + abs(offsets[line])
        turns = np.sign(sines)
        abscissae = np.full(len(sines), np.inf)
        for other in np.flatnonzero(np.abs(sines) <= 8 * EPSILON):
            if other != line:
                turns[other] = self._turn(line, other)
        crossed = turns != 0
        crossed[line] = False
        sines = np.where(np.abs(sines) > 8 * EPSILON, sines, turns * EPSILON)
        np.divide(-heights, sines, out=abscissae, where=crossed)
        positive = np.where(crossed, turns < 0, heights > 0)
        for other in np.flatnonzero(~crossed & (np.abs(heights) <= 8 * EPSILON * size)):
            positive[other] = other != line and self._height(line, other) > 0
        positive[line] = False
        order = np.argsort(abscissae)[: np.count_nonzero(crossed)]
        found = abscissae[order]
        slack = 8 * EPSILON * (size[order] + np.abs(found)) / np.abs(sines[order])
        latest = np.maximum.accumulate(found + slack)
        earliest = np.minimum.accumulate((found - slack)[::-1])[::-1]
        apart = latest[:-1] < earliest[1:]
        if not apart.all():
            order, apart = self._settled(line, order, apart)
            found = abscissae[order]
        edges = np.concatenate([[0], np.flatnonzero(apart) + 1, [len(order)]])
        return Along(order, found, turns[order], positive, np.unique(edges))

    def _settled(self, line: int, order: np.ndarray, apart: np.ndarray):
        """The order, and which neighbours are apart, bundle by bundle of close crossings."""
        order, apart = order.copy(), apart.copy()
        for part in np.split(np.arange(len(order)), np.flatnonzero(apart) + 1):
            if len(part) < 2 or self.is_given_up:
                continue
            compare = self._compare(line)
            members = sorted((int(j) for j in order[part]), key=cmp_to_key(compare))
            order[part] = members
            for place, pair in enumerate(pairwise(members)):
                apart[part[place]] = compare(*pair) != 0
        return order, apart

    def _compare(self, line: int):
        a = [int(entry) for entry in self.rows[line]]
        sign = int(self.signs[line])
        crosses: dict[int, tuple[int, int, int]] = {}

        def cross(other: int) -> tuple[int, int, int]:
            if other not in crosses:
                b = [int(entry) for entry in self.rows[other]]
                crosses[other] = (
                    a[1] * b[2] - a[2] * b[1],
                    a[2] * b[0] - a[0] * b[2],
                    a[0] * b[1] - a[1] * b[0],
                )
            return crosses[other]

        def compare(j: int, k: int) -> int:
            self.comparisons += 1
            first, second, row = cross(j), cross(k), self.rows[k]
            value = sum(int(x) * y for x, y in zip(row, first, strict=True))
            value *= first[2] * second[2] * sign
            return (value > 0) - (value < 0)

        return compare

    def _turn(self, line: int, other: int) -> int:
        """Whether a walk along a line leads to the positive side of another; 0 if parallel."""
        a, b = self.rows[line], self.rows[other]
        value = (a[0] * b[1] - a[1] * b[0]) * int(self.signs[line]) * int(self.signs[other])
        return int(value > 0) - int(value < 0)

    def _height(self, line: int, other: int) -> int:
        """On which side of a parallel line a line lies."""
        a, b = self.rows[line], self.rows[other]
        place = 0 if a[0] else 1
        # b = (b_p / a_p) a + (0, 0, rest).
        value = (b[2] * a[place] - a[2] * b[place]) * a[place] * int(self.signs[other])
        return int(value > 0) - int(value < 0)
