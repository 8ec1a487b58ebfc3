"""Parquet as people have it: columns of every type, read or named in one line."""

import datetime
import decimal

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest
from tables_of_people import parquet, refusal_of

from memrob.data.tables import load_points

pytestmark = pytest.mark.usefixtures("in_folder")


INT = pa.array([2**53, 2**53 + 1])
DAYS = pa.array([datetime.date(2026, 1, 1), datetime.date(2026, 1, 2)])


@pytest.mark.parametrize(
    ("y", "labels", "names"),
    [
        (INT, [2**53, 2**53 + 1], ("9007199254740992", "9007199254740993")),
        (pa.array([2**63, 1], pa.uint64()), [1, 0], ("1", "9223372036854775808")),
        (pa.array([2.0, 1.0], pa.float32()), [2, 1], ("1", "2")),
        (pa.array([True, False]), [1, 0], ("False", "True")),
        (pa.array([decimal.Decimal("2.00"), decimal.Decimal("1.00")]), [2, 1], ("1", "2")),
        (DAYS, [0, 1], ("2026-01-01", "2026-01-02")),
        (pa.array(["v", "u"]).dictionary_encode(), [1, 0], ("u", "v")),
        (pa.array([b"v", b"u"]), [1, 0], ("u", "v")),
    ],
    ids=str,
)
def test_labels_of_every_type_in_parquet(y, labels, names):
    found = load_points(parquet(a=[1, 2], y=y))
    assert (found.y.tolist(), found.class_names) == (labels, names)


@pytest.mark.parametrize(
    ("y", "message"),
    [
        (pa.array([1, None]), "column y has no label in row 1"),
        (pa.array([float("nan"), 1.0]), "column y has no label in row 0"),
        (pa.array([None, "u"]).dictionary_encode(), "column y has no label in row 0"),
        (pa.array([1.5, 2.0]), "must be whole numbers or texts, found 1.5 in row 0"),
        (pa.array([[1], [2]]), "column y holds list and no label in row 0"),
        (pa.array([{"u": 1}, {"u": 2}]), "column y holds dict and no label in row 0"),
        (pa.nulls(2), "column y has no label in row 0"),
        (pa.array([1.0, float("inf")]), "column y holds inf and no label in row 1"),
        (pa.array([1.0, -float("inf")], pa.float32()), "column y holds -inf and no label in row 1"),
        (pa.array([2**40, 1]).cast(pa.timestamp("s")), "holds a date or a time that is out of"),
        (pa.array([2**30, 1], pa.int32()).view(pa.date32()), "holds a date or a time that is out"),
        (pa.array([2**62, 1]).cast(pa.duration("s")), "holds a date or a time that is out of"),
    ],
    ids=str,
)
def test_unusable_labels_in_parquet(y, message):
    assert message in refusal_of(parquet(a=[1, 2], y=y))


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_durations_are_no_numbers(unit):
    durations = pa.array([1, 2]).cast(pa.duration(unit))
    assert "column a holds no numbers but" in refusal_of(parquet(a=durations, y=[0, 1]))


@pytest.mark.parametrize(
    ("a", "message"),
    [
        (pa.array([1, None]), "column a in row 1 (counted from 0) is empty"),
        (pa.array([True, None]), "column a in row 1 (counted from 0) is empty"),
        (pa.array([1.0, float("inf")]), "column a in row 1 (counted from 0) must be a finite"),
        (pa.array(["u", "v"]).dictionary_encode(), "column a holds no numbers but u in row 0"),
        (DAYS, "column a holds no numbers but 2026-01-01 in row 0"),
        (pa.array([{"u": 1}, {"u": 2}]), "column a holds no numbers but {'u': 1} in row 0"),
        (pa.array([b"1", b"2"]), "column a holds no numbers but b'1' in row 0"),
        (pa.nulls(2), "column a in row 0 (counted from 0) is empty"),
    ],
    ids=str,
)
def test_unusable_features_in_parquet(a, message):
    assert message in refusal_of(parquet(a=a, y=[0, 1]))


def test_features_of_every_type_in_parquet():
    columns = {
        "int": pa.array([2**53, 2**60]),
        "half": pa.array([np.float16(1), np.float16(2)]),
        "decimal": pa.array([decimal.Decimal("1.5"), decimal.Decimal("2.5")]),
        "dictionary": pa.array([1.5, 2.5]).dictionary_encode(),
        "text": pa.array(["1.5", "2e1"]),
        "bool": pa.array([False, True]),
    }
    found = load_points(parquet(**columns, y=[0, 1]))
    expected = [[2**53, 1, 1.5, 1.5, 1.5, 0], [2**60, 2, 2.5, 2.5, 20, 1]]
    np.testing.assert_array_equal(found.X, np.float32(expected))
