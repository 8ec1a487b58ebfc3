"""ONNX models: the same function as onnxruntime computes, and models that are refused."""

import builtins

import numpy as np
import pytest

pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")

from onnx_models import runtime_outputs, saved_model

from memrob.errors import UserError
from memrob.lipschitz.files import read_network

RNG = np.random.default_rng(3)


def real(*shape):
    return RNG.standard_normal(shape).astype(np.float32)


IMAGE = (1, 2, 7, 6)
GEMM = {"w": real(3, 8), "b": real(3), "v": real(4, 3)}

CHAINS = {
    "gemm": ((1, 8), [("Gemm", ["x", "w", "b"], {"transB": 1}), ("Relu", ["x"], {})]),
    "gemm scaled": (
        (1, 8),
        [("Gemm", ["x", "wt", "b"], {"alpha": 0.3, "beta": 1.7}), ("Relu", ["x"], {})],
    ),
    "gemm from the left": (
        (8, 1),
        [("Gemm", ["w", "x", "column"], {}), ("Relu", ["x"], {}), ("Gemm", ["v", "x"], {})],
    ),
    "gemm transposed from the left": ((8, 1), [("Gemm", ["wt", "x"], {"transA": 1})]),
    "gemm of a transposed column": ((8, 1), [("Gemm", ["x", "wt", "b"], {"transA": 1})]),
    "gemm of a transposed row": ((1, 8), [("Gemm", ["w", "x"], {"transB": 1})]),
    "matmul of a vector": ((8,), [("MatMul", ["w", "x"], {}), ("Add", ["x", "b"], {})]),
    "matmul with a vector": ((1, 8), [("MatMul", ["x", "row"], {})]),
    "unknown batch": (("N", 8), [("MatMul", ["x", "wt"], {}), ("Add", ["b", "x"], {})]),
    "normalisation": (
        IMAGE,
        [
            ("Sub", ["x", "mean"], {}),
            ("Div", ["x", "deviation"], {}),
            ("Conv", ["x", "kernel"], {"pads": [1, 1, 1, 1]}),
            ("Relu", ["x"], {}),
            ("Mul", ["x", "two"], {}),
            ("Sub", ["two", "x"], {}),
            ("Neg", ["x"], {}),
        ],
    ),
    "convolution": (
        IMAGE,
        [
            (
                "Conv",
                ["x", "kernel", "channels"],
                {"strides": [2, 1], "pads": [0, 1, 2, 1], "dilations": [1, 2]},
            ),
            ("LeakyRelu", ["x"], {"alpha": 0.1}),
            ("Conv", ["x", "grouped"], {"group": 2, "auto_pad": "SAME_UPPER", "strides": [2, 2]}),
        ],
    ),
    "same lower": (
        IMAGE,
        [("Conv", ["x", "even"], {"auto_pad": "SAME_LOWER"}), ("Relu", ["x"], {})],
    ),
    "signal": (
        (1, 2, 9),
        [("Conv", ["x", "short"], {"strides": [2], "pads": [1, 0]}), ("Tanh", ["x"], {})],
    ),
    "batch normalisation": (
        IMAGE,
        [
            ("Conv", ["x", "kernel"], {}),
            ("BatchNormalization", ["x", "s", "t", "m", "v4"], {"epsilon": 0.01}),
            ("Relu", ["x"], {}),
            ("BatchNormalization", ["x", "s", "t", "m", "v4"], {}),
            ("AveragePool", ["x"], {"kernel_shape": [2, 2], "strides": [1, 2]}),
            ("Flatten", ["x"], {}),
        ],
    ),
    "pooling": (
        IMAGE,
        [
            ("AveragePool", ["x"], {"kernel_shape": [3, 2], "pads": [1, 0, 1, 1]}),
            ("Relu", ["x"], {}),
            (
                "AveragePool",
                ["x"],
                {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1], "count_include_pad": 1},
            ),
            ("GlobalAveragePool", ["x"], {}),
            ("Squeeze", ["x", "last_axes"], {}),
        ],
    ),
    "mean": (
        IMAGE,
        [("Conv", ["x", "kernel"], {}), ("ReduceMean", ["x"], {"axes": [2, 3], "keepdims": 0})],
    ),
    "shapes": (
        IMAGE,
        [
            ("Transpose", ["x"], {"perm": [0, 2, 3, 1]}),
            ("Conv", ["x", "seven"], {}),
            ("Relu", ["x"], {}),
            ("Reshape", ["x", "flat"], {}),
            ("Unsqueeze", ["x", "first_axis"], {}),
            ("Identity", ["x"], {}),
            ("Dropout", ["x"], {}),
            ("Cast", ["x"], {"to": 1}),
            ("Sigmoid", ["x"], {}),
        ],
    ),
    "padding": (
        IMAGE,
        [
            ("Pad", ["x", "pads"], {}),
            ("Conv", ["x", "kernel"], {}),
            ("Clip", ["x", "zero"], {}),
            ("PRelu", ["x", "slope"], {}),
        ],
    ),
    "softmax": ((1, 8), [("Gemm", ["x", "wt"], {}), ("Relu", ["x"], {})]),
    "maximum": (
        (1, 8),
        [("Gemm", ["x", "wt"], {}), ("Max", ["zero", "x"], {}), ("Mul", ["x", "two"], {})],
    ),
}

