"""Bounds for networks of any kind: which machinery can take which network."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from memrob.errors import UserError
from memrob.lipschitz.bracket import Bracket, bracket
from memrob.lipschitz.norms import checked_p, conjugate
from memrob.lipschitz.operators.climb import climb
from memrob.lipschitz.operators.network import OperatorNetwork
from memrob.lipschitz.operators.upper import product_above, with_all_slopes
from memrob.lipschitz.related import related
from memrob.lipschitz.upper import least_of, upper_bounds
from memrob.lipschitz.upper.bounds import ANCHORS
from memrob.numerics.memory import available_memory

COPIES = 6
"""Copies of the matrices that searches and bounds hold at a time, about."""

NUMBER_BYTES = 8

SHARE = 0.5
"""Share of the available memory that may be taken unless told otherwise."""

SLOPE_METHODS = ("product", "patterns", "intervals", "semidefinite")
"""Methods whose bounds hold for all derivatives of activations in [0, 1]."""


@dataclass(frozen=True)
class Means:
    """What a computation may use.

    Attributes
    ----------
    method : {"lower", "upper", "exact", "all"}
    memory : float
        Bytes that dense matrices may take; half of what is available if left out.
    seed : int
        Of the search.
    seconds : float
        Time for the searches; they end by themselves if it is left out.
    options : dict
        Further options of `memrob.lipschitz.bracket.bracket`.
    """

    method: str = "all"
    memory: float | None = None
    seed: int = 0
    seconds: float | None = None
    options: dict | None = None

    @property
    def of_bracket(self) -> dict:
        """Options of `memrob.lipschitz.bracket.bracket` that are given."""
        given = {"method": self.method, "seed": self.seed, "seconds": self.seconds}
        given |= self.options or {}
        return {name: value for name, value in given.items() if value is not None}

    def shared(self, count: int) -> "Means":
        """The same with a share of the time for each of several computations."""
        return self if self.seconds is None else replace(self, seconds=self.seconds / count)

    def fits(self, network: OperatorNetwork) -> bool:
        """Whether the network's matrices fit into the memory."""
        memory = SHARE * available_memory() if self.memory is None else self.memory
        return NUMBER_BYTES * COPIES * network.dense_numbers() <= memory

    @property
    def wants_lower(self) -> bool:
        """Whether bounds from below are asked for."""
        return self.method in ("lower", "all")

    @property
    def wants_upper(self) -> bool:
        """Whether bounds from above are asked for."""
        return self.method in ("upper", "all")

    def require_none(self, reason: str) -> None:
        """Raise a UserError if an option is given that is for dense ReLU networks alone."""
        local = {"box": "--within", "at": "--at", "nodes": "--nodes", "restarts": "--restarts"}
        for name, flag in local.items():
            if (self.options or {}).get(name) is not None:
                raise UserError(f"{flag}: {reason}")
        if self.method == "exact":
            raise UserError(f"--method: exact {reason}")


def scalar_bracket(
    network: OperatorNetwork, ps: Sequence[float], means: Means | None = None
) -> dict[float, Bracket]:
    """Bound lip_p of a network with one output from below and above, or compute it.

    Parameters
    ----------
    network : OperatorNetwork
        Of one output.
    ps : sequence of float
        Exponents in [1, inf].
    means : Means, optional

    Returns
    -------
    dict of float to Bracket
        By p.

    Raises
    ------
    UserError
        Where the exact value or an option is asked for that the network is not for.

    Notes
    -----
    ReLU and leaky ReLU networks whose matrices fit into memory are handled by
    `memrob.lipschitz.bracket.bracket` as ReLU networks; bounds from above of a leaky one are those
    of the ReLU network with the same matrices too, since its derivatives are in [0, 1]. For tanh
    and sigmoid, and for networks that do not fit: bounds from below by a climb, from above by
    products of operator norms, and by the methods for all derivatives in [0, 1] where they fit.
    """
    means = means or Means()
    ps = list(dict.fromkeys(checked_p(p) for p in ps))
    fits = means.fits(network)
    dense = network.relu_network() if fits else None
    if dense is None:
        smooth = not all(activation.is_piecewise_linear for activation in network.activations)
        means.require_none(
            "is for ReLU and leaky ReLU alone" if smooth else "is for networks that fit into memory"
        )
        found = {p: _by_operators(network, p, means.shared(len(ps))) for p in ps}
        if fits and means.wants_upper:
            found = _with_slope_bounds(found, network)
        return related(found, network.input_dim)
    found = bracket(dense, ps, **means.of_bracket)
    is_leaky = any(activation.slope for activation in network.activations)
    is_open = any(known.exact is None for known in found.values())
    if is_leaky and means.wants_upper and is_open:
        found = _with_slope_bounds(found, network)
    return found


