"""Networks of torch: the layers of a module in the order in which it applies them."""

import operator
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import fx, nn

from memrob.errors import UserError
from memrob.lipschitz.operators.network import OperatorNetwork
from memrob.lipschitz.readers.chain import Chain
from memrob.lipschitz.readers.torch_changes import (
    change_of,
    compute_weights,
    require_no_global_hooks,
    require_same,
)
from memrob.lipschitz.readers.torch_layers import (
    FUNCTIONS,
    MODULES,
    NAMES,
    TorchLayers,
    bound,
    numbers_of,
)

DEFAULT_NUMBERS = 1e8
"""Most entries of a matrix that merging layers may make."""


def from_torch(
    module: nn.Module,
    input_shape: Sequence[int] | None = None,
    *,
    most_numbers: float | None = None,
) -> OperatorNetwork:
    """Network of a module of torch, in evaluation mode and in float64.

    Parameters
    ----------
    module : torch.nn.Module
        Of Linear, Conv1d, Conv2d, ReLU, LeakyReLU, Tanh, Sigmoid, BatchNorm, AvgPool,
        AdaptiveAvgPool to 1, Flatten, Dropout and Identity, one after the other, in Sequentials,
        ModuleLists or a `forward` that torch.fx can trace.
    input_shape : sequence of int, optional
        Shape of one input without the batch, such as (3, 32, 32); may be left out if the first
        layer is Linear.
    most_numbers : float, optional
        Most entries of a matrix that merging layers may make.

    Returns
    -------
    OperatorNetwork
        Numbers that are float32 in the module are the same in float64; batch normalisation and
        constants are multiplied out in float64.

    Raises
    ------
    UserError
        In one line, for modules that are none of these or do not follow one another, that have
        hooks or methods of their own in place of a known kind's, or that differ from what was read
        at points that are tried.
    """
    source, shape, module = _checked(module, input_shape)
    with _evaluating(module):
        reader = _Reader(module, source, shape)
        network, _ = _read(reader).network(most_numbers or DEFAULT_NUMBERS)
        with np.errstate(all="ignore"):
            require_same(source, module, reader.shape, network)
    return network


def torch_chain(module: nn.Module, input_shape: Sequence[int] | None = None) -> Chain:
    """Layers of a module; parameters as of `from_torch`, and errors but for points tried."""
    source, shape, module = _checked(module, input_shape)
    with _evaluating(module):
        return _read(_Reader(module, source, shape))


def _checked(module: nn.Module, input_shape) -> tuple[str, tuple[int, ...] | None, nn.Module]:
    """What messages call it, the shape of an input, and the module as one that can be traced."""
    source = type(module).__name__
    if not isinstance(module, nn.Module):
        raise UserError(f"{source}: is no torch.nn.Module")
    if isinstance(module, torch.jit.ScriptModule):
        raise UserError(f"{source}: is TorchScript; give the module that it was made of")
    shape = _checked_shape(input_shape)
    require_no_global_hooks(source)
    _require_numbers(source, module)
    if fx.Tracer().is_leaf_module(module, ""):
        return source, shape, nn.Sequential(module)
    change = change_of(module)
    if change is not None:
        raise UserError(f"{source}: {change}")
    return source, shape, module


def _read(reader: "_Reader") -> Chain:
    try:
        graph = fx.Tracer().trace(reader.module)
    except Exception as error:  # whatever a forward raises when it is traced
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise UserError(f"{reader.source}: torch.fx cannot trace its forward ({reason})") from error
    # What overflows is refused where it is used.
    with np.errstate(all="ignore"):
        return reader.read(graph)


def _checked_shape(shape: Sequence[int] | None) -> tuple[int, ...] | None:
    try:
        return None if shape is None else tuple(map(operator.index, shape))
    except TypeError as error:
        raise UserError(
            f"input_shape: is {shape!r}; it must be the sizes of one input, such as (3, 32, 32)"
        ) from error


def _require_numbers(source: str, module: nn.Module) -> None:
    for name, tensor in [*module.named_parameters(), *module.named_buffers()]:
        if nn.parameter.is_lazy(tensor):
            raise UserError(f"{source}: {name} has no shape yet; apply the module to an input once")
        if tensor.is_meta:
            raise UserError(f"{source}: {name} has a shape but no numbers, as it is on device meta")
        if tensor.is_complex() or tensor.is_quantized or tensor.layout != torch.strided:
            raise UserError(f"{source}: {name} must be a dense tensor of real numbers")


@contextmanager
def _evaluating(module: nn.Module) -> Iterator[None]:
    """Put a module into evaluation mode; its own modes are as they were afterwards."""
    modes = [(part, part.training) for part in module.modules()]
    try:
        module.eval()
        compute_weights(module)
        yield
    finally:
        for part, training in modes:
            part.training = training


