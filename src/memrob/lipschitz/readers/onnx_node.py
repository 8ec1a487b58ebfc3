"""A node of an ONNX graph with its constants, and what a node must not be."""

import numpy as np

from memrob.lipschitz.readers.builder import LayerChain


class Node:
    """A node of a graph, with its constants.

    Attributes
    ----------
    kind : str
        Operator, such as Gemm.
    inputs, outputs : list of str
    version : int
        Of the operators that the model imports.
    """

    def __init__(self, proto, constants: dict[str, np.ndarray], layers: LayerChain, version: int):
        self.proto, self.constants, self.layers = proto, constants, layers
        self.version = version
        self.kind, self.inputs, self.outputs = proto.op_type, list(proto.input), list(proto.output)

    @property
    def name(self) -> str:
        """Operator and name of the node, for messages."""
        return f"{self.kind} {self.proto.name or self.outputs[0]}".strip()

    def fail(self, reason: str) -> None:
        """Raise a UserError that names the node."""
        self.layers.fail(f"the node {self.name} {reason}")

    def attribute(self, name: str, default):
        """Value of an attribute, texts decoded."""
        from onnx.helper import get_attribute_value

        for attribute in self.proto.attribute:
            if attribute.name == name:
                value = get_attribute_value(attribute)
                return value.decode() if isinstance(value, bytes) else value
        return default

    def constant(self, index: int) -> np.ndarray | None:
        """Constant input number `index`; None if there is none."""
        if index >= len(self.inputs) or not self.inputs[index]:
            return None
        return self.constants.get(self.inputs[index])

    def weights(self, index: int) -> np.ndarray:
        """Constant input that must be there."""
        found = self.constant(index)
        if found is None:
            self.fail(f"must have constant weights, its input {index} is none")
        return found

    def numbers(self, name: str, index: int, default=None) -> list[int] | None:
        """Integers given as an attribute, or as an input in newer versions."""
        found = self.constant(index)
        found = self.attribute(name, None) if found is None else found
        return default if found is None else [int(value) for value in np.ravel(found)]


def require_known(node: Node) -> None:
    """Refuse operators of others, and what the operator of the model's version does not take."""
    from onnx import defs

    domain = node.proto.domain
    if domain not in ("", "ai.onnx"):
        node.fail(f"is of {domain}, not an operator of ONNX itself")
    try:
        schema = defs.get_schema(node.kind, node.version, "")
    except (defs.SchemaError, TypeError):  # the latter of names and numbers that are damaged
        node.fail(f"is no operator of ONNX in version {node.version}")
    for attribute in node.proto.attribute:
        if attribute.name not in schema.attributes:
            node.fail(f"has an attribute {attribute.name}, unknown in version {node.version}")
    if len(node.inputs) > schema.max_input or len(node.outputs) > schema.max_output:
        node.fail(f"has more inputs or outputs than it may have in version {node.version}")


def require_evaluation(node: Node) -> None:
    """Refuse dropout and batch normalisation in training mode."""
    training = False
    if node.kind in ("Dropout", "BatchNormalization") and node.version < 7:
        training = not node.attribute("is_test", 0)
    elif node.kind == "Dropout":
        training = node.constant(2) is not None and bool(node.constant(2).any())
    elif node.kind == "BatchNormalization":
        # Further outputs are statistics of the batch.
        training = bool(node.attribute("training_mode", 0)) or any(node.outputs[1:])
    if training:
        node.fail("is in training mode; export the network after .eval()")
