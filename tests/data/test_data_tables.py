import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memrob.data.tables import load_points, uneven_scales
from memrob.errors import UserError

X = np.random.default_rng(0).standard_normal((12, 3))
SPECIES = np.array(["setosa", "virginica", "versicolor"] * 4)
FRAME = pd.DataFrame(X, columns=["a", "b", "c"]).assign(y=SPECIES)


@pytest.fixture
def read(tmp_path):
    """Function that writes a text as CSV and reads it as points."""

    def points(text, **options):
        path = tmp_path / "data.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return load_points(path, **options)

    return points


@pytest.fixture
def refusal(read, tmp_path):
    """Function that gives the message with which a CSV file is refused."""

    def message(text, **options):
        with pytest.raises(UserError) as error:
            read(text, **options)
        found = str(error.value)
        assert found.startswith(f"{tmp_path / 'data.csv'}: ")
        assert "\n" not in found
        return found

    return message


def written(frame, path):
    if path.suffix == ".parquet":
        pytest.importorskip("pyarrow")
        frame.to_parquet(path)
    else:
        frame.to_csv(path, index=False, sep="\t" if path.suffix == ".tsv" else ",")
    return path


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".parquet"])
def test_round_trip_with_names(tmp_path, suffix):
    found = load_points(written(FRAME, tmp_path / f"data{suffix}"))
    np.testing.assert_array_equal(found.X, X.astype(np.float32))
    np.testing.assert_array_equal(found.y, np.array([0, 2, 1] * 4))
    assert (found.X.dtype, found.y.dtype) == (np.float32, np.int64)
    assert found.class_names == ("setosa", "versicolor", "virginica")
    assert found.feature_names == ("a", "b", "c")
    assert found.label_name == "y"


def test_npz_is_read_as_ever(tmp_path):
    np.savez(tmp_path / "data.npz", X=X, y=[7, 3, 7] * 4)
    found = load_points(tmp_path / "data.npz")
    np.testing.assert_array_equal(found.X, X.astype(np.float32))
    np.testing.assert_array_equal(found.y, [7, 3, 7] * 4)
    assert found[2:] == (("3", "7"), None, None)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(width=64, min_value=-1e30, max_value=1e30), min_size=2, max_size=20))
def test_text_keeps_every_digit(tmp_path_factory, values):
    path = tmp_path_factory.mktemp("digits") / "data.csv"
    labels = np.arange(len(values)) % 2
    pd.DataFrame({"v": values, "y": labels}).to_csv(path, index=False)
    np.testing.assert_array_equal(load_points(path).X[:, 0], np.array(values, dtype=np.float32))


@pytest.mark.parametrize("name", ["data.txt", "data.npz.csv", "data"])
def test_kind_is_told_by_content(tmp_path, name):
    path = tmp_path / name
    with path.open("wb") as file:
        np.savez(file, X=X, y=[0, 1] * 6)
    assert load_points(path).label_name is None
    path.write_bytes(written(FRAME, tmp_path / "other.csv").read_bytes())
    assert load_points(path).label_name == "y"
    path.write_bytes(written(FRAME, tmp_path / "other.parquet").read_bytes())
    assert load_points(path).label_name == "y"


@pytest.mark.parametrize("separator", [",", ";", "\t", ", "])
def test_separator_comes_from_the_header(read, separator):
    lines = [("a", '"b, or; else"', "label"), ("1", "2.5", "u"), ("3", "-4e1", "v")]
    found = read("\ufeff" + "\r\n".join(separator.join(line) for line in lines))
    np.testing.assert_array_equal(found.X, [[1, 2.5], [3, -40]])
    assert found.feature_names == ("a", "b, or; else")
    assert found.class_names == ("u", "v")


@pytest.mark.parametrize(
    ("labels", "y", "names"),
    [
        (["10", "9", "10"], [10, 9, 10], ("9", "10")),
        (["1.0", "0.0", "1.0"], [1, 0, 1], ("0", "1")),
        (["-1", "+1", "-1"], [-1, 1, -1], ("-1", "1")),
        (["01", "1", "01"], [0, 1, 0], ("01", "1")),
        (["True", "False", "True"], [1, 0, 1], ("False", "True")),
        (["NA", "None", "NA"], [0, 1, 0], ("NA", "None")),
        (["b ", "a", "b"], [1, 0, 1], ("a", "b")),
        (["3", "x", "3"], [0, 1, 0], ("3", "x")),
    ],
    ids=str,
)
def test_labels_of_any_type(read, labels, y, names):
    found = read("v,y\n" + "".join(f"{i},{label}\n" for i, label in enumerate(labels)))
    np.testing.assert_array_equal(found.y, y)
    assert found.class_names == names


