"""The example for data of one's own runs, and prints what it says."""

import re
import runpy
from pathlib import Path

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "own_data.py"


def test_it_runs_and_shows_what_it_says(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = runpy.run_path(str(EXAMPLE))
    printed = capsys.readouterr().out
    assert names["grown"].interpolates_
    assert "loaded network predicts the same labels: True" in printed
    assert re.search(r"torch module predicts the same labels: True|pip install torch", printed)
    table = re.findall(r"^ *(\d+) +(\d+)% +([\d.]+) +\d+ +([\d.]+) +([\d.]+)$", printed, re.M)
    rows = [[float(cell) for cell in row] for row in table]
    widths, interpolates, second, train, test = zip(*rows, strict=True)
    assert list(widths) == sorted(widths)
    # From no network that interpolates to all, and then ever fewer neurons.
    assert (interpolates[0], interpolates[-1]) == (0, 100)
    assert sorted(interpolates) == list(interpolates)
    assert train[0] < 1 == train[-1]
    assert second[-1] < second[-3] < max(second)
    assert min(names["other"].score(names["X_test"], names["y_test"]), 1) > max(test)
    assert not list(tmp_path.iterdir())