CONSTANTS = GEMM | {
    "wt": np.ascontiguousarray(GEMM["w"].T),
    "column": real(3, 1),
    "row": real(8),
    "mean": real(1, 2, 1, 1),
    "deviation": np.float32([[[0.3]], [[0.7]]]),
    "two": np.float32(2),
    "kernel": real(4, 2, 3, 2),
    "channels": real(4),
    "grouped": real(6, 2, 2, 2),
    "even": real(3, 2, 2, 4),
    "short": real(3, 2, 4),
    "s": real(4),
    "t": real(4),
    "m": real(4),
    "v4": np.float32([0.5, 1, 2, 3]),
    "last_axes": np.int64([2, 3]),
    "first_axis": np.int64([0]),
    "flat": np.int64([0, -1]),
    "seven": real(2, 7, 1, 1),
    "pads": np.int64([0, 0, 1, 0, 0, 0, 2, 1]),
    "zero": np.float32(0),
    "slope": np.float32([0.25]),
    "square": real(8, 8),
    "rest": real(8, 1),
    "large": np.float64(1e200),
    "least": np.float64(5e-324),
    "sides": np.int64([1, 0, 2, 1]),
    "last_two": np.int64([-1, 2]),
}


def used(nodes):
    names = {name for _, inputs, _ in nodes for name in inputs} - {"x", ""}
    return {name: CONSTANTS[name] for name in names}


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


def refusal(path):
    with pytest.raises(UserError) as error:
        read_network(path)
    text = str(error.value)
    assert "\n" not in text
    assert text.startswith(f"{path}: ")
    return text


