"""Boxes and balls."""

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from memrob.errors import UserError
from memrob.lipschitz.exact.decisions import Decided
from memrob.lipschitz.local.relaxation import Boxes, activation_bounds
from memrob.lipschitz.network import ReluNetwork


@dataclass(frozen=True)
class Region:
    """The points x with |x_i - c_i| <= r_i, for a ball also with |x - c|_2 <= r.

    Attributes
    ----------
    centre, radius : ndarray of float64, shape (d,)
        c and r; all entries of r above 0, and equal for a ball.
    is_ball : bool
    """

    centre: np.ndarray
    radius: np.ndarray
    is_ball: bool = False

    @property
    def ends(self) -> tuple[np.ndarray, np.ndarray]:
        """Least and greatest coordinates, rounded outwards, (d,) each."""
        low = np.nextafter(self.centre - self.radius, -np.inf)
        return low, np.nextafter(self.centre + self.radius, np.inf)

    def contains(self, point: np.ndarray) -> bool:
        """Whether a point of float64 is inside, without rounding."""
        away = [
            abs(Fraction(float(x)) - Fraction(float(c)))
            for x, c in zip(point, self.centre, strict=True)
        ]
        if self.is_ball:
            return sum(size * size for size in away) <= Fraction(float(self.radius[0])) ** 2
        return all(size <= Fraction(float(r)) for size, r in zip(away, self.radius, strict=True))

    def clipped(self, points: np.ndarray) -> np.ndarray:
        """Points (M, d) moved inside, up to rounding."""
        moved = points - self.centre
        if self.is_ball:
            lengths = np.linalg.norm(moved, axis=1, keepdims=True)
            reach = (1 - 1e-12) * self.radius[0]
            return self.centre + moved * np.minimum(1, reach / np.maximum(lengths, 1e-300))
        return self.centre + np.clip(moved, -self.radius, self.radius)

    def samples(self, count: int, seed: int = 0) -> np.ndarray:
        """Random points inside, (count, d); the first is the centre."""
        rng = np.random.default_rng(seed)
        moves = rng.uniform(-1, 1, (count, len(self.centre)))
        moves[: count // 2] *= rng.uniform(0, 1, (count // 2, 1))
        moves[:1] = 0
        return self.clipped(self.centre + moves * self.radius)

    def signs(self, network: ReluNetwork) -> list[np.ndarray]:
        """1 for neurons active all over the region, -1 for those nowhere active, else 0."""
        low, high = self.ends
        bounds = activation_bounds(network, Boxes(low[None], high[None]))
        return [(a[0] > 0) * 1 - (b[0] <= 0) * 1 for a, b in bounds]

    def root(self) -> Decided:
        """The box as a cone of (x, t), t > 0."""
        dim = len(self.centre)
        names, rows = [], []
        for sign in (1, -1):
            for i in range(dim):
                end = Fraction(float(self.centre[i])) - sign * Fraction(float(self.radius[i]))
                row = [0] * (dim + 1)
                row[i], row[-1] = sign * end.denominator, -sign * end.numerator
                names.append(np.array(row, dtype=object))
                unit = np.zeros(dim + 1)
                unit[i], unit[-1] = sign, -sign * float(end)
                rows.append(unit / math.hypot(1.0, float(end)))
        names.append(np.array([0] * dim + [1], dtype=object))
        rows.append(np.eye(dim + 1)[-1])
        point = np.append(self.centre, 1.0)
        point /= np.linalg.norm(point)
        errors = np.full(len(rows), 1e-15)
        certain = (np.array(rows) @ point > errors + 1e-14).all()
        inside = [Fraction(float(c)) for c in self.centre] + [Fraction(1)]
        common = max(entry.denominator for entry in inside)
        whole = np.array([int(entry * common) for entry in inside], dtype=object)
        return Decided(np.array(rows), errors, tuple(names), point if certain else None, whole)


def _numbers(name: str, given) -> np.ndarray:
    try:
        return np.asarray(given, dtype=np.float64).ravel()
    except (TypeError, ValueError) as error:
        raise UserError(f"{name}: is {given!r}; it must hold real numbers") from error


def checked_region(at, radius, norm: float, input_dim: int) -> Region:
    """A region of what a user gives.

    Parameters
    ----------
    at : array_like of float, shape (d,)
    radius : float or array_like of float, shape (d,)
    norm : {2, inf}
        2 for a ball of l^2, inf for a box.
    input_dim : int
        d.

    Raises
    ------
    UserError
        For shapes that do not fit, numbers that are not finite, and radii that are not above 0.
    """
    centre = _numbers("at", at)
    if centre.shape != (input_dim,):
        raise UserError(f"at: has {centre.size} coordinates; the network has {input_dim} inputs")
    if norm not in (2, np.inf):
        raise UserError(f"norm: is {norm}; it must be inf for a box or 2 for a ball")
    sizes = _numbers("radius", radius)
    if sizes.shape not in ((1,), (input_dim,)):
        raise UserError(f"radius: has {sizes.size} entries; it must have one, or {input_dim}")
    if norm == 2 and sizes.shape != (1,):
        raise UserError("radius: has several entries; that of a ball of l^2 must have one")
    if not np.isfinite(centre).all():
        raise UserError("at: its coordinates must be finite numbers")
    if not (np.isfinite(sizes).all() and (sizes > 0).all()):
        raise UserError(f"radius: is {radius}; it must be finite and above 0")
    with np.errstate(over="ignore"):
        if not np.isfinite(np.abs(centre) + sizes).all():
            raise UserError("radius: reaches beyond the range of float64 about the point at")
    return Region(centre, np.broadcast_to(sizes, (input_dim,)).copy(), norm == 2)
