"""Activations: values, derivatives, and how far derivatives can be off in float64."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from memrob.errors import UserError

STEEPEST_CHANGE = {"tanh": 0.7699, "sigmoid": 0.0963}
"""Upper bounds of the second derivatives: 4/(3 sqrt(3)) = 0.7698 and 1/(6 sqrt(3)) = 0.09623."""

FUNCTION_ERROR = 2.0**-48
"""Error of exp and tanh in float64, and of a few operations on them, allowed for generously."""


@dataclass(frozen=True)
class Activation:
    """An activation that is applied to each coordinate.

    Attributes
    ----------
    name : {"relu", "leaky_relu", "tanh", "sigmoid", "identity"}
    slope : float
        Derivative of a leaky ReLU below 0; 0 for all others.
    """

    name: str
    slope: float = 0.0

    @property
    def is_piecewise_linear(self) -> bool:
        """Whether derivatives are constant on either side of 0."""
        return self.name not in STEEPEST_CHANGE

    @property
    def slopes(self) -> tuple[float, float]:
        """Least and greatest derivative."""
        ends = {"tanh": (0.0, 1.0), "sigmoid": (0.0, 0.25), "identity": (1.0, 1.0)}
        below = (min(self.slope, 1.0), max(self.slope, 1.0))
        return ends.get(self.name, below)

    @property
    def steepness(self) -> float:
        """Lipschitz constant: the greatest size of a derivative."""
        return max(map(abs, self.slopes))

    def __call__(self, values: np.ndarray) -> np.ndarray:
        """Values of the activation."""
        if self.name == "identity":
            return values
        if self.name in FUNCTIONS:
            return FUNCTIONS[self.name](values)
        return np.where(values > 0, values, self.slope * values)

    def derivatives(self, values: np.ndarray) -> np.ndarray:
        """Derivatives; of ReLU and leaky ReLU at 0 that of the negative side."""
        if self.name == "identity":
            return np.ones_like(values)
        if self.name == "tanh":
            return 1 / np.cosh(np.minimum(np.abs(values), 350)) ** 2
        if self.name == "sigmoid":
            small = np.exp(-np.abs(values))
            return small / (1 + small) ** 2
        return np.where(values > 0, 1.0, self.slope)

    def derivative_errors(self, values: np.ndarray, errors: np.ndarray) -> np.ndarray:
        """How far `derivatives` can be from those at points within `errors` of the values.

        inf where a sign is not certain and the derivative depends on it.
        """
        if self.name == "identity":
            return np.zeros_like(values)
        if self.name in STEEPEST_CHANGE:
            return STEEPEST_CHANGE[self.name] * errors + FUNCTION_ERROR
        return np.where(np.abs(values) > errors, 0.0, np.inf)

    def __str__(self) -> str:
        return f"{self.name}:{self.slope:g}" if self.name == "leaky_relu" else self.name


def _sigmoid(values: np.ndarray) -> np.ndarray:
    small = np.exp(-np.abs(values))
    return np.where(values >= 0, 1.0, small) / (1 + small)


FUNCTIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {"tanh": np.tanh, "sigmoid": _sigmoid}

RELU = Activation("relu")
IDENTITY = Activation("identity")

NAMES = "relu, leaky_relu:SLOPE, tanh, sigmoid"


def activation_named(text: str) -> Activation:
    """Activation from a text such as "relu", "tanh" or "leaky_relu:0.1".

    Raises
    ------
    UserError
        If it is not one of `NAMES`, or the slope is no number in [-1, 1].
    """
    name, _, number = text.partition(":")
    if name in ("relu", "tanh", "sigmoid") and not number:
        return Activation(name)
    try:
        slope = float(number) if name == "leaky_relu" else np.nan
    except ValueError:
        slope = np.nan
    if not -1 <= slope <= 1:
        raise UserError(f"activation: is {text!r}; it must be one of {NAMES}, SLOPE in [-1, 1]")
    return Activation("leaky_relu", slope)
