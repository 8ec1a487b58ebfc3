"""Writes a table into the working directory and reads it, or the one line that refuses it."""

import pyarrow as pa
import pyarrow.parquet
import pytest

from memrob.data.tables import load_points
from memrob.errors import UserError


def write(content, name="t.csv"):
    with open(name, "wb") as file:  # noqa: PTH123
        file.write(content if isinstance(content, bytes) else content.encode())
    return name


def read(content, name="t.csv", **options):
    return load_points(write(content, name), **options)


def refusal(content, name="t.csv", **options):
    return refusal_of(write(content, name), **options)


def refusal_of(name, **options):
    with pytest.raises(UserError) as error:
        load_points(name, **options)
    message = str(error.value)
    assert message.startswith(f"{name}: ")
    assert "\n" not in message
    return message


def parquet(**columns):
    pyarrow.parquet.write_table(pa.table(columns), "t.parquet")
    return "t.parquet"
