"""Groups of cyclic shifts of signals, their orbits, and a canonical point of each orbit."""

from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np

from memrob.errors import UserError

PAIRS_A_BLOCK = 1 << 22
"""Points times shifts that are compared at once at most."""


@dataclass(frozen=True)
class ShiftGroup:
    """The cyclic shifts of a grid by multiples of a stride along each axis.

    A signal is a row of channels * grid_size numbers, channel first and each channel in row-major
    order. (T_g x)[j] = x[j - g] on the grid, for each channel alike.

    Attributes
    ----------
    grid_shape : tuple of int
        Length of each axis; axes are cyclic.
    strides : tuple of int
        Each divides the length of its axis.
    """

    grid_shape: tuple[int, ...]
    strides: tuple[int, ...]

    def __post_init__(self):
        object.__setattr__(self, "grid_shape", _integers("grid_shape", self.grid_shape))
        object.__setattr__(self, "strides", _integers("strides", self.strides))
        if len(self.strides) != len(self.grid_shape):
            raise UserError(
                f"strides: {self.strides} needs one stride for each axis of {self.grid_shape}"
            )
        for length, stride in zip(self.grid_shape, self.strides, strict=True):
            if length % stride != 0:
                raise UserError(
                    f"strides: {stride} does not divide its axis of length {length}, so that its"
                    " multiples are no group of cyclic shifts"
                )

    @classmethod
    def full(cls, grid_shape: tuple[int, ...]) -> "ShiftGroup":
        """All shifts of the grid."""
        grid_shape = _integers("grid_shape", grid_shape)
        return cls(grid_shape, (1,) * len(grid_shape))

    @classmethod
    def of_order(cls, grid_shape: tuple[int, ...], n_shifts: int) -> "ShiftGroup":
        """The group of `n_shifts` shifts whose strides are as even as possible.

        Strides begin at the lengths of the axes and are divided in turn, from the last axis on, by
        the prime factors of `n_shifts` in ascending order. So the groups of 1, 2, 4, ... shifts
        are nested.

        Raises
        ------
        UserError
            If no group of shifts of this grid has that order.
        """
        strides = list(_integers("grid_shape", grid_shape))
        if n_shifts < 1:
            raise UserError(f"n_shifts: is {n_shifts}; it must be at least 1")
        axis = len(strides) - 1
        for factor in _prime_factors(n_shifts):
            turns = [(axis - turn) % len(strides) for turn in range(len(strides))]
            divisible = [turn for turn in turns if strides[turn] % factor == 0]
            if not divisible:
                raise UserError(
                    f"n_shifts: no group of {n_shifts} shifts on a grid of shape"
                    f" {tuple(grid_shape)}; the number must divide {prod(grid_shape)}"
                )
            strides[divisible[0]] //= factor
            axis = divisible[0] - 1
        return cls(tuple(grid_shape), tuple(strides))

    @property
    def order(self) -> int:
        """Number of shifts |S|."""
        return self.grid_size // prod(self.strides)

    @property
    def grid_size(self) -> int:
        """Number of points of the grid."""
        return prod(self.grid_shape)

    @cached_property
    def shifts(self) -> np.ndarray:
        """All shifts, (|S|, n_axes) int64: the zero shift first, row-major over the axes."""
        steps = [
            np.arange(0, length, stride, dtype=np.int64)
            for length, stride in zip(self.grid_shape, self.strides, strict=True)
        ]
        return np.stack(np.meshgrid(*steps, indexing="ij"), axis=-1).reshape(-1, len(steps))

    def n_channels(self, n_features: int) -> int:
        """Channels of signals of `n_features` numbers; UserError if they do not fill the grid."""
        if n_features < 1 or n_features % self.grid_size != 0:
            raise UserError(
                f"grid_shape: {self.grid_shape} has {self.grid_size} points, which do not divide"
                f" the {n_features} features of a signal (channels times points of the grid)"
            )
        return n_features // self.grid_size

    def sources(self, position: int, chosen: np.ndarray | slice = slice(None)) -> np.ndarray:
        """For each chosen shift g, the row-major index of position - g, which T_g x has there.

        Parameters
        ----------
        position : int
            Row-major index of a point of the grid.
        chosen : (m,) int or slice
            Indices of shifts; by default all.

        Returns
        -------
        (m,) int64
        """
        at = np.array(np.unravel_index(position, self.grid_shape)) - self.shifts[chosen]
        return np.ravel_multi_index(tuple(at.T), self.grid_shape, mode="wrap")


