"""The page of results says what the tables of a run say."""

import json
from pathlib import Path

import pandas as pd
import pytest

from docs.generator.results import page

ROOT = Path(__file__).parents[2]


@pytest.fixture
def run(tmp_path):
    results = tmp_path / "results"
    (results / "interpolation").mkdir(parents=True)
    (tmp_path / "config").symlink_to(ROOT / "config")
    record = {"scale": "default", "git_commit": "0123456789abcdef"}
    (results / "interpolation" / "moons.json").write_text(json.dumps(record))
    pd.DataFrame(
        {"experiment": ["moons"], "compared": ["score"], "rows": [2500], "exact": [2499]}
    ).to_csv(results / "replay_summary.csv", index=False)
    pd.DataFrame(
        {"experiment": "moons", "standard_error": [0.0, 1.0, 1.0], "z": [0.0, 1.5, -3.25]}
    ).to_csv(results / "fidelity.csv", index=False)
    claims = [
        ("moons", "width", "n̂ falls", True, "yes", "own"),
        ("moons", "width", "n̂ rises", False, "no", "[M] 4.1, p. 25"),
        ("moons", "width", "n̂ is 7", None, "", "own"),
    ]
    columns = ["experiment", "figure", "statement", "holds", "evidence", "source"]
    pd.DataFrame(claims, columns=columns).to_csv(results / "claims.csv", index=False)
    return tmp_path


def test_the_page_has_the_numbers_of_the_run(run):
    text = page(run)
    assert "Scale default; 1 table; commit 012345678." in text
    assert "| `moons` | 2,500 | score | 2,499 |" in text
    assert "| `moons` | 3 | 1 | 50.0% | 3.25 |" in text
    assert "| interpolation | 1 | 1 | 1 |" in text
    assert "n̂ rises" in text and "[M] 4.1, p. 25" in text.replace("\\", "")
    assert "n̂ falls" not in text
    assert "| 2 | -0.88 (0) | 3.36 (1) | 0.0% (68.3%) | 50.0% (95.4%) | 50.0% (99.7%) |" in text
    assert "scale paper" not in text


def test_the_page_tells_of_the_kept_trials(run):
    text = page(run, ROOT).split("## The scale paper, kept here")[1]
    assert "| `moons` | 127,500 | 0." in text
    assert "| `moons` | 127,500 | score and widths | 127,500 |" in text
    assert "| `moons` | 5,100 | 5,100 | – | – |" in text
    kept = [path.stem for path in (ROOT / "data" / "replication").glob("*/*.parquet")]
    assert all(f"| `{name}` |" in text for name in kept)
