"""Brackets of Lipschitz constants on a box or a ball, by branching on the input or on neurons."""

import math
import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from memrob.errors import UserError
from memrob.lipschitz.attained import Attained
from memrob.lipschitz.balanced import balanced
from memrob.lipschitz.exact.branching import by_branching
from memrob.lipschitz.exact.exact import LARGEST_SEARCH
from memrob.lipschitz.exact.result import ROUNDING
from memrob.lipschitz.known import Bracket, consistent, require_method, unscaled
from memrob.lipschitz.local.boxes import search_boxes
from memrob.lipschitz.local.climb import climb_within
from memrob.lipschitz.local.region import Region, checked_region
from memrob.lipschitz.local.relaxation import Boxes, activation_bounds, gradient_bounds
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import checked_p, conjugate, norm
from memrob.lipschitz.related import related
from memrob.lipschitz.upper import least_of, upper_bounds
from memrob.lipschitz.upper.bounds import ANCHORS
from memrob.lipschitz.upper.rounding import raised

OPEN_NEURONS, OPEN_NODES = 30, 5_000
"""Neurons of either sign on the region up to which branching on them follows, and its nodes."""


def local_bracket(
    network: ReluNetwork,
    ps: Sequence[float],
    at,
    radius,
    *,
    ball_norm: float = math.inf,
    method: str = "all",
    seed: int = 0,
    nodes: int | None = None,
    seconds: float | None = None,
) -> dict[float, Bracket]:
    """Bound the Lipschitz constant on a neighbourhood of a point, or compute it.

    Parameters
    ----------
    network : ReluNetwork
    ps : sequence of float
        Exponents in [1, inf].
    at : array_like of float, shape (d,)
        The point.
    radius : float or array_like of float, shape (d,)
        Half the sides of a box about it, one for all or one for each coordinate; the radius of a
        ball.
    ball_norm : {inf, 2}
        A box, or a ball of l^2.
    method : {"lower", "upper", "exact", "all"}
        "lower" leaves out what bounds from above; the others differ in nothing but what is asked.
    seed : int
        Of the search from below.
    nodes : int, optional
        Boxes, then regions, that are looked at.
    seconds : float, optional
        Time after which the search ends.

    Returns
    -------
    dict of float to Bracket
        By p: `lower` is the norm of a gradient inside; `upper` holds for every point; `exact` is
        None where the two do not meet.

    Raises
    ------
    UserError
        For a region that makes no sense, and numbers beyond double precision.

    Notes
    -----
    Pre-activations are bounded by linear relaxation, gradients by intervals (`relaxation`); the box
    is cut in two where that leaves the largest bound. On a ball, boxes outside are left out.
    """
    require_method(method)
    ps = list(dict.fromkeys(checked_p(p) for p in ps))
    region = checked_region(at, radius, ball_norm, network.input_dim)
    end = None if seconds is None else time.monotonic() + seconds
    with np.errstate(all="ignore"):
        scaled, power, reach = balanced(network)
        centre, sizes = np.ldexp(region.centre, -reach), np.ldexp(region.radius, -reach)
        if not (
            np.array_equal(np.ldexp(centre, reach), region.centre)
            and np.array_equal(np.ldexp(sizes, reach), region.radius)
            and np.isfinite(np.abs(centre) + sizes).all()
        ):
            raise UserError("at, radius: are of too different a size than the network's regions")
        region = Region(centre, sizes, region.is_ball)
        found = _bracket(scaled, ps, region, method, seed, nodes, end)
        return {p: unscaled(consistent(known), power, reach) for p, known in found.items()}


def _bracket(network, ps, region: Region, method, seed, nodes, end) -> dict[float, Bracket]:
    points = climb_within(network, region, ps, seed, end if method == "lower" else None)
    found = _attained(network, ps, region, points)
    if method == "lower":
        return found
    bounds, open_count = _root_bounds(network, ps, region)
    least = least_of(bounds, ps, network.input_dim)
    for p, known in found.items():
        values = {name: by_p[p] for name, by_p in bounds.items() if not math.isnan(by_p[p])}
        best = min(values, key=values.__getitem__)
        name = best if values[best] <= least[p] else "combination"
        found[p] = replace(known, upper=least[p], upper_method=name, upper_bounds=values)
    lows = {p: known.lower for p, known in found.items()}
    boxes = search_boxes(network, ps, region, lows, nodes, end)
    found = _with(found, _attained(network, ps, region, boxes.points), "boxes")
    found = _below(found, boxes.upper, "boxes")
    if open_count <= OPEN_NEURONS and not region.is_ball and not _all_settled(found):
        weights = sum(weight.size for weight in network.weights)
        if weights <= LARGEST_SEARCH:
            left = None if end is None else max(0.0, end - time.monotonic())
            exact = by_branching(
                network, ps, points=points, nodes=nodes or OPEN_NODES, seconds=left, region=region
            )
            for p in ps:
                if exact.values[p] > found[p].lower:
                    found[p] = replace(
                        found[p],
                        lower=exact.values[p],
                        point=exact.points[p],
                        lower_method="branching",
                    )
            found = _below(found, exact.above, "branching")
    return related({p: _settled(known) for p, known in found.items()}, network.input_dim, network)


def _root_bounds(network, ps, region) -> tuple[dict[str, dict[float, float]], int]:
    """Upper bounds on the whole region by each method, and the neurons of either sign on it."""
    every = list(dict.fromkeys([*ps, *ANCHORS]))
    bounds = upper_bounds(network, every, ["product", "patterns"])
    low, high = region.ends
    reach = raised(region.radius[:1]) if region.is_ball else None
    known = activation_bounds(network, Boxes(low[None], high[None], reach))
    largest = gradient_bounds(network, known)[0]
    bounds["relaxation"] = {
        p: float(raised(norm(largest, conjugate(p)), network.input_dim)) for p in every
    }
    return bounds, sum(int(((a <= 0) & (b > 0)).sum()) for a, b in known)


def _attained(network, ps, region, points) -> dict[float, Bracket]:
    """The largest gradients at points (M, d) that are inside, settled."""
    attained, qs = Attained(network), [conjugate(p) for p in ps]
    found = {p: Bracket(p, conjugate(p), 0.0, lower_method="local") for p in ps}
    gradients = network.gradients(points)
    patterns: dict[int, list | None] = {}
    for p, q in zip(ps, qs, strict=True):
        values = np.nan_to_num(norm(gradients, q))
        for row in np.argsort(-values, kind="stable")[:64]:
            if row not in patterns:
                inside = region.contains(points[row])
                patterns[row] = attained.pattern(points[row]) if inside else None
            if patterns[row] is not None:
                ((low, _),) = attained.norms(patterns[row], [q])
                found[p] = replace(found[p], lower=low, point=points[row])
                break
    return found


def _with(found, others, name: str) -> dict[float, Bracket]:
    return {
        p: replace(known, lower=others[p].lower, point=others[p].point, lower_method=name)
        if others[p].lower > known.lower
        else known
        for p, known in found.items()
    }


def _below(found, uppers, name: str) -> dict[float, Bracket]:
    return {
        p: replace(known, upper=float(uppers[p]), upper_method=name)
        if uppers[p] < known.upper
        else known
        for p, known in found.items()
    }


def _all_settled(found: dict[float, Bracket]) -> bool:
    return all(known.upper <= known.lower * (1 + ROUNDING) for known in found.values())


def _settled(known: Bracket) -> Bracket:
    if known.upper > known.lower * (1 + ROUNDING):
        return known
    return replace(known, exact=known.lower, exact_method=known.upper_method)
