"""Exact Lipschitz constants of networks with few neurons, in any dimension: branch and bound."""

import heapq
import itertools
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from memrob.errors import UserError
from memrob.lipschitz.exact.decisions import Decided, as_unit, exact_row
from memrob.lipschitz.exact.leaders import Leaders
from memrob.lipschitz.exact.result import ROUNDING, SLACK, Exact
from memrob.lipschitz.integers import IntegerNetwork
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import norm
from memrob.lipschitz.upper.rounding import ROUNDOFF, gamma, raised

LARGEST_COUNT = 1_000_000
"""Nodes after which the search ends."""

MOST_OPEN = 20_000
"""Open nodes, of some kilobytes each, from which on the search goes in depth."""

SAMPLES = 4096
"""Random points whose gradients are known before the search begins."""

CANCELLED = 1e-6
"""Share of the possible size of a function below which it is computed in integers."""

TINY = float(np.finfo(np.float64).tiny)


def by_branching(
    network: ReluNetwork,
    ps: Sequence[float],
    lower: Mapping[float, float] | None = None,
    *,
    points: np.ndarray | None = None,
    nodes: int | None = None,
    seconds: float | None = None,
    region=None,
    exhaustive: bool = False,
) -> Exact:
    """Decide neuron by neuron, in the order of the layers, whether it is active.

    Parameters
    ----------
    network : ReluNetwork
        Of depth at least 1.
    ps : sequence of float
        Exponents in [1, inf].
    lower : mapping of float to float, optional
        Lower bounds of lip_p that are attained, by p: less is searched, with the same result.
    points : ndarray of float64, shape (M, d), optional
        Points that may have large gradients.
    nodes : int, optional
        Nodes after which the search ends; `LARGEST_COUNT` if left out.
    seconds : float, optional
        Time after which it ends.
    region : Region, optional
        Part of R^d to which the search is confined (`memrob.lipschitz.exact.region`).
    exhaustive : bool
        Visit every region: for networks whose numbers are of too different sizes for the bounds.

    Returns
    -------
    Exact
        `regions` counts the activation regions that could not be ruled out beforehand. If the
        search ended early, `doubtful` holds the largest bound of the nodes that are open.

    Raises
    ------
    UserError
        For a lower bound above lip_p.

    Notes
    -----
    Our own derivation. Decisions so far are an open polyhedral cone in (x, t), t > 0, or in x for a
    homogeneous network; of its two parts on the sides of a further neuron one contains the point
    that is known inside, and `Decided.cut` settles the other, in integers where float64 leaves a
    doubt. All gradients below a node lie in a box, by interval arithmetic over the neurons that
    are open. The node with the largest bound comes first; a node is left if no p can gain from it.
    """
    search = _Search(network, ps, lower or {}, points, region, exhaustive)
    finished = search.run(LARGEST_COUNT if nodes is None else nodes, seconds)
    open_bounds = None if finished else search.open()
    found = search.leaders.exact("branching", search.leaves, search.left_out, open_bounds)
    for p, floor in search.floors.items():
        if finished and found.values[p] < floor:
            raise UserError(f"lower: is {lower[p]} for p = {p}; no gradient is as large")
    return found


@dataclass(frozen=True)
class _Layer:
    """One hidden layer with all layers before it decided; neurons in the order of decision.

    `maps` (width, k) takes (x, t) to the pre-activations, with errors of at most `errors` (width,);
    `sizes` (width,) bounds them at unit vectors by the terms of their sums. `low` and `high`
    (width, d) enclose what each neuron adds to the gradient if active, `open_low` and `open_high`
    (width + 1, d) what all from one on may; `slack` is what rounding may do to sums of these.
    """

    patterns: tuple
    order: np.ndarray
    maps: np.ndarray
    errors: np.ndarray
    sizes: np.ndarray
    low: np.ndarray
    high: np.ndarray
    open_low: np.ndarray
    open_high: np.ndarray
    slack: float


@dataclass(frozen=True)
class _Node:
    layer: _Layer
    index: int
    active: np.ndarray
    box: np.ndarray
    decided: Decided


