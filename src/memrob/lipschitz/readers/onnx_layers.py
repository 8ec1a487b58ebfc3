"""How nodes of ONNX change a chain of layers, one function for each kind of node."""

from collections.abc import Callable

import numpy as np

from memrob.lipschitz.operators.activations import RELU, Activation
from memrob.lipschitz.readers.builder import LayerChain
from memrob.lipschitz.readers.onnx_node import Node

LAYERS: dict[str, Callable[[Node, LayerChain], None]] = {}
"""What a node with one computed input does, by kind."""


TWO_SIDED = ("Add", "Sub", "Mul", "Div", "Max", "Gemm", "MatMul")
"""Operators whose computed input may be the second; of all others it is the first."""


def layer(*kinds: str):
    """Register a function for kinds of nodes."""

    def register(function):
        LAYERS.update(dict.fromkeys(kinds, function))
        return function

    return register


@layer("Identity", "Dropout", "Cast")
def _pass(node: Node, layers: LayerChain) -> None:
    from onnx import TensorProto

    floats = (TensorProto.FLOAT, TensorProto.DOUBLE)
    if node.kind == "Cast" and node.attribute("to", TensorProto.FLOAT) not in floats:
        node.fail("rounds to a type other than float32 and float64")


@layer("Relu", "LeakyRelu", "PRelu", "Tanh", "Sigmoid", "Clip")
def _activation(node: Node, layers: LayerChain) -> None:
    if node.kind == "Clip":
        return _clip(node, layers)
    if node.kind == "LeakyRelu":
        slope = np.float32(node.attribute("alpha", 0.01))
    elif node.kind == "PRelu":
        slope = node.weights(1)
    else:
        return layers.activate(Activation(node.kind.lower()))
    slopes = np.unique(np.asarray(slope, dtype=np.float64))
    if len(slopes) != 1 or not abs(slopes[0]) <= 1:
        node.fail("must have one slope in [-1, 1]")
    return layers.activate(Activation("leaky_relu", float(slopes[0])))


def _clip(node: Node, layers: LayerChain) -> None:
    low = node.attribute("min", -np.inf) if node.constant(1) is None else node.constant(1)
    high = node.attribute("max", np.inf) if node.constant(2) is None else node.constant(2)
    if np.any(low != 0) or not np.all(np.asarray(high, dtype=np.float64) >= 3e38):
        node.fail("must be a ReLU, from 0 to infinity")
    layers.activate(RELU)


@layer("Max")
def _maximum(node: Node, layers: LayerChain) -> None:
    floors = [node.constant(index) for index in range(len(node.inputs))]
    floors = [floor for floor in floors if floor is not None]
    if len(node.inputs) != 2 or floors[0].size != 1 or np.any(floors[0] != 0):
        node.fail("must be a ReLU, the maximum with one 0")
    layers.activate(RELU)


@layer("Gemm")
def _gemm(node: Node, layers: LayerChain) -> None:
    if node.constant(0) is not None and node.constant(1) is not None:
        node.fail("takes what is computed where a constant must stand")
    if node.constant(0) is not None or node.attribute("transA", 0):
        # A' B with A constant is (B^T A)^T: the other factor must be a column.
        return _gemm_from_the_left(node, layers)
    weight = node.weights(1)
    weight = weight if node.attribute("transB", 0) else weight.T
    bias = node.constant(2)
    layers.linear(_times(node, weight, "alpha"), _times(node, bias, "beta"), node.name)
    return None


def _gemm_from_the_left(node: Node, layers: LayerChain) -> None:
    if node.constant(0) is None:
        # The computed factor is transposed: a column that becomes a row.
        if len(layers.shape) != 2 or layers.shape[1] != 1:
            node.fail(f"transposes shape {layers.shape}; export it with a batch of 1")
        layers.reshape((1, layers.size), node.name)
        weight = node.weights(1)
        weight = weight if node.attribute("transB", 0) else weight.T
        return layers.linear(
            _times(node, weight, "alpha"), _times(node, node.constant(2), "beta"), node.name
        )
    weight = node.weights(0)
    weight = weight.T if node.attribute("transA", 0) else weight
    is_column = layers.shape[:: -1 if node.attribute("transB", 0) else 1][-1:] == (1,)
    if len(layers.shape) != 2 or not is_column:
        node.fail(f"multiplies a matrix of shape {layers.shape}; export it with a batch of 1")
    layers.reshape((layers.size,), node.name)
    bias = node.constant(2)
    layers.linear(_times(node, weight, "alpha"), _times(node, bias, "beta"), node.name)
    return layers.reshape((layers.size, 1), node.name)


