"""Networks from NPZ files, and files that are refused."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from network_files import assert_same, network_of, refusal, small_arrays

from memrob.errors import UserError
from memrob.lipschitz.files import load_network, read_network, save_network
from memrob.lipschitz.random_networks import random_network


@pytest.fixture
def arrays():
    return small_arrays()


@pytest.fixture
def npz(tmp_path):
    """Function that saves arrays as an NPZ file and gives its path."""

    def save(arrays):
        np.savez(tmp_path / "network.npz", **arrays)
        return tmp_path / "network.npz"

    return save


@pytest.mark.parametrize("depth", [1, 3])
def test_round_trip(depth, tmp_path):
    network = random_network(4, 7, depth, bias="cauchy", seed=2)
    path = tmp_path / "folder" / "network"
    save_network(path, network)
    assert_same(load_network(path), network)
    assert [p.name for p in path.parent.iterdir()] == ["network"]


def test_failure_to_write_is_the_users(tmp_path):
    (tmp_path / "file").touch()
    network = random_network(2, 3, 1)
    for path in (tmp_path / "file" / "network.npz", tmp_path):
        with pytest.raises(UserError, match="cannot be written"):
            save_network(path, network)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.int64, np.uint8, bool, ">f8"])
def test_numbers_of_any_type(dtype, npz, arrays):
    arrays = {key: (10 * np.abs(a)).astype(dtype) for key, a in arrays.items()}
    assert_same(load_network(npz(arrays)), network_of({k: a * 1.0 for k, a in arrays.items()}))


@pytest.mark.parametrize(
    ("shapes", "biases", "fits"),
    [
        (((3, 3), (3, 3)), True, True),
        (((4, 3), (3, 4)), False, True),
        (((4, 3), (3, 4)), True, False),
        (((4, 3), (1, 4)), False, False),
        (((1, 1), (1, 1)), False, False),
    ],
)
def test_shapes_that_fit_either_way_are_told(shapes, biases, fits, npz):
    arrays = {f"W{n}": np.ones(shape) for n, shape in enumerate(shapes)}
    arrays |= {f"b{n}": np.ones(shape[0]) for n, shape in enumerate(shapes) if biases}
    found = read_network(npz(arrays))
    assert any("one column for each too" in note for note in found.assumptions) == fits
    assert found.network.input_dim == shapes[0][1]


def test_names_of_others_tell_columns_from_rows(npz):
    square = [np.array([[1.0, 2.0], [0.0, 1.0]]), np.array([[3.0, 0.0], [5.0, 1.0]])]
    for name, is_column in (("coefs_", True), ("kernel", True), ("W", False)):
        found = read_network(npz({f"{name}{n}": a for n, a in enumerate(square)}))
        for operator, array in zip(found.network.operators, square, strict=True):
            np.testing.assert_array_equal(operator.dense(), array.T if is_column else array)
        assert any("as their names say" in note for note in found.assumptions) == is_column
    # Shapes that fit one way alone decide.
    rows = {"coefs_0": np.ones((4, 3)), "coefs_1": np.ones((1, 4))}
    assert read_network(npz(rows)).network.input_dim == 3


def test_arrays_that_are_missing(npz, arrays):
    del arrays["b0"]
    notes = read_network(npz(arrays)).assumptions
    assert "no bias beside W0 in the file, taken as zero" in notes
    unnamed = {"arr_0": arrays["W0"], "arr_2": arrays["W1"][:1]}
    assert "arr_1 is missing, found arr_0, arr_2" in refusal(npz(unnamed))


def test_biases_may_be_left_out(npz, arrays):
    expected = network_of({k: a * (k != "b0") for k, a in arrays.items()})
    del arrays["b0"]
    assert_same(load_network(npz(arrays)), expected)


def test_single_output_may_be_flat(npz, arrays):
    flat = arrays | {"W2": arrays["W2"][0], "b2": arrays["b2"][0]}
    assert_same(load_network(npz(flat)), network_of(arrays))


@pytest.mark.parametrize("shape", [(3,), (1, 3)])
def test_affine_function(shape, npz):
    network = load_network(npz({"W0": np.arange(3.0).reshape(shape)}))
    assert (network.depth, network.input_dim) == (0, 3)
    np.testing.assert_array_equal(network.gradients(np.ones((2, 3))), [[0, 1, 2], [0, 1, 2]])


def test_output_is_a_row(npz, arrays):
    many = arrays | {"W2": np.arange(15.0).reshape(3, 5), "b2": np.arange(3.0)}
    network = load_network(npz(many), output=1)
    np.testing.assert_array_equal(network.weights[-1], [[5, 6, 7, 8, 9]])
    np.testing.assert_array_equal(network.biases[-1], [1])
    path = npz(many)
    choose = "has 3 outputs; choose one with --output 0 ... 2, or all of them with --output all"
    assert refusal(path) == f"{path}: {choose}"
    assert refusal(path, 3) == f"--output: is 3; {path} has 3 outputs, --output 0 ... 2"
    assert "--output: is -1" in refusal(path, -1)
    assert refusal(path, "0") == f"--output: is '0'; {path} has 3 outputs, --output 0 ... 2"
    assert "--output: is True" in refusal(path, True)
    path = npz(arrays)
    assert_same(load_network(path, output=0), network_of(arrays))
    assert refusal(path, 1) == f"--output: is 1; {path} has 1 output, --output 0"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"W0": None}, "W0 is missing, found W1, W2, b0, b1, b2"),
        ({"W1": None}, "W1 is missing"),
        ({"W2": None}, "W2 is missing"),
        ({"W1": (5, 7)}, "W1 must have shape (N, 6), as many columns as the layer before has rows"),
        ({"W2": (1, 4)}, "W2 must have shape (N, 5), as many columns"),
        ({"W1": (5,)}, "W1 must have shape (N, d) with N, d >= 1, found (5,)"),
        ({"W0": ()}, "W0 must have shape (N, d)"),
        ({"W0": (0, 3)}, "W0 must have shape (N, d)"),
        ({"W0": (6, 3, 3, 3)}, "W0 must be a matrix, found shape (6, 3, 3, 3); a convolution"),
        ({"b1": (4,)}, "b1 must have shape (5,), one number for each row of W1, found (4,)"),
        ({"b0": ()}, "b0 must have shape (6,)"),
        ({"b1": (5, 1)}, "b1 must have shape (5,)"),
        ({"weights": (2,)}, "'weights' is no key of a network, which has W0, b0, W1, b1, ... only"),
        ({"W01": (2, 2)}, "'W01' is no key of a network"),
        ({"W9" * 999: (2,)}, "is no key of a network"),
        ({"a\nb": (2,)}, "is no key of a network"),
    ],
)
def test_unusable_arrays_are_refused(change, message, npz, arrays):
    for key, shape in change.items():
        arrays[key] = None if shape is None else np.ones(shape)
    path = npz({key: array for key, array in arrays.items() if array is not None})
    assert message in refusal(path)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("W1", np.nan, "W1 must be finite, W1[1, 2] is nan"),
        ("W2", -np.inf, "W2 must be finite, W2[0, 2] is -inf"),
        ("b0", np.inf, "b0 must be finite, b0[2] is inf"),
    ],
)
def test_first_number_that_is_not_finite_is_named(key, value, message, npz, arrays):
    array = arrays[key]
    array[(min(1, len(array) - 1), 2) if array.ndim == 2 else 2] = value
    assert refusal(npz(arrays)).endswith(message)


@pytest.mark.parametrize(
    ("dtype", "message"),
    [
        (complex, "W1 must hold real numbers, found dtype complex128"),
        (str, "W1 must hold real numbers, found dtype <U"),
        (object, "W1 must be an array of numbers, found pickled objects"),
    ],
)
def test_what_are_no_numbers(dtype, message, npz, arrays):
    assert message in refusal(npz(arrays | {"W1": arrays["W1"].astype(dtype)}))


@pytest.mark.parametrize(
    "value",
    [
        np.int64(2**53 + 1),
        np.int64(-(2**53) - 1),
        np.iinfo(np.int64).max,
        np.uint64(2**63 + 1),
        np.longdouble("0.1"),
    ],
)
def test_numbers_that_float64_cannot_hold_are_not_rounded(value, npz, arrays):
    weights = np.ones(arrays["W1"].shape, np.asarray(value).dtype)
    weights[1, 2] = value
    message = f"W1 must hold numbers of float64, W1[1, 2] is {value}; its network would be a"
    assert message in refusal(npz(arrays | {"W1": weights}))


@pytest.mark.parametrize("value", [np.int64(2**60), np.uint64(2**63), np.longdouble(1.5)])
def test_wide_numbers_that_float64_holds_are_taken(value, npz, arrays):
    weights = np.full(arrays["W1"].shape, value)
    network = load_network(npz(arrays | {"W1": weights}))
    assert network.input_dim == arrays["W0"].shape[1]


def test_a_device_is_no_folder():
    assert refusal(Path("/dev/null")).endswith("found no regular file")


def test_no_such_file(tmp_path):
    assert refusal(tmp_path / "none.npz").endswith("found no such file")
    assert refusal(tmp_path).endswith("found a folder")
    for kind in ("NPZ", "safetensors", "ONNX", ".mat", "torch.save"):
        assert kind in refusal(tmp_path / "none.onnx")


def test_another_file(tmp_path):
    path = tmp_path / "network.npz"
    single, pickled = io.BytesIO(), io.BytesIO()
    np.save(single, np.ones((2, 2)))
    np.save(pickled, np.array([{}]), allow_pickle=True)
    for content in (b"", b"text", single.getvalue(), pickled.getvalue()):
        path.write_bytes(content)
        assert "expected an NPZ file with W0, b0, W1, b1, ... or a safetensors" in refusal(path)


@pytest.mark.parametrize("kept", [8, 10, 200, -1, -300])
def test_truncated_npz(kept, npz, arrays):
    path = npz(arrays)
    path.write_bytes(path.read_bytes()[:kept])
    assert "truncated" in refusal(path)


def test_damaged_npz(npz, arrays):
    path = npz(arrays)
    content = bytearray(path.read_bytes())
    content[200] ^= 255
    path.write_bytes(content)
    assert "found a damaged one" in refusal(path)


def test_members_that_are_no_arrays(tmp_path):
    path = tmp_path / "network.npz"
    members = {"W0.npy": b"text", "W0": b"text", "net/data.pkl": b""}
    found = ["W0 must be an array of numbers", "found another file", "state dict of torch.save"]
    for (name, content), message in zip(members.items(), found, strict=True):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(name, content)
        assert message in refusal(path)


def test_empty_npz(npz):
    assert refusal(npz({})).endswith("W0 is missing, found nothing")