class _Search:
    def __init__(self, network, ps, lower, points, region, exhaustive):
        self.network, self.dim, self.region = network, network.input_dim, region
        self.integers, self.exhaustive = IntegerNetwork(network), exhaustive
        self.leaders = Leaders(network, self.integers, ps, region)
        self._try_points(points)
        self.floors = {p: (1 - ROUNDING) * v for p, v in lower.items() if p in self.leaders.ps}
        self._floors = np.array([self.floors.get(p, -1.0) for p in self.leaders.ps])
        self.signs = None if region is None else region.signs(network)
        self.outputs = _output_intervals(network, self.signs)
        self.columns = self.dim + (not self.is_conic)
        self.leaves, self.heap, self.order = 0, [], itertools.count()
        # The largest bounds of nodes that were left, for each p.
        self.left_out = np.full(len(self.leaders.ps), -1.0)

    @property
    def is_conic(self) -> bool:
        return self.network.is_homogeneous and self.region is None

    def _try_points(self, points) -> None:
        if points is not None:
            self.leaders.offer_points(np.asarray(points))
        if self.region is not None:
            self.leaders.offer_points(self.region.samples(SAMPLES))
        elif SAMPLES:
            rng = np.random.default_rng(0)
            scales = np.exp(rng.uniform(-2, 3, size=(SAMPLES, 1)))
            self.leaders.offer_points(scales * rng.standard_normal((SAMPLES, self.dim)))

    def run(self, nodes: int, seconds: float | None) -> bool:
        """Visit nodes, the largest bound first; whether none is left."""
        end = None if seconds is None else time.monotonic() + seconds
        self._enter((), None, self._root())
        while self.heap:
            if not self._may_gain(self.heap[0][2]):
                # Bounds of the others may gain for another p.
                self._leave_out(heapq.heappop(self.heap)[2])
                continue
            if nodes <= 0 or (end is not None and time.monotonic() > end):
                return False
            nodes -= 1
            self._branch(heapq.heappop(self.heap)[3])
        return True

    def open(self) -> np.ndarray:
        """Largest bound of the open nodes, for each p."""
        return np.max([entry[2] for entry in self.heap], axis=0)

    def _root(self) -> Decided:
        if self.region is not None:
            return self.region.root()
        point = np.random.default_rng(1).standard_normal(self.columns)
        point /= np.linalg.norm(point)
        if self.is_conic:
            return Decided(np.zeros((0, self.columns)), np.zeros(0), (), point, None)
        point[-1] = abs(point[-1])
        row = np.zeros(self.columns)
        row[-1] = 1
        name = np.array([0] * self.dim + [1], dtype=object)
        return Decided(row[None], np.zeros(1), (name,), point, None)

    def _may_gain(self, bounds: np.ndarray) -> bool:
        best = np.maximum(self.leaders.values * (1 + SLACK), self._floors)
        return bool((bounds > best).any())

    def _leave_out(self, bounds: np.ndarray) -> None:
        self.left_out = np.maximum(self.left_out, bounds)

    def _push(self, node: _Node) -> None:
        layer, index = node.layer, node.index
        largest = np.maximum(
            -(node.box[0] + layer.open_low[index]), node.box[1] + layer.open_high[index]
        )
        bounds = self.leaders.norms(np.maximum(largest, 0) + layer.slack)
        if not self._may_gain(bounds):
            self._leave_out(bounds)
            return
        gain = (bounds / np.maximum(self.leaders.values, 1e-300)).max()
        depth = len(layer.patterns) * 10_000 + index
        # With many nodes open, what was found last comes first, so that no more open up.
        first = gain if len(self.heap) < MOST_OPEN else np.finfo(float).max
        heapq.heappush(self.heap, (-first, (-depth, next(self.order)), bounds, node))

    def _enter(self, patterns: tuple, above: _Layer | None, decided: Decided) -> None:
        """Go on with the layer after those that are decided."""
        depth = len(patterns)
        if depth == self.network.depth:
            self.leaves += 1
            self._leave(patterns, above, decided)
            return
        maps, errors, sizes = self._maps(patterns, above)
        bounds = self.outputs[depth]
        first, second = (bound[:, None] * maps[:, : self.dim] for bound in bounds)
        low, high = np.minimum(first, second), np.maximum(first, second)
        # The neurons that matter most first: the bounds tighten soonest.
        order = np.argsort(-np.maximum(-low, high).sum(axis=1), kind="stable")
        low, high = low[order], high[order]
        largest = np.maximum(np.abs(bounds[0]), np.abs(bounds[1]))
        slack = largest @ (errors + 4 * gamma(2 * len(order) + 8) * sizes)
        layer = _Layer(
            patterns,
            order,
            maps,
            errors,
            sizes,
            low,
            high,
            _sums_from(np.minimum(low, 0)),
            _sums_from(np.maximum(high, 0)),
            np.inf if self.exhaustive else float(raised(slack, len(order)) + TINY),
        )
        active = np.zeros(len(order), dtype=bool)
        self._push(_Node(layer, 0, active, np.zeros((2, self.dim)), decided))

    def _maps(self, patterns: tuple, above: _Layer | None):
        depth = len(patterns)
        weight, bias = self.network.weights[depth], self.network.biases[depth]
        if above is None:
            maps = np.column_stack([weight, bias])[:, : self.columns]
            sizes = norm(maps, 2)
            return maps, np.full(len(maps), TINY), raised(sizes, self.columns)
        active = patterns[-1]
        size = np.abs(weight[:, active])
        maps = weight[:, active] @ above.maps[active]
        sizes = raised(size @ above.sizes[active] + np.abs(bias), len(bias))
        errors = size @ above.errors[active] + 2 * gamma(active.sum() + 4) * sizes + TINY
        errors = raised(errors, len(active))
        if self.columns > self.dim:
            maps[:, -1] += bias
        cancelled = norm(maps, 2) <= CANCELLED * sizes
        # Without bounds, every function is taken in integers in any case.
        for neuron in np.flatnonzero(cancelled & (not self.exhaustive)):
            maps[neuron], errors[neuron] = self._exact_map(patterns, neuron)
        return maps, errors, sizes

    def _exact_map(self, patterns: tuple, neuron: int) -> tuple[np.ndarray, float]:
        rows, power = self.integers.maps(patterns)
        scale = Fraction(2) ** power
        row = np.array([float(int(entry) * scale) for entry in rows[neuron][: self.columns]])
        return row, float(4 * ROUNDOFF * math.hypot(*row)) + TINY

    def _branch(self, node: _Node) -> None:
        """Put both parts of a node on the sides of its next neuron, or the next layer, in."""
        layer, index, decided = node.layer, node.index, node.decided
        if index == len(layer.order):
            self._enter((*layer.patterns, node.active), layer, decided)
            return
        neuron = int(layer.order[index])
        if self.signs is not None and (known := self.signs[len(layer.patterns)][neuron]):
            self._push(self._next(node, neuron, known, decided))
            return
        row = layer.maps[neuron]
        length = math.hypot(*row)

        def exact(sign: int = 1) -> np.ndarray:
            return exact_row(self.integers, (layer.patterns, neuron, sign), self.columns)

        near = self.exhaustive or not length > 4 * layer.errors[neuron]
        if near and not exact().any():
            self._push(_Node(layer, index + 1, node.active, node.box, decided))
            return
        sure = not near and length > 1e-290
        unit = row / length if sure else as_unit(exact())
        error = float(raised(layer.errors[neuron] / length)) if sure else 0.0
        error += 8 * gamma(self.columns + 4)
        known = decided.side(unit, error, exact)
        for side in (1, -1):
            name = (layer.patterns, neuron, side)
            part = decided.cut(side * unit, error, name, self.integers, known == side)
            if part is not None:
                self._push(self._next(node, neuron, side, part))

    @staticmethod
    def _next(node: _Node, neuron: int, side: int, decided: Decided) -> _Node:
        """The node after a neuron is found active, side 1, or not, side -1."""
        layer, index, active, box = node.layer, node.index, node.active, node.box
        if side > 0:
            active = active.copy()
            active[neuron] = True
            box = box + np.stack([layer.low[index], layer.high[index]])
        return _Node(layer, index + 1, active, box, decided)

    def _leave(self, patterns: tuple, above: _Layer, decided: Decided) -> None:
        """Take the gradient of a region."""
        weight, active = self.network.weights[-1][0], patterns[-1]
        gradient = (weight * active) @ above.maps[:, : self.dim]
        error = np.abs(weight) @ (above.errors + 4 * gamma(len(weight) + 4) * above.sizes)
        largest = np.abs(gradient) + raised(error, len(weight)) + TINY
        if self.exhaustive or (self.leaders.norms(largest) > self.leaders.values).any():
            self.leaders.offer(patterns, decided)