class _Reader:
    """Follows a traced graph from its input to its output."""

    def __init__(self, module: nn.Module, source: str, shape: Sequence[int] | None):
        self.module, self.source = module, source
        self.shape = (1, *shape) if shape is not None else None
        self.layers: TorchLayers | None = None
        self.values: dict[fx.Node, Any] = {}
        self.shapes: dict[fx.Node, tuple[int, ...]] = {}
        self.current: fx.Node | None = None

    def read(self, graph: fx.Graph) -> Chain:
        inputs = [node for node in graph.nodes if node.op == "placeholder"]
        if len(inputs) != 1:
            raise UserError(f"{self.source}: has {len(inputs)} inputs, must have one")
        self.current = inputs[0]
        self._begin()
        for node in graph.nodes:
            if node.op == "output":
                if node.args[0] is not self.current:
                    self._fail(node, "must be the result of the last layer")
            elif node.op == "get_attr":
                self.values[node] = _tensor(self.module, node.target)
            elif node.op != "placeholder":
                self._apply(node)
        if self.layers is None:
            raise UserError(f"{self.source}: holds no layer")
        return Chain.of(self.layers, ["evaluation mode"])

    def _begin(self) -> None:
        shape = self.shape
        if shape is None:
            first = next(
                (
                    m
                    for m in self.module.modules()
                    if isinstance(m, nn.Linear | nn.modules.conv._ConvNd)
                ),
                None,
            )
            if not isinstance(first, nn.Linear):
                raise UserError(f"{self.source}: give input_shape, such as (3, 32, 32)")
            shape = self.shape = (1, first.in_features)
        types = {parameter.dtype for parameter in self.module.parameters()}
        self.layers = TorchLayers(shape, self.source)
        self.shapes[self.current] = self.layers.shape
        self.layers.is_double = types == {torch.float64}

    def _fail(self, node: fx.Node, reason: str) -> None:
        raise UserError(f"{self.source}: {self._name(node)} {reason}")

    def _name(self, node: fx.Node) -> str:
        if node.op == "call_module":
            return f"{type(self.module.get_submodule(node.target)).__name__} {node.target}"
        name = getattr(node.target, "__name__", node.target)
        return f"{name} ({node.name})"

    def _apply(self, node: fx.Node) -> None:
        if self._is_shape_arithmetic(node):
            return
        computed = [n for n in node.all_input_nodes if n not in self.values]
        if computed != [self.current]:
            self._fail(node, "joins or splits computed values; layers must follow one another")
        if node.op == "call_module":
            self._apply_module(node)
        else:
            self._apply_function(node)
        self.current = node
        self.shapes[node] = self.layers.shape

    def _is_shape_arithmetic(self, node: fx.Node) -> bool:
        """Whether a node asks for the shape, or computes with constants: then do so."""
        asked = node.args[0] if node.args and isinstance(node.args[0], fx.Node) else None
        shape = torch.Size(self.shapes[asked]) if asked in self.shapes else None
        if shape and node.op == "call_method" and node.target in ("size", "dim"):
            given = [*self._arguments(node)[1:], *node.kwargs.values()]
            self.values[node] = len(shape) if node.target == "dim" else shape
            if given:
                self.values[node] = shape[given[0]]
            return True
        if shape and node.target is getattr and node.args[1] in ("shape", "ndim"):
            self.values[node] = shape if node.args[1] == "shape" else len(shape)
            return True
        if node.op == "call_function" and all(n in self.values for n in node.all_input_nodes):
            self.values[node] = node.target(*self._arguments(node), **self._named(node))
            return True
        return False

    def _arguments(self, node: fx.Node) -> list:
        return list(fx.node.map_arg(node.args, lambda n: self.values.get(n, n)))

    def _named(self, node: fx.Node) -> dict:
        return dict(fx.node.map_arg(node.kwargs, lambda n: self.values.get(n, n)))

    def _apply_module(self, node: fx.Node) -> None:
        module, name = self.module.get_submodule(node.target), self._name(node)
        for kind, function in MODULES.items():
            if isinstance(module, kind):
                change = change_of(module, kind)
                if change is not None:
                    self._fail(node, change)
                function(self.layers, module, name)
                return
        self._fail(node, "is neither affine nor an activation that is known")

    def _apply_function(self, node: fx.Node) -> None:
        name, given = self._name(node), self._arguments(node)
        # Functions of others may have the names of torch's.
        key = node.target if node.op == "call_method" else NAMES.get(node.target, "")
        # In place or not, and torch.add or operator.add, are the same.
        key = key.rstrip("_")
        function = FUNCTIONS.get(key)
        if function is None:
            self._fail(node, "is neither affine nor an activation that is known")
        arguments = bound(self.layers, key, given, self._named(node), name)
        places = [k for k, value in arguments.items() if value is self.current]
        if places not in (["input"], ["other"]):
            self._fail(node, "joins or splits computed values; layers must follow one another")
        function(self.layers, arguments, places == ["other"], name)


def _tensor(module: nn.Module, path: str) -> np.ndarray:
    found = operator.attrgetter(path)(module)
    return numbers_of(found) if isinstance(found, torch.Tensor) else found
