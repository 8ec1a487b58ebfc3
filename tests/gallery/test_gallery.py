import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pandas as pd
import pytest
from small_run import (
    EXPERIMENTS,
    MISSING,
    build,
    configuration,
    moons_trials,
    png,
    write,
    write_comparison,
)

from memrob.errors import UserError
from memrob.gallery import write_claims_table
from memrob.gallery.page import duration, percent, tie
from memrob.studies.interpolation.description import DESCRIPTION


class Links(HTMLParser):
    """Collects identifiers and everything that a page refers to."""

    def __init__(self, text):
        super().__init__()
        self.identifiers, self.references = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        for key, value in attributes:
            if key == "id":
                self.identifiers.append(value)
            elif key in ("href", "src"):
                self.references.append(value)


def part_of(text, anchor):
    """The figure element with the given identifier."""
    return re.search(rf'<figure id="{anchor}".*?</figure>', text, re.DOTALL)[0]


def test_every_reference_leads_somewhere_without_a_network(root):
    links = Links(build(root))
    assert len(set(links.identifiers)) == len(links.identifiers)
    assert "interpolation/moons/width.png" in links.references
    for reference in links.references:
        if reference.startswith("#"):
            assert reference[1:] in links.identifiers
        else:
            assert "://" not in reference
            assert (root / "figures" / unquote(reference)).is_file()


def test_a_figure_has_its_caption_table_command_and_time(root):
    figure = part_of(build(root), "moons-width")
    assert "Caption of moons. 4 trials per cell." in figure
    assert "Our own statement." in figure
    for source in (
        "interpolation/moons/width.pdf",
        "../results/interpolation/moons.csv",
        "../results/interpolation/moons.json",
        "../data/reference/moons.csv",
        "../config/experiments/interpolation/moons.yaml",
        "../workflow/rules/figures.smk",
        "../logs/interpolation/moons/width.figure.log",
    ):
        assert f'href="{source}"' in figure
    assert "snakemake --cores 8 figures/interpolation/moons/width.pdf" in figure
    assert 'loading="lazy" width="12" height="8"' in figure
    assert "3\xa0min 20\xa0s" in figure


def test_commands_name_the_scale_of_the_run_unless_it_is_the_default(root):
    page = build(root, scale="smoke")
    assert page.count("snakemake --cores 8 ") == page.count("--config scale=smoke")
    assert "--config scale" not in build(root)


def test_logs_of_the_trials_are_those_of_the_chunks_of_the_table(root):
    logs = [link for link in Links(build(root)).references if "-0123456789.log" in link]
    assert [Path(link).name[:3] for link in logs] == ["000", "001"]


def test_a_configuration_elsewhere_is_linked(root):
    experiment = {**EXPERIMENTS[0], "source": "mine/moons.yaml"}
    assert "moons.yaml" not in build(root, [experiment], missing={})
    write(root / "mine" / "moons.yaml", "title: Moons")
    assert 'href="../mine/moons.yaml"' in build(root, [experiment], missing={})


def test_published_and_replicated_values_stand_together(root):
    assert "Against the published values" not in build(root)
    write_comparison(root)
    figure = part_of(build(root), "moons-width")
    assert "6 cells:" in figure
    assert "0 equal, all within |z|" in figure
    assert "largest |z| 0.95" in figure
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in figure.split("<tr>")]
    assert ["100", "0.95", "12.5", "13", "−0.95", "4 / 50"] in cells


def test_embedded_values_are_those_of_the_tables(root):
    figure = part_of(build(root), "moons-width")
    found = re.search(r'<script type="application/json" class="values">(.*?)</script>', figure)
    values = json.loads(found[1])
    trials = pd.read_csv(root / "results" / "interpolation" / "moons.csv")
    means = trials.groupby(["first_width", "max_bias"])["second_width"].mean()
    assert values["run"] == means.tolist()
    assert values["published"] == (means + 0.5).tolist()
    assert (values["trials"], values["published_trials"]) == (4, 50)
    assert values["z"] is None


