import json
import re
import struct
import zlib
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pandas as pd
import pytest

from memrob.errors import UserError
from memrob.gallery import build_gallery, write_claims_table
from memrob.gallery.grids import describe_grid
from memrob.gallery.page import duration, percent, tie


def png(width, height):
    """A white PNG of the given size."""

    def chunk(kind, body):
        crc = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + crc

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\xff" * width for _ in range(height)))
    signature = b"\x89PNG\r\n\x1a\n"
    return signature + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def configuration(name, dataset, figures):
    options = {"kind": "heatmap", "caption": f"Caption of {name}.", "shows": f"Shows {name}."}
    return {
        "name": name,
        "part": "interpolation",
        "title": f"Title of {name}",
        "dataset": dataset,
        "figures": {figure: dict(options) for figure in figures},
    }


EXPERIMENTS = [
    configuration("moons", "moons", ["probability", "width"]),
    configuration("cifar10", "cifar10", ["width"]),
]
MISSING = {"cifar10": "no source delivered it; put the archive into data/raw"}


def moons_trials(interpolated_without_bias=0):
    rows = [
        ("moons", 1000, n, bias, int(bias > 0 or interpolated_without_bias), 0.9, 0.9, 7, 0.1)
        for n in (100, 200, 300)
        for bias in (0.0, 0.95)
        for _ in range(4)
    ]
    columns = ["dataset", "n_samples", "first_width", "max_bias", "interpolated", "accuracy"]
    return pd.DataFrame(rows, columns=[*columns, "covered", "second_width", "fit_seconds"])


@pytest.fixture
def root(tmp_path):
    """A run that made both figures of moons and nothing of cifar10."""
    results = tmp_path / "results" / "interpolation"
    figures = tmp_path / "figures" / "interpolation" / "moons"
    results.mkdir(parents=True)
    figures.mkdir(parents=True)
    moons_trials().to_csv(results / "moons.csv", index=False)
    record = {
        "wall_seconds": 200.4,
        "scale": "default",
        "git_commit": "abc1234",
        "versions": {"numpy": "2.3.0"},
        "machine": "a machine",
    }
    (results / "moons.json").write_text(json.dumps(record))
    for name in ("probability", "width"):
        (figures / f"{name}.png").write_bytes(png(12, 8))
        (figures / f"{name}.pdf").write_bytes(b"%PDF-1.4")
    return tmp_path


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


def build(root, experiments=EXPERIMENTS, missing=MISSING, scale="default"):
    out = root / "figures" / "index.html"
    build_gallery(root, experiments, scale=scale, missing=missing, out=out)
    return out.read_text(encoding="utf-8")


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
    assert "Caption of moons. 4 trials a cell." in figure
    assert "Shows moons." in figure
    assert 'href="../results/interpolation/moons.csv"' in figure
    assert "snakemake --cores 8 figures/interpolation/moons/width.pdf" in figure
    assert 'loading="lazy" width="12" height="8"' in figure
    assert "3\xa0min 20\xa0s" in figure


def test_verdicts_follow_the_trials(root):
    def badges(text):
        return re.findall(r'class="badge (\w+)"', part_of(text, "moons-probability"))

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
    replay = pd.DataFrame(
        {"experiment": ["moons"], "rows": [66], "exact": [65], "share": [65 / 66]}
    )
    replay.to_csv(root / "results" / "replay_summary.csv", index=False)
    (root / "figures" / "fidelity.png").write_bytes(png(5, 5))
    text = build(root)
    section = text.split('id="fidelity"')[1].split("</section>")[0]
    assert "2,550" in section
    assert "99.9\xa0%" in section  # 0.9999 is not rounded to 100 %
    assert "−0.25" in section
    assert 'src="fidelity.png"' in section
    assert "65 of 66" in text
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
    assert "<b>bold</b>" not in text
    assert "λ\xa0&lt;\xa01 &amp; &lt;script&gt;" in part_of(text, "moons-width")


def test_odd_figures_get_a_row_of_their_own(root):
    experiment = configuration("moons", "moons", ["scatter", "probability", "width"])
    experiment["figures"]["scatter"]["kind"] = "scatter"
    text = build(root, [experiment], missing={})
    assert re.findall(r'<figure id="moons-(\w+)" class="wide"', text) == ["scatter"]


def test_claims_table(root):
    out = root / "results" / "claims.csv"
    table = write_claims_table(root, EXPERIMENTS, out)
    back = pd.read_csv(out).astype({"holds": "boolean"})
    pd.testing.assert_frame_equal(back, table, check_dtype=False)
    assert list(table) == ["experiment", "figure", "statement", "holds", "evidence"]
    assert table["holds"].iloc[0]
    assert table["holds"].iloc[-1] is pd.NA


def test_the_page_says_how_much_of_the_grid_was_run():
    trials = moons_trials()
    assert describe_grid("moons", trials).startswith("Thinned: 6 of the 2,550 published cells")
    assert describe_grid("moons", trials.assign(n_samples=40)).startswith("Stand-in data")
    assert describe_grid("moons", None) == ""
    sizes = pd.DataFrame(
        {
            "n_samples": [100_000 * i for i in range(1, 11) for _ in range(10)],
            "first_width": [200 * j for _ in range(10) for j in range(1, 11)],
            "max_bias": 1.0,
        }
    )
    assert describe_grid("moons_size", sizes).startswith("All 100 published cells, with 1 trial")
    full = pd.concat([sizes] * 100)
    assert describe_grid("moons_size", full).startswith("The full published grid")


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
