"""ONNX models with integers, in training mode, of old versions and with operators of others."""

import numpy as np
import pytest

pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")

import onnx
from network_files import refusal
from onnx import TensorProto, helper
from onnx_graphs import real
from onnx_models import runtime_outputs, saved_model

from memrob.lipschitz.files import read_network

ROW = {"w": real(3, 2)}

NORMS = {
    "s": real(3),
    "t": real(3),
    "m": real(3),
    "v": np.float32([0.5, 1, 2]),
}


def model(path, *nodes, constants=ROW, **options):
    last = ("MatMul", ["x", "w"], {})
    return saved_model(path, (1, 3), [*nodes, last], constants | ROW, **options)


def changed(path, change):
    found = onnx.load(path)
    change(found)
    onnx.save(found, path)
    return path


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.onnx"


@pytest.mark.parametrize("kind", ["INT64", "INT32", "UINT8"])
def test_integers_that_are_cast_at_once_are_read(kind, path):
    dtype = TensorProto.DataType.Value(kind)
    nodes = [("Reshape", ["x", "shape"], {}), ("Cast", ["x"], {"to": TensorProto.FLOAT})]
    model(path, *nodes, constants={"shape": np.int64([1, 3])}, dtype=dtype)
    X = np.array([[0, 3, 250], [7, 1, 2]])
    expected = runtime_outputs(path, X, (1, 3), kind.lower())
    found = read_network(path).network.outputs(X.astype(float))
    np.testing.assert_allclose(found, expected, rtol=1e-5)


@pytest.mark.parametrize("kind", ["Div", "Mul", "Add", "Sub", "Max"])
def test_arithmetic_with_integers_is_refused(kind, path):
    nodes = [(kind, ["x", "seven"], {}), ("Cast", ["x"], {"to": TensorProto.FLOAT})]
    model(path, *nodes, constants={"seven": np.int64([7])}, dtype=TensorProto.INT64)
    assert f"{kind} {kind}_0 computes with integers, which rounds and overflows" in refusal(path)


@pytest.mark.parametrize("kind", ["BOOL", "STRING", "COMPLEX64"])
def test_inputs_that_are_no_numbers(kind, path):
    model(path, dtype=TensorProto.DataType.Value(kind))
    assert f"its input input has type {kind}; it must hold real numbers" in refusal(path)


@pytest.mark.parametrize(
    ("kind", "attributes", "opset", "outputs"),
    [
        ("BatchNormalization", {"training_mode": 1}, 14, 1),
        ("BatchNormalization", {}, 7, 5),
        ("BatchNormalization", {}, 9, 5),
        ("BatchNormalization", {"is_test": 0}, 6, 1),
        ("BatchNormalization", {}, 6, 1),
        ("Dropout", {"is_test": 0}, 6, 1),
        ("Dropout", {}, 1, 1),
        ("Dropout", {}, 13, 1),
    ],
)
def test_training_mode(kind, attributes, opset, outputs, path):
    of_norm = kind == "BatchNormalization"
    flags = {"ratio": np.float32(0.5), "on": np.array(True)} if opset == 13 else {}
    inputs = ["x", *(NORMS if of_norm else flags)]
    model(path, (kind, inputs, attributes), constants=NORMS | flags, opset=opset)

    def more(found):
        found.graph.node[0].output.extend(f"more{i}" for i in range(outputs - 1))

    assert "is in training mode; export the network after .eval()" in refusal(changed(path, more))


@pytest.mark.parametrize("opset", [6, 7])
def test_old_models_in_evaluation_mode_are_read(opset, path):
    flag = {"is_test": 1} if opset < 7 else {}
    nodes = [("BatchNormalization", ["x", *NORMS], flag), ("Dropout", ["x"], flag)]
    model(path, *nodes, constants=NORMS, opset=opset)
    X = real(3, 3).astype(float)
    normal = (X - NORMS["m"]) / np.sqrt(NORMS["v"] + 1e-5) * NORMS["s"] + NORMS["t"]
    np.testing.assert_allclose(read_network(path).network.outputs(X), normal @ ROW["w"], rtol=1e-5)


def test_dropout_of_a_constant(path):
    flags = {"ratio": np.float32(0.5), "on": np.array(True), "c": real(3)}
    model(path, ("Add", ["x", "dropped"], {}), constants=flags)
    node = helper.make_node("Dropout", ["c", "ratio", "on"], ["dropped"])
    changed(path, lambda found: found.graph.node.insert(0, node))
    assert "is in training mode" in refusal(path)