def test_without_scripts_there_is_no_empty_lookup_of_values(root):
    assert '<details class="cells" hidden>' in part_of(build(root), "moons-width")
    write_comparison(root)
    assert '<details class="cells">' in part_of(build(root), "moons-width")


def test_figures_are_marked_with_the_verdicts_of_their_claims(root):
    (root / "data" / "reference" / "moons.csv").unlink()
    text = build(root)
    assert 'class="sifted has-holds has-open"' in text.split('id="moons-probability"')[1][:60]
    assert 'class="sifted has-open wide"' in text.split('id="cifar10-width"')[1][:60]
    assert 'id="show-fails" disabled' in text
    assert 'id="show-open" disabled' not in text


def test_alt_texts_state_the_claims_with_their_numbers(root):
    (alt,) = re.findall(r'alt="([^"]*)"', part_of(build(root), "moons-probability"))
    assert alt.startswith("Title of moons: Probability of interpolation. At ")
    assert alt.count(": it holds, ") == 2
    assert re.search(r": it holds, .*\d", alt)


def test_verdicts_follow_the_trials(root):
    def badges(text):
        return re.findall(r'class="badge (\w+)"', part_of(text, "moons-probability"))

    assert badges(build(root)) == ["holds", "holds"]
    (root / "data" / "reference" / "moons.csv").unlink()  # without it one cannot be decided
    assert badges(build(root)) == ["holds", "open"]
    path = root / "results" / "interpolation" / "moons.csv"
    moons_trials(interpolated_without_bias=1).to_csv(path, index=False)
    text = build(root)
    assert badges(text) == ["fails", "open"]
    assert "does not hold" in part_of(text, "moons-probability")


def test_missing_data_is_explained_at_the_figure_and_on_its_own(root):
    text = build(root)
    assert "<img" not in part_of(text, "cifar10-width")
    assert "Not made: cifar10 is missing." in part_of(text, "cifar10-width")
    assert 'href="#missing-cifar10"' in part_of(text, "cifar10-width")
    assert "not run" in part_of(text, "cifar10-width")
    assert MISSING["cifar10"] in text.split('id="missing"')[1].split("</section>")[0]
    assert 'id="missing"' not in build(root, missing={})
    assert "Not made yet." in part_of(build(root, missing={}), "cifar10-width")


def test_at_the_scale_archive_only_figures_of_data_lack_a_set(root):
    experiment = configuration("cifar10", "cifar10", ["samples", "width"])
    experiment["figures"]["samples"] = {"kind": "samples", "caption": "Images.", "seed": 0}
    for scale, n_lacking in (("default", 2), ("archive", 1)):
        text = build(root, [experiment], scale=scale)
        assert text.count("Not made: cifar10 is missing.") == n_lacking
    gaps = text.split('id="missing"')[1].split("</section>")[0]
    assert 'Incomplete for lack of it: <a href="#cifar10">cifar10</a></p>' in gaps


def test_a_run_that_made_nothing_still_has_a_page(tmp_path):
    text = build(tmp_path)
    assert "0 of 3" in text
    assert "<img" not in text
    assert "no comparison with the published cells" in text


