"""ONNX models that are refused, each in one line that names the file."""

import builtins

import numpy as np
import pytest

pytest.importorskip("onnx")

from onnx_graphs import CHAINS, CONSTANTS, IMAGE, used
from onnx_models import saved_model

from memrob.errors import UserError
from memrob.lipschitz.files import read_network


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