def test_numbers_drawn_at_random_in_a_branch(path):
    model(path, ("Add", ["x", "noise"], {}), constants={"yes": np.array(True)})
    draw = helper.make_node("RandomNormal", [], ["drawn"], shape=[3])
    value = helper.make_tensor_value_info("drawn", TensorProto.FLOAT, [3])
    branch = helper.make_graph([draw], "branch", [], [value])
    node = helper.make_node("If", ["yes"], ["noise"], then_branch=branch, else_branch=branch)
    changed(path, lambda found: found.graph.node.insert(0, node))
    assert "draws at random" in refusal(path)


@pytest.mark.parametrize("kind", ["Softmax", "Relu", "Shape", "Identity"])
@pytest.mark.parametrize("domain", ["own", "com.microsoft"])
def test_operators_of_others(kind, domain, path):
    saved_model(path, (1, 3), [("MatMul", ["x", "w"], {}), (kind, ["x"], {})], ROW)

    def made_own(found):
        found.graph.node[-1].domain = domain
        found.opset_import.append(helper.make_opsetid(domain, 1))

    assert f"is of {domain}, not an operator of ONNX itself" in refusal(changed(path, made_own))


def test_a_function_of_the_model(path):
    saved_model(path, (1, 3), [("MatMul", ["x", "w"], {}), ("Softmax", ["x"], {})], ROW)
    body = [helper.make_node("Add", ["a", "a"], ["b"])]
    opsets = [helper.make_opsetid("", 13)]
    function = helper.make_function("", "Softmax", ["a"], ["b"], body, opsets)
    changed(path, lambda found: found.functions.append(function))
    assert "is a function of the model" in refusal(path)


def test_padding_of_version_1(path):
    pads = {"paddings": [0, 0, 1, 0, 0, 0, 2, 1]}
    nodes = [("Pad", ["x"], pads), ("Conv", ["x", "k"], {})]
    kernel = real(1, 2, 7, 5)
    saved_model(path, (1, 2, 4, 4), nodes, {"k": kernel}, opset=1)
    X = real(2, 32).astype(float)
    padded = np.pad(X.reshape(2, 2, 4, 4), ((0, 0), (0, 0), (1, 2), (0, 1)))
    expected = (padded * kernel).sum((1, 2, 3))
    np.testing.assert_allclose(read_network(path).network.outputs(X)[:, 0], expected, rtol=1e-6)
    saved_model(path, (1, 2, 4, 4), [("Pad", ["x"], pads | {"mode": "edge"})], {}, opset=1)
    assert "must pad with zeros" in refusal(path)


@pytest.mark.parametrize(
    ("node", "opset", "message"),
    [
        (("Pad", ["x"], {"paddings": [0, 0, 0, 1]}), 2, "has an attribute paddings, unknown"),
        (("Clip", ["x"], {"min": 0.0}), 13, "has an attribute min, unknown in version 13"),
        (("Clip", ["x", "zero"], {}), 9, "has more inputs or outputs than it may have"),
        (("Clip", ["x", "zero", "nan"], {}), 13, "must be a ReLU, from 0 to infinity"),
        (("Clip", ["x"], {"min": 0.0, "max": float("nan")}), 9, "must be a ReLU"),
        (("Unheard", ["x"], {}), 13, "is no operator of ONNX in version 13"),
    ],
)
def test_what_a_version_does_not_have(node, opset, message, path):
    constants = {"zero": np.float32(0), "nan": np.float32(np.nan)}
    model(path, node, constants=constants, opset=opset)
    assert message in refusal(path)


def test_shape_of_an_earlier_value(path):
    # What torch exports for ((x - c) / d).view(x.size(0), -1).
    constants = {"c": real(3), "rest": np.int64([-1]), "first": np.int64([0])}
    nodes = [("Sub", ["x", "c"], {}), ("Reshape", ["x", "shape"], {})]
    saved_model(path, ("N", 3), [*nodes, ("MatMul", ["x", "w"], {})], constants | ROW)
    made = [
        helper.make_node("Shape", ["input"], ["sizes"]),
        helper.make_node("Gather", ["sizes", "first"], ["batch"]),
        helper.make_node("Concat", ["batch", "rest"], ["shape"], axis=0),
    ]

    def inserted(found):
        for place, node in enumerate(made, start=1):
            found.graph.node.insert(place, node)

    changed(path, inserted)
    X = real(4, 3)
    found = read_network(path).network.outputs(X.astype(float))
    np.testing.assert_allclose(found, runtime_outputs(path, X, (1, 3)), rtol=1e-4, atol=1e-5)
