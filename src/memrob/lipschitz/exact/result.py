"""An exact Lipschitz constant for each p, and how the largest gradients are kept on the way."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from memrob.errors import UserError
from memrob.lipschitz.attained import is_differentiable
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import checked_p, conjugate, norm

ROUNDING = 1e-9
"""Relative difference between two computations of one norm that rounding may cause."""

SLACK = 1e-12
"""Relative amount by which a region that is left out may exceed the largest."""


@dataclass(frozen=True)
class Exact:
    """Lipschitz constants of one network over all of R^d, up to rounding.

    Attributes
    ----------
    method : str
        "linear", "line", "plane", "regions" or "branching".
    values : dict of float
        lip_p for each p.
    points : dict of ndarray, shape (d,), or None
        For each p a point inside a region whose gradient has norm lip_p; None where no float64
        point lies in the region.
    regions : int
        Activation regions visited; for "branching" those that were not ruled out beforehand.
    doubtful : dict of float
        For each p that is not settled, an upper bound of lip_p: a search that ended early, or
        regions thinner than rounding, may hold a gradient larger than `values`. For every other p
        lip_p differs from `values` by `ROUNDING` at most, in relative terms.
    above : dict of float
        For each p an upper bound of lip_p, rounding included.
    """

    method: str
    values: dict[float, float]
    points: dict[float, np.ndarray | None]
    regions: int
    doubtful: dict[float, float] = field(default_factory=dict)
    above: dict[float, float] = field(default_factory=dict)


class Champions:
    """The largest gradient so far in the norm of l^{p'}, for each p, with a tag of its origin.

    Parameters
    ----------
    ps : sequence of float
        Exponents in [1, inf].
    dim : int
        Dimension of the gradients.

    Raises
    ------
    UserError
        For no exponent at all, or one below 1.
    """

    def __init__(self, ps: Sequence[float], dim: int):
        self.ps = tuple(dict.fromkeys(checked_p(p) for p in ps))
        if not self.ps:
            raise UserError("p: there is none; give at least one exponent in [1, inf]")
        self.qs = tuple(conjugate(p) for p in self.ps)
        self.values = np.full(len(self.ps), -1.0)
        self.tags: list = [None] * len(self.ps)
        # |g|_q <= stretch |g|_2: most gradients are ruled out for all p by their length alone.
        self._stretch = np.array([dim ** max(0.0, 1 / q - 0.5) for q in self.qs])

    def offer(self, gradients: np.ndarray, tag: Callable[[int], object]) -> None:
        """Keep the rows of gradients, (M, dim), that beat the largest; `tag` of the row is kept."""
        if not len(gradients):
            return
        largest = np.abs(gradients).max()
        if not np.isfinite(largest):
            self.values[:], self.tags = np.inf, [tag(0)] * len(self.ps)
            return
        # Squares of numbers that are not of ordinary size are out of range.
        unit = 1.0 if 1e-100 < largest < 1e100 else largest or 1.0
        units = gradients if unit == 1 else gradients / unit
        lengths = unit * np.sqrt(np.einsum("ij,ij->i", units, units)) * (1 + 1e-12)
        for k in np.flatnonzero(lengths.max() * self._stretch > self.values):
            rows = np.flatnonzero(lengths * self._stretch[k] > self.values[k])
            norms = norm(gradients[rows], self.qs[k])
            best = norms.argmax()
            if norms[best] > self.values[k]:
                self.values[k] = norms[best]
                self.tags[k] = tag(int(rows[best]))

    def offer_above(self, others: "Champions", error: float) -> None:
        """Take the values of others as found up to an error, a bound of its Euclidean norm."""
        above = others.values + self._stretch * error
        self.values = np.maximum(self.values, np.where(others.values < 0, -1.0, above))

    def may_gain(self, largest: np.ndarray, floors: np.ndarray) -> bool:
        """Whether a gradient no larger than `largest` (dim,), by coordinate, may beat any.

        `floors` holds values that have to be beaten as well, one for each p.
        """
        norms = np.array([norm(largest, q) for q in self.qs])
        return bool((norms > np.maximum(self.values * (1 + 1e-12), floors)).any())

    def exact(
        self,
        network: ReluNetwork,
        method: str,
        regions: int,
        doubts: "Champions",
        point: Callable[[object], np.ndarray] = np.asarray,
    ) -> Exact:
        """The result; `doubts` holds upper bounds, `point` turns a tag into a point inside."""
        values, points, doubtful, above = {}, {}, {}, {}
        for k, (p, q) in enumerate(zip(self.ps, self.qs, strict=True)):
            values[p], points[p] = float(self.values[k]), None
            with np.errstate(all="ignore"):
                place = np.array(point(self.tags[k]), dtype=np.float64)
            if np.isfinite(place).all() and is_differentiable(network, place):
                there = float(norm(network.gradients(place[None])[0], q))
                # Sums along a walk round more than the gradient at a point.
                if abs(there - self.values[k]) <= ROUNDING * self.values[k]:
                    values[p], points[p] = there, place
            above[p] = float(max(doubts.values[k], values[p]) * (1 + SLACK))
            if not doubts.values[k] <= values[p] * (1 + ROUNDING):
                doubtful[p] = above[p]
        return Exact(method, values, points, regions, doubtful, above)
