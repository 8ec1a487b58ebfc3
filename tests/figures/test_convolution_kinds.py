"""Figures of convolutional networks: what is drawn, what is said, and mistakes."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from memrob.data.pulses import pulses
from memrob.errors import UserError
from memrob.plots.style import styled
from memrob.studies import draw as drawing
from memrob.studies.convolution.figures import KINDS
from memrob.studies.convolution.figures.axes import COLOURS
from memrob.studies.material import Material

sys.path.append(str(Path(__file__).parents[1] / "convolution"))
from convolution_tables import (
    accuracy_table,
    grid_table,
    orbits_table,
    shifts_table,
    sizes_table,
)

HEATMAP = {"kind": "heatmap", "quantity": "interpolated", "x": "max_bias", "y": "first_width"}
DETECTIONS = {"kind": "detections", "first_width": 60, "max_bias": 0.5, "seed": 0, "n_samples": 60}
SPECS = {
    "heatmap": HEATMAP | {"caption": "text"},
    "compared": {"kind": "compared", "x": "n_shifts"},
    "orbits": {"kind": "orbits"},
    "accuracy": {"kind": "accuracy"},
    "signals": {"kind": "signals", "n_shifts": 2, "per_class": 1},
    "detections": DETECTIONS,
}
TABLES = {
    "heatmap": grid_table,
    "compared": shifts_table,
    "orbits": orbits_table,
    "accuracy": accuracy_table,
}


def signals(grid_shape=(32,)):
    found = pulses(120, grid_shape, widths=(1, 2), gaps=(4, 7))
    return Material(dataset=(found.X, found.y), grid_shape=grid_shape)


def material(kind):
    return Material(trials=TABLES[kind]()) if kind in TABLES else signals()


def drawn(kind, table=None, **options):
    spec = {key: value for key, value in SPECS[kind].items() if key not in drawing.TEXTS}
    with styled():
        return KINDS[kind].function(TABLES[kind]() if table is None else table, **spec | options)


def texts_of(figure):
    return [text.get_text() for legend in figure.legends for text in legend.get_texts()]


def heights(axes, network):
    """Ordinates of the curves of a network, by their colour."""
    return [
        line.get_ydata().tolist()
        for line in axes.get_lines()
        if line.get_color() == COLOURS[network] and line.get_linestyle() != "None"
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_gives_the_same_picture_twice(kind, tmp_path):
    found = []
    for name in ("first", "second"):
        path = tmp_path / name / "f.pdf"
        drawing.draw(KINDS, SPECS[kind], path, material(kind), "A title")
        found.append([path.with_suffix(end).read_bytes() for end in (".pdf", ".png")])
    assert found[0] == found[1]


def test_both_networks_side_by_side():
    figure = drawn("compared")
    onset, width, parameters = figure.axes
    assert heights(onset, "convolutional") == [[40] * 5 + [80, 120]]
    assert heights(onset, "fully_connected")[0] == [40, 40, 40, 80, 80, 120]
    assert heights(width, "convolutional")[0][-1] == 1
    # n (d + 1) + m (n + 1) + 1 of the first width at which interpolation sets in.
    assert heights(parameters, "convolutional")[0][-1] == 120 * 65 + 121 + 1
    assert width.get_title().endswith("at $n$ = 200")
    texts = texts_of(figure)
    assert "larger than every $n$ tried" in texts and "the smallest $n$ tried" not in texts
    beyond = [line for line in onset.get_lines() if line.get_marker() == "^"]
    assert [line.get_ydata().tolist() for line in beyond] == [[200]]


def test_widths_are_of_networks_that_interpolate():
    table = shifts_table(
        (1, 4, 16),
        interpolated=lambda network, s, n, k: int(network == "convolutional" or (s < 16 and k % 2)),
        second_width=lambda network, s, n, k: 10 if k % 2 else 1000,
    )
    figure = drawn("compared", table, panels=["second_width"])
    assert heights(figure.axes[0], "fully_connected")[0] == [10, 10]
    assert "not all networks interpolate" in texts_of(figure)
    figure = drawn("compared", table, panels=["second_width", "onset"], first_width=120)
    assert figure.axes[0].get_title().endswith("at $n$ = 120")
    assert "the smallest $n$ tried" in texts_of(figure)


def test_against_the_number_of_points():
    figure = drawn("compared", sizes_table(), x="n_samples", panels=["onset", "second_width"])
    assert len(figure.axes) == 2
    assert figure.axes[1].get_xlabel() == "samples $N$"
    assert heights(figure.axes[1], "convolutional")[0] == [2.875] * 4


def test_heatmap_is_of_one_network():
    table = grid_table()
    other = table.assign(network="fully_connected", interpolated=0)
    with_other = drawn("heatmap", pd.concat([table, other]))
    alone, theirs = drawn("heatmap", table), drawn("heatmap", other, network="fully_connected")
    values = [figure.axes[0].collections[0].get_array() for figure in (with_other, alone, theirs)]
    assert np.array_equal(values[0], values[1]) and values[1].max() == 1 and values[2].max() == 0


def test_separation_and_pieces():
    left, right = drawn("orbits").axes
    assert heights(left, "convolutional") == heights(left, "fully_connected")
    assert heights(left, "convolutional")[0][0] == pytest.approx(0.4)
    pieces, widths = heights(right, "fully_connected")
    assert pieces[-1] == round(62 * 64**0.7) and widths[-1] == 65.875


def test_accuracy_and_moved_labels():
    figure = drawn("accuracy")
    accuracy, moved = figure.axes
    assert accuracy.get_lines()[0].get_ydata() == pytest.approx(
        np.array([0.91, 0.925, 0.95, 1]) + 0.00125
    )
    assert moved.get_lines()[0].get_ydata().tolist() == [0] * 4
    texts = texts_of(figure)
    assert texts[0] == "convolutional, invariant, $|S|$ = 64" and len(texts) == 5
    assert "6 restarts per cell" in texts[-1]
    figure = drawn("accuracy", shifts={"convolutional": [64], "fully_connected": [1, 2]})
    assert len(texts_of(figure)) == 3


def test_the_zero_shift_alone_changes_no_label_and_is_not_drawn():
    figure = drawn("accuracy", shifts={"convolutional": [64], "fully_connected": [1, 16]})
    accuracy, moved = (
        [line for line in axes.get_lines() if len(line.get_xdata())] for axes in figure.axes
    )
    assert len(accuracy) == 3 and len(moved) == 2
    assert texts_of(figure)[-1].endswith(", 6 restarts per cell")


def test_signals_and_their_shifts():
    of = signals((8, 12))
    with styled():
        figure = KINDS["signals"].function(*of.dataset, grid_shape=(8, 12), n_shifts=4, per_class=1)
    pictures = np.array([axes.images[0].get_array() for axes in figure.axes]).reshape(2, 4, 8, 12)
    first = of.dataset[0][np.flatnonzero(of.dataset[1] == 0)[0]].reshape(8, 12)
    assert np.array_equal(pictures[0, 0], first)
    assert np.array_equal(pictures[0, 3], np.roll(first, (4, 6), (0, 1)))
    assert [axes.get_title() for axes in figure.axes[1:4]] == [
        "$g$ = (0, 6)",
        "$g$ = (4, 0)",
        "$g$ = (4, 6)",
    ]


@pytest.mark.parametrize("grid_shape", [(32,), (8, 12)])
def test_templates_move_along_with_signals(grid_shape):
    """Below, the signal and every place of detection are shifted alike."""
    of = signals(grid_shape)
    options = {key: value for key, value in DETECTIONS.items() if key != "kind"} | {"shown": 2}
    with styled():
        figure = KINDS["detections"].function(*of.dataset, grid_shape=grid_shape, **options)
    above, below = np.array(figure.axes).reshape(2, 2)
    for before, after in zip(above, below, strict=True):
        signals_drawn, places = zip(
            *(content(axes, grid_shape) for axes in (before, after)), strict=True
        )
        moves = {
            shift
            for shift in np.ndindex(*grid_shape)
            if np.array_equal(
                np.roll(signals_drawn[0], shift, range(len(grid_shape))), signals_drawn[1]
            )
        }
        assert len(moves) == 1
        moved = (places[0] + moves.pop()) % grid_shape
        assert len(moved) and {*map(tuple, moved)} == {*map(tuple, places[1])}


def content(axes, grid_shape):
    """Signal and places of detection of a panel."""
    dots = next(line for line in axes.get_lines() if line.get_marker() == "o").get_xydata()
    if len(grid_shape) == 1:
        signal = next(line for line in axes.get_lines() if len(line.get_ydata()) == grid_shape[0])
        return signal.get_ydata(), dots[:, :1].astype(int)
    return np.asarray(axes.images[0].get_array()), dots[:, ::-1].astype(int)


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({"kind": "pie"}, "kind: is 'pie'; it must be one of heatmap, compared"),
        (HEATMAP | {"network": "both"}, "network: found 'both', expected convolutional or fully"),
        (HEATMAP | {"network": "fully_connected"}, "found no fully_connected networks"),
        (HEATMAP | {"x": "n_samples"}, "several cells share one place"),
        (
            SPECS["compared"] | {"x": "max_bias"},
            "x: found 'max_bias', expected n_shifts, n_samples",
        ),
        (
            SPECS["compared"] | {"panels": ["depth"]},
            "panels: found 'depth', expected onset, second",
        ),
        (SPECS["compared"], "max_bias varies there; hold it with the option only"),
        (SPECS["compared"] | {"only": {"seed": 1}}, "option only: found seed, expected some of"),
        (SPECS["orbits"] | {"only": {"max_bias": 7}}, "found no networks with {'max_bias': 7}"),
        (SPECS["accuracy"], "found no accuracies on test points"),
        (DETECTIONS | {"n_samples": 120}, "n_samples: found 120, expected 2 to 119"),
        (SPECS["signals"] | {"n_shifts": 3}, "n_shifts: no group of 3 shifts"),
    ],
)
def test_mistakes_are_named(tmp_path, spec, message):
    given = (
        signals() if spec["kind"] in ("detections", "signals") else Material(trials=grid_table())
    )
    with pytest.raises(UserError, match=message):
        drawing.draw(KINDS, spec, tmp_path / "figure.pdf", given)
    assert list(tmp_path.iterdir()) == []


def test_numbers_of_shifts_want_one_cell_each():
    table = shifts_table()
    small = (table["network"] == "convolutional") & (table["restart"] % 2 == 1)
    table = table.assign(filter_size=np.where(small, 5, 0))
    with pytest.raises(UserError, match="filter_size varies there"):
        drawn("compared", table)
    assert drawn("compared", table, only={"filter_size": 5})
    with pytest.raises(UserError, match="n_shifts varies in the table"):
        drawn("heatmap", shifts_table())
    with pytest.raises(UserError, match="1 or 2"):
        KINDS["signals"].function(np.zeros((4, 8)), np.arange(4) % 2, grid_shape=(2, 2, 2))
