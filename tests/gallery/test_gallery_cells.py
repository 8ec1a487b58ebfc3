"""Values of heatmaps on the page, and the comparison of figures with the published cells."""

import json

import numpy as np
import pandas as pd
import pytest

from memrob.errors import UserError
from memrob.gallery.cells import as_json, heatmap_values
from memrob.gallery.comparison import COLUMNS, compare, compared_cells, read_compared
from memrob.gallery.constant import constant_sentence

MOONS = {"name": "moons", "part": "interpolation"}
WIDTH = {"kind": "heatmap", "quantity": "second_width", "x": "max_bias", "y": "first_width"}
NOTHING = pd.DataFrame(columns=COLUMNS)


@pytest.fixture
def trials():
    """Two trials at each of five of six places; 0.1 * 3 is one setting with 0.3."""
    rows = [
        ("moons", 1000, n, bias, i % 2, 0.9, 0.9, 10 * i + k, 10 * i + k, 0.1)
        for i, (n, bias) in enumerate([(100, 0.3), (200, 0.3), (300, 0.3), (100, 1), (300, 1)])
        for k, bias in enumerate((bias, 0.1 * 3 if bias == 0.3 else bias))
    ]
    columns = ["dataset", "n_samples", "first_width", "max_bias", "interpolated", "accuracy"]
    rest = ["covered", "second_width", "second_width_0", "fit_seconds"]
    return pd.DataFrame(rows, columns=[*columns, *rest])


@pytest.fixture
def published():
    table = pd.DataFrame(
        {"n_samples": 1000, "first_width": [100, 100, 150], "max_bias": [0.3, 1.0, 0.3]}
    )
    return table.assign(trials=50, interpolated=0.5, second_width_mean=[1.5, 32.0, 9.0])


@pytest.fixture
def compared():
    rows = [
        ("moons", 1000, 100, 0.3, "second_width", 1.5, 1.0, -0.5, 2, 50),
        ("moons", 1000, 100, 1.0, "second_width", 32.0, 30.5, -np.inf, 2, 50),
        ("moons", 1000, 100, 1.0, "interpolated", 0.5, 1.0, 0.7, 2, 50),
        ("mnist", 1000, 100, 1.0, "second_width", 3.0, 3.0, 0.0, 2, 50),
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def test_values_are_those_of_the_tables(trials, published, compared):
    values = json.loads(as_json(heatmap_values(MOONS, WIDTH, trials, published, compared)))
    assert values["x"] == {"symbol": "λ", "values": [0.3, 1]}
    assert values["y"] == {"symbol": "n", "values": [100, 200, 300]}
    # The first cell has widths 0 and 1, and no second layer is published as narrower than 1.
    assert values["run"] == [1, 30.5, 10.5, None, 20.5, 40.5]
    assert values["trials"] == 2
    assert values["published"] == [1.5, 32, None, None, None, None]
    assert values["published_trials"] == 50
    assert values["z"] == [-0.5, -np.inf, None, None, None, None]


def test_what_is_not_published_or_compared_is_left_out(trials, published):
    values = heatmap_values(MOONS, WIDTH, trials, None, NOTHING)
    assert values["published"] is values["published_trials"] is values["z"] is None
    assert heatmap_values(MOONS, WIDTH, trials, published, NOTHING)["published"] is not None
    elsewhere = published.assign(n_samples=70_000)
    assert heatmap_values(MOONS, WIDTH, trials, elsewhere, NOTHING)["published"] is None


def test_other_figures_and_experiments_not_run_have_no_values(trials):
    assert heatmap_values(MOONS, WIDTH, None, None, NOTHING) is None
    assert heatmap_values(MOONS, WIDTH, trials[:0], None, NOTHING) is None
    assert heatmap_values(MOONS, {"kind": "scatter"}, trials, None, NOTHING) is None


def test_numbers_of_trials_that_differ_are_given_cell_by_cell(trials):
    values = json.loads(as_json(heatmap_values(MOONS, WIDTH, trials[1:], None, NOTHING)))
    assert values["trials"] == [1, 2, 2, None, 2, 2]


def test_a_figure_is_compared_at_the_cells_that_it_draws(compared):
    rows = compared_cells(compared, "moons", WIDTH)
    found = compare(rows, WIDTH)
    assert (found.cells, found.equal, found.within, found.largest) == (2, 0, 1, np.inf)
    assert found.symbols == ["λ"]
    assert [row["place"] for row in found.listed] == [[1.0], [0.3]]
    lines = {"quantity": "second_width", "x": "first_width", "by": "max_bias", "at": [0.1 * 3]}
    assert compared_cells(compared, "moons", lines)["published"].tolist() == [1.5]
    scatter = {"kind": "scatter"}
    assert compare(compared_cells(compared, "moons", scatter), scatter) is None


def test_a_comparison_that_lacks_columns_is_named(tmp_path):
    (tmp_path / "results").mkdir()
    assert read_compared(tmp_path).empty
    (tmp_path / "results" / "fidelity.csv").write_text("experiment,z\nmoons,1\n")
    with pytest.raises(UserError, match=r"fidelity\.csv: no column n_samples"):
        read_compared(tmp_path)


def test_lines_are_compared_at_every_place(compared):
    lines = {"kind": "slices", "quantity": "second_width", "x": "first_width", "by": "max_bias"}
    found = compare(compared_cells(compared, "moons", lines), lines)
    assert found.complete
    assert [row["place"] for row in found.listed] == [[0.3], [1.0]]


def test_a_quantity_that_does_not_change_is_said_in_a_sentence(trials, published):
    certain = trials.assign(interpolated=1)
    options = {"kind": "heatmap", "quantity": "interpolated"}
    said = "The probability of interpolation is 1 in all 5 cells of this run"
    assert constant_sentence(MOONS, options, certain, None) == f"{said}."
    as_published = constant_sentence(MOONS, options, certain, published.assign(interpolated=1.0))
    assert as_published == f"{said} and in all 3 cells published."
    assert constant_sentence(MOONS, options, certain, published) == ""
    assert constant_sentence(MOONS, options, trials, None) == ""
    assert constant_sentence(MOONS, {**options, "kind": "boundary"}, certain, None) == ""
    one = {**options, "kind": "slices", "by": "max_bias", "at": [0.3]}
    some = certain.assign(interpolated=(certain["max_bias"] < 0.5).astype(int))
    assert constant_sentence(MOONS, one, some, None).endswith(" 1 in all 3 cells of this run.")
