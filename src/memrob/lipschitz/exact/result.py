"""An exact Lipschitz constant for each p, and how the largest gradients are kept on the way."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from memrob.errors import UserError
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import checked_p, conjugate, norm

ROUNDING = 1e-9
"""Relative difference between two computations of one norm that rounding may cause."""


@dataclass(frozen=True)
class Exact:
    """Lipschitz constants of one network over all of R^d, up to rounding.

    Attributes
    ----------
    method : str
        "linear", "line", "plane", "regions" or "branching".
    values : dict of float
        lip_p for each p.
    points : dict of ndarray, shape (d,)
        For each p a point inside a region whose gradient has norm lip_p.
    regions : int
        Activation regions visited; for "branching" those that were not ruled out beforehand.
    doubtful : dict of float
        For each p for which a region thinner than rounding, which is passed over, may have a
        larger norm: that norm. Empty unless three lines meet almost in one point. Only "plane"
        keeps account of it.
    """

    method: str
    values: dict[float, float]
    points: dict[float, np.ndarray]
    regions: int
    doubtful: dict[float, float] = field(default_factory=dict)


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
        lengths = np.sqrt(np.einsum("ij,ij->i", gradients, gradients)) * (1 + 1e-12)
        for k in np.flatnonzero(lengths.max() * self._stretch > self.values):
            rows = np.flatnonzero(lengths * self._stretch[k] > self.values[k])
            norms = norm(gradients[rows], self.qs[k])
            best = norms.argmax()
            if norms[best] > self.values[k]:
                self.values[k] = norms[best]
                self.tags[k] = tag(int(rows[best]))

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
        point: Callable[[object], np.ndarray] = np.asarray,
        doubts: "Champions | None" = None,
    ) -> Exact:
        """The result; `point` turns a tag into a point inside the region of its gradient."""
        values, points, doubtful = {}, {}, {}
        for k, (p, q) in enumerate(zip(self.ps, self.qs, strict=True)):
            points[p] = np.array(point(self.tags[k]), dtype=np.float64)
            there = float(norm(network.gradients(points[p][None])[0], q))
            # Sums along a walk round more than the gradient at a point.
            close = abs(there - self.values[k]) <= ROUNDING * self.values[k]
            values[p] = there if close else float(self.values[k])
            if doubts is not None and doubts.values[k] > values[p] * (1 + ROUNDING):
                doubtful[p] = float(doubts.values[k])
        return Exact(method, values, points, regions, doubtful)
