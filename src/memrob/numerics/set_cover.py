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

LARGEST_PROGRAMME = 1_000_000
"""Elements of all sets together beyond which prices are found by ascent, not by HiGHS."""

ASCENT_STEPS = 400
PATIENCE = 15
"""Steps of ascent without a better bound after which they are halved."""

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
    first = without_redundant(core.rows, greedy_cover(core.rows))
    matrix = _sparse(core.rows, len(core.elements))
    prices = _prices(matrix, len(first))
    second = without_redundant(core.rows, _cover_of_tight(core.rows, matrix, prices))
    covers = [np.r_[core.essential, core.sets[each]] for each in (first, second)]
    cover = min([without_redundant(rows, greedy_cover(rows)), *covers], key=len)
    lower = len(core.essential) + price_bound(matrix, prices)
    closed = lower == len(cover)
    left = deadline - time.monotonic()
    if not closed and left > 0:
        found, closed = _searched(matrix, left)
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


def _prices(matrix: csr_array, upper: int) -> np.ndarray:
    if matrix.nnz <= LARGEST_PROGRAMME:
        solved = linprog(
            np.ones(matrix.shape[0]),
            A_ub=-matrix.T.astype(float),
            b_ub=-np.ones(matrix.shape[1]),
            method="highs",
        )
        if solved.status == 0:
            return -solved.ineqlin.marginals
    return _ascended(matrix.astype(float), upper)


def _ascended(matrix: csr_array, upper: int) -> np.ndarray:
    # Subgradient ascent of the Lagrangian with steps of Polyak (Held, Karp 1971).
    sizes = np.asarray(matrix.sum(axis=1))
    columns = matrix.T.tocsr()
    prices = 1 / np.maximum((columns * sizes).max(axis=1).toarray(), 1)
    best, best_prices, scale, since = -np.inf, prices, 1.0, 0
    for _ in range(ASCENT_STEPS):
        reduced = 1 - matrix @ prices
        bound = prices.sum() + np.minimum(reduced, 0).sum()
        since += 1
        if bound > best:
            best, best_prices, since = bound, prices, 0
        elif since == PATIENCE:
            scale, since = scale / 2, 0
        slope = 1 - columns @ (reduced < 0)
        square = (slope * slope).sum()
        if square == 0:
            break
        step = scale * max(upper - bound, 0.5) / square
        prices = np.clip(prices + step * slope, 0, 1)
    return best_prices


def _cover_of_tight(rows: np.ndarray, matrix: csr_array, prices: np.ndarray) -> np.ndarray:
    # Sets of an optimal cover of the linear programme cost what the prices of their elements are.
    tight = np.flatnonzero(matrix @ prices > 1 - TIGHT)
    chosen = tight[greedy_cover(rows[tight])]
    covered = np.bitwise_or.reduce(rows[chosen], axis=0, initial=0)
    return np.r_[chosen, greedy_cover(rows & ~covered)]


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


def _searched(matrix: csr_array, seconds: float) -> tuple[np.ndarray, bool]:
    n_sets, n_elements = matrix.shape
    found = milp(
        np.ones(n_sets),
        constraints=LinearConstraint(matrix.T.astype(float), np.ones(n_elements), np.inf),
        integrality=np.ones(n_sets),
        bounds=Bounds(0, 1),
        options={"time_limit": seconds},
    )
    if found.x is None:
        return np.arange(n_sets), False
    return np.flatnonzero(found.x > 0.5), found.status == 0


def _covers(rows: np.ndarray, chosen: np.ndarray) -> bool:
    return np.array_equal(
        np.bitwise_or.reduce(rows[chosen], axis=0), np.bitwise_or.reduce(rows, axis=0)
    )
