"""Distances between many points: products screen, differences in float64 decide.

|x - y|^2 is the product of (-2x, |x|^2, 1) and (y, 1, |y|^2). In float32 this is fast and off by at
most a known slack, enough to settle all but a few pairs; those are computed from differences in
float64. Results are therefore those of float64 whatever the screen. In few dimensions a tree, or
differences throughout, are faster still.
"""

from collections.abc import Callable, Iterator

import numpy as np
from scipy.spatial import cKDTree

TREE_DIMENSION = 8
"""Up to this dimension nearest points are searched for in a tree."""

BLOCK_ELEMENTS = 2**24
"""Distances that are held at once: 64 MiB in float32."""

SCREEN_DIMENSION = 40
"""Principal directions on which most pairs are already seen to be far apart."""

DENSE_FRACTION = 0.02
"""Share of undecided pairs from which on whole products beat differences one by one."""

_PAIRS = 256
_ROWS = 4096
_SAMPLE = 4000
_UNIT_ROUNDOFF = 2.0**-24


class ScreenedDistances:
    """Nearest points and balls by squared distances that are cheap, and exact where it matters.

    A subclass gives `approximate`, whose values are off by at most its `slack`, the exact `squared`
    and the number of points.
    """

    slack: float

    def squared(self, i: np.ndarray, j: np.ndarray) -> np.ndarray:
        """Squared distances of points i[k] and j[k], float64 of the shape of `i`."""
        raise NotImplementedError

    def approximate(self, columns: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
        """Function that takes rows to squared distances (len(rows), len(columns)), float32."""
        raise NotImplementedError

    def __len__(self) -> int:
        raise NotImplementedError

    def nearest(self, rows: np.ndarray, columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Of each point in `rows` the distance to the nearest in `columns`, and that one's index.

        Parameters
        ----------
        rows, columns : ndarray of int64
            Indices of points, `columns` not empty.

        Returns
        -------
        distances : ndarray of shape (len(rows),), dtype float64
        indices : ndarray of shape (len(rows),), dtype int64
            Of the points, not of the entries of `columns`.
        """
        best = _Nearest(len(rows))
        to_columns = self.approximate(columns)
        for start, part in split(rows, len(columns)):
            squares = to_columns(part)
            limit = squares.min(axis=1)[:, None] + 2 * self.slack
            i, j = np.nonzero(squares <= limit)
            best.update(start + i, columns[j], self.squared(part[i], columns[j]))
        return np.sqrt(best.squares), best.indices

    def nearest_both(
        self, rows: np.ndarray, columns: np.ndarray
    ) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
        """`nearest(rows, columns)` and `nearest(columns, rows)` from the same products."""
        of_rows, of_columns = _Nearest(len(rows)), _Nearest(len(columns))
        slack, to_columns = self.slack, self.approximate(columns)
        least = np.full(len(columns), np.inf, dtype=np.float32)
        for start, part in split(rows, len(columns)):
            squares = to_columns(part)
            np.minimum(least, squares.min(axis=0), out=least)
            near = squares <= squares.min(axis=1)[:, None] + 2 * slack
            near |= squares <= least + 2 * slack
            i, j = np.nonzero(near)
            exact = self.squared(part[i], columns[j])
            of_rows.update(start + i, columns[j], exact)
            of_columns.update(j, part[i], exact)
        return (
            (np.sqrt(of_rows.squares), of_rows.indices),
            (np.sqrt(of_columns.squares), of_columns.indices),
        )

    def within(self, rows: np.ndarray, columns: np.ndarray, radii: np.ndarray) -> np.ndarray:
        """Whether point columns[j] lies in the closed ball of radius radii[i] around rows[i].

        Returns
        -------
        ndarray of shape (len(rows), len(columns)), dtype bool
        """
        limits = np.square(radii)
        inside = np.empty((len(rows), len(columns)), dtype=bool)
        to_columns = self.approximate(columns)
        for start, part in split(rows, len(columns)):
            block = slice(start, start + len(part))
            surely, inside[block] = _compare(to_columns(part), limits[block], self.slack)
            self._decide(inside[block] & ~surely, inside[block], part, columns, limits[block])
        return inside

    def _decide(self, unsure, inside, rows, columns, limits) -> None:
        """Settle by exact distances which of the unsure pairs are inside."""
        i, j = np.divmod(np.flatnonzero(unsure), len(columns))
        inside[i, j] = self.squared(rows[i], columns[j]) <= limits[i]


class Points(ScreenedDistances):
    """Points with what it takes to compute distances between them.

    Parameters
    ----------
    X : ndarray of shape (N, d), floating

    Attributes
    ----------
    X : ndarray of shape (N, d)
        As given.
    """

    def __init__(self, X: np.ndarray):
        self.X = X
        self.is_low = X.shape[1] <= TREE_DIMENSION
        if self.is_low:
            return
        # Small norms keep the slack small.
        rows = _centred(X)
        self._full = _Product(rows)
        self._screen = _Product(_contraction(rows))
        self.slack = self._full.slack

    def __len__(self) -> int:
        return len(self.X)

    def squared(self, i: np.ndarray, j: np.ndarray) -> np.ndarray:
        """Squared distances of points i[k] and j[k], float64 of the shape of `i`."""
        found = np.empty(len(i))
        for start in range(0, len(i), _PAIRS):
            part = slice(start, start + _PAIRS)
            difference = np.subtract(self.X[i[part]], self.X[j[part]], dtype=np.float64)
            np.einsum("kd,kd->k", difference, difference, out=found[part])
        return found

    def approximate(self, columns: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
        """See `ScreenedDistances.approximate`."""
        factor = self._full.rows[columns].T
        return lambda rows: self._full.left(rows) @ factor

    def aligned(self, i: np.ndarray, j: np.ndarray) -> np.ndarray:
        """Points j[k] as they lie nearest to i[k]: as they are, (len(j), d)."""
        return self.X[j]

    def nearest(self, rows: np.ndarray, columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """See `ScreenedDistances.nearest`."""
        if not self.is_low:
            return super().nearest(rows, columns)
        tree = cKDTree(self.X[columns])
        distances, found = tree.query(self.X[rows])
        return distances, columns[found]

    def nearest_both(
        self, rows: np.ndarray, columns: np.ndarray
    ) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
        """See `ScreenedDistances.nearest_both`."""
        if not self.is_low:
            return super().nearest_both(rows, columns)
        return self.nearest(rows, columns), self.nearest(columns, rows)

    def closest_pair(self) -> tuple[int, int]:
        """Two points at the least distance; in few dimensions a tree finds them faster.

        All points must be distinct.
        """
        everything = np.arange(len(self))
        least, pair, slack = np.inf, (0, 1), 2 * self.slack
        for start, part in split(everything, len(self)):
            squares = self._full.left(part) @ self._full.rows[start:].T
            squares[np.arange(len(part)), np.arange(len(part))] = np.inf
            i, j = np.nonzero(squares <= min(least + slack, squares.min() + 2 * slack))
            exact = self.squared(part[i], start + j)
            if len(exact) and exact.min() < least:
                k = int(np.argmin(exact))
                least, pair = float(exact[k]), (int(part[i[k]]), int(start + j[k]))
        return pair

    def within(self, rows: np.ndarray, columns: np.ndarray, radii: np.ndarray) -> np.ndarray:
        """See `ScreenedDistances.within`."""
        with np.errstate(over="ignore"):  # a ball of infinite radius holds everything
            limits = np.square(radii)
        if self.is_low:
            return _squares_by_differences(self.X[rows], self.X[columns]) <= limits[:, None]
        _, inside = self._screen.compare(rows, columns, limits)
        unsure = inside
        if np.count_nonzero(inside) > DENSE_FRACTION * inside.size:
            surely, inside = self._full.compare(rows, columns, limits)
            unsure = inside & ~surely
        self._decide(unsure, inside, rows, columns, limits)
        return inside


class _Product:
    """Squared distances from one float32 matrix product, each within `slack` of the true one."""

    def __init__(self, X: np.ndarray):
        norms = np.einsum("nd,nd->n", X, X, dtype=np.float64)
        self.rows = np.column_stack([X, np.ones(len(X)), norms]).astype(np.float32)
        # d + 2 products are summed; coordinates, norms and limits were rounded beforehand.
        terms = 4 * float(norms.max())
        self.slack = 1.01 * (X.shape[1] + 16) * _UNIT_ROUNDOFF * terms

    def left(self, i: np.ndarray) -> np.ndarray:
        """First factor: its product with the rows of other points is the squared distances."""
        rows = self.rows[i]
        rows[:, :-2] *= -2
        rows[:, -2:] = rows[:, :-3:-1].copy()
        return rows

    def compare(
        self, i: np.ndarray, j: np.ndarray, limits: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Which squared distances are surely, and which possibly, at most limits (len(i),)."""
        return _compare(self.left(i) @ self.rows[j].T, limits, self.slack)


def _compare(squares: np.ndarray, limits: np.ndarray, slack: float) -> tuple:
    """Which approximate squares are surely, and which possibly, at most limits (len(squares),)."""
    below, above = (limits + sign * slack for sign in (-1, 1))
    return tuple(squares <= limit.astype(np.float32)[:, None] for limit in (below, above))


class _Nearest:
    """Least squared distance seen so far of each point, and to which."""

    def __init__(self, n: int):
        self.squares = np.full(n, np.inf)
        self.indices = np.full(n, -1, dtype=np.int64)

    def update(self, i: np.ndarray, indices: np.ndarray, squares: np.ndarray) -> None:
        better = np.flatnonzero(squares < self.squares[i])
        # Of repeated entries the last assignment stays: the least.
        better = better[np.argsort(-squares[better], kind="stable")]
        self.squares[i[better]] = squares[better]
        self.indices[i[better]] = indices[better]


def split(rows: np.ndarray, n_columns: int) -> Iterator[tuple[int, np.ndarray]]:
    """Parts of `rows`, each with its start, whose blocks of distances fit BLOCK_ELEMENTS."""
    step = max(1, BLOCK_ELEMENTS // max(1, n_columns))
    for start in range(0, len(rows), step):
        yield start, rows[start : start + step]


def _centred(X: np.ndarray) -> np.ndarray:
    mean = X.mean(axis=0, dtype=np.float64)
    centred = np.empty(X.shape, dtype=np.float32)
    for start in range(0, len(X), _ROWS):
        centred[start : start + _ROWS] = X[start : start + _ROWS] - mean
    return centred


def _contraction(X: np.ndarray) -> np.ndarray:
    """Coordinates in the first principal directions, and the norm of what they leave out.

    By the triangle inequality their distances are at most those of the points (our own
    derivation).
    """
    sample = X[:: max(1, len(X) // _SAMPLE)].astype(np.float64)
    _, directions = np.linalg.eigh(sample.T @ sample)
    directions = directions[:, -SCREEN_DIMENSION:]
    found = np.empty((len(X), directions.shape[1] + 1))
    for start in range(0, len(X), _ROWS):
        rows = X[start : start + _ROWS].astype(np.float64)
        kept = rows @ directions
        rest = np.square(rows).sum(axis=1) - np.square(kept).sum(axis=1)
        found[start : start + _ROWS] = np.column_stack([kept, np.sqrt(np.maximum(rest, 0))])
    return found


def _squares_by_differences(X: np.ndarray, Y: np.ndarray) -> np.ndarray:
    squares = np.zeros((len(X), len(Y)))
    for x, y in zip(X.T.astype(np.float64), Y.T.astype(np.float64), strict=True):
        difference = x[:, None] - y
        difference *= difference
        squares += difference
    return squares
