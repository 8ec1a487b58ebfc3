"""A network in integers of any length: signs and gradients without rounding.

Every float64 is an integer times a power of two. NumPy's arrays of Python integers multiply and add
them exactly; no library for rational linear algebra is among the dependencies.
"""

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import norm

MANTISSA = 53


def as_integers(values: np.ndarray) -> tuple[np.ndarray, int]:
    """Integers and a power e with values = integers * 2^e.

    Parameters
    ----------
    values : ndarray of float64
        Finite numbers, of any shape.

    Returns
    -------
    (ndarray of int of Python, int)
        In the shape of `values`.
    """
    mantissas, powers = np.frexp(values)
    used = mantissas != 0
    least = int(powers[used].min()) if used.any() else 0
    whole = np.ldexp(mantissas, MANTISSA).astype(np.int64).astype(object)
    shifts = np.where(used, powers - least, 0).astype(object)
    return whole << shifts, least - MANTISSA


class IntegerNetwork:
    """Pre-activations of a network as linear maps of (x, t), t > 0, in integers.

    The point x stands for (x, 1) up to a positive factor, so a map may be multiplied by any power
    of two.

    Parameters
    ----------
    network : ReluNetwork
        With finite weights.
    """

    def __init__(self, network: ReluNetwork):
        self.network = network
        self._weights = [as_integers(weight) for weight in network.weights]
        self._biases = [as_integers(bias) for bias in network.biases]
        self._known: dict[bytes, tuple[np.ndarray, int]] = {}

    def maps(self, patterns: Sequence[np.ndarray]) -> tuple[np.ndarray, int]:
        """Pre-activations of the layer that follows decided ones.

        Parameters
        ----------
        patterns : sequence of ndarray of bool
            Active neurons of the first layers; the layer after them is asked for.

        Returns
        -------
        (ndarray of int, int)
            Maps (width, d + 1) and the power of two by which they are to be multiplied.
        """
        key = b"".join(np.packbits(active).tobytes() + b"|" for active in patterns)
        if key not in self._known:
            self._known[key] = self._computed(patterns)
        return self._known[key]

    def _computed(self, patterns: Sequence[np.ndarray]) -> tuple[np.ndarray, int]:
        layer = len(patterns)
        weight, power = self._weights[layer]
        if layer == 0:
            product = np.hstack([weight, np.zeros((len(weight), 1), dtype=object)])
        else:
            before, power_before = self.maps(patterns[:-1])
            active = np.flatnonzero(patterns[-1])
            product = weight[:, active] @ before[active]
            power += power_before
            if not len(active):
                product = np.zeros((len(weight), before.shape[1]), dtype=object)
        bias, bias_power = self._biases[layer]
        common = min(power, bias_power)
        product = product << (power - common)
        product[:, -1] += bias << (bias_power - common)
        return product, common

    def gradient(self, patterns: Sequence[np.ndarray]) -> tuple[np.ndarray, int]:
        """Gradient (d,) on the region of a pattern, in integers, and its power of two."""
        row, power = self._weights[-1]
        row = row[0]
        for (weight, weight_power), active in zip(
            reversed(self._weights[:-1]), reversed(patterns), strict=True
        ):
            kept = np.flatnonzero(active)
            power += weight_power
            if not len(kept):
                return np.zeros(self.network.input_dim, dtype=object), power
            row = row[kept] @ weight[kept]
        return row, power

    def pattern(self, point: np.ndarray) -> list[np.ndarray] | None:
        """Activation pattern about a point of float64, (d,).

        None where a neuron is 0 at the point and not in a neighbourhood of it.
        """
        hidden, power = as_integers(np.asarray(point, dtype=np.float64))
        found: list[np.ndarray] = []
        for layer in range(self.network.depth):
            weight, weight_power = self._weights[layer]
            bias, bias_power = self._biases[layer]
            power += weight_power
            common = min(power, bias_power)
            hidden = ((weight @ hidden) << (power - common)) + (bias << (bias_power - common))
            power = common
            active = (hidden > 0).astype(bool)
            kinks = np.flatnonzero((hidden == 0).astype(bool))
            if len(kinks):
                around, _ = self.maps(found)
                if around[kinks].astype(bool).any():
                    return None
            found.append(active)
            hidden = np.where(active, hidden, 0)
        return found


def rounded(value: int, power: int) -> tuple[float, float]:
    """The float64 next below and next above value * 2^power, equal where that is a float64."""
    exact = Fraction(value) * Fraction(2) ** power
    try:
        nearest = float(exact)
    except OverflowError:
        nearest = math.inf if value > 0 else -math.inf
    if math.isinf(nearest):
        largest = math.ldexp(1 - 2.0**-53, 1024)
        return (largest, math.inf) if value > 0 else (-math.inf, -largest)
    if Fraction(nearest) == exact:
        return nearest, nearest
    if Fraction(nearest) < exact:
        return nearest, math.nextafter(nearest, math.inf)
    return math.nextafter(nearest, -math.inf), nearest


def norm_between(vector: np.ndarray, power: int, q: float) -> tuple[float, float]:
    """Two float64 numbers that enclose the norm of l^q of integers times 2^power.

    Neighbours or equal for q = 1, 2 and inf; else (d + 300) units of the last place apart.
    """
    sizes = [abs(int(entry)) for entry in vector]
    largest = max(sizes, default=0)
    if not largest:
        return 0.0, 0.0
    if q == 1:
        return rounded(sum(sizes), power)
    if math.isinf(q):
        return rounded(largest, power)
    if q == 2:
        square = sum(size * size for size in sizes)
        shift = 2 * max(0, 64 - square.bit_length() // 2)
        square <<= shift
        root = math.isqrt(square)
        low = rounded(root, power - shift // 2)[0]
        high = rounded(root + (root * root != square), power - shift // 2)[1]
        return low, high
    drop = largest.bit_length() - 64
    shares = np.array([float(size >> drop if drop > 0 else size << -drop) for size in sizes])
    size = float(norm(shares / 2.0**63, q))
    slack = (len(sizes) + 300) * 2.0**-52
    base = 63 + drop + power
    low, high = Fraction(size * (1 - slack)), Fraction(size * (1 + slack))
    return (
        rounded_fraction(low * Fraction(2) ** base)[0],
        rounded_fraction(high * Fraction(2) ** base)[1],
    )


def rounded_fraction(value: Fraction) -> tuple[float, float]:
    """The float64 next below and next above a number whose denominator is a power of two."""
    power = value.denominator.bit_length() - 1
    return rounded(value.numerator, -power)