def _times(node: Node, values: np.ndarray | None, name: str) -> np.ndarray | None:
    factor = node.attribute(name, 1.0)
    if values is None or factor == 1:
        return values
    node.layers.rounded |= abs(np.frexp(factor)[0]) != 0.5
    return values * np.float64(factor)


@layer("MatMul")
def _matmul(node: Node, layers: LayerChain) -> None:
    if node.constant(1) is not None:
        weight = node.constant(1)
        if weight.ndim == 1:
            layers.linear(weight[None], None, node.name)
            return layers.reshape(layers.shape[:-1], node.name)
        return layers.linear(weight.T, None, node.name)
    weight, shape = node.weights(0), layers.shape
    if len(shape) > 1 and shape[-1] != 1:
        node.fail(f"multiplies a matrix of shape {shape}; export it with a batch of 1")
    layers.reshape((*(1,) * max(len(shape) - 2, 0), layers.size), node.name)
    layers.linear(np.atleast_2d(weight), None, node.name)
    rows = () if weight.ndim == 1 else (len(weight),)
    return layers.reshape((*shape[:-2], *rows, *((1,) if len(shape) > 1 else ())), node.name)


@layer("Add", "Sub", "Mul", "Div", "Neg")
def _arithmetic(node: Node, layers: LayerChain) -> None:
    if node.kind == "Neg":
        return layers.scale(np.float64(-1), node.name)
    first = node.constant(0) is not None
    constant = np.asarray(node.weights(0 if first else 1), dtype=np.float64)
    axis = node.attribute("axis", None)
    if axis is not None:
        # Before version 7, the axis of the result with which the constant's axes begin.
        axis += len(layers.shape) if axis < 0 else 0
        after = len(layers.shape) - axis - constant.ndim
        constant = constant.reshape(*constant.shape, *(1,) * max(after, 0))
    if node.kind == "Add":
        return layers.shift(constant, node.name)
    if node.kind == "Sub":
        if first:
            layers.scale(np.float64(-1), node.name)
        return layers.shift(constant if first else -constant, node.name)
    if node.kind == "Div":
        if first:
            node.fail("divides a constant by a computed value")
        if (constant == 0).any():
            node.fail("divides by 0")
        layers.rounded |= bool((np.abs(np.frexp(constant)[0]) != 0.5).any())
        constant = 1 / constant
    return layers.scale(constant, node.name)


@layer("Conv")
def _convolution(node: Node, layers: LayerChain) -> None:
    kernel = node.weights(1)
    axes = kernel.ndim - 2
    layers.convolve(
        kernel,
        node.constant(2),
        node.name,
        strides=node.numbers("strides", 99, [1] * axes),
        pads=_pads(node, axes),
        dilations=node.numbers("dilations", 99, [1] * axes),
        groups=node.attribute("group", 1),
    )


def _pads(node: Node, axes: int) -> list[int] | str:
    automatic = node.attribute("auto_pad", "NOTSET")
    if automatic in ("SAME_UPPER", "SAME_LOWER"):
        return automatic
    none = [0] * 2 * axes
    return none if automatic == "VALID" else node.numbers("pads", 99, none)


@layer("BatchNormalization")
def _batch_normalisation(node: Node, layers: LayerChain) -> None:
    scale, bias, mean, variance = (node.weights(index) for index in range(1, 5))
    layers.normalise(mean, variance, scale, bias, node.attribute("epsilon", 1e-5), node.name)


