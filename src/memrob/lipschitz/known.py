"""What is known about one Lipschitz constant: a bracket and what it rests on."""

import math
from dataclasses import dataclass, field, replace

import numpy as np

from memrob.errors import UserError
from memrob.lipschitz.exact.result import ROUNDING

LARGEST = float(np.finfo(np.float64).max)

METHODS = ("lower", "upper", "exact", "all")
"""What of a bracket is computed."""


def require_method(method: object) -> None:
    """Raise a UserError unless it is one of `METHODS`."""
    if not isinstance(method, str) or method not in METHODS:
        raise UserError(f"method: is {method!r}; it must be one of {', '.join(METHODS)}")


@dataclass(frozen=True)
class Bracket:
    """What is known about lip_p of one network.

    Attributes
    ----------
    p, conjugate_p : float
        1/p + 1/p' = 1.
    lower, upper, exact : float or None
        None where unknown. `lower` is rounded down, `upper` up; `exact` is lip_p up to a relative
        difference of 1e-9, of which `lower` and `upper` tell the rest.
    point : ndarray of float64, shape (d,), or None
        Where |gradient|_{p'} is `lower`; None if no float64 point lies in that region.
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


def consistent(known: Bracket) -> Bracket:
    """The same, or an error of the program's own if it contradicts itself."""
    values = [value for value in (known.lower, known.exact, known.upper) if value is not None]
    if not values == sorted(values):
        raise RuntimeError(f"bounds for p = {known.p} contradict each other: {values}")
    return known


def unscaled(known: Bracket, power: int, reach: int) -> Bracket:
    """What is known about a network, from a multiple of it (`memrob.lipschitz.balanced`)."""
    bounds = {
        name: _scaled(value, power, up=True, most=math.inf)
        for name, value in known.upper_bounds.items()
    }
    lower = _scaled(known.lower, power, up=False)
    point = known.point
    if point is not None:
        moved = np.ldexp(point, reach)
        point = moved if np.array_equal(np.ldexp(moved, -reach), point) else None
    upper = _scaled(known.upper, power, up=True)
    # Below the range of float64 no number is as close as an exact value has to be.
    is_exact = known.exact is not None and (
        upper == lower or (lower > 1e-290 and upper <= lower * (1 + 4 * ROUNDING))
    )
    return replace(
        known,
        lower=lower,
        upper=upper,
        exact=lower if is_exact else None,
        exact_method=known.exact_method if is_exact else None,
        point=point,
        upper_bounds=bounds,
    )


def _scaled(value: float | None, power: int, up: bool, most: float = LARGEST) -> float | None:
    """A bound times 2^power, rounded to the safe side, and an error if it is beyond `most`."""
    if value is None:
        return None
    found = float(np.ldexp(value, power))
    if found > most:
        raise UserError("network: its gradients or regions exceed double precision")
    if float(np.ldexp(found, -power)) < value and up:
        return math.nextafter(found, math.inf)
    if float(np.ldexp(found, -power)) > value and not up:
        return math.nextafter(found, 0.0)
    return found
