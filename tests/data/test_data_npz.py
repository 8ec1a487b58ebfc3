import io
import zipfile

import numpy as np
import pytest

from memrob.data import Dataset, load_npz, save_npz
from memrob.errors import UserError

X = np.array([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]])
Y = np.array([0, 1, 1])


@pytest.fixture
def refused(tmp_path):
    """Function that saves arrays and gives the message with which they are refused."""

    def message(**arrays):
        path = tmp_path / "data.npz"
        np.savez(path, **arrays)
        return refusal(path)

    return message


def refusal(path):
    with pytest.raises(UserError) as error:
        load_npz(path)
    text = str(error.value)
    assert text.startswith(f"{path}: ")
    assert "\n" not in text
    return text


def test_round_trip(tmp_path):
    dataset = Dataset(X.astype(np.float32), Y.astype(np.int64))
    save_npz(tmp_path / "folder" / "data.npz", dataset)
    found = load_npz(tmp_path / "folder" / "data.npz")
    np.testing.assert_array_equal(found.X, X)
    np.testing.assert_array_equal(found.y, Y)
    assert (found.X.dtype, found.y.dtype) == (np.float32, np.int64)


def test_file_is_uncompressed_reproducible_and_keeps_its_name(tmp_path):
    for name in ("a", "b"):
        save_npz(tmp_path / name, Dataset(X, Y))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "b"]
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    with zipfile.ZipFile(tmp_path / "a") as archive:
        assert {i.compress_type for i in archive.infolist()} == {zipfile.ZIP_STORED}


def test_failure_to_write_is_the_users(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match=r"file/data\.npz: cannot be written"):
        save_npz(tmp_path / "file" / "data.npz", Dataset(X, Y))
    with pytest.raises(UserError, match="cannot be written"):
        save_npz(tmp_path, Dataset(X, Y))


@pytest.mark.parametrize("y", [Y.astype(float), Y.astype(bool), Y.astype(np.uint64), Y - 5])
def test_whole_numbers_of_any_type_are_labels(tmp_path, y):
    np.savez(tmp_path / "data.npz", X=X.astype(int), y=y)
    found = load_npz(tmp_path / "data.npz")
    np.testing.assert_array_equal(found.y, y.astype(np.int64))
    assert (found.X.dtype, found.y.dtype) == (np.float32, np.int64)


def test_no_such_file(tmp_path):
    assert "no such file" in refusal(tmp_path / "none.npz")
    assert "found a folder" in refusal(tmp_path)


def test_what_is_no_npz_file(tmp_path):
    path = tmp_path / "data.npz"
    single = io.BytesIO()
    np.save(single, X)
    pickled = io.BytesIO()
    np.save(pickled, np.array([{}]), allow_pickle=True)
    for content in (b"", b"text", single.getvalue(), pickled.getvalue()):
        path.write_bytes(content)
        assert "expected an NPZ file" in refusal(path)


@pytest.mark.parametrize("kept", [10, 100, -1, -300])
def test_truncated_file(tmp_path, kept):
    path = tmp_path / "data.npz"
    np.savez(path, X=X, y=Y)
    path.write_bytes(path.read_bytes()[:kept])
    assert "expected an NPZ file" in refusal(path)


def test_damaged_member(tmp_path):
    path = tmp_path / "data.npz"
    np.savez(path, X=np.ones((100, 2)), y=np.arange(100))
    content = bytearray(path.read_bytes())
    content[400] ^= 255
    path.write_bytes(content)
    assert "damaged" in refusal(path)


def test_member_that_is_no_array(tmp_path):
    path = tmp_path / "data.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("X.npy", b"text")
        archive.writestr("y.npy", b"\x93NUMPY\x01\x00\x04\x00oops")
    assert "X must be an array of numbers" in refusal(path)


def test_missing_keys_are_named_with_those_found(refused):
    assert "expected arrays X and y, found X, labels" in refused(X=X, labels=Y)
    assert "expected arrays X and y, found data" in refused(data=X)


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"X": X[:, 0], "y": Y}, r"X must have shape (N, d) with d >= 1, found (3,)"),
        ({"X": X[:, :0], "y": Y}, r"found (3, 0)"),
        ({"X": X.astype(complex), "y": Y}, "X must hold real numbers, found dtype complex128"),
        ({"X": X.astype(str), "y": Y}, "X must hold real numbers"),
        ({"X": X.astype(object), "y": Y}, "X must be an array of numbers, found pickled objects"),
        ({"X": X, "y": Y.astype(object)}, "y must be an array of numbers, found pickled objects"),
        ({"X": X, "y": Y[:, None]}, "y must have shape (N,), found (3, 1)"),
        ({"X": X, "y": Y[:2]}, "X has 3 rows and y 2 labels"),
        ({"X": X, "y": np.array([0, 1, 0.5])}, "found 0.5 in row 2"),
        ({"X": X, "y": np.array([0, np.nan, np.inf])}, "found nan in row 1"),
        ({"X": X, "y": np.array([0, 1, 2**63], dtype=np.uint64)}, "in row 2"),
        ({"X": X, "y": np.array(["a", "b", "a"])}, "y must hold whole numbers, found dtype <U1"),
        ({"X": X[:0], "y": Y[:0]}, "holds no points"),
        ({"X": X, "y": Y * 0 + 7}, "all labels in y are 7"),
    ],
)
def test_unusable_arrays_are_refused(refused, arrays, message):
    assert message in refused(**arrays)


@pytest.mark.parametrize(
    ("value", "reason"),
    [(np.nan, "is not finite"), (-np.inf, "is not finite"), (1e300, "exceeds single precision")],
)
def test_first_unusable_row_is_named(refused, value, reason):
    points = X.copy()
    points[1:, 1] = value
    assert f"X must be finite, row 1 (counted from 0) {reason}" in refused(X=points, y=Y)
