"""Arguments of constructions: what a user may give, and which classes get a detector."""

from numbers import Integral, Real

import numpy as np

from memrob.errors import UserError
from memrob.interpolation.network import DECISIONS, checked_points
from memrob.interpolation.selection import PUBLISHED, Selection

ACTIVATIONS = ("threshold", "relu")
LARGEST_FIRST_WIDTH = 1 << 30
LARGEST_MAX_BIAS = 1e30


KINDS = {Integral: "an integer", Real: "a real number"}


def require_number(name: str, value: object, kind: type) -> None:
    """Raise a TypeError unless an argument is a number of a kind; True and False are none."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, kind):
        raise TypeError(f"{name} must be {KINDS[kind]}, not {value!r}")


def check_arguments(
    first_width: int,
    max_bias: float,
    seed: int,
    selection: Selection = PUBLISHED,
    activation: str = "threshold",
) -> None:
    """Raise a UserError for an argument of `fit` out of range, a TypeError for no number."""
    require_number("first_width", first_width, Integral)
    require_number("max_bias", max_bias, Real)
    require_number("seed", seed, Integral)
    if first_width < 1:
        raise UserError(f"first_width: is {first_width}; it must be at least 1")
    if first_width > LARGEST_FIRST_WIDTH:
        raise UserError(f"first_width: is {first_width}; no machine has the memory for so many")
    if not 0 <= max_bias < np.inf:
        raise UserError(f"max_bias: is {max_bias}; it must be a finite number >= 0")
    if max_bias > LARGEST_MAX_BIAS:
        raise UserError(f"max_bias: is {max_bias}; it must be at most 1e30, as float32 ends there")
    if seed < 0:
        raise UserError(f"seed: is {seed}; it must be at least 0")
    if activation not in ACTIVATIONS:
        raise UserError(
            f"activation: is {activation!r}; it must be one of {', '.join(ACTIVATIONS)}"
        )
    if activation == "relu" and selection.order != "permutation":
        raise UserError(
            f"order: {selection.order} is for threshold networks only; use permutation with"
            " activation relu"
        )
    if activation == "relu" and not selection.as_published:
        raise UserError("activation: relu goes with slack 0 and min_cover 1 only")


def check_decision(decision: str) -> None:
    """Raise a UserError for a rule of decision that there is not."""
    if decision not in DECISIONS:
        raise UserError(f"decision: is {decision!r}; it must be one of {', '.join(DECISIONS)}")


def checked_data(X: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    """Points as float32, labels in ascending order, and the rows of each; UserError if unfit."""
    X = checked_points(X)
    y = np.asarray(y)
    if y.shape != (len(X),) or not np.issubdtype(y.dtype, np.integer):
        raise UserError(
            f"y: has shape {y.shape} and type {y.dtype}; one integer label for each of the "
            f"{len(X)} points is needed"
        )
    labels = np.unique(y)
    if len(labels) < 2:
        raise UserError(f"y: holds one class only ({labels.tolist()}); two or more are needed")
    return X, labels, [np.flatnonzero(y == label) for label in labels]


def detected_classes(n_classes: int, swap: bool = False) -> list[int]:
    """Classes that have a detector: of two the larger label, which plays X-, else all.

    With `swap` it is the smaller label of two; a UserError for more classes.
    """
    if swap and n_classes > 2:
        raise UserError(
            f"swap: the roles of two classes can be exchanged, but y holds {n_classes}; give all "
            "classes but one the same label"
        )
    if n_classes == 2:
        return [0 if swap else 1]
    return list(range(n_classes))
