import numpy as np
import pandas as pd
import pytest

from memrob.errors import UserError
from memrob.fidelity.figure import COLUMNS, draw_fidelity, fidelity_figure
from memrob.plots.style import styled


@pytest.fixture
def table():
    rng = np.random.default_rng(0)
    rows = [
        (experiment, quantity, value, value + z, 1.0, z)
        for experiment in ("moons", "mnist")
        for quantity, value in (("second_width", 30.0), ("interpolated", 0.5))
        for z in rng.normal(size=20) * 0.1
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def test_all_finite_z_and_all_widths_are_drawn(table):
    table.loc[[0, 1], "z"] = [np.nan, np.inf]
    with styled():
        left, right = fidelity_figure(table).axes
    assert [line.get_label() for line in left.lines[:2]] == ["moons", "mnist"]
    assert sum(len(line.get_xdata()) for line in left.lines[:2]) == 40
    assert [len(line.get_xdata()) for line in right.lines[:2]] == [38, 40]


def test_pdf_and_png_are_the_same_twice(table, tmp_path):
    for name in "ab":
        draw_fidelity(table, tmp_path / f"{name}.pdf")
    for end in ("pdf", "png"):
        assert (tmp_path / f"a.{end}").read_bytes() == (tmp_path / f"b.{end}").read_bytes()


def test_an_empty_table_still_draws(table, tmp_path):
    draw_fidelity(table[:0], tmp_path / "f.pdf")
    assert (tmp_path / "f.png").stat().st_size > 0


def test_a_missing_column_is_named(table):
    with pytest.raises(UserError, match="column z"):
        fidelity_figure(table.drop(columns="z"))


def test_values_without_an_error_are_counted_and_not_drawn(table):
    table.loc[[0, 1, 2], ["standard_error", "z"]] = 0.0
    with styled():
        right = fidelity_figure(table).axes[1]
    assert [len(line.get_xdata()) for line in right.lines[:2]] == [37, 40]
    assert "without 3 values" in right.get_title()
