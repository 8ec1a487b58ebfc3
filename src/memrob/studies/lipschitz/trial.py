"""A trial: one random network whose Lipschitz constants are bracketed."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Trial:
    """Parameters of a trial.

    Attributes
    ----------
    input_dim, width, depth : int
        Dimension d, width N and number L of hidden layers.
    bias : str
        Law of the biases.
    restart : int
        Number of the network within its cell.
    seed : int
        Seed of the network and of its search.
    ps : tuple of float
        Exponents, one row each.
    search_restarts : int or None
        Ascents for each p; None for as many as the search takes by itself.
    search_steps : int
        Steps of an ascent.
    upper : tuple of str
        Methods of the upper bounds.
    upper_operations : float or None
        Floating-point operations of the semidefinite bound; None for its own choice.
    coordinates : int
        Random coordinates in whose direction the largest slope is searched.
    exact : bool
        Whether exact values are computed.
    """

    input_dim: int
    width: int
    depth: int
    bias: str
    restart: int
    seed: int
    ps: tuple[float, ...]
    search_restarts: int | None
    search_steps: int
    upper: tuple[str, ...]
    upper_operations: float | None
    coordinates: int
    exact: bool


def as_exponents(values: Sequence[float | str]) -> tuple[float, ...]:
    """Exponents from a configuration, in which infinity is the text "inf"."""
    return tuple(float(value) for value in values)
