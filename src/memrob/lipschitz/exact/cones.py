"""Whether an open polyhedral cone is empty, decided in integers.

The cone {y : R y > 0} is empty if and only if some l >= 0, l != 0, has R^T l = 0 (Gordan). Either
answer has a witness, y or l, that integer arithmetic verifies. Candidates come from float64; where
these do not verify, the simplex method in integers finds one. SciPy's solvers have tolerances.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

BITS = 60
"""Binary places of the float64 witnesses that are tried."""


class Cone(NamedTuple):
    """The answer.

    Attributes
    ----------
    is_empty : bool
    inside : ndarray of int, shape (k,), or None
        y with R y > 0.
    """

    is_empty: bool
    inside: np.ndarray | None


def open_cone(rows: np.ndarray, hint: np.ndarray | None = None) -> Cone:
    """Decide whether {y : rows y > 0} is empty.

    Parameters
    ----------
    rows : ndarray of int of Python, shape (m, k)
        m at least 1.
    hint : ndarray of float64, shape (k,), optional
        A vector that may lie inside.
    """
    # Imported here: it takes longer than small networks do.
    from scipy.optimize import nnls

    if not rows.any(axis=1).all():
        return Cone(True, None)
    if hint is not None and (found := _verified(rows, hint)) is not None:
        return Cone(False, found)
    units = np.array([_unit(row) for row in rows])
    system = np.vstack([units.T, np.ones(len(rows))])
    target = np.append(np.zeros(rows.shape[1]), 1.0)
    try:
        multipliers, _ = nnls(system, target)
    except RuntimeError:
        return _by_simplex(rows)
    if vanishes(rows[multipliers > 0]):
        return Cone(True, None)
    found = _verified(rows, multipliers @ units)
    return Cone(False, found) if found is not None else _by_simplex(rows)


def vanishes(rows: np.ndarray) -> bool:
    """Whether the one combination of rows that vanishes has positive coefficients.

    Parameters
    ----------
    rows : ndarray of int of Python, shape (m, k)
        False where no combination or more than one vanishes.
    """
    if not len(rows):
        return False
    kernel = _kernel(rows)
    return kernel is not None and (min(kernel) >= 0 or max(kernel) <= 0)


def _kernel(rows: np.ndarray) -> list[int] | None:
    """Coefficients of the combination of rows that vanishes, if there is exactly one."""
    matrix = [[int(entry) for entry in column] for column in rows.T]
    count, pivots, last = len(rows), [], 1
    for column in range(count):
        rank = len(pivots)
        chosen = next((r for r in range(rank, len(matrix)) if matrix[r][column]), None)
        if chosen is None:
            continue
        matrix[rank], matrix[chosen] = matrix[chosen], matrix[rank]
        pivot_row = matrix[rank]
        pivot = pivot_row[column]
        for index, row in enumerate(matrix):
            if index != rank:
                factor = row[column]
                # Bareiss: the quotient is a whole number.
                matrix[index] = [
                    (pivot * a - factor * b) // last for a, b in zip(row, pivot_row, strict=True)
                ]
        last = pivot
        pivots.append(column)
    if len(pivots) != count - 1:
        return None
    free = next(column for column in range(count) if column not in pivots)
    kernel = [0] * count
    kernel[free] = last
    for rank, column in enumerate(pivots):
        kernel[column] = -matrix[rank][free]
    return kernel


def _unit(row: np.ndarray) -> np.ndarray:
    """The direction of a row of integers in float64."""
    drop = max(max(int(entry).bit_length() for entry in row) - 1000, 0)
    values = np.array([float(int(entry) >> drop) for entry in row])
    values /= np.abs(values).max()
    return values / np.linalg.norm(values)


def _verified(rows: np.ndarray, candidate: np.ndarray) -> np.ndarray | None:
    largest = float(np.abs(candidate).max())
    if not 0 < largest < np.inf:
        return None
    whole = as_whole(candidate / largest)
    return whole if bool((rows @ whole > 0).all()) else None


def as_whole(values: Sequence[float]) -> np.ndarray:
    """Integers in proportion to float64 numbers of size 1, to 60 binary places."""
    return np.array([int(value * 2.0**BITS) for value in values], dtype=object)


def _by_simplex(rows: np.ndarray) -> Cone:
    """Phase one of the simplex method for R^T l = 0, sum(l) = 1, l >= 0, by Bland's rule.

    The tableau stays in integers (J. Edmonds). Where no l exists, the dual solution is a y.
    """
    count, dim = rows.shape
    size = dim + 1
    table = np.zeros((size + 1, count + size + 1), dtype=object)
    table[:dim, :count] = rows.T
    table[dim, :count] = 1
    table[:size, count : count + size] = np.eye(size, dtype=int).astype(object)
    table[dim, -1] = 1
    table[size, :] = -table[:size].sum(axis=0)
    table[size, count : count + size] = 0
    basis, last = list(range(count, count + size)), 1
    while True:
        entering = next((j for j in range(count) if table[size, j] < 0), None)
        if entering is None or table[size, -1] == 0:
            break
        leaving = None
        for r in range(size):
            if table[r, entering] <= 0:
                continue
            if leaving is None:
                leaving = r
                continue
            here = table[r, -1] * table[leaving, entering]
            there = table[leaving, -1] * table[r, entering]
            if here < there or (here == there and basis[r] < basis[leaving]):
                leaving = r
        pivot_row, pivot = table[leaving].copy(), table[leaving, entering]
        column = table[:, entering].copy()
        table = (table * pivot - np.outer(column, pivot_row)) // last
        table[leaving] = pivot_row
        basis[leaving], last = entering, pivot
    if table[size, -1] == 0:
        return Cone(True, None)
    # Reduced costs of the artificial variables: 1 less the dual solution.
    dual = np.array([last - table[size, count + i] for i in range(dim)], dtype=object)
    return Cone(False, -dual)