def test_fidelity_tables_are_shown(root):
    pd.DataFrame(
        {
            "experiment": ["moons", "elsewhere"],
            "quantity": ["interpolated", "second_width"],
            "cells": [2550, 2550],
            "share_within_3": [0.9999, 1.0],
            "mean_z": [-0.25, None],
            "sd_z": [1.0, 1.0],
            "max_abs_z": [3.1, 2.0],
            "stouffer_z": [0.1, 0.2],
            "verdict": ["agrees", "agrees"],
        }
    ).to_csv(root / "results" / "fidelity_summary.csv", index=False)
    counts = {"rows": [66], "exact": [65], "share": [65 / 66]}
    replay = pd.DataFrame({"experiment": ["moons"], "compared": ["score"], **counts})
    replay.to_csv(root / "results" / "replay_summary.csv", index=False)
    (root / "figures" / "fidelity.png").write_bytes(png(5, 5))
    text = build(root)
    section = text.split('id="fidelity"')[1].split("</section>")[0]
    assert "2,550" in section
    assert "99.9\xa0%" in section  # 0.9999 is not rounded to 100 %
    assert "−0.25" in section
    assert 'src="fidelity.png"' in section
    assert "65 of 66" in text
    assert "<td>score</td>" in section and "the score alone" in section
    assert "#elsewhere" not in text  # an experiment that is not on the page has no link


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("fidelity_summary.csv", "experiment,quantity\nmoons,width\n"),
        ("replay_summary.csv", "experiment\nmoons\n"),
        ("interpolation/moons.json", "{"),
        ("interpolation/moons.json", "[]"),
    ],
)
def test_unreadable_results_are_named(root, name, content):
    (root / "results" / name).write_text(content)
    with pytest.raises(UserError, match=Path(name).name):
        build(root)


def test_text_from_files_cannot_inject_markup(root):
    experiment = configuration("moons", "moons", ["width"])
    experiment["figures"]["width"]["caption"] = "&lambda; &lt; 1 & <script>alert(1)</script>"
    text = build(root, [experiment], missing={"x": "<b>bold</b>"})
    assert "<script>" not in text
    assert "http:" not in text
    assert "https:" not in text
    assert "<b>bold</b>" not in text
    assert "λ\xa0&lt;\xa01 &amp; &lt;script&gt;" in part_of(text, "moons-width")


def test_odd_figures_get_a_row_of_their_own(root):
    experiment = configuration("moons", "moons", ["scatter", "probability", "width"])
    experiment["figures"]["scatter"]["kind"] = "scatter"
    text = build(root, [experiment], missing={})
    assert re.findall(r'<figure id="moons-(\w+)" class="[a-z -]* wide"', text) == ["scatter"]


def test_claims_table(root):
    out = root / "results" / "claims.csv"
    table = write_claims_table(root, EXPERIMENTS, out)
    back = pd.read_csv(out).astype({"holds": "boolean"})
    pd.testing.assert_frame_equal(back, table, check_dtype=False)
    assert list(table) == ["experiment", "figure", "statement", "holds", "evidence", "source"]
    assert table["holds"].iloc[0]
    assert table["holds"].iloc[-1] is pd.NA


def test_the_page_says_how_much_of_the_grid_was_run():
    covered = DESCRIPTION.of_table
    trials = moons_trials()
    assert covered("moons", trials).startswith("Thinned: 6 of the 2,550 published cells")
    assert covered("moons", trials.assign(n_samples=40)).startswith("Stand-in data")
    assert covered("moons", None) == ""
    sizes = pd.DataFrame(
        {
            "n_samples": [100_000 * i for i in range(1, 11) for _ in range(10)],
            "first_width": [200 * j for _ in range(10) for j in range(1, 11)],
            "max_bias": 1.0,
        }
    )
    assert covered("moons_size", sizes).startswith("All 100 published cells, with 1 trial")
    full = pd.concat([sizes] * 100)
    assert covered("moons_size", full).startswith("The full published grid")


def test_times_and_shares_in_words():
    assert [duration(s) for s in (0.42, 9.97, 59.7, 7500)] == [
        "0.4\xa0s",
        "10\xa0s",
        "1\xa0min 00\xa0s",
        "2\xa0h 05\xa0min",
    ]
    assert [percent(s) for s in (1, 0.9999, 0.5, None)] == [
        "100\xa0%",
        "99.9\xa0%",
        "50.0\xa0%",
        "–",
    ]
    assert tie("λ = 0 and 5 % of") == "λ\xa0=\xa00 and 5\xa0% of"
