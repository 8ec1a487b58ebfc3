"""The largest gradients found, each settled in integers."""

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np

from memrob.lipschitz.exact.decisions import Decided, as_unit, exact_row
from memrob.lipschitz.exact.result import Exact
from memrob.lipschitz.integers import IntegerNetwork, norm_between
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import checked_p, conjugate, norm
from memrob.lipschitz.upper.rounding import raised

TRIED = 3
"""Points of a set that are looked at for each p."""


def _quotient(ray: list[int], dim: int) -> np.ndarray:
    """The point of R^d that integers (x, t) stand for."""
    height = ray[-1] if len(ray) > dim else 1 << max(entry.bit_length() for entry in ray)
    try:
        return np.array([float(Fraction(entry, height)) for entry in ray[:dim]])
    except OverflowError:
        return np.full(dim, np.inf)


def _centre(rows: np.ndarray, dim: int) -> np.ndarray | None:
    """The point of R^d farthest from the hyperplanes of rows, up to a radius of 1."""
    # Imported here: it takes longer than small networks do.
    from scipy.optimize import linprog

    if rows.shape[1] == dim:
        rows = np.column_stack([rows, np.zeros(len(rows))])
    lengths = np.linalg.norm(rows[:, :-1], axis=1)
    found = linprog(
        np.append(np.zeros(dim), -1.0),
        A_ub=np.column_stack([-rows[:, :-1], lengths]),
        b_ub=rows[:, -1],
        bounds=[(None, None)] * dim + [(None, 1)],
    )
    return None if found.x is None else found.x[:dim]


class Leaders:
    """For each p the region with the largest gradient so far.

    Parameters
    ----------
    network : ReluNetwork
    integers : IntegerNetwork
        The same network.
    ps : sequence of float
        Exponents in [1, inf].
    region : Region, optional
        Part of R^d to which points are confined.

    Attributes
    ----------
    values : ndarray, shape (len(ps),)
        Norms of the gradients, rounded down.
    """

    def __init__(
        self, network: ReluNetwork, integers: IntegerNetwork, ps: Sequence[float], region=None
    ):
        self.network, self.integers, self.region = network, integers, region
        self.ps = tuple(dict.fromkeys(checked_p(p) for p in ps))
        self.qs = tuple(conjugate(p) for p in self.ps)
        self.values, self.above = np.full(len(self.ps), -1.0), np.full(len(self.ps), -1.0)
        self.points: list[np.ndarray | None] = [None] * len(self.ps)

    def norms(self, largest: np.ndarray) -> np.ndarray:
        """Upper bounds of the norms of gradients no larger than `largest`, for each p."""
        most = float(largest.max())
        # For numbers whose squares are in range: a third of the time of a search is spent here.
        plain = 1e-150 < most < 1e150
        found = raised(
            np.array(
                [
                    math.sqrt(largest @ largest) if plain and q == 2 else float(norm(largest, q))
                    for q in self.qs
                ]
            ),
            len(largest),
        )
        return np.where(np.isnan(found), np.inf, found)

    def offer_points(self, points: np.ndarray) -> None:
        """Keep the regions of points (M, d) that are among the largest."""
        points = points[np.isfinite(points).all(axis=1)]
        if not len(points):
            return
        found = self.network.gradients(points)
        tried: set[int] = set()
        for k, q in enumerate(self.qs):
            sizes = norm(found, q)
            best = np.argsort(-sizes, kind="stable")[:TRIED]
            tried |= {int(row) for row in best if sizes[row] > self.values[k]}
        for row in sorted(tried):
            if self.region is not None and not self.region.contains(points[row]):
                continue
            pattern = self.integers.pattern(points[row])
            if pattern is not None:
                self._keep(pattern, lambda row=row: points[row])

    def offer(self, patterns: Sequence[np.ndarray], decided: Decided) -> None:
        """Keep a region that exists if its gradient is among the largest."""
        self._keep(patterns, lambda: self._point(patterns, decided))

    def _keep(self, patterns: Sequence[np.ndarray], point) -> None:
        gradient, power = self.integers.gradient(patterns)
        place = None
        for k, q in enumerate(self.qs):
            low, high = norm_between(gradient, power, q)
            self.above[k] = max(self.above[k], high)
            if low > self.values[k]:
                place = place if place is not None else [point()]
                self.values[k], self.points[k] = low, place[0]

    def _point(self, patterns: Sequence[np.ndarray], decided: Decided) -> np.ndarray | None:
        """A point of float64 in a region, if one is found."""
        gradient, power = self.integers.gradient(patterns)
        for point in self._candidates(decided):
            if not np.isfinite(point).all():
                continue
            if self.region is not None and not self.region.contains(point):
                continue
            seen = self.integers.pattern(point)
            if seen is None:
                continue
            other, other_power = self.integers.gradient(seen)
            if (other == gradient).all() and (other_power == power or not gradient.any()):
                return point
        return None

    def _candidates(self, decided: Decided) -> Iterator[np.ndarray]:
        dim = self.network.input_dim
        if decided.point is not None:
            ray = decided.point
            with np.errstate(all="ignore"):
                yield ray[:dim] / ray[-1] if len(ray) > dim else ray
        exact = [exact_row(self.integers, name, decided.rows.shape[1]) for name in decided.names]
        if decided.inside is not None:
            yield _quotient([int(entry) for entry in decided.inside], dim)
        found = _centre(np.array([as_unit(row) for row in exact]), dim)
        if found is not None:
            yield found

    def exact(
        self,
        method: str,
        regions: int,
        left_out: np.ndarray,
        open_bounds: np.ndarray | None = None,
    ) -> Exact:
        """The result; upper bounds of what was left out and what is open are given for each p."""
        values, points, doubtful, above = {}, {}, {}, {}
        for k, p in enumerate(self.ps):
            values[p], points[p] = max(float(self.values[k]), 0.0), self.points[k]
            above[p] = float(max(self.above[k], left_out[k]))
            if open_bounds is not None and open_bounds[k] > above[p]:
                doubtful[p] = above[p] = float(open_bounds[k])
        return Exact(method, values, points, regions, doubtful, above)
