"""Figures of test accuracy: what is drawn, what is said, and mistakes."""

import numpy as np
import pytest
from generalisation_tables import grid, trial_table

from memrob.errors import UserError
from memrob.plots.style import CATEGORY_COLOURS, styled
from memrob.studies import draw as drawing
from memrob.studies.generalisation.figures import KINDS
from memrob.studies.generalisation.figures.curves import accuracy_curves
from memrob.studies.material import Material

TABLE = trial_table(
    [
        {**cell, "restart": k, "interpolated": float(cell["first_width"] > 100)}
        for k in range(3)
        for cell in grid(lambda n, bias, k=k: 0.5 + n / 1000 - bias / 10 + k / 100)
    ]
)


def draw(spec, pdf, *, title="", **given):
    drawing.draw(KINDS, spec, pdf, Material(**given), title)


def legend_texts(figure):
    return [text.get_text() for legend in figure.legends for text in legend.get_texts()]


def test_lines_markers_and_references():
    with styled():
        figure = accuracy_curves(TABLE, x="first_width", quantities=["test_accuracy"])
    axes = figure.axes[0]
    lines = [line for line in axes.lines if len(line.get_xdata()) == 3]
    assert [line.get_color() for line in lines] == list(CATEGORY_COLOURS[:2])
    assert np.allclose(lines[0].get_ydata(), np.array([0.6, 0.7, 0.9]) + 0.01)
    hollow = [line for line in axes.lines if line.get_markerfacecolor() == "white"]
    assert [line.get_xdata().tolist() for line in hollow] == [[100], [100]]
    levels = sorted(line.get_ydata()[0] for line in axes.lines if len(line.get_xdata()) == 2)[-2:]
    assert levels == [0.9, 0.95]
    texts = legend_texts(figure)
    assert {
        "linear classifier, 90.0 %",
        "5 nearest neighbours, 95.0 %",
        "not all networks interpolate",
    } <= {*texts}
    assert any("3 restarts per cell" in text for text in texts)


def test_panels_and_values_that_are_not_there():
    with styled():
        figure = accuracy_curves(
            TABLE, x="max_bias", quantities=["undetected", "unique_accuracy"], at=[100, 300]
        )
    assert [axes.get_ylabel() for axes in figure.axes] == [
        "no detector fires",
        "accuracy where one fires",
    ]
    texts = legend_texts(figure)
    assert "$n$ = 300 (not in this run)" in texts
    assert not any("classifier" in text for text in texts)


def test_a_single_restart_and_no_references():
    cells = grid(lambda n, bias: n / 1000, widths=[100], biases=[0.0])
    table = trial_table(cells, linear=None, neighbours=None)
    with styled():
        figure = accuracy_curves(table, x="first_width", quantities=["test_accuracy"])
    assert legend_texts(figure) == [r"$\lambda$ = 0"]


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({"kind": "heatmap"}, "kind: is 'heatmap'; it must be one of accuracy_curves"),
        ({"quantities": ["accuracy"]}, "quantities: found 'accuracy', expected test_accuracy"),
        ({"x": "n_samples"}, "x: found 'n_samples', expected first_width, max_bias"),
        ({"at": list(range(9))}, "option at: found 9 values, expected up to 7"),
        ({"by": "x"}, "by: is no option of the kind accuracy_curves; it has x, quantities, at"),
    ],
)
def test_mistakes_are_named(tmp_path, spec, message):
    spec = {
        "kind": "accuracy_curves",
        "x": "first_width",
        "quantities": ["test_accuracy"],
        "caption": "c",
        **spec,
    }
    with pytest.raises(UserError, match=message):
        draw(spec, tmp_path / "figure.pdf", trials=TABLE)
    assert list(tmp_path.iterdir()) == []


def test_a_table_without_networks_is_an_error(tmp_path):
    spec = {"kind": "accuracy_curves", "x": "first_width", "quantities": ["test_accuracy"]}
    references = TABLE[TABLE["classifier"] != "network"]
    for trials, message in ((None, "is drawn from trials"), (references, "found no network")):
        with pytest.raises(UserError, match=message):
            draw(spec, tmp_path / "figure.pdf", trials=trials)


def test_files(tmp_path):
    spec = {"kind": "accuracy_curves", "x": "first_width", "quantities": ["test_accuracy"]}
    draw(spec, tmp_path / "figure.pdf", title="A title", trials=TABLE)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["figure.pdf", "figure.png"]
