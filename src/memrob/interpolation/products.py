"""Products W x of a block of points, with a bound on their error: in float32, or in bfloat16.

Processors with matrix units multiply numbers of eight significant bits (bfloat16) many times as
fast as float32, and sum in float32. A float32 number is the sum of two such parts within 2^-16 of
it, so two or three products of parts replace one of float32. Which is faster is measured when the
kernels are compiled.
"""

import numpy as np
from numba.core import types
from threadpoolctl import threadpool_info

from memrob.numerics import speed
from memrob.numerics.bfloat16 import LEAST, SHORT_ROUNDING, short_parts, short_product

ROUNDING = 2.0**-24
"""Half a unit in the last place of 1, in float32."""

LEVELS = 256
"""Integers from 0 on that are exact in bfloat16, as pixels are."""

SMALLEST = 2.0**-60
"""Least and, inverted, largest size of numbers that are taken in parts."""

MUCH = 1 << 36
"""Multiplications of a process, about a second's, after which loading torch can pay."""

READ_ONLY = types.Array(types.float32, 2, "C", readonly=True)
VECTOR = types.Array(types.float32, 1, "C", readonly=True)


def product_of(weights: np.ndarray, X: np.ndarray):
    """The faster product for these weights and points: `SinglePrecision` or `ShortParts`.

    Parameters
    ----------
    weights : (n, d) float32
        W.
    X : (N, d) float32
        All points that will be asked for.
    """
    much = _WORK.amounts_to_much(len(weights) * X.size)
    if much and speed.short_products_pay() and ordinary(weights) and ordinary(X):
        return ShortParts(weights, X)
    return SinglePrecision(weights)


def ordinary(values: np.ndarray) -> bool:
    """Whether all numbers but zero are of a size whose parts are normal numbers of float32."""
    sizes = np.abs(values)
    largest = sizes.max(initial=0)
    least = sizes.min(initial=1, where=sizes > 0)
    return bool(least >= SMALLEST and largest <= 1 / SMALLEST)


class _Work:
    # What this process has multiplied so far: products in bfloat16 need torch, which takes a second
    # or two to load. Which product is taken does not show in any result.
    def __init__(self) -> None:
        self.done = 0

    def amounts_to_much(self, operations: int) -> bool:
        self.done += operations
        return self.done > MUCH


_WORK = _Work()


class SinglePrecision:
    """W x by one float32 product.

    Attributes
    ----------
    relative_error, absolute_error : float
        Each product is within `relative_error * |w| |x| + absolute_error` of the exact one.
    """

    def __init__(self, weights: np.ndarray) -> None:
        self._weights = weights
        self.relative_error = summation_error(weights.shape[1])
        self.absolute_error = weights.shape[1] * LEAST

    def multiply(self, points: np.ndarray, out: np.ndarray) -> None:
        """W x of a block of points: (m, d) -> out (n, m) float32."""
        np.matmul(self._weights, points.T, out=out)


class ShortParts:
    """W x by products of bfloat16 parts, summed in float32.

    Parameters
    ----------
    weights : (n, d) float32
        W, taken as the sum of two parts; `ordinary`, as the points are.
    X : (N, d) float32
        Points. If all are multiples of one number by integers up to 255, as pixels are, these
        integers are exact; otherwise points are taken as the sum of two parts as well, and the
        product of both second parts is left out.

    Attributes
    ----------
    relative_error, absolute_error : float
        As of `SinglePrecision`.
    """

    def __init__(self, weights: np.ndarray, X: np.ndarray) -> None:
        self._unit, self._threads = unit_of_levels(X), _threads_of_blas()
        first, second = short_parts(weights)
        n_terms = weights.shape[1]
        if self._unit is None:
            self._parts = np.concatenate([first, first, second], axis=1)
            # The rests of both numbers, and the product that is left out.
            dropped = 3 * SHORT_ROUNDING**2
        else:
            self._parts = np.concatenate([first, second], axis=1)
            # The rest of the weights; points are within 4 units of rounding of multiples,
            # which are rounded, and so is the product with the unit.
            dropped = SHORT_ROUNDING**2 + 8 * ROUNDING
        # Sums of both parts' sizes exceed |w| |x| by a factor below (1 + 2^-7)^2.
        summed = summation_error(self._parts.shape[1]) * (1 + 2 * SHORT_ROUNDING) ** 2
        self.relative_error = 1.01 * (dropped + summed)
        self.absolute_error = 4 * n_terms * LEAST

    def multiply(self, points: np.ndarray, out: np.ndarray) -> None:
        """W x of a block of points: (m, d) -> out (n, m) float32."""
        if self._unit is None:
            first, second = short_parts(points)
            columns = np.concatenate([first, second, first], axis=1)
        else:
            levels = np.rint(points / self._unit)
            columns = np.concatenate([levels, levels], axis=1)
        short_product(self._parts, columns, out, self._threads)
        if self._unit is not None:
            out *= self._unit


def _threads_of_blas() -> int:
    # torch is loaded long after whoever calls has limited the threads of what was loaded then.
    pools = threadpool_info()
    return min((pool["num_threads"] for pool in pools if pool["user_api"] == "blas"), default=1)


def unit_of_levels(X: np.ndarray) -> np.float32 | None:
    """The number of which all points are multiples by integers 0 ... 255, or None.

    Within four units in the last place. The largest value is taken for the level 255.
    """
    largest = X.max(initial=0)
    unit = np.float32(largest / (LEVELS - 1))
    if not unit >= LEAST / ROUNDING or X.min(initial=0) < 0:
        return None
    levels = np.rint(X / unit)
    return unit if (np.abs(X - levels * unit) <= 4 * ROUNDING * X).all() else None


def summation_error(n_terms: int) -> float:
    """Largest error of a float32 sum of so many products, divided by the sum of their sizes."""
    error = n_terms * ROUNDING
    return error / (1 - error) if error < 1 / 2 else np.inf
