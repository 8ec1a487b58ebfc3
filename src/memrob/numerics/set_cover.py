"""How few sets of a family cover all of its elements: bounds, and the optimum where it is found.

The linear and the integer programme are solved by HiGHS, by way of SciPy. Both compute in floating
point, so its dual solution is only where a lower bound is taken from: any prices of the elements
give one (Lagrangian relaxation), and it is evaluated with integers.
"""

import time
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array

from memrob.numerics.bits import unpack_words
from memrob.numerics.cover import (
    ROWS_A_BLOCK,
    find_dominated,
    greedy_cover,
    taken,
    transposed,
    without_redundant,
)

ELEMENTS_A_ROUND = 500
"""Elements with which programmes begin, and that are added at a time."""

ROUNDS = 50
"""Linear programmes that are solved at most."""

TIGHT = 1e-6
"""How much less than a set its elements may cost for it to be tried first."""

UNIT = 1 << 30
"""One, in prices that are integers."""


@dataclass(frozen=True)
class CoverBounds:
    """How few sets cover all elements.

    Attributes
    ----------
    lower : int
        No cover has fewer sets; proved in exact arithmetic.
    cover : (upper,) int64
        The smallest cover that was found.
    closed : bool
        Whether it is known to be a smallest one: the bounds meet, or the search of HiGHS, in
        floating point, ended.
    """

    lower: int
    cover: np.ndarray
    closed: bool

    @property
    def upper(self) -> int:
        """Number of sets of the cover."""
        return len(self.cover)


def cover_bounds(rows: np.ndarray, n_elements: int, seconds: float = 0.0) -> CoverBounds:
    """Bound the number of sets that cover what all sets cover together.

    Parameters
    ----------
    rows : (n_sets, n_words) uint64
        The sets, packed as in `memrob.numerics.bits`.
    n_elements : int
        Number of elements.
    seconds : float
        Time for a search by branch and bound where the bounds differ. Without a search the result
        is the same on any machine.
    """
    deadline = time.monotonic() + seconds
    core = _Core.of(rows, n_elements)
    if len(core.sets) == 0:
        return CoverBounds(len(core.essential), core.essential, closed=True)
    matrix = _sparse(core.rows, len(core.elements))
    programme = _Programme(matrix)
    prices = _prices(programme)
    covers = [
        np.r_[core.essential, core.sets[each]]
        for each in (
            _completed(core.rows, np.empty(0, dtype=np.int64)),
            _cover_of_tight(core.rows, matrix, prices),
        )
    ]
    cover = min([without_redundant(rows, greedy_cover(rows)), *covers], key=len)
    lower = len(core.essential) + price_bound(matrix, prices)
    closed = lower == len(cover)
    left = deadline - time.monotonic()
    if not closed and left > 0:
        found, closed = _searched(programme, core.rows, left)
        found = np.r_[core.essential, core.sets[found]]
        if _covers(rows, found) and len(found) < len(cover):
            cover = found
    return CoverBounds(lower, cover, closed)


@dataclass(frozen=True)
class _Core:
    # What is left of a family when sets within others, elements that are covered whenever another
    # one is, and sets that must be taken are gone, as often as there are any.
    rows: np.ndarray
    sets: np.ndarray
    elements: np.ndarray
    essential: np.ndarray

    @classmethod
    def of(cls, rows: np.ndarray, n_elements: int) -> "_Core":
        core = cls(rows, np.arange(len(rows)), np.arange(n_elements), np.empty(0, np.int64))
        columns = transposed(rows, n_elements)
        core = core._kept(rows.any(axis=1), columns.any(axis=1))
        while True:
            size = core.rows.shape[0], len(core.elements)
            core = core._without_dominated()
            core = core._without_essential()
            if (core.rows.shape[0], len(core.elements)) == size or len(core.sets) == 0:
                return core

    def _without_dominated(self) -> "_Core":
        columns = transposed(self.rows, len(self.elements))
        within, _ = _dominated(self.rows, columns)
        core = self._kept(~within, np.ones(len(self.elements), dtype=bool))
        columns = transposed(core.rows, len(core.elements))
        _, around = _dominated(columns, core.rows)
        return core._kept(np.ones(len(core.sets), dtype=bool), ~around)

    def _without_essential(self) -> "_Core":
        columns = transposed(self.rows, len(self.elements))
        alone = np.bitwise_count(columns).sum(axis=1) == 1
        needed = np.bitwise_or.reduce(columns[alone], axis=0, initial=0)[None]
        chosen = unpack_words(needed, len(self.sets))[0]
        covered = np.bitwise_or.reduce(self.rows[chosen], axis=0, initial=0)[None]
        kept = self._kept(~chosen, ~unpack_words(covered, len(self.elements))[0])
        essential = np.r_[self.essential, self.sets[chosen]]
        return _Core(kept.rows, kept.sets, kept.elements, essential)

    def _kept(self, which: np.ndarray, elements: np.ndarray) -> "_Core":
        rows = taken(self.rows, which, elements)
        some = rows.any(axis=1)
        sets = self.sets[which][some]
        return _Core(rows[some], sets, self.elements[elements], self.essential)


