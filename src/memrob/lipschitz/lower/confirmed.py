"""Lower bounds that are certain: which of many candidates a network attains, and by how much."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from memrob.lipschitz.attained import Attained
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import conjugate, norm

MOST_SETTLED = 64
"""Candidates for each p at which it is settled whether the network is differentiable."""


@dataclass(frozen=True)
class LowerBound:
    """A lower bound of lip_p and the point that attains it.

    Attributes
    ----------
    value : float
        |gradient|_{p'} at the point, rounded down; 0 with a point of zeros for a constant function.
    point : ndarray of float64, shape (d,)
        The network is differentiable there for certain.
    method : str
        What found it: sampling, aligned, ascent, local, climb, or data.
    """

    value: float
    point: np.ndarray
    method: str


def confirmed(
    network: ReluNetwork, points: np.ndarray, methods: list[str], ps: Sequence[float]
) -> dict[float, LowerBound]:
    """The largest norm of a gradient for each p among candidates, (M, d), found by `methods`.

    Candidates are settled from the largest value in float64 on, until one is certain.
    """
    attained, bounds = Attained(network), {}
    points = np.asarray(points)
    finite = np.isfinite(points).all(axis=1)
    found = network.gradients(np.where(finite[:, None], points, 0.0))
    patterns: dict[int, list[np.ndarray] | None] = {}
    for p in ps:
        bounds[p] = LowerBound(0.0, np.zeros(network.input_dim), "sampling")
        values = np.where(finite, norm(found, conjugate(p)), -1.0)
        for row in np.argsort(-np.nan_to_num(values), kind="stable")[:MOST_SETTLED]:
            if row not in patterns:
                patterns[row] = attained.pattern(points[row])
            if patterns[row] is not None:
                ((value, _),) = attained.norms(patterns[row], [conjugate(p)])
                bounds[p] = LowerBound(value, points[row], methods[row])
                break
    return bounds


def of_affine(network: ReluNetwork, ps: Sequence[float]) -> dict[float, LowerBound]:
    """The constants of an affine function, rounded down, with the origin as their point."""
    origin = np.zeros(network.input_dim)
    return {
        p: LowerBound(Attained(network).norms([], [conjugate(p)])[0][0], origin, "sampling")
        for p in ps
    }