@layer("AveragePool")
def _average_pool(node: Node, layers: LayerChain) -> None:
    kernel = node.numbers("kernel_shape", 99, [])
    axes = len(kernel)
    strides, pads = node.numbers("strides", 99, [1] * axes), _pads(node, axes)
    if any(n != 1 for n in node.numbers("dilations", 99, [1] * axes)):
        node.fail("must have no dilation")
    sizes = layers.shape[2:]
    if node.attribute("ceil_mode", 0) and not isinstance(pads, str):
        layers.require_lengths(node.name, axes, strides, pads)
        rests = [
            (n + pads[axis] + pads[axis + axes] - k) % s
            for axis, (n, k, s) in enumerate(zip(sizes, kernel, strides, strict=False))
        ]
        if any(rests):
            node.fail("must not have ceil_mode where windows stick out")
    counts = bool(node.attribute("count_include_pad", 0))
    layers.average(kernel, node.name, strides=strides, pads=pads, counts_padding=counts)


@layer("GlobalAveragePool", "ReduceMean")
def _global_average(node: Node, layers: LayerChain) -> None:
    axes = list(range(2, len(layers.shape)))
    if node.kind == "ReduceMean":
        found = node.numbers("axes", 1, list(range(len(layers.shape))))
        if sorted(axis % len(layers.shape) for axis in found) != axes:
            node.fail("must average over all axes but the first two")
    layers.average_all(node.name)
    if node.kind == "ReduceMean" and not node.attribute("keepdims", 1):
        layers.reshape(layers.shape[:2], node.name)


@layer("Pad")
def _pad(node: Node, layers: LayerChain) -> None:
    pads = node.numbers("paddings" if node.version == 1 else "pads", 1, [])
    axes = node.numbers("axes", 3, None)
    if axes is not None and pads:
        pads = _pads_of_all_axes(node, pads, axes, len(layers.shape))
    value = node.constant(2)
    value = node.attribute("value", 0.0) if value is None else value
    if not any(pads):
        return
    half = len(pads) // 2
    if node.attribute("mode", "constant") != "constant" or np.any(value != 0):
        node.fail("must pad with zeros")
    if half != len(layers.shape) or any((*pads[:2], *pads[half : half + 2])):
        node.fail("must pad the axes of an image only")
    layers.pad((*pads[2:half], *pads[half + 2 :]), node.name)


def _pads_of_all_axes(node: Node, pads: list[int], axes: list[int], rank: int) -> list[int]:
    if len(pads) != 2 * len(axes) or any(not -rank <= axis < rank for axis in axes):
        node.fail(f"pads axes {axes} of {rank} by {pads}")
    found = [0] * 2 * rank
    for index, axis in enumerate(axes):
        found[axis % rank], found[axis % rank + rank] = pads[index], pads[index + len(axes)]
    return found


@layer("Flatten", "Reshape", "Squeeze", "Unsqueeze", "Transpose")
def _shape(node: Node, layers: LayerChain) -> None:
    shape, rank = list(layers.shape), len(layers.shape)
    if node.kind == "Transpose":
        return layers.permute(node.attribute("perm", list(range(rank))[::-1]), node.name)
    if node.kind == "Flatten":
        axis = node.attribute("axis", 1)
        axis += rank if axis < 0 else 0
        return layers.reshape((int(np.prod(shape[:axis])), -1), node.name)
    if node.kind == "Reshape":
        wanted = node.numbers("shape", 1, [])
        if not node.attribute("allowzero", 0):
            wanted = [shape[i] if n == 0 and i < rank else n for i, n in enumerate(wanted)]
        return layers.reshape(wanted, node.name)
    if node.kind == "Squeeze":
        axes = node.numbers("axes", 1, [i for i, n in enumerate(shape) if n == 1])
        kept = [n for i, n in enumerate(shape) if i not in {axis % rank for axis in axes}]
        return layers.reshape(kept, node.name)
    axes = node.numbers("axes", 1, [])
    total = rank + len(axes)
    for axis in sorted(axis % total for axis in axes):
        shape.insert(axis, 1)
    return layers.reshape(shape, node.name)
