"""`memrob lipschitz` on files of all kinds."""

import pickle

import numpy as np
import pytest
from lipschitz_command import call, report_of


@pytest.mark.parametrize("name", ["x.npz", "x.onnx", "x.safetensors", "x.pt", "x.mat", "x.h5", "x"])
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>",
        b"PK\x03\x04",
        b"PK\x05\x06" + bytes(18),
        pickle.dumps({"W0": sum}),
        b"\x89HDF\r\n\x1a\n" + bytes(100),
        b"MATLAB 5.0 MAT-file" + bytes(109),
        (8).to_bytes(8, "little") + b'{"a": 1}',
        (2**62).to_bytes(8, "little") + b'{"a": 1}',
        b"\x08\x07" + bytes(range(3, 90)),
        bytes(range(256)) * 4,
    ],
)
def test_file_of_a_wrong_kind_is_one_line(name, content, tmp_path, capsys):
    path = tmp_path / name
    path.write_bytes(content)
    status, out, err = call(capsys, path, "--p", 2)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"memrob: error: {path}: ")


@pytest.mark.parametrize("biases", [False, True])
def test_mat_file_as_lipsdp_writes_it(biases, tmp_path, capsys):
    from scipy.io import savemat

    weights, offsets = np.empty((1, 2), dtype=object), np.empty((1, 2), dtype=object)
    weights[0, 0], weights[0, 1] = np.array([[3.0, 4.0], [-1.0, 0.0]]), np.array([[1.0, -1.0]])
    offsets[0, 0], offsets[0, 1] = np.array([[1.0], [0.0]]), np.array([[2.0]])
    path = tmp_path / "weights.mat"
    savemat(path, {"weights": weights} | ({"biases": offsets} if biases else {}))
    report = report_of(capsys, path, "--p", "inf")
    assert report["exact"] == pytest.approx(8)
    assert any("no biases" in note for note in report["assumptions"]) != biases
    savemat(path, {"W0": weights[0, 0], "b0": np.zeros((2, 1)), "W1": weights[0, 1]})
    assert report_of(capsys, path, "--p", "inf")["exact"] == pytest.approx(8)
    savemat(path, {"A": np.ones(3)})
    assert "must hold a cell array weights, or W0" in call(capsys, path, "--p", 2)[2]


@pytest.mark.parametrize("name", ["biases", "bias", "b", "numbered"])
def test_biases_of_a_mat_file_count_under_any_usual_name(name, tmp_path, capsys):
    from scipy.io import savemat

    # relu(x + 1) - relu(x - 1) has slope 1; with zero biases it would be constant.
    cells = np.empty((2, 2), dtype=object)
    cells[0, 0], cells[0, 1] = np.ones((2, 1)), np.array([[1.0, -1.0]])
    cells[1, 0], cells[1, 1] = np.array([1.0, -1.0]), np.zeros(1)
    path = tmp_path / "network.mat"
    numbered = {"b0": cells[1, 0], "b1": cells[1, 1]}
    savemat(path, {"weights": cells[:1]} | (numbered if name == "numbered" else {name: cells[1:]}))
    report = report_of(capsys, path, "--p", 2)
    assert report["exact"] == pytest.approx(1)
    assert not any("no biases" in note for note in report["assumptions"])


def test_single_numbers_and_texts_of_a_mat_file_are_told_of(tmp_path, capsys):
    from scipy.io import savemat

    path = tmp_path / "network.mat"
    beside = {"epsilon": 0.1, "norm": "inf", "dims": 3}
    savemat(path, {"W0": np.ones((2, 1)), "W1": np.array([[1.0, -1.0]])} | beside)
    notes = report_of(capsys, path, "--p", 2)["assumptions"]
    assert "epsilon, norm, dims beside the network in the file, left out" in notes


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        *(("cells", key) for key in ("Biases", "intercepts", "bias_list", "W0", "b_0")),
        *(("arrays", key) for key in ("Biases", "intercepts", "biases")),
    ],
)
def test_what_a_mat_file_holds_beside_the_network_is_refused(kind, key, tmp_path, capsys):
    from scipy.io import savemat

    cells = np.empty((2, 2), dtype=object)
    cells[0, 0], cells[0, 1] = np.ones((2, 1)), np.array([[1.0, -1.0]])
    cells[1, 0], cells[1, 1] = np.array([1.0, -1.0]), np.zeros(1)
    network = {"weights": cells[:1], "biases": cells[1:]}
    if kind == "arrays":
        network = {"W0": cells[0, 0], "W1": cells[0, 1]}
    path = tmp_path / "network.mat"
    savemat(path, network | {key: cells[1:]})
    status, out, err = call(capsys, path, "--p", 2)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert f"{path}: {key!r} is no part of a network that is known; save " in err


@pytest.mark.parametrize("first", ["W1", "weight_1", "kernel0", "coefs_0", "fc1.weight", "arr_0"])
def test_other_names_in_an_npz_file(first, tmp_path, capsys):
    arrays = [np.array([[3.0, 4.0], [-1.0, 0.0], [0.0, 0.0]]), np.array([[1.0, -1.0, 2.0]])]
    names = {
        "fc1.weight": ("fc1.weight", "fc2.weight"),
        "kernel0": ("kernel0", "kernel1"),
        "coefs_0": ("coefs_0", "coefs_1"),
        "arr_0": ("arr_0", "arr_1"),
    }.get(first, (first, first.replace("1", "2")))
    if first in ("kernel0", "coefs_0"):
        arrays = [array.T for array in arrays]
    path = tmp_path / "network.npz"
    np.savez(path, **dict(zip(names, arrays, strict=True)))
    assert report_of(capsys, path, "--p", "inf")["exact"] == pytest.approx(8)
