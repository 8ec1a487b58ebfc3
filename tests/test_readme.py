"""The README's table names what there is."""

import re
from pathlib import Path

import pytest

from memrob.studies.registry import load_experiments

ROOT = Path(__file__).parents[1]
# Experiments that stand in for others at the smoke scale alone are not listed.
EXPERIMENTS = {
    name: experiment
    for name, experiment in load_experiments(ROOT / "config" / "experiments").items()
    if experiment.takes_part("default") or experiment.takes_part("paper")
}
ROWS = {
    match.group(1): line
    for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    if (match := re.match(r"\| `(\w+)`", line))
}


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_figure_is_listed(name):
    listed = set(re.findall(r"`(\w+)`", ROWS[name].split("|")[2]))
    assert listed == set(EXPERIMENTS[name].figures)


def test_every_linked_file_is_there():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:)([^)]+)\)", text)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
