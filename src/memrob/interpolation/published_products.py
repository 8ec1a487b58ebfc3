"""Products W x as the published trials rounded them, wherever their sign hangs on the rounding.

The sign of the float32 pre-activation W x + b says on which side of a hyperplane a point lies. A
matrix product may be summed in any order, which depends on processor and library, but only signs
within rounding of zero depend on it. Those pre-activations are summed again, in the order of the
published trials (own finding, by replaying them). Signs then no longer depend on the machine.

By hand, since no library sums in a given order.
"""

import math

import numba
import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from memrob.data.dataset import largest_entry
from memrob.interpolation.products import READ_ONLY, VECTOR
from memrob.numerics.compiled import compiled, inlined

NEAR_ZERO = 1e-5
"""Pre-activations below this, times a bound of the norms of the points, are summed again: some
hundreds in a trial on MNIST, and more than six times the largest rounding error seen there."""

LONGEST_PART = 448
"""Terms that are summed in one go at most, as on MNIST."""

LONGEST_PARTS = {3072: 320}
"""The same where published trials of that many terms, on CIFAR-10, bear out another number."""

PART_UNIT = 16
"""Halves of what is left are rounded up to a multiple of this."""

LOOKED_AT = 256
"""Points of which it is asked at once whether any is near zero."""


class PublishedSigns:
    """Products W x whose W x + b has the signs of the published trials.

    Parameters
    ----------
    weights : (n, d) float32
        W.
    X : (N, d) float32
        All points of which products will be asked for; sqrt(d) times their largest entry, which
        bounds their norms and is faster to find, is the unit in which `NEAR_ZERO` counts.
    """

    def __init__(self, weights: np.ndarray, X: np.ndarray) -> None:
        self._weights = weights
        self._tolerance = np.float32(NEAR_ZERO * math.sqrt(X.shape[1]) * largest_entry(X))
        self._parts = part_ends(X.shape[1])

    def multiply(self, points: np.ndarray, out: np.ndarray) -> None:
        """W x of a block of points, summed in any order: (m, d) -> out (n, m) float32."""
        np.matmul(self._weights, points.T, out=out)

    def settle(self, products: np.ndarray, points: np.ndarray, biases: np.ndarray) -> None:
        """Sum again, in the published order, the products for which |W x + b| is near zero.

        Parameters
        ----------
        products : (n, m) float32
            What `multiply` returned.
        points : (m, d) float32
            The points.
        biases : (n,) float32
            b.
        """
        settle(products, self._weights, points, biases, self._tolerance, self._parts)


def part_ends(n_terms: int) -> np.ndarray:
    """Where the parts end in which so many terms are summed, (n_parts,) int64.

    Libraries cut the depth of a product so that a part fits their cache, OpenBLAS as here: whole
    parts first, at last two halves. Published trials bear out 400 and 384 terms for MNIST, and for
    CIFAR-10 eight parts of 320 and two of 256: another length, which other versions of OpenBLAS
    have. Other depths follow the rule unverified.
    """
    longest = LONGEST_PARTS.get(n_terms, LONGEST_PART)
    ends = [0]
    while ends[-1] < n_terms:
        left = n_terms - ends[-1]
        if left >= 2 * longest:
            left = longest
        elif left > longest:
            left = PART_UNIT * -(-(left // 2) // PART_UNIT)
        ends.append(ends[-1] + left)
    return np.array(ends[1:], dtype=np.int64)


@intrinsic
def fused_multiply_add(_context, _a, _b, _c):
    """Return a b + c in float32, rounded once: an instruction, or else a call."""

    def generate(_context, builder, _signature, arguments):
        kind = ir.FloatType()
        fused = cgutils.get_or_insert_function(
            builder.module, ir.FunctionType(kind, [kind] * 3), "llvm.fma.f32"
        )
        return builder.call(fused, arguments)

    return types.float32(types.float32, types.float32, types.float32), generate


@inlined
def _summed_in_parts(weight, point, parts):
    total = np.float32(0)
    begin = 0
    for end in parts:
        part = np.float32(0)
        for i in range(begin, end):
            part = fused_multiply_add(weight[i], point[i], part)
        total += part
        begin = end
    return total


@compiled(
    numba.void(
        numba.float32[:, ::1],
        READ_ONLY,
        READ_ONLY,
        VECTOR,
        numba.float32,
        types.Array(types.int64, 1, "C", readonly=True),
    )
)
def settle(products, weights, points, biases, tolerance, parts):
    """Sum the products anew, in parts, whose pre-activations are near zero.

    Parameters
    ----------
    products : (n, m) float32
        W x of each hyperplane and point, summed in any order; overwritten where |W x + b| is
        below the tolerance.
    weights : (n, d) float32
        W.
    points : (m, d) float32
        One point per row.
    biases : (n,) float32
        b.
    tolerance : float32
        Above the rounding error of any order of summation.
    parts : (n_parts,) int64
        Where the parts end, the last at d. Each is summed by fused multiply-adds from zero, then
        the parts are added up.
    """
    n_points = products.shape[1]
    for feature in range(products.shape[0]):
        bias = biases[feature]
        for first in range(0, n_points, LOOKED_AT):
            last = min(first + LOOKED_AT, n_points)
            # A loop without branches takes several points an instruction; few are near zero.
            n_near = 0
            for point in range(first, last):
                n_near += abs(products[feature, point] + bias) < tolerance
            for point in range(first, last if n_near else first):
                if abs(products[feature, point] + bias) < tolerance:
                    products[feature, point] = _summed_in_parts(
                        weights[feature], points[point], parts
                    )
