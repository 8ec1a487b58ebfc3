"""Bounds from below and above, and the exact value, of one network's Lipschitz constants."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from memrob.errors import UserError
from memrob.lipschitz.attained import Attained
from memrob.lipschitz.balanced import NotBalancedError, balanced
from memrob.lipschitz.bounded import below_box, below_whole, without_lower
from memrob.lipschitz.exact import exact_lipschitz, feasible_method
from memrob.lipschitz.exact.branching import by_branching
from memrob.lipschitz.exact.result import ROUNDING, Exact
from memrob.lipschitz.known import Bracket, consistent, require_method, unscaled
from memrob.lipschitz.local import local_bracket
from memrob.lipschitz.lower import LowerBound, search
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import checked_p, conjugate
from memrob.lipschitz.related import related
from memrob.lipschitz.upper import interval_bound, least_of, upper_bounds
from memrob.lipschitz.upper.bounds import ANCHORS
from memrob.lipschitz.upper.bounds import METHODS as ALL

QUICK_NODES, QUICK_NEURONS = 20_000, 40
"""Nodes of the search for an exact value beside bounds, and the largest network for it."""

EXACT_NODES = 200_000
"""Nodes where the exact value is asked for by name: some minutes."""

SMALL_NEURONS = 28
"""Neurons up to which that search is not cut short."""

EXTREME_NEURONS = 64
"""Neurons up to which a network with numbers of too different sizes is searched in integers."""


def bracket(
    network: ReluNetwork,
    ps: Sequence[float],
    *,
    method: str = "all",
    seed: int = 0,
    restarts: int | None = None,
    steps: int = 150,
    device: str = "cpu",
    operations: float | None = None,
    box: float | None = None,
    at: np.ndarray | None = None,
    radius: float | np.ndarray | None = None,
    ball_norm: float = math.inf,
    points: np.ndarray | None = None,
    nodes: int | None = None,
    seconds: float | None = None,
) -> dict[float, Bracket]:
    """Bound lip_p of a network from below and above, or compute it.

    Parameters
    ----------
    network : ReluNetwork
    ps : sequence of float
        Exponents in [1, inf].
    method : {"lower", "upper", "exact", "all"}
        What to compute. "exact" gives the exact value, or what the search for it leaves open as
        bounds; "all" gives the bounds too, and looks for the exact value where that is quick.
    seed, restarts, steps, device
        Of the search for the lower bound, see `memrob.lipschitz.lower.search`.
    operations : float, optional
        Of the upper bounds (`memrob.lipschitz.upper.upper_bounds`).
    box : float, optional
        With "upper", bound the gradients at the points of the cube [-box, box]^d alone: what `at`
        0 with this radius gives, or less.
    at, radius, ball_norm
        With `at`, bound the gradients about that point: see `memrob.lipschitz.local`. No bound from
        above exceeds that for the whole space.
    points : ndarray of float64, shape (M, d), optional
        Points to start the search at, such as data.
    nodes : int, optional
        Where the search for the exact value ends (`memrob.lipschitz.exact.exact_lipschitz`); for
        networks of more than 28 neurons after 20,000 if left out, and 200,000 with "exact".
    seconds : float, optional
        Time for both searches, which with more of it never find less.

    Returns
    -------
    dict of float to Bracket
        By p.

    Raises
    ------
    UserError
        For an unknown method, a bound that exceeds double precision, and for "exact" if the network
        is too large even to begin with.
    """
    require_method(method)
    if at is not None:
        options = {"method": method, "seed": seed, "nodes": nodes, "seconds": seconds}
        return _about(network, ps, {"at": at, "radius": radius, "ball_norm": ball_norm}, options)
    if box is not None and method != "upper":
        raise UserError("box: is for method upper alone")
    ps = list(dict.fromkeys(checked_p(p) for p in ps))
    shares = _shares(network, method)
    times = [None if seconds is None else share * seconds for share in shares]
    budget = {"nodes": nodes, "seconds": times[1]}
    with np.errstate(all="ignore"):
        try:
            scaled, power, reach = balanced(network)
        except NotBalancedError:
            return _of_extreme(network, ps, budget)
        found = {p: Bracket(p, conjugate(p)) for p in ps}
        if method in ("lower", "all") or (method == "exact" and _method_of(scaled) == "branching"):
            data = None if points is None else np.ldexp(points, -reach)
            effort = {"restarts": restarts, "steps": steps, "device": device}
            # Where the exact value follows anyway, climbs are in vain.
            follows = method != "lower" and sum(scaled.widths) <= SMALL_NEURONS and nodes is None
            effort |= {"points": data, "seconds": times[0]}
            effort |= {"climb": not follows, "polish_far": not follows}
            bounds = search([scaled], ps, seeds=[seed], **effort)[0]
            found = {p: _with_lower(found[p], bound) for p, bound in bounds.items()}
        if method in ("upper", "all"):
            cube = None
            if box is not None:
                # A larger cube is on the safe side, in which a tiny one is not rounded to a point.
                cube = max(float(np.ldexp(box, -reach)), np.finfo(float).tiny)
            found = _with_upper(scaled, found, cube, operations)
        if method == "exact" or (method == "all" and _is_quick(scaled, budget)):
            limit = EXACT_NODES if method == "exact" else QUICK_NODES
            found = _with_exact(scaled, found, budget, limit)
        if method == "exact" and any(known.exact is None for known in found.values()):
            # What the search leaves open may be far above what bounds in closed form say.
            simple = _with_upper(scaled, found, None, 0)
            found = {p: min(known, simple[p], key=lambda b: b.upper) for p, known in found.items()}
        found = related(found, scaled.input_dim, scaled)
        found = {p: unscaled(consistent(known), power, reach) for p, known in found.items()}
        if box is not None:
            options = {"method": "upper", "seed": seed, "nodes": nodes, "seconds": seconds}
            found = below_box(network, found, box, **options)
    return found


def _about(network: ReluNetwork, ps, ball: dict, options: dict) -> dict[float, Bracket]:
    """Brackets about a point, never above those of the whole space."""
    found = local_bracket(network, ps, **ball, **options)
    method, is_limited = options["method"], options["nodes"] or options["seconds"]
    if method == "lower":
        return found

    def whole() -> dict[float, Bracket]:
        bounds = bracket(network, list(found), method="upper")
        if method == "upper" or is_limited or not _is_quick(network, {}):
            return bounds
        is_small = sum(network.widths) <= SMALL_NEURONS
        limit = {} if is_small else {"nodes": QUICK_NODES}
        exact = bracket(network, list(found), method="exact", seed=options["seed"], **limit)
        return {p: min(exact[p], bounds[p], key=lambda b: b.upper) for p in found}

    with np.errstate(all="ignore"):
        found = below_whole(network, found, whole)
    return without_lower(found) if method == "upper" else found


def _shares(network: ReluNetwork, method: str) -> tuple[float, float]:
    """Shares of the time for the search from below and for that for the exact value."""
    if method == "lower":
        return 1.0, 0.0
    return (0.8, 0.2) if sum(network.widths) > 2 * QUICK_NEURONS else (0.2, 0.8)


def _with_lower(known: Bracket, bound: LowerBound) -> Bracket:
    return replace(known, lower=bound.value, point=bound.point, lower_method=bound.method)


def _is_quick(network: ReluNetwork, budget: dict) -> bool:
    method = _method_of(network)
    if method != "branching" or any(limit is not None for limit in budget.values()):
        return method is not None
    return sum(network.widths) <= QUICK_NEURONS


def _method_of(network: ReluNetwork) -> str | None:
    try:
        return feasible_method(network)
    except UserError:
        return None


def _of_extreme(network: ReluNetwork, ps: list[float], budget: dict) -> dict[float, Bracket]:
    """Search a network, of which no multiple fits float64, in integers alone."""
    if sum(network.widths) > EXTREME_NEURONS:
        raise NotBalancedError
    exact = by_branching(network, ps, exhaustive=True, **budget)
    found = {p: _settled(network, Bracket(p, conjugate(p)), exact) for p in ps}
    return {p: unscaled(consistent(known), 0, 0) for p, known in found.items()}


def _with_upper(
    network: ReluNetwork, found: dict[float, Bracket], box: float | None, operations: float | None
) -> dict[float, Bracket]:
    ps = list(dict.fromkeys([*found, *ANCHORS]))
    bounds = upper_bounds(network, ps, [name for name in ALL if name != "semidefinite"])
    # The metric of p = inf takes as long as all of p = 2: only where it is asked for.
    bounds |= upper_bounds(network, list(found), ["semidefinite"], operations)
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
    network: ReluNetwork, found: dict[float, Bracket], budget: dict, limit: int
) -> dict[float, Bracket]:
    points = [known.point for known in found.values() if known.point is not None]
    is_small = sum(network.widths) <= SMALL_NEURONS
    if not any(budget.values()) and points and not is_small:
        budget = budget | {"nodes": limit}
    known = np.array(points) if points else None
    exact = exact_lipschitz(network, list(found), points=known, **budget)
    return {p: _settled(network, known, exact) for p, known in found.items()}


def _settled(network: ReluNetwork, known: Bracket, exact: Exact) -> Bracket:
    """What is known once the exact value, or part of the way to it, is."""
    p, point = known.p, exact.points[known.p]
    low, above = exact.values[p], exact.above[p]
    if exact.method in ("line", "plane", "regions"):
        low *= 1 - 2 * ROUNDING
        pattern = None if point is None else Attained(network).pattern(point)
        if pattern is not None:
            ((low, _),) = Attained(network).norms(pattern, [known.conjugate_p])
    if known.lower is None or low >= known.lower:
        known = replace(known, lower=low, point=point, lower_method=exact.method)
    if known.upper is None or above <= known.upper:
        known = replace(known, upper=above, upper_method=exact.method)
    if p in exact.doubtful:
        return known
    return replace(known, exact=known.lower, exact_method=exact.method)
