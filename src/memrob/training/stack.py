"""Many networks with one hidden layer as one: d-H-K ReLU networks whose widths may differ.

The hidden units of all networks lie below one another, so that their first layers are one matrix
and one matrix product, without padding; the second layers of neighbouring networks of one width
are one batched product.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from memrob.errors import UserError
from memrob.training.streams import stream


class Group(NamedTuple):
    """Neighbouring networks of one width: which networks and units, how many, how wide."""

    models: slice
    units: slice
    size: int
    width: int


@dataclass(frozen=True)
class Stack:
    """M networks x -> W_1 relu(W_0 x + b_0) + b_1 with U hidden units together.

    Attributes
    ----------
    widths : tuple of int
        Number H of hidden units of each network.
    first : Tensor of float32 (U, d + 1)
        Rows (w, b) of W_0 and b_0; the units of a network are neighbours.
    second : Tensor of float32 (U, K)
        Columns of W_1, a row per unit.
    offsets : Tensor of float32 (M, K)
        b_1 of each network.
    """

    widths: tuple[int, ...]
    first: Tensor
    second: Tensor
    offsets: Tensor

    @property
    def n_models(self) -> int:
        """Number M of networks."""
        return len(self.widths)

    @property
    def input_dim(self) -> int:
        """Dimension d of the points."""
        return self.first.shape[1] - 1

    @property
    def n_classes(self) -> int:
        """Number K of outputs."""
        return self.second.shape[1]

    @property
    def tensors(self) -> tuple[Tensor, Tensor, Tensor]:
        """All parameters."""
        return self.first, self.second, self.offsets

    @cached_property
    def starts(self) -> np.ndarray:
        """First unit of each network, and U: (M + 1,) int64."""
        return np.concatenate([[0], np.cumsum(self.widths)]).astype(np.int64)

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Runs of networks of one width."""
        return tuple(self._groups())

    def _groups(self) -> Iterator[Group]:
        model = 0
        for width, run in groupby(self.widths):
            size = len(list(run))
            units = slice(int(self.starts[model]), int(self.starts[model + size]))
            yield Group(slice(model, model + size), units, size, width)
            model += size

    def units_of(self, models: Sequence[int]) -> np.ndarray:
        """Units of some networks in their order, int64."""
        starts = self.starts
        parts = [np.arange(starts[m], starts[m + 1]) for m in models]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)

    def select(self, models: Sequence[int]) -> "Stack":
        """Copy some of the networks, in the given order."""
        units = torch.as_tensor(self.units_of(models), device=self.first.device)
        chosen = torch.as_tensor(np.asarray(models, dtype=np.int64), device=self.first.device)
        widths = tuple(self.widths[m] for m in models)
        return Stack(widths, self.first[units], self.second[units], self.offsets[chosen])

    def put(self, models: Sequence[int], other: "Stack") -> None:
        """Overwrite some networks by those of another stack, of the same widths in that order."""
        units = torch.as_tensor(self.units_of(models))
        self.first[units] = other.first.cpu()
        self.second[units] = other.second.cpu()
        self.offsets[torch.as_tensor(np.asarray(models, dtype=np.int64))] = other.offsets.cpu()

    def map(self, function: Callable[[Tensor], Tensor]) -> "Stack":
        """Stack of the same shape, with a function of each tensor."""
        return Stack(self.widths, *map(function, self.tensors))

    def to(self, device: str) -> "Stack":
        """Copy on a device."""
        return self.map(lambda tensor: tensor.to(device, copy=True))

    def arrays(self, model: int) -> list[np.ndarray]:
        """Weights of one network for use without torch.

        Parameters
        ----------
        model : int
            Its number.

        Returns
        -------
        list of ndarray of float32
            W0 (H, d), b0 (H,), W1 (K, H), b1 (K,).
        """
        units = slice(int(self.starts[model]), int(self.starts[model + 1]))
        first, second = self.first[units].cpu().numpy(), self.second[units].cpu().numpy()
        offsets = self.offsets[model].cpu().numpy()
        found = [first[:, :-1], first[:, -1], second.T, offsets]
        return [np.array(array, order="C") for array in found]


def with_constant(X: np.ndarray, device: str = "cpu") -> Tensor:
    """Points (N, d) float32 with a last coordinate 1, which carries the biases: (N, d + 1)."""
    ones = np.ones((len(X), 1), dtype=np.float32)
    # Copied, since the alignment of NumPy's memory varies, and rounding with it.
    return torch.as_tensor(np.hstack([X, ones])).to(device, copy=True)


def initial_stack(
    widths: Sequence[int], seeds: Sequence[int], input_dim: int, n_classes: int
) -> Stack:
    """Draw networks with He initialisation.

    Parameters
    ----------
    widths, seeds : sequence of int
        Width, at least 1, and seed of each network.
    input_dim, n_classes : int
        Dimension of the points and number of outputs.

    Returns
    -------
    Stack
        W_0 and b_0 have independent entries N(0, 2/(d+1)), the bias being the weight of a constant
        coordinate; W_1 has N(0, 1/H), and b_1 is 0. A network depends on its seed and width alone,
        and of two with one seed the narrower has the first rows of the wider one's W_0.

    Raises
    ------
    UserError
        For a width below 1.
    """
    if min(widths, default=1) < 1:
        raise UserError(f"width: is {min(widths)}; it must be at least 1")
    firsts, seconds = [], []
    for width, seed in zip(widths, seeds, strict=True):
        first = stream(seed, "first_layer").standard_normal(
            (width, input_dim + 1), dtype=np.float32
        )
        second = stream(seed, "second_layer").standard_normal((width, n_classes), dtype=np.float32)
        firsts.append(first * np.float32(np.sqrt(2 / (input_dim + 1))))
        seconds.append(second / np.float32(np.sqrt(width)))
    return Stack(
        tuple(int(width) for width in widths),
        torch.as_tensor(np.concatenate(firsts)),
        torch.as_tensor(np.concatenate(seconds)),
        torch.zeros(len(widths), n_classes),
    )


def widened(trained: Stack, width: int, seeds: Sequence[int], deviation: float) -> Stack:
    """Start wider networks from the weights of trained ones.

    Parameters
    ----------
    trained : Stack
        Networks.
    width : int
        New width, at least theirs.
    seeds : sequence of int
        Seed of each network's new units.
    deviation : float
        Standard deviation of the new units' weights, W_0, b_0 and W_1, which are independent
        Gaussian with mean 0.

    Returns
    -------
    Stack
        On the processor; the old units first.

    Raises
    ------
    UserError
        For a width below one of theirs.
    """
    if width < max(trained.widths):
        raise UserError(f"width: is {width}; weights are reused by networks at least as wide")
    firsts, seconds = [], []
    for model, seed in enumerate(seeds):
        W0, b0, W1, _ = trained.arrays(model)
        rng = stream(seed, "new_units", width)
        new = _normal(rng, width - len(b0), trained.input_dim + 1 + trained.n_classes)
        new *= np.float32(deviation)
        firsts += [np.hstack([W0, b0[:, None]]), new[:, : trained.input_dim + 1]]
        seconds += [W1.T, new[:, trained.input_dim + 1 :]]
    return Stack(
        (width,) * trained.n_models,
        torch.as_tensor(np.concatenate(firsts)),
        torch.as_tensor(np.concatenate(seconds)),
        trained.offsets.cpu().clone(),
    )


def _normal(rng: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    return rng.standard_normal((rows, columns), dtype=np.float32)
