"""Large slopes of networks of operators: random points, then a climb in random directions."""

import time
from typing import NamedTuple

import numpy as np

from memrob.lipschitz.norms import conjugate, dual_vector, norm
from memrob.lipschitz.operators.attained import attained_slope
from memrob.lipschitz.operators.linear import Dense
from memrob.lipschitz.operators.network import OperatorNetwork
from memrob.lipschitz.vector.matrix_norms import steep_combination

SCALES = (0.1, 1.0, 10.0, 100.0)
"""Sizes of random points, in units of the sizes of the first biases over the first weights."""

OPERATIONS = 4e9
"""Products that a search may take, about: some seconds."""

SAMPLES, RESTARTS, TURNS = 8, 3, 4
"""Random points of each size, climbs, and changes of the combination in each."""

SCREENED, SCREEN_WORK, KEPT = 4096, 0.1, 16
"""Further points whose Jacobians are compared, at most, their share of the work, and the best."""

SPREAD = 3.5
"""Decimal logarithm of their largest size in the same units, and of 1 over the smallest."""

PER_ROUND = 24
"""Points that are tried in a round of a climb."""


class Slope(NamedTuple):
    """A slope that is attained.

    Attributes
    ----------
    value : float
        Lower bound of |gradient of y^T f|_{p'} / |y|_{q'}, rounding included.
    point : ndarray of float64, shape (d,)
    combination : ndarray of float64, shape (K,)
        y.
    """

    value: float
    point: np.ndarray
    combination: np.ndarray


def climb(
    network: OperatorNetwork,
    p: float,
    q: float,
    *,
    seed: int = 0,
    operations: float = OPERATIONS,
    seconds: float | None = None,
    starts: np.ndarray | None = None,
) -> Slope:
    """Search for points at which |J|_{p->q} is large, J the Jacobian of f.

    Parameters
    ----------
    network : OperatorNetwork
    p, q : float
        Exponents in [1, inf].
    seed : int
    operations : float
        Work allowed, in products.
    seconds : float, optional
        Time for further climbs from other seeds, one of them finished after it.
    starts : ndarray of float64, shape (M, d), optional
        Points to begin with besides random ones.

    Returns
    -------
    Slope
        The best that is confirmed (`attained_slope`); value 0 if none is.

    Notes
    -----
    A climb keeps the combination y and maximises |gradient of y^T f|_{p'}; then y turns to the one
    that is best for the Jacobian reached.
    """
    end = None if seconds is None else time.perf_counter() + seconds
    with np.errstate(all="ignore"):
        best = _climb(network, p, q, seed, operations, starts)
        while end is not None and time.perf_counter() < end:
            seed += 1
            best = max(best, _climb(network, p, q, seed, operations, None), key=lambda s: s.value)
    return best


def _climb(
    network: OperatorNetwork, p: float, q: float, seed: int, operations: float, starts
) -> Slope:
    search = _Search(network, p, q, np.random.default_rng([seed, 7]), operations)
    points = search.first_points()
    if starts is not None:
        points = np.concatenate([points, starts])
    reached = sorted((search.at(point) for point in points), key=lambda slope: -slope.value)
    chosen = reached[:1] + reached[1 : 3 * RESTARTS : 3]
    per_round = 2 * network.operations * PER_ROUND * TURNS * len(chosen)
    rounds = int(np.clip(operations / per_round, 2, 40))
    ends = [search.climbed(start, rounds) for start in chosen]
    return search.confirmed(sorted(ends + reached, key=lambda slope: -slope.value))


