"""What the arguments of `memrob.lipschitz_bracket` must be."""

import inspect
import math
from numbers import Integral, Real
from typing import Any

import numpy as np

from memrob.errors import UserError
from memrob.lipschitz.bracket import bracket
from memrob.lipschitz.known import require_method
from memrob.numerics.device import usable_device

WHOLE = (("seed", 0), ("restarts", 1), ("steps", 0), ("nodes", 1))
"""Arguments that are whole numbers, and the least of each."""

POSITIVE = ("seconds", "box", "operations")


def require_arguments(options: dict[str, Any]) -> None:
    """Raise a TypeError for an option that `memrob.lipschitz.bracket.bracket` does not have."""
    known = inspect.signature(bracket).parameters
    for name in options:
        if name not in known or known[name].kind is not inspect.Parameter.KEYWORD_ONLY:
            raise TypeError(f"lipschitz_bracket() got an unexpected keyword argument {name!r}")


def require_memory(memory: object) -> None:
    """Raise a UserError unless memory is None or a number of bytes."""
    if memory is not None and not (_is_number(memory) and memory >= 0):
        raise UserError(f"memory: is {memory!r}; it must be a number of bytes of at least 0")


def checked_options(
    input_dim: int, given: dict[str, Any], options: dict[str, Any]
) -> dict[str, Any]:
    """Further options as `bracket` takes them, checked together with those of a name.

    Parameters
    ----------
    input_dim : int
        Dimension of the network's inputs.
    given, options : dict
        Arguments of `lipschitz_bracket` by name, and its further options.

    Raises
    ------
    UserError
        In one line that names the option.
    """
    values = given | options
    require_method(values["method"])
    for name in ("radius", "ball_norm"):
        if values.get(name) is not None and values.get("at") is None:
            raise UserError(f"{name}: is of a region about a point; give at beside it")
    for name, least in WHOLE:
        value = values.get(name)
        if value is not None and not (isinstance(value, Integral) and value >= least):
            raise UserError(f"{name}: is {value!r}; it must be a whole number of at least {least}")
    for name in POSITIVE:
        value = values.get(name)
        if value is not None and not (_is_number(value) and 0 < value < math.inf):
            raise UserError(f"{name}: is {value!r}; it must be a finite number above 0")
    found = dict(options)
    if options.get("points") is not None:
        found["points"] = _checked_points(options["points"], input_dim)
    if options.get("device") is not None:
        found["device"] = usable_device(options["device"])
    return found


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _checked_points(points, input_dim: int) -> np.ndarray:
    if np.ndim(points) != 2 or np.shape(points)[1] != input_dim:
        raise UserError(f"points: have shape {np.shape(points)}; it must be (M, {input_dim})")
    try:
        found = np.asarray(points, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise UserError("points: must hold real numbers") from error
    if np.iscomplexobj(points) or not np.isfinite(found).all():
        raise UserError("points: must hold finite real numbers")
    return found
