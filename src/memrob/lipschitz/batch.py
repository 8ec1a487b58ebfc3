"""Many networks of one shape as one batch, on the processor or on a device."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from memrob.errors import UserError
from memrob.lipschitz.network import ReluNetwork


@dataclass(frozen=True)
class NetworkBatch:
    """B networks of one shape, as arrays of NumPy or tensors of torch.

    Attributes
    ----------
    weights : tuple of array, shape (B, N_{l+1}, N_l)
        Hidden layers' weights, then the last row (B, 1, N_L).
    biases : tuple of array, shape (B, 1, N_{l+1}), or None
        Hidden layers' biases; None if all of them are zero.
    """

    weights: tuple[Any, ...]
    biases: tuple[Any, ...] | None

    @property
    def size(self) -> int:
        """Number B of networks."""
        return self.weights[0].shape[0]

    @property
    def input_dim(self) -> int:
        """Dimension d of the input."""
        return self.weights[0].shape[2]

    @property
    def depth(self) -> int:
        """Number L of hidden layers."""
        return len(self.weights) - 1


def stack(
    networks: Sequence[ReluNetwork], device: str = "cpu", dtype: str = "float32"
) -> NetworkBatch:
    """Put networks of one shape into one batch.

    Parameters
    ----------
    networks : sequence of ReluNetwork
        At least one; the same widths.
    device : str
        "cpu" for arrays of NumPy, else a device of torch such as "cuda".
    dtype : {"float32", "float64"}
        Precision of the batch.

    Raises
    ------
    UserError
        If the networks differ in shape.
    """
    shapes = {tuple(weight.shape for weight in network.weights) for network in networks}
    if len(shapes) != 1:
        raise UserError("networks: differ in shape; those of a batch must have one")
    weights = tuple(
        _put(np.stack(layer), device, dtype)
        for layer in zip(*(network.weights for network in networks), strict=True)
    )
    if all(network.is_homogeneous for network in networks):
        return NetworkBatch(weights, None)
    biases = tuple(
        _put(np.stack(layer)[:, None, :], device, dtype)
        for layer in zip(*(network.biases[:-1] for network in networks), strict=True)
    )
    return NetworkBatch(weights, biases)


def to_numpy(array: Any) -> np.ndarray:
    """Array of NumPy with the content of an array or tensor."""
    return array if isinstance(array, np.ndarray) else array.cpu().numpy()


def put_like(values: np.ndarray, batch: NetworkBatch) -> Any:
    """Array of NumPy as an array or tensor with the precision and device of a batch."""
    like = batch.weights[0]
    if isinstance(like, np.ndarray):
        return np.ascontiguousarray(values, dtype=like.dtype)
    import torch

    return torch.as_tensor(np.ascontiguousarray(values), dtype=like.dtype, device=like.device)


def _put(values: np.ndarray, device: str, dtype: str) -> Any:
    values = np.ascontiguousarray(values, dtype=dtype)
    if device == "cpu":
        return values
    import torch

    return torch.as_tensor(values, device=device.removeprefix("torch-"))
