"""All certified upper bounds of the Lipschitz constants of a network."""

import math
from collections.abc import Callable

from memrob.errors import UserError
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import checked_p
from memrob.lipschitz.upper.combination import combined
from memrob.lipschitz.upper.intervals import interval_bound
from memrob.lipschitz.upper.patterns import pattern_bound
from memrob.lipschitz.upper.products import product_bound
from memrob.lipschitz.upper.semidefinite import semidefinite_bound

METHODS: dict[str, Callable] = {
    "product": product_bound,
    "patterns": pattern_bound,
    "intervals": interval_bound,
    "semidefinite": semidefinite_bound,
}
"""Methods by name; each holds for every p in [1, inf] and on all of R^d."""

ANCHORS = (1.0, 2.0, math.inf)
"""Exponents at which `least_upper` computes bounds in any case."""


def upper_bounds(
    network: ReluNetwork,
    ps: list[float],
    methods: list[str] | None = None,
    operations: float | None = None,
) -> dict[str, dict[float, float]]:
    """Upper bounds of lip_p by each method on its own.

    Parameters
    ----------
    network : ReluNetwork
        Of any depth and width, with finite weights.
    ps : list of float
        Exponents in [1, inf].
    methods : list of str, optional
        Names out of `METHODS`; all without it.
    operations : float, optional
        Floating-point operations that the semidefinite bound may take; see `semidefinite_bound`.

    Returns
    -------
    dict
        By method, by p: a number that lip_p does not exceed, rounding included, or NaN where the
        network is too large for the method.

    Raises
    ------
    UserError
        For a method that does not exist, or an exponent below 1.
    """
    ps = [checked_p(p) for p in ps]
    names = list(METHODS) if methods is None else methods
    for name in names:
        if name not in METHODS:
            raise UserError(f"methods: {name!r} is not one of {', '.join(METHODS)}")
    effort = {} if operations is None else {"operations": operations}
    return {
        name: METHODS[name](network, ps, **(effort if name == "semidefinite" else {}))
        for name in names
    }


def least_upper(
    network: ReluNetwork, ps: list[float], methods: list[str] | None = None
) -> dict[float, float]:
    """Least upper bounds of lip_p that the methods give together.

    Parameters and errors are those of `upper_bounds`. Bounds at 1, 2, inf and every p asked for
    are moved to the others and interpolated (`memrob.lipschitz.upper.combination`).

    Returns
    -------
    dict
        Upper bound of lip_p by p.
    """
    ps = [checked_p(p) for p in ps]
    found = upper_bounds(network, list(dict.fromkeys([*ANCHORS, *ps])), methods)
    return least_of(found, ps, network.input_dim)


def least_of(
    bounds: dict[str, dict[float, float]], ps: list[float], input_dim: int
) -> dict[float, float]:
    """Least upper bounds that follow from those of several methods, as `upper_bounds` returns."""
    least: dict[float, float] = {}
    for by_p in bounds.values():
        for p, bound in by_p.items():
            if not math.isnan(bound):
                least[p] = min(bound, least.get(p, math.inf))
    return combined(least, ps, input_dim)
