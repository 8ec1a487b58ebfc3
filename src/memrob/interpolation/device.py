"""Where the layers are computed: on the processor, or with torch on a graphics card.

torch is imported only when a card is asked for. The random numbers are drawn by NumPy wherever the
layers are computed, and blocks of candidates are resolved by one code, so the same features give
the same network. The features themselves can differ in single bits: see `device_first_layer`.
"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from memrob.interpolation.first_layer import threshold_features
from memrob.interpolation.second_layer import second_layer_in_permutation_order
from memrob.numerics.device import TORCH_CPU, usable_device


class Backend(NamedTuple):
    """How both layers are computed.

    Attributes
    ----------
    threshold_features : callable
        (layer, X, classes) -> features, which have `class_sizes` and `complement_masks`.
    second_layer : callable
        (features, k, rng) -> SecondLayer, candidates in one random permutation.
    """

    threshold_features: Callable
    second_layer: Callable


def choose_device(device: str, order: str = "permutation", activation: str = "threshold") -> str:
    """Device on which a network of this kind is constructed.

    Parameters
    ----------
    device : {"cpu", "cuda", "auto"}
        "auto" takes a card if there is one that torch can use and the network can be constructed
        there, else the processor.
    order, activation : str
        As for `memrob.interpolation.fit`; a card does permutation and threshold.

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
        return Backend(threshold_features, second_layer_in_permutation_order)
    from memrob.interpolation.device_first_layer import first_layer_on_device
    from memrob.interpolation.device_second_layer import second_layer_on_device

    place = "cpu" if device == TORCH_CPU else device
    return Backend(partial(first_layer_on_device, device=place), second_layer_on_device)


def peak_device_memory() -> int:
    """Most bytes of the card that torch has held for tensors at a time in this process."""
    import torch

    return torch.cuda.max_memory_allocated()


def _unsupported(order: str, activation: str) -> str | None:
    if order != "permutation":
        return f"takes candidates in order permutation; use device cpu with order {order}"
    if activation != "threshold":
        return f"constructs threshold networks; use device cpu with activation {activation}"
    return None
