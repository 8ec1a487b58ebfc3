"""A copy of the repository with a few trials, to be run through the profiles of clusters."""

import importlib.util
import os
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pandas as pd
import pytest
import yaml

from memrob.data import build
from memrob.studies.interpolation.trials import run_trials
from memrob.studies.registry import load_experiment
from memrob.studies.tables import same_results

ROOT = Path(__file__).parents[2]
MOONS = "config/experiments/interpolation/moons.yaml"
TABLE = "results/interpolation/moons.csv"
FIGURE = "figures/interpolation/moons/probability.pdf"
# Some seconds of trials, in two chunks.
CHUNK_SECONDS = 2.5
CONFIG = ["--config", "scale=smoke", "experiments=[moons]", f"chunk_seconds={CHUNK_SECONDS}", "--"]
GRID = {
    "first_width": {"start": 50, "stop": 510, "step": 50},
    "max_bias": {"start": 0, "stop": 2.1, "step": 0.1},
    "restarts": 50,
}


def needs(plugin: str):
    """Mark of tests that take minutes: they run where they are asked for and the plugin is."""
    if "MEMROB_TEST_CLUSTER" not in os.environ:
        return pytest.mark.skip(reason="takes minutes; tests/cluster/run runs it")
    try:
        version(plugin)
    except PackageNotFoundError:
        return pytest.mark.skip(reason=f"{plugin} is not installed")
    return pytest.mark.slow


def _repository_class():
    path = ROOT / "tests" / "workflow" / "conftest.py"
    specification = importlib.util.spec_from_file_location("workflow_conftest", path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module.Repository


class Moons:
    """A copy of the repository in which only `moons` is run, and its table is known."""

    def __init__(self, folder: Path):
        self.repository = _repository_class()(folder)
        self.folder = folder
        path = folder / MOONS
        content = yaml.safe_load(path.read_text())
        content["scales"]["smoke"] = GRID
        path.write_text(yaml.safe_dump(content, allow_unicode=True))

    def chunks(self) -> set[str]:
        """Names of the chunks whose tables are there."""
        return {path.stem for path in self.folder.glob("results/interpolation/chunks/moons/0*.csv")}

    def planned_chunks(self) -> set[str]:
        """Names of all chunks."""
        return set(load_experiment(self.folder / MOONS).chunks("smoke", CHUNK_SECONDS))

    def has_expected_table(self) -> bool:
        """Whether the table is that of the same trials in this process."""
        expected = run_trials(load_experiment(self.folder / MOONS).trials("smoke"), build("moons"))
        table = pd.read_csv(self.folder / TABLE)
        return len(table) == len(expected) and same_results(table, expected).all()

    def has_figure(self) -> bool:
        """Whether the figure is there, too."""
        return (self.folder / FIGURE).read_bytes().startswith(b"%PDF")
