"""Files with a few bytes changed: the network that they hold, or one line."""

import io

import numpy as np
import pytest

from memrob.errors import UserError
from memrob.lipschitz.files import read_network


def npz():
    buffer = io.BytesIO()
    np.savez(buffer, W0=np.ones((3, 2)), b0=np.zeros(3), W1=np.ones((1, 3)))
    return buffer.getvalue()


def safetensors():
    save = pytest.importorskip("safetensors.numpy").save
    return save({"fc1.weight": np.ones((3, 2)), "fc2.weight": np.ones((1, 3))})


def state_dict():
    torch = pytest.importorskip("torch")
    buffer = io.BytesIO()
    torch.save(torch.nn.Linear(2, 1).state_dict(), buffer)
    return buffer.getvalue()


def legacy_state_dict():
    torch = pytest.importorskip("torch")
    buffer = io.BytesIO()
    model = torch.nn.Linear(2, 1).state_dict()
    torch.save(model, buffer, _use_new_zipfile_serialization=False)
    return buffer.getvalue()


def mat():
    from scipy.io import savemat

    weights = np.empty((1, 2), dtype=object)
    weights[0, 0], weights[0, 1] = np.ones((3, 2)), np.ones((1, 3))
    buffer = io.BytesIO()
    savemat(buffer, {"weights": weights})
    return buffer.getvalue()


def onnx_model():
    onnx = pytest.importorskip("onnx")
    helper = onnx.helper
    weights = [onnx.numpy_helper.from_array(np.ones((2, 3), np.float32), "w")]
    nodes = [
        helper.make_node("Gemm", ["x", "w"], ["h"]),
        helper.make_node("Relu", ["h"], ["y"]),
    ]
    ends = [helper.make_tensor_value_info(n, 1, s) for n, s in (("x", [1, 2]), ("y", [1, 3]))]
    graph = helper.make_graph(nodes, "g", ends[:1], ends[1:], weights)
    return helper.make_model(graph).SerializeToString()


KINDS = {
    "network.npz": npz,
    "network.safetensors": safetensors,
    "network.pt": state_dict,
    "legacy.pt": legacy_state_dict,
    "network.mat": mat,
    "network.onnx": onnx_model,
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", KINDS)
def test_changed_bytes_are_a_network_or_one_line(name, tmp_path):
    content, path, rng = KINDS[name](), tmp_path / name, np.random.default_rng(0)
    path.write_bytes(content)
    assert read_network(path).network.input_dim == 2
    for trial in range(150):
        changed = bytearray(content)
        # SciPy's reader of .mat files trusts the sizes that stand in them: these are cut off only.
        cut_only = name.endswith(".mat")
        for place in rng.integers(0, len(content), 1 + trial % 4):
            changed[place] = rng.integers(256)
        if cut_only:
            changed = bytearray(content)
        kept = rng.integers(1, len(content)) if trial % 5 == 0 or cut_only else len(content)
        path.write_bytes(changed[:kept])
        try:
            read_network(path)
        except UserError as error:
            assert "\n" not in str(error)
            assert str(path) in str(error)
