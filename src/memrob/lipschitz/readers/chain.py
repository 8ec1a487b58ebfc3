"""What a reader finds in a file: steps, and what it had to assume."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from memrob.errors import UserError
from memrob.lipschitz.operators.activations import IDENTITY, Activation
from memrob.lipschitz.operators.network import OperatorNetwork, assembled
from memrob.lipschitz.readers.builder import LayerChain

FOLDED = (
    "constants and layers without an activation between them are multiplied out in float64: the "
    "numbers are those of the network with the products"
)


class Chain(NamedTuple):
    """Layers of a network as a file has them.

    Attributes
    ----------
    steps : tuple
        (operator, bias) or Activation, on flat vectors.
    input_dim : int
    assumptions : tuple of str
        What the file does not tell.
    rounded : bool
        Whether a number was rounded on the way.
    source : str
        Named in messages.
    """

    steps: tuple
    input_dim: int
    assumptions: tuple[str, ...]
    rounded: bool
    source: str

    @classmethod
    def of(cls, layers: LayerChain, assumptions: Sequence[str]) -> "Chain":
        """Chain of layers that are complete."""
        if not any(not isinstance(step, Activation) for step in layers.steps):
            layers.fail("holds no layer with weights")
        steps, notes = tuple(layers.steps), tuple(assumptions)
        return cls(steps, layers.input_dim, notes, layers.rounded, layers.source)

    def network(self, most_numbers: float) -> tuple[OperatorNetwork, tuple[str, ...]]:
        """The network, and all assumptions.

        Parameters
        ----------
        most_numbers : float
            Most entries of a matrix that merging layers may make.

        Raises
        ------
        UserError
            If products of layers exceed double precision.
        """
        with np.errstate(all="ignore"):
            network, exact = assembled(self.steps, self.input_dim, most_numbers)
        if not network.is_finite:
            raise UserError(f"{self.source}: its layers, multiplied out, exceed double precision")
        notes = list(self.assumptions)
        if any(name != str(IDENTITY) for name in network.activation_names):
            names = ", ".join(n for n in network.activation_names if n != str(IDENTITY))
            notes.append(f"activation {names}")
        if self.rounded or not exact:
            notes.append(FOLDED)
        return network, tuple(notes)
