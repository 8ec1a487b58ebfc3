"""What is known at one exponent from what is known at others, in both directions."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from memrob.lipschitz.attained import Attained
from memrob.lipschitz.known import Bracket
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import norm
from memrob.lipschitz.upper.combination import combined
from memrob.lipschitz.upper.operator_norms import identity_norm
from memrob.lipschitz.upper.rounding import lowered

LEAST = float(np.finfo(np.float64).tiny)
"""Lower bounds that are not above this are not moved: below it rounding is not relative."""


def related(
    found: dict[float, Bracket], input_dim: int, network: ReluNetwork | None = None
) -> dict[float, Bracket]:
    """Tighten brackets of one function by each other.

    Parameters
    ----------
    found : dict of float to Bracket
        By p.
    input_dim : int
        Dimension d of the input.
    network : ReluNetwork, optional
        Whose gradients at the points the lower bounds are; without it, a lower bound that another
        gives may be less than the norm at its point.

    Returns
    -------
    dict of float to Bracket

    Notes
    -----
    For p <= q: lip_p <= lip_q <= d^(1/p - 1/q) lip_p, and lip_p <= lip_a^(1 - t) lip_b^t between.
    The same holds for the norms of one gradient, so that what a point attains carries over.
    """
    norm_at = None if network is None else _norms_at(network)
    raised = {p: _raised(known, found, input_dim, norm_at) for p, known in found.items()}
    uppers = {p: known.upper for p, known in raised.items() if known.upper is not None}
    least = combined(uppers, list(uppers), input_dim)
    return {
        p: replace(known, upper=least[p], upper_method="combination")
        if p in uppers and least[p] < known.upper and known.exact is None
        else known
        for p, known in raised.items()
    }


def _raised(
    known: Bracket,
    found: dict[float, Bracket],
    dim: int,
    norm_at: Callable[[np.ndarray, float, float], float] | None,
) -> Bracket:
    if known.lower is None or known.exact is not None:
        return known
    for other in found.values():
        if other.lower is None or other.p == known.p:
            continue
        value = lowered(other.lower / identity_norm(dim, other.p, known.p))
        if norm_at is not None and other.point is not None:
            value = max(value, norm_at(other.point, known.conjugate_p, known.lower))
        if value > max(known.lower, LEAST):
            known = replace(known, lower=value, point=other.point, lower_method=other.lower_method)
    return known


def _norms_at(network: ReluNetwork) -> Callable[[np.ndarray, float, float], float]:
    attained, patterns = Attained(network), {}

    def norm_at(point: np.ndarray, q: float, floor: float) -> float:
        """Norm of the gradient at a point for certain, or 0 if it is not above `floor`."""
        if not norm(network.gradients(point[None])[0], q) > floor:
            return 0.0
        key = point.tobytes()
        if key not in patterns:
            patterns[key] = attained.pattern(point)
        if patterns[key] is None:
            return 0.0
        return attained.norms(patterns[key], [q])[0][0]

    return norm_at