def _by_operators(network: OperatorNetwork, p: float, means: Means) -> Bracket:
    found = Bracket(p, conjugate(p))
    if means.wants_lower:
        slope = climb(network, p, math.inf, seed=means.seed, seconds=means.seconds)
        found = replace(found, lower=slope.value, point=slope.point, lower_method="climb")
    if means.wants_upper:
        bound = product_above(network, p, math.inf)
        found = _lowered(found, bound, "product", {"product": bound})
    return found


def _with_slope_bounds(
    found: dict[float, Bracket], network: OperatorNetwork
) -> dict[float, Bracket]:
    bounds = slope_bounds(network, list(found))
    return {p: _lowered(known, *bounds[p]) for p, known in found.items()}


def slope_bounds(
    network: OperatorNetwork, ps: list[float]
) -> dict[float, tuple[float, str, dict[str, float]]]:
    """Upper bounds over all derivatives in [0, 1]: by p the least, its method, and all by method.

    inf, "product" and nothing where a slope is below 0.
    """
    surrogate = with_all_slopes(network)
    if surrogate is None:
        return dict.fromkeys(ps, (math.inf, "product", {}))
    bounds = upper_bounds(surrogate, list(dict.fromkeys([*ps, *ANCHORS])), list(SLOPE_METHODS))
    least = least_of(bounds, ps, network.input_dim)
    found = {}
    for p in ps:
        values = {name: by_p[p] for name, by_p in bounds.items() if not math.isnan(by_p[p])}
        best = min(values, key=values.__getitem__)
        found[p] = least[p], best if values[best] <= least[p] else "combination", values
    return found


def _lowered(known: Bracket, bound: float, method: str, values: dict[str, float]) -> Bracket:
    """The same with another upper bound if that is less."""
    known = replace(known, upper_bounds=known.upper_bounds | _least(known.upper_bounds, values))
    if known.upper is not None and known.upper <= bound:
        return known
    if known.exact is not None:
        bound = max(bound, known.exact)
    return replace(known, upper=bound, upper_method=method)


def _least(known: dict[str, float], values: dict[str, float]) -> dict[str, float]:
    return {name: min(value, known.get(name, math.inf)) for name, value in values.items()}


def combination(network: OperatorNetwork, rows: np.ndarray) -> tuple[OperatorNetwork, bool]:
    """The network rows @ f, and whether its last matrix is exact; rows of 0, 1 and -1 alone.

    A UserError is raised if that exceeds double precision.
    """
    with np.errstate(all="ignore"):
        found = network.combined(rows)
    if not found.is_finite:
        raise UserError("network: the difference of two outputs exceeds double precision")
    whole = network.combined(np.eye(network.n_outputs))
    matrix, offsets = whole.operators[-1].dense(), found.operators[-1].dense()
    exact = bool((np.abs(rows).sum(axis=1) == 1).all())
    if not exact and rows.shape[0] == 1 and np.abs(rows).sum() == 2:
        first, second = rows[0].argmax(), rows[0].argmin()
        a, b, difference = matrix[first], matrix[second], offsets[0]
        # Knuth's TwoSum: the rounding error of a - b, which is a float64 number itself.
        part = difference - a
        exact = not ((a - (difference - part)) + (-b - part)).any()
    return found, exact
