"""Where the layers are computed: on the processor, or with torch on a graphics card.

torch is imported only when a card is asked for. The random numbers are drawn by NumPy wherever the
layers are computed, features are the same bit by bit (`device_first_layer`), and blocks of
candidates are resolved by one code: a seed gives the same network wherever it is constructed.
"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from memrob.interpolation.first_layer import threshold_features
from memrob.interpolation.second_layer import BlockEvaluator
from memrob.numerics.device import TORCH_CPU, usable_device


class Backend(NamedTuple):
    """How both layers are computed.

    Attributes
    ----------
    threshold_features : callable
        (layer, X, classes) -> features, which have `class_sizes` and `complement_masks`.
    evaluator : callable
        (features, k, tolerated) -> Evaluator of the candidates of class k.
    """

    threshold_features: Callable
    evaluator: Callable


def choose_device(device: str, order: str = "permutation", activation: str = "threshold") -> str:
    """Device on which a network of this kind is constructed.

    Parameters
    ----------
    device : {"cpu", "cuda", "auto"}
        "auto" takes a card if there is one that torch can use and the network can be constructed
        there, else the processor.
    order, activation : str
        As for `memrob.interpolation.fit`; a card takes all but order cluster and reference, and
        activation relu.

    Returns
    -------
    str
        "cpu" or "cuda".

    Raises
    ------
    UserError
        For an unknown device, and for "cuda" where it cannot be used.
    """
    return usable_device(device, _unsupported(order, activation))


def backend_of(device: str) -> Backend:
    """Functions that compute both layers on a device that `choose_device` returned."""
    if device == "cpu":
        return Backend(threshold_features, BlockEvaluator)
    from memrob.interpolation.device_first_layer import first_layer_on_device
    from memrob.interpolation.device_second_layer import DeviceEvaluator

    place = "cpu" if device == TORCH_CPU else device
    return Backend(partial(first_layer_on_device, device=place), DeviceEvaluator)


def peak_device_memory() -> int:
    """Most bytes of the card that torch has held for tensors at a time in this process."""
    import torch

    return torch.cuda.max_memory_allocated()


def _unsupported(order: str, activation: str) -> str | None:
    if order == "reference":
        return "does not replay published trials; use device cpu with order reference"
    if order == "cluster":
        return "does not grow clusters; use device cpu with order cluster"
    if activation != "threshold":
        return f"constructs threshold networks; use device cpu with activation {activation}"
    return None