def _sums_from(rows: np.ndarray) -> np.ndarray:
    """Sums of the rows from each on, (n + 1, d)."""
    return np.vstack([np.cumsum(rows[::-1], axis=0)[::-1], np.zeros((1, rows.shape[1]))])


def _output_intervals(
    network: ReluNetwork, signs: list[np.ndarray] | None
) -> list[tuple[np.ndarray, np.ndarray]]:
    """For each hidden layer, bounds of the derivative of the output by each post-activation.

    Neurons of sign 1 are active on the whole region of the search, those of sign -1 not.
    """
    low = high = network.weights[-1][0]
    found = [(low, high)]
    for layer in range(network.depth - 1, 0, -1):
        weight = network.weights[layer]
        if signs is not None:
            low, high = (np.where(signs[layer] < 0, 0.0, bound) for bound in (low, high))
        is_open = True if signs is None else signs[layer] <= 0
        low = np.where(is_open, np.minimum(low, 0), low)
        high = np.where(is_open, np.maximum(high, 0), high)
        positive, negative = np.maximum(weight, 0), np.minimum(weight, 0)
        size = np.maximum(np.abs(low), np.abs(high)) @ np.abs(weight)
        error = raised(2 * gamma(2 * len(weight) + 8) * size) + TINY * (size > 0)
        low, high = low @ positive + high @ negative, high @ positive + low @ negative
        low, high = low - error, high + error
        found.insert(0, (low, high))
    return found
