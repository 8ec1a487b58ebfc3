"""Small ONNX models, and what onnxruntime says of them."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def saved_model(path, shape, nodes, constants, opset=13, output=None, dtype=TensorProto.FLOAT):
    """Write a model of a chain of nodes (kind, inputs, attributes); "x" is the last result.

    Other inputs are names of constants.
    """
    current, made = "input", []
    for index, (kind, inputs, attributes) in enumerate(nodes):
        names = [current if name == "x" else name for name in inputs]
        result = f"{kind}_{index}"
        made.append(helper.make_node(kind, names, [result], name=result, **attributes))
        current = result
    graph = helper.make_graph(
        made,
        "network",
        [helper.make_tensor_value_info("input", dtype, shape)],
        [helper.make_tensor_value_info(output or current, TensorProto.FLOAT, None)],
        [numpy_helper.from_array(np.asarray(a), name) for name, a in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    model.ir_version = 8
    onnx.save(model, path)
    return path


def runtime_outputs(path, X, shape, dtype=np.float32):
    """Outputs (M, K) of onnxruntime at points X (M, d), of the type given."""
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    found = [session.run(None, {name: x.reshape(shape).astype(dtype)})[0] for x in X]
    return np.stack([y.ravel() for y in found])