class _Search:
    def __init__(self, network: OperatorNetwork, p: float, q: float, rng, operations: float):
        self.network, self.p, self.q, self.rng = network, p, q, rng
        self.unit, self.operations = _typical_size(network), operations

    def first_points(self) -> np.ndarray:
        dim = self.network.input_dim
        points = self.rng.standard_normal((len(SCALES), SAMPLES, dim))
        points *= self.unit * np.array(SCALES)[:, None, None]
        found = [points.reshape(-1, dim)]
        first = self.network.operators[0]
        if isinstance(first, Dense):
            # Where all first pre-activations are nearly 0 smooth activations are steepest.
            found.append(np.linalg.lstsq(first.matrix, -self.network.biases[0])[0][None])
        return np.concatenate([*found, self.screened()])

    def screened(self) -> np.ndarray:
        """Those of many random points at which the rows of the Jacobian are largest."""
        outputs = self.network.n_outputs
        work = SCREEN_WORK * self.operations / (2 * self.network.operations * outputs)
        count = int(min(work, SCREENED)) if work >= KEPT else 0
        points = self.rng.standard_normal((count, self.network.input_dim))
        points *= self.unit * 10.0 ** self.rng.uniform(-SPREAD, SPREAD, (count, 1))
        rows = [self.network.gradients(points, unit) for unit in np.eye(outputs)]
        sizes = norm(np.stack([norm(row, conjugate(self.p)) for row in rows], axis=-1), self.q)
        order = np.argsort(-np.nan_to_num(sizes, posinf=0.0), kind="stable")
        return points[order[:KEPT]]

    def at(self, point: np.ndarray) -> Slope:
        """Value at a point, in float64, with the best combination there."""
        jacobian = self.network.jacobian(point)
        y = np.ones(1) if len(jacobian) == 1 else steep_combination(jacobian, self.p, self.q)
        size = float(norm(y, conjugate(self.q)))
        value = float(norm(y @ jacobian, conjugate(self.p))) / size if size else 0.0
        return Slope(value if np.isfinite(value) else 0.0, point, y)

    def climbed(self, best: Slope, rounds: int) -> Slope:
        """Move in random directions, and along gradients."""
        for _ in range(TURNS):
            best = self.at(self._climbed(best.point, best.combination, rounds))
        return best

    def _climbed(self, point: np.ndarray, y: np.ndarray, rounds: int) -> np.ndarray:
        gradient, length = self.network.gradients(point[None], y)[0], 1.0
        value = norm(gradient, conjugate(self.p))
        for _ in range(rounds):
            steps = self._steps(gradient) * (self.unit + np.abs(point).max())
            steps *= length * np.exp(self.rng.uniform(-3, 1, (len(steps), 1)))
            gradients = self.network.gradients(point + steps, y)
            values = np.nan_to_num(norm(gradients, conjugate(self.p)), nan=0.0, posinf=0.0)
            best = int(np.argmax(values))
            if values[best] > value:
                value, point, gradient = values[best], point + steps[best], gradients[best]
                length = min(length * 1.5, 4.0)
            else:
                length *= 0.8
        return point

    def _steps(self, gradient: np.ndarray) -> np.ndarray:
        dim = len(gradient)
        steps = self.rng.standard_normal((PER_ROUND, dim))
        # Few coordinates at a time climb sooner where there are many.
        sparse = self.rng.random((PER_ROUND // 2, dim)) < min(1.0, 4 / dim)
        steps[: PER_ROUND // 2] *= sparse
        steps[0] = dual_vector(gradient, self.p)
        steps[1] = -steps[0]
        largest = np.abs(gradient).max()
        steps[2] = gradient / largest if largest else 0.0
        steps[3] = -steps[2]
        return steps

    def confirmed(self, slopes: list[Slope]) -> Slope:
        """The best of the slopes, best first, that is certain."""
        best = Slope(0.0, np.zeros(self.network.input_dim), np.ones(self.network.n_outputs))
        for slope in slopes:
            if slope.value <= best.value:
                break
            low = attained_slope(self.network, slope.point, slope.combination, self.p)
            size = float(norm(slope.combination, conjugate(self.q)))
            value = low / size * (1 - 2.0**-40) if size else 0.0
            if value > best.value:
                best = slope._replace(value=value)
        return best


def _typical_size(network: OperatorNetwork) -> float:
    """Size of inputs at which the first biases matter; 1 where there are none."""
    dim = network.input_dim
    probe = network.operators[0].forward(np.random.default_rng(0).standard_normal((1, dim)))
    slope, offset = np.sqrt((probe**2).mean()), np.sqrt((network.biases[0] ** 2).mean())
    size = offset / slope if slope and offset else 1.0
    return float(size) if np.isfinite(size) and size > 0 else 1.0
