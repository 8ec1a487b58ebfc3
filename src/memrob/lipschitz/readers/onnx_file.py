"""Networks from ONNX files: chains of layers that are affine or activations."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from memrob.errors import UserError
from memrob.lipschitz.readers.builder import LayerChain
from memrob.lipschitz.readers.chain import Chain
from memrob.lipschitz.readers.onnx_layers import LAYERS, TWO_SIDED
from memrob.lipschitz.readers.onnx_node import Node, require_evaluation, require_known

EXPECTED = "an ONNX model"

FINAL = ("Softmax", "LogSoftmax")
"""Operators that are left out at the end of a network."""

RANDOM = ("RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike")
RANDOM += ("Bernoulli", "Multinomial")
"""Operators that are no constants, even of constants."""

MOVING = ("Cast", "Identity", "Flatten", "Reshape", "Squeeze", "Unsqueeze", "Transpose")
"""Operators that compute the same of integers as of real numbers."""


def onnx_chain(path: Path) -> Chain:
    """Layers of an ONNX model whose nodes follow one another.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    Chain

    Raises
    ------
    UserError
        In one line, without the package onnx, for a file that holds no model, and for a node that
        is neither affine nor an activation or has two computed inputs.
    """
    model = _model(path)
    graph = model.graph
    if len(graph.output) != 1:
        raise UserError(f"{path}: the graph has {len(graph.output)} outputs, must have one")
    constants = _initialisers(path, graph)
    inputs = [value for value in graph.input if value.name not in constants]
    if len(inputs) != 1:
        raise UserError(f"{path}: the graph has {len(inputs)} inputs, must have one")
    reader = _Reader(path, model, constants, LayerChain(_shape(path, inputs[0]), str(path)))
    return reader.read(inputs[0].name, graph.output[0].name)


def _model(path: Path):
    try:
        import onnx
        from google.protobuf.message import DecodeError
    except ImportError as error:
        raise UserError(f"{path}: reading it needs onnx; pip install memrob[onnx]") from error
    try:
        model = onnx.load(path)
    except (DecodeError, ValueError, TypeError, onnx.checker.ValidationError, OSError) as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise UserError(f"{path}: expected {EXPECTED}, found a damaged one ({reason})") from error
    if not model.graph.node:
        raise UserError(f"{path}: expected {EXPECTED}, found one without nodes or another file")
    return model


def _initialisers(path: Path, graph) -> dict[str, np.ndarray]:
    import onnx

    if graph.sparse_initializer:
        raise UserError(f"{path}: the graph holds sparse tensors; export it with dense ones")
    try:
        return {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in graph.initializer}
    except Exception as error:  # whatever a damaged tensor makes its reader raise
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise UserError(f"{path}: holds a damaged tensor ({reason})") from error


def _shape(path: Path, value) -> list[int]:
    """Shape of the input; a batch of unknown length counts as 1."""
    if not value.type.HasField("tensor_type") or not value.type.tensor_type.HasField("shape"):
        raise UserError(
            f"{path}: the shape of its input {value.name} is unknown; export it with one"
        )
    dims = [dim.dim_value for dim in value.type.tensor_type.shape.dim]
    if len(dims) > 1 and not dims[0]:
        dims[0] = 1
    if min(dims, default=1) < 1:
        named = [dim.dim_value or dim.dim_param or "?" for dim in value.type.tensor_type.shape.dim]
        shape = " x ".join(map(str, named))
        raise UserError(
            f"{path}: its input {value.name} has shape {shape}; export it with fixed sizes"
        )
    return dims


class _Reader:
    def __init__(self, path: Path, model, constants: dict, layers: LayerChain):
        self.path, self.model, self.layers = path, model, layers
        self.constants, self.assumptions = constants, []
        versions = {of.domain: of.version for of in model.opset_import}
        self.version = versions.get("", versions.get("ai.onnx", 1))
        self.is_integer = False

    def read(self, current: str, output: str) -> Chain:
        """Follow the graph from its input to its output."""
        final, self.is_integer = None, _is_integer(self.path, self.model, current)
        shapes = {current: self.layers.shape}
        for proto in self._needed(output):
            node = Node(proto, self.constants, self.layers, self.version)
            self._require_known(node)
            if node.kind == "Shape" and node.inputs[0] in shapes:
                self._set(node, np.array(shapes[node.inputs[0]], dtype=np.int64))
                continue
            computed = [name for name in node.inputs if name and name not in self.constants]
            if not computed:
                self._fold(proto, node)
                continue
            if final is not None:
                node.fail(f"follows {final}, which may be left out at the end only")
            if computed != [current]:
                node.fail("joins or splits computed values; the layers must follow one another")
            if current in node.inputs[1:] and node.kind not in TWO_SIDED:
                node.fail("takes what is computed where a constant must stand")
            if node.kind in FINAL:
                final = node.kind
            elif node.kind in LAYERS:
                self._apply(node)
            else:
                node.fail("is neither affine nor an activation that is known")
            current = node.outputs[0]
            shapes[current] = self.layers.shape
        if current != output:
            raise UserError(f"{self.path}: its output does not depend on its input")
        if final is not None:
            self.assumptions.append(f"{final} at the end is left out: outputs are its inputs")
        return Chain.of(self.layers, ["evaluation mode", *self.assumptions])

    def _require_known(self, node: Node) -> None:
        """Refuse a node that draws at random, is in training mode, or is no operator of ONNX."""
        if any(kind in RANDOM for kind in _kinds_in(node.proto)):
            node.fail("draws at random; export the network without it")
        require_known(node)
        if any(of.name == node.kind and of.domain == "" for of in self.model.functions):
            node.fail("is a function of the model, not an operator of ONNX itself")
        require_evaluation(node)

    def _apply(self, node: Node) -> None:
        if self.is_integer and node.kind not in MOVING:
            node.fail("computes with integers, which rounds and overflows; cast them to float32")
        LAYERS[node.kind](node, self.layers)
        self.is_integer &= node.kind != "Cast"

    def _needed(self, output: str) -> list:
        """Nodes on which the output depends, in the order of the file."""
        wanted, kept = {output}, []
        for proto in reversed(self.model.graph.node):
            if wanted.intersection(proto.output):
                kept.append(proto)
                wanted.update(proto.input)
        return kept[::-1]

    def _fold(self, proto, node: Node) -> None:
        """Compute a node whose inputs are constants."""
        from onnx.reference import ReferenceEvaluator

        versions = {of.domain: of.version for of in self.model.opset_import}
        try:
            given = {name: self.constants[name] for name in node.inputs if name}
            found = ReferenceEvaluator(proto, opsets=versions).run(None, given)
        except Exception as error:  # whatever an operator's implementation raises
            node.fail(f"cannot be computed ({type(error).__name__})")
        for name, value in zip(node.outputs, found, strict=False):
            self.constants[name] = np.asarray(value)

    def _set(self, node: Node, value: np.ndarray) -> None:
        start, end = node.attribute("start", 0), node.attribute("end", None)
        self.constants[node.outputs[0]] = value[start:end]


def _kinds_in(proto) -> Iterator[str]:
    """Operators of a node and of the graphs in its attributes."""
    yield proto.op_type
    for attribute in proto.attribute:
        for graph in [attribute.g, *attribute.graphs]:
            for node in graph.node:
                yield from _kinds_in(node)


def _is_integer(path: Path, model, name: str) -> bool:
    """Whether an input holds integers.

    A UserError is raised if it holds neither integers nor real numbers.
    """
    from onnx import TensorProto

    kind = next(each for each in model.graph.input if each.name == name).type.tensor_type.elem_type
    of = TensorProto.DataType.Name(kind) if kind in TensorProto.DataType.values() else str(kind)
    if of in ("FLOAT", "DOUBLE", "FLOAT16", "BFLOAT16"):
        return False
    if of.removeprefix("U") in ("INT8", "INT16", "INT32", "INT64"):
        return True
    raise UserError(f"{path}: its input {name} has type {of}; it must hold real numbers")
