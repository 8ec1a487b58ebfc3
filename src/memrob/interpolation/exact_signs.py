"""On which side of a hyperplane a point lies: the sign of W x + b in exact arithmetic.

A matrix product may be summed in any order, which depends on processor, library and number of
points, and in any precision that the processor is fast in. Only signs within its error of zero
depend on that. Those pre-activations are summed again in float64, where products of float32 numbers
are exact, and the very few that this leaves open are summed without error. So features are the same
on every machine, on a graphics card, and for any block of points.

By hand: what is settled again must be found while the products are in the cache.
"""

import math

import numba
import numpy as np
from numba.core import types

from memrob.interpolation.products import READ_ONLY, VECTOR, product_of
from memrob.numerics.bfloat16 import LEAST
from memrob.numerics.compiled import compiled, summed_in_any_order

LOOKED_AT = 256
"""Points of which it is asked at once whether any is near zero."""

DOUBLE_ROUNDING = 2.0**-53
"""Half a unit in the last place of 1, in float64."""

INFINITE = np.float32(np.inf)

NORMS = types.Array(types.float64, 1, "C", readonly=True)


class ExactSigns:
    """Products W x whose W x + b has the exact sign.

    Parameters
    ----------
    weights : (n, d) float32
        W.
    X : (N, d) float32
        All points of which products will be asked for.

    Notes
    -----
    The bounds are own, from the standard one for inner products of d terms in any order, fused or
    not: an error of at most d u / (1 - d u) |w| |x|, where u is half a unit in the last place
    (Higham, *Accuracy and Stability of Numerical Algorithms*, 2nd ed., section 3.1, with the
    inequality of Cauchy and Schwarz).
    """

    def __init__(self, weights: np.ndarray, X: np.ndarray) -> None:
        self._weights = weights
        self._norms = np.sqrt(np.einsum("ij,ij->i", weights, weights, dtype=np.float64))
        self._product = product_of(weights, X)

    def multiply(self, points: np.ndarray, out: np.ndarray) -> None:
        """W x of a block of points, with rounding errors: (m, d) -> out (n, m) float32."""
        self._product.multiply(points, out)

    def settle(self, products: np.ndarray, points: np.ndarray, biases: np.ndarray) -> None:
        """Replace those products by which W x + b may have the wrong sign.

        Parameters
        ----------
        products : (n, m) float32
            What `multiply` returned. A replaced product is within a unit in the last place of the
            exact one, so that those of several biases can be settled one after the other.
        points : (m, d) float32
            The points.
        biases : (n,) float32
            b. W x > -b is then true exactly if it is true of real numbers.
        """
        n_open = settle_in_float64(
            products,
            self._weights,
            points,
            biases,
            self._norms,
            self._product.relative_error,
            self._product.absolute_error,
        )
        if n_open:
            self._settle_without_error(products, points, biases)

    def _settle_without_error(self, products, points, biases) -> None:
        for i, j in np.argwhere(np.isnan(products)):
            above = is_above(self._weights[i], points[j], biases[i])
            products[i, j] = np.nextafter(-biases[i], np.float32(np.inf)) if above else -biases[i]


def is_above(weight: np.ndarray, point: np.ndarray, bias: np.float32) -> bool:
    """Whether w x + b > 0, summed without error; (d,), (d,) and a number, all float32."""
    return math.fsum([*(weight.astype(np.float64) * point), bias]) > 0


@summed_in_any_order
def _inner_product(first, second):
    total = 0.0
    for i in range(first.shape[0]):
        total += np.float64(first[i]) * np.float64(second[i])
    return total


@compiled(
    numba.int64(
        numba.float32[:, ::1],
        READ_ONLY,
        READ_ONLY,
        VECTOR,
        NORMS,
        numba.float64,
        numba.float64,
    )
)
def settle_in_float64(
    products, weights, points, biases, weight_norms, relative_error, absolute_error
):
    """Sum in float64 the products by which W x + b may have the wrong sign.

    Parameters
    ----------
    products : (n, m) float32
        W x of each hyperplane and point, in error by at most
        `relative_error * |w| |x| + absolute_error`; overwritten where |W x + b| is not above that.
    weights : (n, d) float32
        W.
    points : (m, d) float32
        One point per row.
    biases : (n,) float32
        b.
    weight_norms : (n,) float64
        Euclidean norms of the weights.
    relative_error, absolute_error : float

    Returns
    -------
    int
        How many are left open, where the error of the sum in float64 exceeds its distance from -b:
        their products are no numbers (NaN).
    """
    n_points = products.shape[1]
    n_terms = weights.shape[1]
    # Twice the bound, for the sum with b and the roundings of the bounds themselves.
    double_error = 2 * (n_terms + 2) * DOUBLE_ROUNDING
    point_norms = np.empty(n_points)
    for point in range(n_points):
        point_norms[point] = np.sqrt(_inner_product(points[point], points[point]))
    # Never below what float32 holds with all its bits.
    lengths = np.maximum(1.000001 * point_norms, LEAST).astype(np.float32)
    n_open = 0
    for feature in range(products.shape[0]):
        floor = -biases[feature]
        slope = np.float32(max(1.000001 * relative_error * weight_norms[feature], LEAST))
        least = np.float32(absolute_error)
        for first in range(0, n_points, LOOKED_AT):
            last = min(first + LOOKED_AT, n_points)
            # A loop without branches takes several points an instruction; few are near zero. What
            # is infinite or no number is taken for near.
            n_far = 0
            for point in range(first, last):
                distance = abs(products[feature, point] - floor)
                n_far += (distance >= slope * lengths[point] + least) & (distance < INFINITE)
            for point in range(first, last if n_far < last - first else first):
                distance = abs(products[feature, point] - floor)
                if not (distance >= slope * lengths[point] + least and distance < INFINITE):
                    total = _inner_product(weights[feature], points[point])
                    margin = total - floor
                    size = weight_norms[feature] * point_norms[point] + abs(floor)
                    rounded = np.float32(total)
                    if size > 0 and abs(margin) <= double_error * size:
                        rounded = np.float32(np.nan)
                        n_open += 1
                    elif margin > 0 and not rounded > floor:
                        rounded = np.nextafter(floor, np.float32(np.inf))
                    products[feature, point] = rounded
    return n_open