REFUSED = {
    "MaxPool": (IMAGE, [("MaxPool", ["x"], {"kernel_shape": [2, 2]})], "MaxPool"),
    "residual": ((1, 8), [("Add", ["x", "x"], {})], "joins or splits computed values"),
    "squares": ((1, 8), [("Mul", ["x", "input"], {})], "joins or splits"),
    "softmax between": ((1, 8), [("Softmax", ["x"], {}), ("Relu", ["x"], {})], "follows Softmax"),
    "batch": ((4, 8), [("Gemm", ["x", "wt"], {})], "export it with a batch of 1"),
    "no weights": ((1, 8), [("Relu", ["x"], {})], "holds no layer with weights"),
    "relu6": ((1, 8), [("Clip", ["x", "zero", "two"], {})], "must be a ReLU"),
    "floor": ((1, 8), [("Max", ["x", "two"], {})], "must be a ReLU, the maximum with one 0"),
    "two maxima": ((1, 8), [("Max", ["x", "zero", "two"], {})], "must be a ReLU, the maximum"),
    "sizes": ((1, 7), [("MatMul", ["x", "wt"], {})], "takes 8 numbers, found shape (1, 7)"),
    "unknown sizes": ((1, 2, "h", 6), [("Conv", ["x", "kernel"], {})], "with fixed sizes"),
    "channels": ((1, 3, 7, 6), [("Conv", ["x", "kernel"], {})], "unfit for 3 channels"),
    "large kernel": ((1, 2, 2, 6), [("Conv", ["x", "kernel"], {})], "makes an image of 0 x 5"),
    "strides": ((1, 2, 7, 6), [("Conv", ["x", "kernel"], {"strides": [1]})], "for each of 2 axes"),
    "paddings": (IMAGE, [("Conv", ["x", "kernel"], {"pads": [1, 1]})], "and padding [1, 1]"),
    "pooled strides": (
        IMAGE,
        [("AveragePool", ["x"], {"kernel_shape": [2, 2], "strides": [2], "ceil_mode": 1})],
        "found strides [2]",
    ),
    "pooled vector": (
        (1, 8),
        [("AveragePool", ["x"], {"kernel_shape": [2], "auto_pad": "SAME_UPPER"})],
        "for each of 0 axes",
    ),
    "products": ((8, 1), [("Gemm", ["square", "rest", "x"], {})], "where a constant must stand"),
    "bounds": ((1, 1), [("Clip", ["zero", "zero", "x"], {})], "where a constant must stand"),
    "overflow": (
        (1, 8),
        [("Mul", ["x", "large"], {}), ("Mul", ["x", "large"], {})],
        "its layers, multiplied out, exceed double precision",
    ),
    "quotient": ((1, 8), [("Div", ["x", "least"], {})], "must be finite"),
    "inverse": ((1, 8), [("Div", ["two", "x"], {})], "divides a constant by a computed value"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_other_graphs_are_refused_in_one_line(name, tmp_path):
    shape, nodes, message = REFUSED[name]
    constants = {k: v for k, v in CONSTANTS.items() if any(k in inputs for _, inputs, _ in nodes)}
    path = saved_model(tmp_path / "model.onnx", shape, nodes, constants)
    assert message in refusal(path)


@pytest.mark.parametrize("kind", ["RandomNormal", "Bernoulli"])
def test_what_is_drawn_at_random_is_no_constant(kind, tmp_path):
    import onnx

    path = saved_model(
        tmp_path / "model.onnx", (1, 2), [("Add", ["x", "noise"], {})], {"half": np.float32([0.5])}
    )
    model = onnx.load(path)
    inputs, attributes = (["half"], {}) if kind == "Bernoulli" else ([], {"shape": [2]})
    model.graph.node.insert(0, onnx.helper.make_node(kind, inputs, ["noise"], **attributes))
    onnx.save(model, path)
    assert "draws at random" in refusal(path)


def test_numbers_that_are_not_finite(tmp_path):
    path = saved_model(
        tmp_path / "model.onnx",
        (1, 2),
        [("MatMul", ["x", "w"], {})],
        {"w": np.float32([[1], [np.nan]])},
    )
    assert "must be finite" in refusal(path)


@pytest.mark.parametrize("content", [b"", b"text", b"<!doctype html><html></html>", b"\x80\x04]."])
def test_files_of_another_kind(content, tmp_path):
    path = tmp_path / "model.onnx"
    path.write_bytes(content)
    assert "expected an ONNX model, found" in refusal(path)


def test_truncated(tmp_path):
    shape, nodes = CHAINS["gemm"]
    path = saved_model(tmp_path / "model.onnx", shape, nodes, used(nodes))
    content = path.read_bytes()
    for kept in range(1, len(content), 7):
        path.write_bytes(content[:kept])
        assert str(path) in refusal(path)


def test_without_onnx_the_extra_is_named(tmp_path, monkeypatch):
    shape, nodes = CHAINS["gemm"]
    path = saved_model(tmp_path / "model.onnx", shape, nodes, used(nodes))
    real_import = builtins.__import__

    def without(name, *arguments, **options):
        if name == "onnx":
            raise ImportError(name)
        return real_import(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    assert refusal(path).endswith("reading it needs onnx; pip install memrob[onnx]")
