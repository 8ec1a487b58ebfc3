"""Tables on the page: figures that are tables to read, and the first rows of tables of trials."""

import re

import pandas as pd
from small_run import EXPERIMENTS, build, write

from memrob.gallery.printed import preview, printed_table

TABLE = """label,n_samples,max_bias,M_minus,separation,omega,omega_error,mean_second_width
0,70000,1.0,1885,0.2305,7.68377,0.08944,1169.0
1,70000,1.0,10132,0.1396,9.19369,0.11564,505.3333
"""
COMPLEXITY = {
    "name": "complexity_moons",
    "part": "complexity",
    "title": "Two moons",
    "figures": {"numbers": {"kind": "numbers", "caption": "In numbers.", "measured": "moons"}},
}


def test_numbers_of_a_column_have_the_decimals_that_it_needs(tmp_path):
    write(tmp_path / "numbers.csv", TABLE)
    table = printed_table(tmp_path / "numbers.csv", "complexity")
    heads = ["X⁻", "M⁻", "δ of the classes", "ω", "measured n̂"]
    assert [column.title for column in table.columns] == heads
    assert table.rows == [
        ["0", "1,885", "0.231", "7.68\xa0±\xa00.09", "1,169"],
        ["1", "10,132", "0.140", "9.19\xa0±\xa00.12", "505"],
    ]
    assert table.shared == ["N = 70,000", "λ = 1"]
    assert table.columns[1].meaning == "Number M⁻ of balls that cover X⁻."


def test_a_table_to_read_takes_the_place_of_a_picture(root):
    assert "Not made yet." in build(root, [COMPLEXITY], missing={})
    write(root / "figures" / "complexity" / "complexity_moons" / "numbers.csv", TABLE)
    text = build(root, [COMPLEXITY], missing={})
    figure = re.search(r'<figure id="complexity_moons-numbers".*?</figure>', text, re.DOTALL)[0]
    assert "<img" not in figure
    assert "1,885</td>" in figure
    assert 'href="complexity/complexity_moons/numbers.csv"' in figure
    assert "snakemake --cores 8 figures/complexity/complexity_moons/numbers.csv" in figure
    assert "1 of 1" in text.split('id="contents"')[0]


def test_a_constant_quantity_is_said_and_not_drawn(root):
    path = root / "results" / "interpolation" / "moons.csv"
    pd.read_csv(path).assign(interpolated=1).to_csv(path, index=False)
    cells = pd.read_csv(root / "data" / "reference" / "moons.csv").assign(interpolated=1.0)
    cells.to_csv(root / "data" / "reference" / "moons.csv", index=False)
    text = build(root, EXPERIMENTS[:1], missing={})
    figure = re.search(r'<figure id="moons-probability".*?</figure>', text, re.DOTALL)[0]
    assert "<img" not in figure
    sentence = "The probability of interpolation is 1 in all 6 cells of this run and in all 6 cells"
    assert sentence in figure
    assert 'href="interpolation/moons/probability.pdf"' in figure


def test_the_table_behind_a_figure_begins_on_the_page(root):
    text = build(root)
    figure = re.search(r'<figure id="moons-width".*?</figure>', text, re.DOTALL)[0]
    assert 'href="#table-moons"' in figure
    table = re.search(r'id="table-moons".*?</table>', text, re.DOTALL)[0]
    (line,) = re.findall(r"<tr>(?:(?!</tr>).)*<code>max_bias</code>.*?</tr>", table)
    assert re.findall(r"<td[^>]*>(.*?)</td>", line) == ["Maximal bias λ.", "0", "0", "0"]
    assert "24 rows" in text


def test_values_that_are_missing_are_empty():
    found = preview(pd.DataFrame({"second_width_3": [1.0, None]}), "interpolation")
    assert found.values == [["1", ""]]
    assert found.columns[0].meaning


def test_large_values_are_not_written_as_powers():
    found = preview(pd.DataFrame({"n_parameters": [3308531.4, 0.1234567]}), "interpolation")
    assert found.values == [["3308530", "0.123457"]]


def test_without_a_table_there_is_no_preview():
    assert preview(None, "interpolation") is None