def shifted(X: np.ndarray, group: ShiftGroup, k: int) -> np.ndarray:
    """Shift each signal by the k-th shift of the group: (N, d) -> (N, d).

    Raises
    ------
    UserError
        If d is no multiple of the size of the grid.
    """
    grid = _on_grid(X, group)
    axes = tuple(range(2, grid.ndim))
    return np.roll(grid, tuple(group.shifts[k]), axes).reshape(X.shape)


def orbits(X: np.ndarray, group: ShiftGroup) -> np.ndarray:
    """All shifts of each signal: (N, d) -> (N, |S|, d), with [:, 0] = X.

    Raises
    ------
    UserError
        If d is no multiple of the size of the grid.
    """
    group.n_channels(X.shape[1])
    out = np.empty((len(X), group.order, X.shape[1]), dtype=X.dtype)
    for k in range(group.order):
        out[:, k] = shifted(X, group, k)
    return out


def representatives(X: np.ndarray, group: ShiftGroup) -> np.ndarray:
    """Canonical signal of each orbit, the lexicographically largest of its shifts.

    Signals of one orbit have the same representative bit by bit, and so has whatever is computed
    from it, though sums over a shifted signal round differently.

    Parameters
    ----------
    X : (N, d) float array
        Finite signals. Negative zeros count as zeros and become zeros.
    group : ShiftGroup

    Returns
    -------
    (N, d) float array

    Raises
    ------
    UserError
        If d is no multiple of the size of the grid.
    """
    out = np.empty_like(X)
    largest = largest_shifts(X, group)
    for k in np.unique(largest):
        rows = np.flatnonzero(largest == k)
        # Adding zero turns -0.0, which compares equal to 0.0, into 0.0.
        out[rows] = shifted(X[rows] + X.dtype.type(0), group, k)
    return out


def largest_shifts(X: np.ndarray, group: ShiftGroup) -> np.ndarray:
    """For each signal, a shift that makes it lexicographically largest: (N, d) -> (N,) int64.

    If several do, they make it the same signal; the first of them is given.

    Raises
    ------
    UserError
        If d is no multiple of the size of the grid.
    """
    group.n_channels(X.shape[1])
    block_size = max(1, PAIRS_A_BLOCK // group.order)
    blocks = [
        _largest_shifts_of_block(X[first : first + block_size], group)
        for first in range(0, len(X), block_size)
    ]
    return np.concatenate([np.zeros(0, dtype=np.int64), *blocks])


def _largest_shifts_of_block(X: np.ndarray, group: ShiftGroup) -> np.ndarray:
    # Of the candidates of each signal, those with the largest first number stay, then those with
    # the largest second number, and so on.
    largest = np.zeros(len(X), dtype=np.int64)
    rows = np.repeat(np.arange(len(X)), group.order)
    candidates = np.tile(np.arange(group.order), len(X))
    for position in range(X.shape[1]):
        if len(rows) == 0:
            break
        channel, at = divmod(position, group.grid_size)
        values = X[rows, channel * group.grid_size + group.sources(at)[candidates]]
        starts = np.flatnonzero(np.r_[True, rows[1:] != rows[:-1]])
        counts = np.diff(np.r_[starts, len(rows)])
        keep = values == np.repeat(np.maximum.reduceat(values, starts), counts)
        rows, candidates = rows[keep], candidates[keep]
        # A signal with one candidate left is decided.
        first = np.r_[True, rows[1:] != rows[:-1]]
        single = first & np.r_[first[1:], True]
        largest[rows[single]] = candidates[single]
        rows, candidates = rows[~single], candidates[~single]
    largest[rows[::-1]] = candidates[::-1]
    return largest


def _on_grid(X: np.ndarray, group: ShiftGroup) -> np.ndarray:
    return X.reshape(len(X), group.n_channels(X.shape[1]), *group.grid_shape)


def _integers(name: str, values) -> tuple[int, ...]:
    values = tuple(values) if np.iterable(values) else (values,)
    if not values or not all(isinstance(v, int | np.integer) and v >= 1 for v in values):
        raise UserError(f"{name}: is {values}; give one positive integer for each axis of the grid")
    return tuple(int(v) for v in values)


def _prime_factors(number: int) -> list[int]:
    factors, divisor = [], 2
    while number > 1:
        if divisor * divisor > number:
            divisor = number
        while number % divisor == 0:
            factors.append(divisor)
            number //= divisor
        divisor += 1
    return factors