def test_labels_of_other_types_in_parquet(tmp_path):
    columns = {
        "bool": [True, False, True],
        "category": pd.Categorical(["u", "t", "u"]),
        "float": [5.0, 2.0, 5.0],
        "date": pd.to_datetime(["2026-02-01", "2026-01-01", "2026-02-01"]),
    }
    path = written(pd.DataFrame({"v": [1, 2, 3]} | columns), tmp_path / "data.parquet")
    for name, y in {"bool": [1, 0, 1], "category": [1, 0, 1], "float": [5, 2, 5]}.items():
        drop = [other for other in columns if other != name]
        np.testing.assert_array_equal(load_points(path, label=name, drop=drop).y, y)
    found = load_points(path, label="date", drop=["bool", "category", "float"])
    np.testing.assert_array_equal(found.y, [1, 0, 1])


def test_columns_are_chosen_by_name(read):
    text = "id,v,y,colour\nx,1,2,red\ny,3,4,blue\n"
    found = read(text, label="colour", drop=["id"])
    assert (found.label_name, found.feature_names) == ("colour", ("v", "y"))
    np.testing.assert_array_equal(found.X, [[1, 2], [3, 4]])
    assert read(text, drop=["colour", "id"]).feature_names == ("v",)
    assert read("v,TARGET\n1,2\n3,4\n").label_name == "TARGET"


def test_numbers_of_any_type_are_features(tmp_path, read):
    np.testing.assert_array_equal(read("a,b,y\n1,True,0\n2,False,1\n").X, [[1, 1], [2, 0]])
    pytest.importorskip("pyarrow")
    import decimal

    frame = pd.DataFrame(
        {
            "byte": np.array([1, 2], dtype=np.int8),
            "truth": [True, False],
            "decimal": [decimal.Decimal("1.5"), decimal.Decimal("2.5")],
            "y": [0, 1],
        },
        index=pd.Index([5, 6], name="row"),
    )
    found = load_points(written(frame, tmp_path / "data.parquet"))
    # The index of pandas is not one of the features.
    assert found.feature_names == ("byte", "truth", "decimal")
    np.testing.assert_array_equal(found.X, [[1, 1, 1.5], [2, 0, 2.5]])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "found nothing"),
        ("\n\n", "found nothing"),
        ("a,y\n", "holds no row"),
        ("a,y\n1,2\n", "holds 1 row"),
        ("1,2\n3,4\n", "expected a header"),
        ("a,a,y\n1,2,3\n4,5,6\n", "two columns are called a"),
        (",a,y\n1,2,3\n4,5,6\n", "column 1 has no name; name it, or leave it out with --drop ''"),
        ("a,b\n1,2\n3,4\n", "found none of y, label, class and target among a, b"),
        ("a,y,label\n1,2,3\n4,5,6\n", "--label NAME (found y, label)"),
        ("y\n1\n2\n", "has no column beside the labels in y"),
        ("a,y\n1,7\n2,7\n", "all labels in column y are 7, must be of at least two classes"),
        ("a,y\n1,7\n2,\n", "column y has no label in row 1 (counted from 0)"),
        ("a,y\n1,7\n2,0.5\n", "column y must be whole numbers or texts, found 0.5 in row 1"),
        ("a,y\n1,7e0\n2,5e-1\n", "found 5e-1 in row 1"),
        ("a,b,y\n1,2,0\n3,,1\n", "column b in row 1 (counted from 0) is empty"),
        (
            "a,b,y\n1,2,0\n3,?,1\n",
            "column b in row 1 (counted from 0) must be a finite number, fou",
        ),
        ("a,b,y\n1,nan,0\n3,2,1\n", "column b in row 0 (counted from 0) must be a finite number"),
        ("a,b,y\n1,2,0\n3,-inf,1\n", "column b in row 1 (counted from 0) must be a finite number"),
        ("a,b,y\n1,2,0\n3,1e300,1\n", "exceeds single precision (1e+300)"),
        ("a,my city,y\n1,U,0\n3,V,1\n", "column my city holds no numbers but U in row 0"),
        ("a,my city,y\n1,U,0\n3,V,1\n", "leave out with --drop 'my city'"),
        ("s,t,y\nm,U,0\nf,V,1\n", "columns s, t hold no numbers but m in row 0"),
        ("a;y\n1,5;0\n2,5;1\n", "write decimals with a point"),
        ("a,y\n1,0\n2,1,9\n", "line 3 has 3 cells, the first line 2"),
        ("a,y\n1,0,9\n2,1,9\n", "line 2 has 3 cells, the first line 2"),
        ('a,y\n1,"0\n2,1\n', "EOF inside string"),
        (b"a,y\n\xe9,0\n2,1\n", "line 2 is no text in UTF-8 (byte 0xe9)"),
        (b"\x93NUMPY\x01\x00v\x00", "found a single NumPy array"),
    ],
)
def test_unusable_tables_are_refused(refusal, text, message):
    assert message in refusal(text)


