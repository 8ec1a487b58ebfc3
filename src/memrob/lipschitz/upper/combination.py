"""Bounds at one p from bounds at others."""

import math
from itertools import product

from memrob.lipschitz.upper.operator_norms import identity_norm
from memrob.lipschitz.upper.rounding import raised


def combined(bounds: dict[float, float], ps: list[float], input_dim: int) -> dict[float, float]:
    """Upper bounds of lip_p for every p from upper bounds at some.

    Parameters
    ----------
    bounds : dict
        Upper bound of lip_p by p; NaN and inf count as none.
    ps : list of float
        Exponents in [1, inf] that are asked for.
    input_dim : int
        Dimension d of the input.

    Returns
    -------
    dict
        Least bound by p that follows; inf without any.

    Notes
    -----
    For p <= q: lip_p <= lip_q and lip_q <= d^{1/p - 1/q} lip_p. And 1/q -> log |g|_q is convex
    for every g, hence lip_p <= lip_a^(1 - t) lip_b^t where 1/p = (1 - t)/a + t/b.
    """
    known = {p: bound for p, bound in bounds.items() if math.isfinite(bound)}
    moved = {
        p: min((_moved(bound, q, p, input_dim) for q, bound in known.items()), default=math.inf)
        for p in {*known, *ps}
    }
    return {
        p: min(_between(a, moved[a], b, moved[b], p) for a, b in product(moved, repeat=2))
        for p in ps
    }


def _moved(bound: float, q: float, p: float, dim: int) -> float:
    if p == q:
        return bound
    return float(raised(bound * identity_norm(dim, p, q)))


def _between(a: float, at_a: float, b: float, at_b: float, p: float) -> float:
    if p in (a, b):
        return at_a if p == a else at_b
    if not a < p < b or math.isinf(at_a):
        return math.inf
    share = (1 / a - 1 / p) / (1 / a - 1 / b)
    return float(raised(at_a ** (1 - share) * at_b**share))
