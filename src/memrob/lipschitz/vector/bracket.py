"""Bounds of the Lipschitz constant of a whole map into R^K, from l^p to l^q."""

import math
from dataclasses import dataclass, replace

import numpy as np

from memrob.errors import UserError
from memrob.lipschitz.any_network import Means, scalar_bracket
from memrob.lipschitz.bracket import Bracket
from memrob.lipschitz.norms import conjugate, norm
from memrob.lipschitz.operators.climb import climb
from memrob.lipschitz.operators.network import OperatorNetwork
from memrob.lipschitz.operators.upper import product_above, with_all_slopes
from memrob.lipschitz.upper.operator_norms import identity_norm
from memrob.lipschitz.upper.rounding import raised
from memrob.lipschitz.vector.semidefinite import euclidean_bounds


@dataclass(frozen=True)
class MapBracket(Bracket):
    """What is known about lip_{p->q} of a map.

    Attributes
    ----------
    q : float
        Exponent of the norm of the outputs.
    combination : ndarray of float64, shape (K,), or None
        y for which |gradient of y^T f|_{p'} / |y|_{q'} is `lower` at the point.
    """

    q: float = math.inf
    combination: np.ndarray | None = None


def map_bracket(
    network: OperatorNetwork, p: float, q: float, means: Means | None = None
) -> MapBracket:
    """Bound the largest |f(x) - f(y)|_q / |x - y|_p from below and above, or compute it.

    Parameters
    ----------
    network : OperatorNetwork
        Of K outputs.
    p, q : float
        Exponents in [1, inf].
    means : Means, optional

    Returns
    -------
    MapBracket

    Raises
    ------
    UserError
        For "exact" with q other than inf, or where the exact value of an output is out of reach.

    Notes
    -----
    lip_{p->q} is the largest lip_p of y^T f with |y|_{q'} <= 1. For q = inf it is that of an
    output: the outputs are gone through in the order of their upper bounds until no other can
    exceed what is attained. Otherwise from below a climb, and the outputs; from above the least of
    products of norms, the norm of l^q of the bounds of the outputs, and the semidefinite bound
    from l^p to l^2 times the norm of the identity from l^2 to l^q. All hold for all p and q.
    """
    means = means or Means()
    if math.isinf(q):
        return _of_outputs(network, p, means)
    if means.method == "exact":
        raise UserError("--method: exact is for --q inf alone where --output is all")
    means.require_none("is for one output, or --q inf")
    found = MapBracket(p, conjugate(p), q=q)
    if means.wants_lower:
        seconds = means.shared(2).seconds
        slope = climb(network, p, q, seed=means.seed, seconds=seconds)
        found = replace(
            found,
            lower=slope.value,
            point=slope.point,
            combination=slope.combination,
            lower_method="climb",
        )
        found = _with_best_output(network, found, means)
    if means.wants_upper:
        bounds = _upper(network, p, q, means)
        best = min(bounds, key=bounds.__getitem__)
        found = replace(found, upper=bounds[best], upper_method=best, upper_bounds=bounds)
    return found


def _upper(network: OperatorNetwork, p: float, q: float, means: Means) -> dict[str, float]:
    rows = [product_above(_output(network, k), p, q) for k in range(network.n_outputs)]
    found = {"product": product_above(network, p, q), "rows": _of_rows(rows, q)}
    surrogate = with_all_slopes(network) if means.fits(network) else None
    if surrogate is not None:
        bound = euclidean_bounds(surrogate, [p])[p] * identity_norm(network.n_outputs, 2, q)
        if not math.isnan(bound):
            found["semidefinite"] = float(raised(bound))
    return found


def _of_rows(bounds: list[float], q: float) -> float:
    return float(raised(norm(np.array(bounds), q), len(bounds)))


def _output(network: OperatorNetwork, k: int) -> OperatorNetwork:
    return network.combined(np.eye(network.n_outputs)[[k]])


def _with_best_output(network: OperatorNetwork, found: MapBracket, means: Means) -> MapBracket:
    """The lower bound of the output with the largest gradient in the climb, if that is more."""
    if found.lower > 0:
        k = int(np.argmax(norm(network.jacobian(found.point), found.conjugate_p)))
    else:
        k = 0
    lower = replace(means.shared(2), method="lower")
    known = scalar_bracket(_output(network, k), [found.p], lower)[found.p]
    if known.lower > found.lower:
        unit = np.eye(network.n_outputs)[k]
        found = replace(found, lower=known.lower, point=known.point, combination=unit)
        found = replace(found, lower_method=known.lower_method)
    if known.point is None:
        return found
    again = climb(network, found.p, found.q, seed=means.seed + 1, starts=known.point[None])
    if again.value > found.lower:
        found = replace(found, lower=again.value, point=again.point, lower_method="climb")
        found = replace(found, combination=again.combination)
    return found


def _of_outputs(network: OperatorNetwork, p: float, means: Means) -> MapBracket:
    """Q = inf: the largest constant of an output."""
    outputs = [_output(network, k) for k in range(network.n_outputs)]
    simple = [product_above(output, p, math.inf) for output in outputs]
    known: dict[int, Bracket] = {}
    for k in sorted(range(len(outputs)), key=lambda k: -simple[k]):
        attained = max((found.lower or 0.0 for found in known.values()), default=-1.0)
        if simple[k] <= attained:
            break
        known[k] = scalar_bracket(outputs[k], [p], means.shared(len(outputs)))[p]
    found = MapBracket(p, conjugate(p), q=math.inf)
    if means.method != "upper":
        best = max(known, key=lambda k: known[k].lower or 0.0)
        own = known[best]
        found = replace(found, lower=own.lower, point=own.point, lower_method=own.lower_method)
        found = replace(found, combination=np.eye(len(outputs))[best])
    if means.method != "lower":
        best = max(known, key=lambda k: known[k].upper)
        own = known[best]
        found = replace(
            found, upper=own.upper, upper_method=own.upper_method, upper_bounds=own.upper_bounds
        )
    # Outputs that were left out cannot exceed what another attains.
    if all(own.exact is not None for own in known.values()):
        best = max(known, key=lambda k: known[k].exact)
        found = replace(found, exact=known[best].exact, exact_method=known[best].exact_method)
    return found
