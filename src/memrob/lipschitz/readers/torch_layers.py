"""How modules and functions of torch change a chain of layers, one function for each kind."""

import operator
from collections.abc import Callable

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from memrob.lipschitz.operators.activations import RELU, Activation
from memrob.lipschitz.readers.builder import LayerChain


class TorchLayers(LayerChain):
    """A chain of layers of a module; whether the module's numbers are float64."""

    is_double = False


def numbers_of(tensor: torch.Tensor | None) -> np.ndarray | None:
    """Tensor as an array of float64."""
    return None if tensor is None else tensor.detach().cpu().double().numpy()


def _pair(value, axes: int) -> tuple[int, ...]:
    return (value,) * axes if isinstance(value, int) else tuple(value)


def _with_batch(layers: TorchLayers, axes: int) -> None:
    """Take an image without a batch for one with a batch of 1."""
    if len(layers.shape) == axes + 1:
        layers.reshape((1, *layers.shape), "the input")


def _linear(layers: TorchLayers, module: nn.Linear, name: str) -> None:
    layers.linear(numbers_of(module.weight), numbers_of(module.bias), name)


def _convolution(layers: TorchLayers, module, name: str) -> None:
    axes = module.weight.ndim - 2
    if module.padding_mode != "zeros" and any(np.ravel(module.padding) != 0):
        layers.fail(f"{name} must pad with zeros, found {module.padding_mode}")
    dilations = _pair(module.dilation, axes)
    if module.padding == "same":
        totals = [d * (k - 1) for d, k in zip(dilations, module.kernel_size, strict=True)]
        pads = (*(total // 2 for total in totals), *(total - total // 2 for total in totals))
    else:
        pads = (0,) * axes if module.padding == "valid" else _pair(module.padding, axes)
        pads = (*pads, *pads)
    _with_batch(layers, axes)
    layers.convolve(
        numbers_of(module.weight),
        numbers_of(module.bias),
        name,
        strides=_pair(module.stride, axes),
        pads=pads,
        dilations=dilations,
        groups=module.groups,
    )


def _average_pool(layers: TorchLayers, module, name: str) -> None:
    axes = 1 if isinstance(module, nn.AvgPool1d) else 2
    _with_batch(layers, axes)
    kernel, pads = _pair(module.kernel_size, axes), _pair(module.padding, axes)
    strides = _pair(module.stride if module.stride is not None else kernel, axes)
    rests = [
        (n + 2 * p - k) % s
        for n, p, k, s in zip(layers.shape[2:], pads, kernel, strides, strict=False)
    ]
    sticks_out = module.ceil_mode and any(rests)
    if sticks_out or getattr(module, "divisor_override", None):
        layers.fail(f"{name} must have no divisor_override, and no ceil_mode that matters")
    layers.average(
        kernel, name, strides=strides, pads=(*pads, *pads), counts_padding=module.count_include_pad
    )


def _adaptive_pool(layers: TorchLayers, module, name: str) -> None:
    axes = 1 if isinstance(module, nn.AdaptiveAvgPool1d) else 2
    _with_batch(layers, axes)
    wanted = _pair(module.output_size, axes)
    if wanted == tuple(layers.shape[2:]):
        return
    if any(n != 1 for n in wanted):
        layers.fail(f"{name} must have output size 1, found {wanted}")
    layers.average_all(name)


def _normalisation(layers: TorchLayers, module, name: str) -> None:
    if module.running_mean is None:
        layers.fail(f"{name} must have running statistics")
    arrays = (module.running_mean, module.running_var, module.weight, module.bias)
    layers.normalise(*map(numbers_of, arrays), module.eps, name)


def _flatten(layers: TorchLayers, module: nn.Flatten, name: str) -> None:
    _flattened(layers, module.start_dim, module.end_dim, name)


def _flattened(layers: TorchLayers, start: int, end: int, name: str) -> None:
    shape = layers.shape
    start, end = start % len(shape), end % len(shape)
    layers.reshape((*shape[:start], -1, *shape[end + 1 :]), name)


def _leaky(layers: TorchLayers, slope: float, name: str) -> None:
    # Kernels for float32 round the slope: its products with float32 weights are exact then.
    slope = float(slope if layers.is_double else np.float32(slope))
    if not -1 <= slope <= 1:
        layers.fail(f"{name} must have a slope in [-1, 1], found {slope}")
    layers.activate(Activation("leaky_relu", slope))


def _parametric(layers: TorchLayers, module: nn.PReLU, name: str) -> None:
    slopes = np.unique(numbers_of(module.weight))
    if len(slopes) != 1:
        layers.fail(f"{name} must have one slope")
    _leaky(layers, slopes[0], name)


def _activation(activation: Activation) -> Callable:
    return lambda layers, *_: layers.activate(activation)


MODULES: dict[type[nn.Module], Callable] = {
    nn.Linear: _linear,
    nn.ReLU: _activation(RELU),
    nn.LeakyReLU: lambda layers, m, name: _leaky(layers, m.negative_slope, name),
    nn.PReLU: _parametric,
    nn.Tanh: _activation(Activation("tanh")),
    nn.Sigmoid: _activation(Activation("sigmoid")),
    nn.Flatten: _flatten,
    **dict.fromkeys((nn.Conv1d, nn.Conv2d), _convolution),
    **dict.fromkeys((nn.BatchNorm1d, nn.BatchNorm2d), _normalisation),
    **dict.fromkeys((nn.AvgPool1d, nn.AvgPool2d), _average_pool),
    **dict.fromkeys((nn.AdaptiveAvgPool1d, nn.AdaptiveAvgPool2d), _adaptive_pool),
    **dict.fromkeys(
        (nn.Identity, nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.AlphaDropout), lambda *_: None
    ),
}
"""What a module does to the chain, by its kind."""


PARAMETERS: dict[str, tuple[str, ...]] = {
    "relu": ("input", "inplace"),
    "leaky_relu": ("input", "negative_slope", "inplace"),
    "flatten": ("input", "start_dim", "end_dim"),
    "squeeze": ("input", "dim"),
    "dropout": ("input", "p", "training", "inplace"),
    "add": ("input", "other", "alpha"),
    "sub": ("input", "other", "alpha"),
    "div": ("input", "other", "rounding_mode"),
}
"""Parameters of functions in the order in which torch takes them; of all others input, other."""


def bound(layers: TorchLayers, function: str, given: list, named: dict, name: str) -> dict:
    """Arguments of a function by name.

    Raises
    ------
    UserError
        For arguments that are not known, which may change what the function computes.
    """
    known = PARAMETERS.get(function, ("input", "other"))
    if function in ("view", "reshape"):
        shape = given[1:] or ([named["shape"]] if "shape" in named else [])
        first = given[0] if given else named.pop("input", None)
        known, given = ("input", "shape"), [first, shape]
        named = {key: value for key, value in named.items() if key != "shape"}
    found = dict(zip(known, given, strict=False)) | named
    if len(given) > len(known) or not set(found) <= set(known):
        extra = ", ".join(sorted(set(found) - set(known))) or "too many"
        layers.fail(f"{name} has arguments that are not known: {extra}")
    return found


def _reshaped(layers, arguments, is_second, name) -> None:
    shape = arguments["shape"]
    shape = shape[0] if len(shape) == 1 and isinstance(shape[0], tuple | list) else shape
    if not all(isinstance(n, int) for n in shape):
        layers.fail(f"{name} must give a shape of whole numbers")
    layers.reshape(shape, name)


def _squeezed(layers, arguments, is_second, name) -> None:
    axes, shape, rank = arguments.get("dim"), layers.shape, len(layers.shape)
    axes = range(rank) if axes is None else [axes] if isinstance(axes, int) else axes
    axes = {axis % rank for axis in axes}
    layers.reshape([n for i, n in enumerate(shape) if n != 1 or i not in axes], name)


def _dropped(layers, arguments, is_second, name) -> None:
    if arguments.get("training", True):
        layers.fail(f"{name} drops out in evaluation mode too; pass training=self.training")


def _constant(layers, arguments, is_second, name) -> np.ndarray:
    """The operand that is not computed."""
    found = np.asarray(arguments.get("input" if is_second else "other"))
    if found.dtype.kind not in "biuf":
        layers.fail(f"{name} must have an operand that is a number or a tensor of real numbers")
    return found


def _added(layers, arguments, is_second, name, sign=1.0) -> None:
    factor = np.float64(sign * arguments.get("alpha", 1))
    offset = _constant(layers, arguments, is_second, name)
    if is_second and factor != 1:
        layers.scale(factor, name)
    layers.shift(offset if is_second or factor == 1 else offset * factor, name)


def _subtracted(layers, arguments, is_second, name) -> None:
    _added(layers, arguments, is_second, name, sign=-1.0)


def _multiplied(layers, arguments, is_second, name) -> None:
    layers.scale(_constant(layers, arguments, is_second, name), name)


def _divided(layers, arguments, is_second, name) -> None:
    if arguments.get("rounding_mode") is not None:
        layers.fail(f"{name} rounds, which is not affine")
    divisor = _constant(layers, arguments, is_second, name).astype(np.float64)
    if is_second or not divisor.all():
        layers.fail(f"{name} must divide by constants other than 0")
    layers.rounded = True
    layers.scale(1 / divisor, name)


FUNCTIONS: dict[str, Callable] = {
    "relu": _activation(RELU),
    "tanh": _activation(Activation("tanh")),
    "sigmoid": _activation(Activation("sigmoid")),
    "leaky_relu": lambda layers, arguments, is_second, name: _leaky(
        layers, arguments.get("negative_slope", 0.01), name
    ),
    "flatten": lambda layers, arguments, is_second, name: _flattened(
        layers, arguments.get("start_dim", 0), arguments.get("end_dim", -1), name
    ),
    "view": _reshaped,
    "reshape": _reshaped,
    "squeeze": _squeezed,
    "dropout": _dropped,
    "neg": lambda layers, arguments, is_second, name: layers.scale(np.float64(-1), name),
    **dict.fromkeys(("contiguous", "detach", "float", "double"), lambda *_: None),
    **dict.fromkeys(("add", "iadd"), _added),
    **dict.fromkeys(("sub", "isub"), _subtracted),
    **dict.fromkeys(("mul", "imul"), _multiplied),
    **dict.fromkeys(("div", "truediv", "itruediv"), _divided),
}

NAMES: dict[Callable, str] = {
    getattr(space, key + end): key
    for space in (functional, torch, operator)
    for key in FUNCTIONS
    for end in ("", "_")
    if callable(getattr(space, key + end, None))
}
"""Functions of torch and of operators by themselves."""
