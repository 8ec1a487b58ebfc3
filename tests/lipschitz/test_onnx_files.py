"""ONNX models: the same function as onnxruntime computes."""

import numpy as np
import pytest

pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")

from onnx_graphs import CHAINS, CONSTANTS, IMAGE, real, used
from onnx_models import runtime_outputs, saved_model

from memrob.lipschitz.files import read_network


@pytest.mark.parametrize("name", CHAINS)
def test_same_function_as_onnxruntime(name, tmp_path):
    shape, nodes = CHAINS[name]
    path = saved_model(tmp_path / "model.onnx", shape, nodes, used(nodes))
    sizes = [n if isinstance(n, int) else 1 for n in shape]
    X = np.random.default_rng(0).standard_normal((5, int(np.prod(sizes)))).astype(np.float32)
    network = read_network(path).network
    expected = runtime_outputs(path, X, sizes)
    scale = np.abs(expected).max()
    np.testing.assert_allclose(network.outputs(X.astype(float)), expected, atol=2e-6 * scale)
    dense = network.relu_network()
    if dense is not None:
        found = dense.outputs(X.astype(float))
        np.testing.assert_allclose(found, expected, rtol=0, atol=2e-6 * scale)
    unmerged = read_network(path, memory=0).network
    found = unmerged.outputs(X.astype(float))
    np.testing.assert_allclose(found, expected, rtol=0, atol=2e-6 * scale)


def test_padding_of_some_axes(tmp_path):
    nodes = [("Pad", ["x", "sides", "", "last_two"], {}), ("Conv", ["x", "kernel"], {})]
    path = saved_model(tmp_path / "model.onnx", IMAGE, nodes, used(nodes), opset=18)
    X = real(3, 84)
    found = read_network(path).network.outputs(X.astype(float))
    np.testing.assert_allclose(found, runtime_outputs(path, X, IMAGE), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("kind", ["Add", "Mul"])
def test_axis_of_a_constant_before_version_7(kind, tmp_path):
    # As many channels as columns: broadcasting from the last axis would fit, and be wrong.
    shape, channels = (1, 3, 2, 3), np.float32([1, 2, 3])
    nodes = [(kind, ["x", "channels"], {"broadcast": 1, "axis": 1}), ("Relu", ["x"], {})]
    path = saved_model(tmp_path / "model.onnx", shape, nodes, {"channels": channels}, opset=6)
    X = real(3, 18).astype(float)
    by_channel = channels.repeat(6)
    expected = np.maximum(X + by_channel if kind == "Add" else X * by_channel, 0)
    np.testing.assert_array_equal(read_network(path).network.outputs(X), expected)


def test_shape_that_is_computed_in_the_graph(tmp_path):
    # What torch exports for x.view(x.size(0), -1).
    import onnx
    from onnx import helper

    path = saved_model(
        tmp_path / "model.onnx",
        (1, 2, 3),
        [("Reshape", ["x", "shape"], {}), ("Gemm", ["x", "w"], {})],
        {"w": real(6, 2), "first": np.int64(0), "axis": np.int64([0]), "rest": np.int64([-1])},
    )
    model = onnx.load(path)
    made = [
        helper.make_node("Shape", ["input"], ["sizes"]),
        helper.make_node("Gather", ["sizes", "first"], ["batch"]),
        helper.make_node("Unsqueeze", ["batch", "axis"], ["row"]),
        helper.make_node("Concat", ["row", "rest"], ["shape"], axis=0),
    ]
    for index, node in enumerate(made):
        model.graph.node.insert(index, node)
    onnx.save(model, path)
    X = real(3, 6)
    found = read_network(path).network.outputs(X.astype(float))
    np.testing.assert_allclose(found, runtime_outputs(path, X, (1, 2, 3)), rtol=1e-5)


def test_what_is_assumed_is_told(tmp_path):
    nodes = [*CHAINS["softmax"][1], ("Gemm", ["x", "vt"], {}), ("Softmax", ["x"], {})]
    constants = {"wt": CONSTANTS["wt"], "vt": real(3, 2)}
    path = saved_model(tmp_path / "model.onnx", (1, 8), nodes, constants)
    found = read_network(path)
    assert "Softmax at the end is left out: outputs are its inputs" in found.assumptions
    assert "activation relu" in found.assumptions
    assert not any("multiplied out" in note for note in found.assumptions)
    X = real(3, 8).astype(float)
    hidden = np.maximum(X @ constants["wt"], 0)
    np.testing.assert_allclose(found.network.outputs(X), hidden @ constants["vt"], rtol=1e-12)