def test_unusable_options_are_refused(refusal, tmp_path):
    text = "a,b,y\n1,2,3\n4,5,6\n"
    assert "has no column z (--label), only a, b, y" in refusal(text, label="z")
    assert "has no column z (--drop), only a, b, y" in refusal(text, drop=["a", "z"])
    assert "column y is both --label and --drop" in refusal(text, label="y", drop=["y"])
    assert "no column beside the labels" in refusal(text, drop=["a", "b"])
    names = ",".join(f"p{i}" for i in range(50))
    assert "p9, ..., p49 (50 columns)" in refusal(f"{names}\n" + "0," * 49 + "0\n")
    np.savez(tmp_path / "data.npz", X=X, y=[0, 1] * 6)
    for options in ({"label": "y"}, {"drop": ["a"]}):
        with pytest.raises(UserError, match=r"--(label|drop) is for tables"):
            load_points(tmp_path / "data.npz", **options)


@pytest.mark.parametrize("kept", [5, 60, -1])
def test_damaged_parquet_is_refused(tmp_path, kept):
    path = written(FRAME, tmp_path / "data.parquet")
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(
        UserError, match=r"data\.parquet: is damaged or of an unknown kind"
    ) as error:
        load_points(path)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([1.0, None], "v in row 1 (counted from 0) is empty"),
        ([True, None], "v in row 1 (counted from 0) is empty"),
        ([[1.0], [2.0]], "column v holds no numbers but"),
        (pd.to_datetime(["2026-01-01", "2026-01-02"]), "column v holds no numbers but 2026-01-01"),
        (["u", "w"], "column v holds no numbers but u in row 0"),
    ],
    ids=str,
)
def test_unusable_parquet_columns_are_named(tmp_path, values, message):
    path = written(pd.DataFrame({"v": values, "y": [0, 1]}), tmp_path / "data.parquet")
    with pytest.raises(UserError) as error:
        load_points(path)
    assert message in str(error.value)


def test_parquet_without_pyarrow_says_what_to_install(tmp_path, monkeypatch):
    (tmp_path / "data.parquet").write_bytes(b"PAR1\x15")
    for name in ("pyarrow", "pyarrow.parquet"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(
        UserError, match=r"data\.parquet: .* pip install pyarrow, or save .* as CSV"
    ):
        load_points(tmp_path / "data.parquet")


def test_no_file_and_no_table(tmp_path):
    with pytest.raises(
        UserError, match=r"expected an NPZ, CSV, TSV or Parquet file, found no such"
    ):
        load_points(tmp_path / "none.csv")
    with pytest.raises(UserError, match="found a folder"):
        load_points(tmp_path)
    (tmp_path / "data.xlsx").write_bytes(b"PK\x03\x04")
    with pytest.raises(UserError, match="found a spreadsheet; save it as CSV"):
        load_points(tmp_path / "data.xlsx")


def scaled(tmp_path, points, **options):
    """What load_points makes of the same points in a table and in an NPZ file."""
    y = np.arange(len(points)) % 2
    np.savez(tmp_path / "data.npz", X=points, y=y)
    frame = pd.DataFrame(points).rename(columns=str).assign(y=y)
    frame.to_csv(tmp_path / "data.csv", index=False)
    found = [load_points(tmp_path / f"data.{kind}", **options).X for kind in ("npz", "csv")]
    np.testing.assert_array_equal(*found)
    return found[0]


def test_standardized_features_have_mean_0_and_deviation_1(tmp_path):
    # Around 1e9 single precision tells no two numbers apart that differ by less than 64.
    points = X * [1, 1e-3, 1] + [5, 0, 1e9]
    found = scaled(tmp_path, points, standardize=True)
    expected = (points - points.mean(axis=0)) / points.std(axis=0)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)
    constant = scaled(tmp_path, np.column_stack([X, np.full(12, 0.1)]), standardize=True)
    np.testing.assert_array_equal(constant[:, 3], 0)


def test_normalized_points_have_largest_norm_1(tmp_path):
    found = scaled(tmp_path, X, normalize=True)
    np.testing.assert_allclose(found, X / np.linalg.norm(X, axis=1).max(), rtol=1e-6)
    both = scaled(tmp_path, X + 100, standardize=True, normalize=True)
    assert np.linalg.norm(both, axis=1).max() == pytest.approx(1)
    np.testing.assert_allclose(both.mean(axis=0), 0, atol=1e-6)


def test_uneven_scales_are_noticed():
    points = X.astype(np.float32)
    assert not uneven_scales(points)
    assert uneven_scales(points * np.float32([1, 1, 1000]))
    assert uneven_scales(points + np.float32(1000))
    assert not uneven_scales(np.ones((5, 2), dtype=np.float32))
