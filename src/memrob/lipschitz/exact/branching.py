"""Exact Lipschitz constants of networks with few neurons, in any dimension: branch and bound."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from memrob.errors import UserError
from memrob.lipschitz.exact.feasibility import MARGIN, interior
from memrob.lipschitz.exact.result import ROUNDING, Champions, Exact
from memrob.lipschitz.network import ReluNetwork

LARGEST_COUNT = 1_000_000
"""Nodes after which the search is given up."""

SAMPLES = 4096
"""Random points whose gradients are known before the search begins."""

NEGLIGIBLE = 1e-12
"""Share of the possible size of a pre-activation below which it counts as zero."""


def by_branching(
    network: ReluNetwork, ps: Sequence[float], lower: Mapping[float, float] | None = None
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

    Returns
    -------
    Exact
        `regions` counts the activation regions that could not be ruled out beforehand.

    Raises
    ------
    UserError
        For a lower bound above lip_p, or a search of more than `LARGEST_COUNT` nodes.

    Notes
    -----
    Our own derivation. Decisions so far are an open polyhedral cone in (x, t), t > 0, or in x for a
    homogeneous network; of its two parts on the sides of a further neuron one contains the point
    that is known inside, and `interior` settles the other. All gradients below a node lie
    in a box, by interval arithmetic over the neurons that are open; the node is left if no p
    can gain from it.
    """
    search = _Search(network, ps, lower or {})
    search.run()
    for p, value, floor in zip(
        search.champions.ps, search.champions.values, search.floors, strict=True
    ):
        if value < floor:
            raise UserError(f"lower: is {lower[p]} for p = {p}; no gradient is as large")
    return search.champions.exact(network, "branching", search.leaves)


@dataclass(frozen=True)
class _Layer:
    """One hidden layer with all layers before it decided; neurons in the order of decision.

    `maps` (width, k) takes (x, t) to the pre-activations, `sizes` (width,) bounds them at unit
    vectors by the terms of their sums; `low` and `high` (width, d) enclose what each neuron adds to
    the gradient if active, `open_low` and `open_high` (width + 1, d) what all from one on may.
    """

    depth: int
    order: np.ndarray
    maps: np.ndarray
    sizes: np.ndarray
    low: np.ndarray
    high: np.ndarray
    open_low: np.ndarray
    open_high: np.ndarray


class _Search:
    def __init__(self, network: ReluNetwork, ps: Sequence[float], lower: Mapping[float, float]):
        self.network, self.dim = network, network.input_dim
        self.champions = Champions(ps, self.dim)
        self._try_random_points()
        floors = [lower.get(p, -1.0) for p in self.champions.ps]
        self.floors = np.array(floors) * np.where(np.array(floors) > 0, 1 - ROUNDING, 1.0)
        self.outputs = _output_intervals(network)
        self.leaves = self.nodes = 0
        homogeneous = network.is_homogeneous
        self.columns = self.dim + (not homogeneous)
        # Unit normals of the cone so far; deeper nodes write over the rows of those left.
        self.rows = np.zeros((sum(network.widths) + 1, self.columns))

    def _try_random_points(self) -> None:
        rng = np.random.default_rng(0)
        scales = np.exp(rng.uniform(-2, 3, size=(SAMPLES, 1)))
        points = scales * rng.standard_normal((SAMPLES, self.dim))
        self.champions.offer(self.network.gradients(points), points.__getitem__)

    def run(self) -> None:
        maps = np.column_stack([self.network.weights[0], self.network.biases[0]])
        maps = maps[:, : self.columns]
        point = np.random.default_rng(1).standard_normal(self.columns)
        point /= np.linalg.norm(point)
        known = self.columns - self.dim
        if known:
            self.rows[0, -1] = 1
            point[-1] = abs(point[-1])
        self.enter(0, maps, np.linalg.norm(maps, axis=1), known, point)

    def enter(self, depth: int, maps: np.ndarray, sizes: np.ndarray, rows: int, point) -> None:
        """Search below a node at which the layers before `depth` are decided."""
        first, second = (bound[:, None] * maps[:, : self.dim] for bound in self.outputs[depth])
        low, high = np.minimum(first, second), np.maximum(first, second)
        # The neurons that matter most first: the bounds tighten soonest.
        order = np.argsort(-np.maximum(-low, high).sum(axis=1), kind="stable")
        low, high = low[order], high[order]
        layer = _Layer(
            depth,
            order,
            maps[order],
            sizes[order],
            low,
            high,
            _sums_from(np.minimum(low, 0)),
            _sums_from(np.maximum(high, 0)),
        )
        active = np.zeros(len(order), dtype=bool)
        self._decide(layer, 0, active, np.zeros((2, self.dim)), rows, point)

    def _decide(self, layer: _Layer, index: int, active, box, rows: int, point) -> None:
        """Search below a node; `box` encloses what the active neurons of the layer add."""
        self.nodes += 1
        if self.nodes > LARGEST_COUNT:
            raise UserError(f"exact: infeasible, a search of more than {LARGEST_COUNT} nodes")
        largest = np.maximum(-(box[0] + layer.open_low[index]), box[1] + layer.open_high[index])
        if not self.champions.may_gain(largest, self.floors):
            return
        if index == len(layer.order):
            self._leave(layer, active, rows, point)
            return
        row, length = layer.maps[index], np.linalg.norm(layer.maps[index])
        if length <= NEGLIGIBLE * layer.sizes[index]:
            self._decide(layer, index + 1, active, box, rows, point)
            return
        height = float(row @ point) / length
        for side in (1, -1) if height > 0 else (-1, 1):
            self.rows[rows] = side * row / length
            inside = point
            if side * height <= MARGIN:
                inside = interior(self.rows[: rows + 1])
            if inside is not None:
                active[index] = side > 0
                wider = box
                if side > 0:
                    wider = box + np.stack([layer.low[index], layer.high[index]])
                self._decide(layer, index + 1, active, wider, rows + 1, inside)
        active[index] = False

    def _leave(self, layer: _Layer, decided: np.ndarray, rows: int, point) -> None:
        """Go on with the next layer, or take the gradient after the last."""
        weight, bias = self.network.weights[layer.depth + 1], self.network.biases[layer.depth + 1]
        weight = weight[:, layer.order] * decided
        maps = weight @ layer.maps
        if layer.depth + 1 < self.network.depth:
            sizes = np.abs(weight) @ layer.sizes + np.abs(bias)
            if self.columns > self.dim:
                maps[:, -1] += bias
            self.enter(layer.depth + 1, maps, sizes, rows, point)
            return
        self.leaves += 1
        found = point[: self.dim] / (point[-1] if self.columns > self.dim else 1.0)
        self.champions.offer(maps[:, : self.dim], lambda _: found)


def _sums_from(rows: np.ndarray) -> np.ndarray:
    """Sums of the rows from each on, (n + 1, d)."""
    return np.vstack([np.cumsum(rows[::-1], axis=0)[::-1], np.zeros((1, rows.shape[1]))])


def _output_intervals(network: ReluNetwork) -> list[tuple[np.ndarray, np.ndarray]]:
    """For each hidden layer, bounds of the derivative of the output by each post-activation."""
    low = high = network.weights[-1][0]
    found = [(low, high)]
    for weight in reversed(network.weights[1:-1]):
        low, high = np.minimum(low, 0), np.maximum(high, 0)
        positive, negative = np.maximum(weight, 0), np.minimum(weight, 0)
        low, high = low @ positive + high @ negative, high @ positive + low @ negative
        found.insert(0, (low, high))
    return found
