import runpy
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from memrob.data import build
from memrob.data.npz import save_npz
from memrob.studies.interpolation.trials import run_trials
from memrob.studies.registry import load_experiment
from memrob.studies.tables import same_results

ROOT = Path(__file__).parents[2]

SCRIPTS = sorted((ROOT / "scripts").glob("*.py"))
MOONS = ROOT / "config" / "experiments" / "interpolation" / "moons.yaml"


@pytest.fixture
def call(monkeypatch):
    """Function that runs a script as from a shell, in this process."""

    def call(name, *arguments):
        script = ROOT / "scripts" / f"{name}.py"
        monkeypatch.setattr(sys, "argv", [str(script), *map(str, arguments)])
        runpy.run_path(str(script), run_name="__main__")

    return call


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_help(script, call, capsys):
    with pytest.raises(SystemExit) as ended:
        call(script.stem, "--help")
    assert ended.value.code == 0
    text = capsys.readouterr().out
    assert f"usage: {script.name}" in text
    assert "--" in text.split("options:")[1]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_scripts_are_short_and_say_what_they_do(script):
    lines = script.read_text().splitlines()
    assert len(lines) < 80
    assert lines[0].startswith('"""')


def test_smoke_trials_step_by_step(tmp_path, call):
    trials = load_experiment(MOONS).trials("smoke")
    chunks = load_experiment(MOONS).chunks("smoke", 40).values()
    dataset, table = tmp_path / "moons.npz", tmp_path / "moons.csv"
    # The first step in a process of its own, as a user would start it.
    script = ROOT / "scripts" / "dataset.py"
    command = [sys.executable, str(script), "--name", "moons", "--out", str(dataset)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    paths = []
    for chunk in chunks:
        paths.append(tmp_path / f"{chunk.name}.csv")
        call(
            *("trials", "--experiment", MOONS, "--scale", "smoke", "--chunk-seconds", 40),
            *("--chunk", chunk.name, "--dataset", dataset, "--table", paths[-1]),
        )
    call(
        *("table", "--experiment", MOONS, "--scale", "smoke", "--chunks", *paths),
        *("--benchmarks", "--table", table, "--record", tmp_path / "moons.json"),
    )
    assert same_results(pd.read_csv(table), run_trials(trials, build("moons"))).all()
    call(
        *("figure", "--experiment", MOONS, "--figure", "probability", "--table", table),
        *("--pdf", tmp_path / "probability.pdf"),
    )
    assert (tmp_path / "probability.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "probability.png").stat().st_size > 5000


def test_published_trials_come_out_exactly(tmp_path, call):
    save_npz(tmp_path / "moons.npz", build("moons"))
    published = ROOT / "data" / "reference" / "trials" / "moons.parquet"
    call(
        *("replay", "--experiment", "moons", "--count", 60, "--published", published),
        *("--dataset", tmp_path / "moons.npz", "--table", tmp_path / "moons.csv"),
    )
    table = pd.read_csv(tmp_path / "moons.csv")
    assert len(table) >= 50
    assert table["exact"].all()
    out = [tmp_path / f"{name}.csv" for name in ("cells", "summary", "replay", "replays")]
    call(
        *("fidelity", "--tables", "--replay-tables", tmp_path / "moons.csv"),
        *("--cells", out[0], "--summary", out[1], "--replay", out[2]),
        *("--replay-summary", out[3]),
    )
    assert pd.read_csv(out[2])["exact"].tolist() == len(table) * [1]
    assert pd.read_csv(out[3])["exact"].tolist() == [len(table)]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--chunk", "000-0123456789"], "chunk 000-0123456789: is not one of"),
        (["--chunk", "x", "--experiment", "absent.yaml"], "absent.yaml: there is no such file"),
    ],
)
def test_mistake_is_one_line(arguments, message, tmp_path, call, capsys):
    with pytest.raises(SystemExit) as ended:
        call(
            *("trials", "--experiment", MOONS, "--scale", "smoke", "--chunk-seconds", 40),
            *("--dataset", tmp_path / "x.npz", "--table", tmp_path / "x.csv", *arguments),
        )
    assert ended.value.code == 2
    error = capsys.readouterr().err
    assert error.startswith(f"trials.py: error: {message}")
    assert error.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_unknown_figure_is_named(tmp_path, call, capsys):
    with pytest.raises(SystemExit) as ended:
        call("figure", "--experiment", MOONS, "--figure", "pie", "--pdf", tmp_path / "x.pdf")
    assert ended.value.code == 2
    assert "has no figure pie; has " in capsys.readouterr().err