def _dominated(rows, columns):
    within, around = np.zeros(len(rows), dtype=bool), np.zeros(len(rows), dtype=bool)
    find_dominated(rows, columns, within, around)
    return within, around


def _sparse(rows: np.ndarray, n_elements: int) -> csr_array:
    # Sets as rows, of ones in int64.
    lengths, indices = [], []
    for first in range(0, len(rows), ROWS_A_BLOCK):
        which, elements = np.nonzero(unpack_words(rows[first : first + ROWS_A_BLOCK], n_elements))
        lengths.append(np.bincount(which, minlength=len(rows[first : first + ROWS_A_BLOCK])))
        indices.append(elements)
    indptr = np.r_[0, np.cumsum(np.concatenate(lengths))]
    indices = np.concatenate(indices)
    ones = np.ones(len(indices), dtype=np.int64)
    return csr_array((ones, indices, indptr), shape=(len(rows), n_elements))


class _Programme:
    # Covers of some elements, to which those that a solution leaves uncovered are added: most of
    # them never matter, and elements in few sets matter first.
    def __init__(self, matrix: csr_array):
        self.columns = matrix.T.tocsr().astype(float)
        by_sets = np.argsort(np.diff(self.columns.indptr), kind="stable")
        self.elements = by_sets[:ELEMENTS_A_ROUND]

    @property
    def constraints(self) -> csr_array:
        return self.columns[self.elements]

    def extended(self, solution: np.ndarray) -> bool:
        """Add elements that are least covered by a solution; False if all are covered."""
        covered = self.columns @ solution
        missed = np.flatnonzero(covered < 1 - TIGHT)
        worst = missed[np.argsort(covered[missed], kind="stable")]
        new = np.setdiff1d(worst[:ELEMENTS_A_ROUND], self.elements)
        self.elements = np.r_[self.elements, new]
        return len(new) > 0


def _prices(programme: _Programme) -> np.ndarray:
    # The dual solution of the linear programme. Fewer elements than all give a weaker bound, which
    # is one all the same.
    n_elements, n_sets = programme.columns.shape
    prices = np.zeros(n_elements)
    for _ in range(ROUNDS):
        constraints = programme.constraints
        ones = np.ones(len(programme.elements))
        solved = linprog(np.ones(n_sets), A_ub=-constraints, b_ub=-ones, method="highs")
        if solved.status != 0:
            break
        prices = np.zeros(n_elements)
        prices[programme.elements] = -solved.ineqlin.marginals
        if not programme.extended(solved.x):
            break
    return prices


def _cover_of_tight(rows: np.ndarray, matrix: csr_array, prices: np.ndarray) -> np.ndarray:
    # Sets of an optimal cover of the linear programme cost what the prices of their elements are.
    tight = np.flatnonzero(matrix @ prices > 1 - TIGHT)
    return _completed(rows, tight[greedy_cover(rows[tight])])


def price_bound(matrix: csr_array, prices: np.ndarray) -> int:
    """Least number of sets in a cover that prices of the elements prove, in exact arithmetic.

    A cover C has at least sum_e p_e - sum_S max(0, p(S) - 1) sets, for any prices p >= 0: each
    element is in a set of C, so the p(S) of those sets add up to sum_e p_e at least.

    Parameters
    ----------
    matrix : (n_sets, n_elements) csr_array of int64
        Ones where a set has an element.
    prices : (n_elements,) float64
        Prices; they are rounded down to multiples of 2^-30 and cut off at 0 and 1.
    """
    units = np.floor(np.clip(np.nan_to_num(prices), 0, 1) * UNIT).astype(np.int64)
    excess = np.maximum(matrix @ units - UNIT, 0)
    return max(-(-(int(units.sum()) - int(excess.sum())) // UNIT), 0)


def _searched(programme: _Programme, rows: np.ndarray, seconds: float) -> tuple[np.ndarray, bool]:
    # Branch and bound; a smallest cover of some elements that covers all is a smallest cover.
    n_sets = programme.columns.shape[1]
    deadline, chosen = time.monotonic() + seconds, np.empty(0, dtype=np.int64)
    while deadline > time.monotonic():
        found = milp(
            np.ones(n_sets),
            constraints=LinearConstraint(programme.constraints, 1, np.inf),
            integrality=np.ones(n_sets),
            bounds=Bounds(0, 1),
            options={"time_limit": deadline - time.monotonic()},
        )
        if found.x is None:
            break
        chosen = np.flatnonzero(found.x > 0.5)
        if not programme.extended(np.round(found.x)):
            return chosen, found.status == 0
    return _completed(rows, chosen), False


def _completed(rows: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    covered = np.bitwise_or.reduce(rows[chosen], axis=0, initial=0)
    return without_redundant(rows, np.r_[chosen, greedy_cover(rows & ~covered)])


def _covers(rows: np.ndarray, chosen: np.ndarray) -> bool:
    return np.array_equal(
        np.bitwise_or.reduce(rows[chosen], axis=0), np.bitwise_or.reduce(rows, axis=0)
    )
