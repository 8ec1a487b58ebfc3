"""Figures that set theory beside experiment."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from memrob.errors import UserError
from memrob.plots.style import styled
from memrob.studies import draw as drawing
from memrob.studies.complexity.figures import KINDS
from memrob.studies.complexity.figures.capacity import spread
from memrob.studies.complexity.figures.numbers import COLUMNS
from memrob.studies.material import Material

sys.path.append(str(Path(__file__).parents[1] / "complexity"))
from theory_tables import measured_table, mnist_like, theory_table

SIZES = (100_000, 300_000, 1_000_000)
PICTURES = sorted(name for name, kind in KINDS.items() if not kind.printed)
CASES = {
    "widths": (theory_table, {"x": "max_bias"}),
    "thresholds": (theory_table, {"x": "max_bias"}),
    "parity": (mnist_like, {}),
    "capacity": (lambda: theory_table(n_samples=SIZES, max_biases=(1.0,)), {}),
    "numbers": (theory_table, {}),
}


def draw(spec, pdf, *, title="", **given):
    drawing.draw(KINDS, spec, pdf, Material(**given), title)


def drawn(kind, theory=None, measured=True, **options):
    make, defaults = CASES[kind]
    theory = make() if theory is None else theory
    measured = measured_table(theory) if measured is True else measured
    with styled():
        return KINDS[kind].function(theory, measured, **(defaults | options))


def texts_of(figure):
    legends = [*figure.legends, *(a.get_legend() for a in figure.axes if a.get_legend())]
    return [text.get_text() for legend in legends for text in legend.get_texts()]


def line_of(axes, label):
    return next(line for line in axes.get_lines() if str(line.get_label()).startswith(label))


@pytest.mark.parametrize("kind", PICTURES)
def test_every_kind_gives_the_same_picture_twice(kind, tmp_path):
    make, options = CASES[kind]
    theory = make()
    found = []
    for name in ("first", "second"):
        spec = {"kind": kind, "caption": "", "measured": "moons", **options}
        path = tmp_path / name / "f.pdf"
        draw(spec, path, title="A title", trials=theory, measured=measured_table(theory))
        found.append([path.with_suffix(end).read_bytes() for end in (".pdf", ".png")])
    assert found[0] == found[1]


@pytest.mark.parametrize("kind", PICTURES)
def test_without_measured_trials_the_theory_is_drawn(kind):
    assert "measured: not in this run" in texts_of(drawn(kind, measured=None))
    assert "measured: not in this run" not in texts_of(drawn(kind))


def test_curves_lie_where_the_tables_say():
    axes = drawn("widths").axes[0]
    assert line_of(axes, "$M^-$, pieces of the covering with $c$ = 1/2").get_ydata()[0] == 12
    assert line_of(axes, "median").get_ydata().tolist() == [8, 8, 8, 8]
    left, right = drawn("thresholds").axes
    measured = line_of(left, r"measured, probability $\geq$ 0.99")
    assert measured.get_ydata().tolist() == [50, 100, 150, 200]
    # The fit is over lambda >= 1 alone.
    factor = (100 / 40 * 150 / (40 * 1.5**1.2) * 200 / (40 * 2**1.2)) ** (1 / 3)
    shape = line_of(left, f"{factor / 2:.2g} × the shape, $c$ = 1/2")
    assert shape.get_ydata() == pytest.approx([factor * 40 * x**1.2 for x in (1, 1.5, 2)])
    assert right.get_lines()[1].get_ydata() == pytest.approx([0.25, 0.5, 0.75, 1.0])


def test_capacity_tells_known_constants_from_open_ones():
    figure = drawn("capacity")
    axes = figure.axes[0]
    assert line_of(axes, "worst-case results").get_linestyle() == "-"
    assert line_of(axes, "the same, up to constants").get_linestyle() == "--"
    names = {text.get_text() for text in axes.texts} | set(" ".join(texts_of(figure)).split(", "))
    assert {"Baum 1988", "Park 2021"} <= names
    made = 3 * 100 + 8 * 101 + 1
    assert any(line.get_ydata().tolist() == [made] * 3 for line in axes.get_lines() if line)


def test_parity_draws_each_class():
    axes = drawn("parity").axes[0]
    assert line_of(axes, "$M^-$").get_xdata().tolist() == [100, 200, 300, 400, 500]
    assert {text.get_text() for text in axes.texts} == set("01234")


@pytest.mark.parametrize(
    ("kind", "theory", "options", "named"),
    [
        ("widths", theory_table(n_samples=(100, 200)), {}, "max_bias, but n_samples varies"),
        ("widths", theory_table().drop(columns="M_minus"), {}, "no column M_minus"),
        ("parity", theory_table(), {}, "max_bias or n_samples varies"),
        ("capacity", theory_table().assign(point_separation=float("nan")), {}, "point_separation"),
    ],
)
def test_mistakes_are_named(kind, theory, options, named):
    with pytest.raises(UserError, match=named):
        drawn(kind, theory, **options)


def test_unknown_kinds_and_missing_tables_are_named(tmp_path):
    with pytest.raises(UserError, match="is 'pie'"):
        draw({"kind": "pie"}, tmp_path / "f.pdf", trials=theory_table())
    with pytest.raises(UserError, match="is drawn from trials"):
        draw({"kind": "parity", "measured": "moons"}, tmp_path / "f.pdf")
    with pytest.raises(UserError, match=r"figure\.x: is missing"):
        draw({"kind": "widths"}, tmp_path / "f.pdf", trials=theory_table())


def test_numbers_are_those_of_the_table(tmp_path):
    theory = theory_table(n_samples=(1234,))
    spec = {"kind": "numbers", "caption": "", "measured": "moons"}
    given = Material(trials=theory, measured=measured_table(theory))
    drawing.print_table(KINDS, spec, tmp_path / "n.csv", given)
    table = pd.read_csv(tmp_path / "n.csv")
    pd.testing.assert_frame_equal(table[COLUMNS], theory[COLUMNS].reset_index(drop=True))
    assert table["mean_second_width"].tolist() == [9] * len(theory)  # that of class 1
    assert "mean_second_width" not in drawn("numbers", theory, measured=None)
    with pytest.raises(UserError, match=r"is a table to read; its file ends in \.csv"):
        draw(spec, tmp_path / "n.pdf", trials=theory)
    assert not (tmp_path / "n.pdf").exists()


@pytest.mark.parametrize(
    ("places", "moved"),
    [
        ([0.2, 0.5], [0.2, 0.5]),
        ([0.5, 0.5, 0.5], [0.5, 0.6, 0.7]),
        ([0.95, 0.97, 1.0], [0.8, 0.9, 1.0]),
        ([], []),
    ],
)
def test_names_at_the_ends_of_lines_do_not_overlap(places, moved):
    assert spread(np.array(places), 0.1) == pytest.approx(moved)
