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
    # A .mat file is read in a process of its own, which takes its time.
    for trial in range(25 if name.endswith(".mat") else 150):
        changed = bytearray(content)
        for place in rng.integers(0, len(content), 1 + trial % 4):
            changed[place] = rng.integers(256)
        kept = rng.integers(1, len(content)) if trial % 5 == 0 else len(content)
        path.write_bytes(changed[:kept])
        try:
            read_network(path)
        except UserError as error:
            assert "\n" not in str(error)
            assert str(path) in str(error)


def test_mat_file_that_ends_the_process_of_its_reader(tmp_path, monkeypatch):
    path = tmp_path / "network.mat"
    path.write_bytes(mat())
    # Stands for what a damaged file does to SciPy, which depends on its version and the machine.
    crash = tmp_path / "crash.py"
    crash.write_text("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n")
    monkeypatch.setattr("memrob.lipschitz.readers.mat_arrays.__file__", str(crash))
    with pytest.raises(
        UserError, match=r"network\.mat: expected a \.mat file, found a damaged one"
    ):
        read_network(path)


def test_sizes_that_ask_for_more_memory_than_there_is(tmp_path):
    content, path = bytearray(mat()), tmp_path / "network.mat"
    # Dimensions of the first matrix in the cell array: 3 x 2 become 2^30 x 2^30.
    place = content.index(np.array([3, 2], "<i4").tobytes())
    content[place : place + 8] = np.array([2**30, 2**30], "<i4").tobytes()
    path.write_bytes(content)
    with pytest.raises(UserError, match="found a damaged one") as caught:
        read_network(path)
    assert "\n" not in str(caught.value)


def test_sparse_matrices_and_cells_of_other_kinds(tmp_path):
    from scipy.io import savemat
    from scipy.sparse import csc_array

    path = tmp_path / "network.mat"
    savemat(path, {"W0": csc_array(np.eye(3)), "W1": np.ones((1, 3))})
    assert read_network(path).network.input_dim == 3
    cells = np.empty((1, 2), dtype=object)
    cells[0, 0], cells[0, 1] = np.ones((3, 2)), "text"
    savemat(path, {"weights": cells})
    with pytest.raises(UserError, match=r"weights\{2\}"):
        read_network(path)
