"""Bounds from below and above, and the exact value, of one network's Lipschitz constants."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from memrob.errors import UserError
from memrob.lipschitz.balanced import balanced
from memrob.lipschitz.exact import exact_lipschitz
from memrob.lipschitz.lower import search
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import checked_p, conjugate, norm
from memrob.lipschitz.upper import interval_bound, least_of, upper_bounds
from memrob.lipschitz.upper.bounds import ANCHORS

METHODS = ("lower", "upper", "exact", "all")

ROUNDING = 1e-12
"""Relative difference that rounding makes between gradients of neighbouring regions."""


@dataclass(frozen=True)
class Bracket:
    """What is known about lip_p of one network.

    Attributes
    ----------
    p, conjugate_p : float
        1/p + 1/p' = 1.
    lower, upper, exact : float or None
        None where unknown.
    point : ndarray of float64, shape (d,), or None
        Where |gradient|_{p'} is `lower`.
    lower_method, upper_method, exact_method : str or None
        How each was found.
    upper_bounds : dict of str to float
        Upper bounds of each method on its own. `upper` is the least of them, or less by
        "combination" with those at other exponents.
    """

    p: float
    conjugate_p: float
    lower: float | None = None
    upper: float | None = None
    exact: float | None = None
    point: np.ndarray | None = None
    lower_method: str | None = None
    upper_method: str | None = None
    exact_method: str | None = None
    upper_bounds: dict[str, float] = field(default_factory=dict)


def bracket(
    network: ReluNetwork,
    ps: Sequence[float],
    *,
    method: str = "all",
    seed: int = 0,
    restarts: int | None = None,
    device: str = "cpu",
    box: float | None = None,
) -> dict[float, Bracket]:
    """Bound lip_p of a network from below and above, or compute it.

    Parameters
    ----------
    network : ReluNetwork
    ps : sequence of float
        Exponents in [1, inf].
    method : {"lower", "upper", "exact", "all"}
        What to compute. "exact" gives the exact value for both bounds; "all" gives the bounds, and
        the exact value where it is within reach.
    seed, restarts, device
        Of the search for the lower bound, see `memrob.lipschitz.lower.search`.
    box : float, optional
        With "upper", bound the gradients at the points of the cube [-box, box]^d alone.

    Returns
    -------
    dict of float to Bracket
        By p.

    Raises
    ------
    UserError
        For an unknown method, a bound that exceeds double precision, and for "exact" if the exact
        value is out of reach.
    """
    if method not in METHODS:
        raise UserError(f"method: is {method!r}; it must be one of {', '.join(METHODS)}")
    if box is not None and method != "upper":
        raise UserError("box: is for method upper alone")
    ps = list(dict.fromkeys(checked_p(p) for p in ps))
    network, power, reach = balanced(network)
    if box is not None:
        # A larger cube is on the safe side, in which a tiny one is not rounded to a point.
        with np.errstate(over="ignore", under="ignore"):
            box = max(float(np.ldexp(box, -reach)), np.finfo(float).tiny)
    found = {p: Bracket(p, conjugate(p)) for p in ps}
    if method in ("lower", "all"):
        bounds = search([network], ps, seeds=[seed], restarts=restarts, device=device)[0]
        for p, bound in bounds.items():
            value = _slope_at(network, bound.point, p)
            found[p] = replace(found[p], lower=value, point=bound.point, lower_method=bound.method)
    if method in ("upper", "all"):
        found = _with_upper(network, found, box)
    if method in ("exact", "all"):
        found = _with_exact(network, found, required=method == "exact")
    return {p: _unscaled(known, power, reach) for p, known in found.items()}


def _with_upper(
    network: ReluNetwork, found: dict[float, Bracket], box: float | None
) -> dict[float, Bracket]:
    ps = list(dict.fromkeys([*found, *ANCHORS]))
    bounds = upper_bounds(network, ps)
    if box is not None:
        bounds["intervals"] = interval_bound(network, ps, radius=box)
    least = least_of(bounds, list(found), network.input_dim)
    return {
        p: replace(known, upper=least[p], upper_method=method, upper_bounds=values)
        for p, known in found.items()
        for values, method in [_by_method(bounds, p, least[p])]
    }


def _by_method(
    bounds: dict[str, dict[float, float]], p: float, least: float
) -> tuple[dict[str, float], str]:
    # NaN stands for a network that is too large for the method.
    values = {name: by_p[p] for name, by_p in bounds.items() if not math.isnan(by_p[p])}
    best = min(values, key=values.__getitem__)
    return values, best if values[best] <= least else "combination"


def _with_exact(
    network: ReluNetwork, found: dict[float, Bracket], required: bool
) -> dict[float, Bracket]:
    try:
        exact = exact_lipschitz(network, list(found))
        if exact.doubtful:
            raise UserError("exact: a region thinner than rounding may have a larger gradient")
    except UserError:
        if required:
            raise
        return found
    return {
        p: _settled(network, known, exact.method, exact.points[p], only=required)
        for p, known in found.items()
    }


def _settled(
    network: ReluNetwork, known: Bracket, method: str, point: np.ndarray, only: bool
) -> Bracket:
    value = _slope_at(network, point, known.p)
    known = replace(known, exact=value, exact_method=method)
    if only:
        return replace(
            known, lower=value, upper=value, point=point, lower_method=method, upper_method=method
        )
    # Equal gradients of two regions differ by rounding: one value stands for both.
    if abs(known.lower - value) <= ROUNDING * value:
        known = replace(known, lower=value, point=point)
    return known


def _slope_at(network: ReluNetwork, point: np.ndarray, p: float) -> float:
    # One point at a time, so that the products of a gradient are summed in one order everywhere.
    return float(norm(network.gradients(point[None])[0], conjugate(p)))


def _unscaled(known: Bracket, power: int, reach: int) -> Bracket:
    def unscaled(value: float | None) -> float | None:
        return None if value is None else math.ldexp(value, power)

    try:
        with np.errstate(over="raise"):
            return replace(
                known,
                lower=unscaled(known.lower),
                upper=unscaled(known.upper),
                exact=unscaled(known.exact),
                point=None if known.point is None else np.ldexp(known.point, reach),
                upper_bounds={name: unscaled(value) for name, value in known.upper_bounds.items()},
            )
    except (OverflowError, FloatingPointError) as error:
        raise UserError("network: its gradients or regions exceed double precision") from error
