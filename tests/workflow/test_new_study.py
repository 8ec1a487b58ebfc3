"""A new study is one folder, one line of the registry and one YAML file."""

import shutil

import pandas as pd
import pytest

from memrob.workflow import sources

FOLDER = {
    "__init__.py": '"""Tosses of coins."""\n',
    "schema.yaml": """
type: object
additionalProperties: false
required: [title, grid, restarts, scales, figures]
properties:
  title: {description: Heading., type: string}
  grid: {description: All cells., type: object}
  restarts: {description: Tosses of a coin., type: integer}
  scales: {description: What each scale takes., type: object}
  figures:
    description: Figures by name.
    type: object
    additionalProperties:
      type: object
      required: [kind, caption]
      additionalProperties: false
      properties:
        colour: {description: Of the line., type: string}
""",
    "trials.py": '''"""Tosses."""

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Trial:
    """One coin."""

    bias: float
    restart: int
    seed: int


def run_trials(trials, threads=1):
    """One row per toss."""
    rows = [
        {**asdict(t), "heads": int(np.random.default_rng(t.seed).random() < t.bias), "seconds": 0.0}
        for t in trials
    ]
    return pd.DataFrame(rows)
''',
    "experiment.py": '''"""Experiments with coins."""

from dataclasses import dataclass
from typing import ClassVar

from memrob.numerics.cost import Cost
from memrob.studies.base import Experiment, derived_seed
from memrob.studies.coins.trials import Trial
from memrob.studies.grid import axis_values


@dataclass(frozen=True)
class CoinsExperiment(Experiment):
    """Coins of several biases."""

    part: ClassVar[str] = "coins"
    trials_rule: ClassVar[str] = "coin_tosses"

    def axes(self):
        grid = self.settings["grid"]
        return {"bias": axis_values(self.source, "grid.bias", grid["bias"], float)}

    def trials(self, scale):
        return [
            Trial(bias, restart, derived_seed(f"{self.name}/{bias}/{restart}"))
            for bias in self.axes_at(scale)["bias"]
            for restart in range(self.restarts_at(scale))
        ]

    def predicted_cost(self, trial, scale):
        return Cost(other=0.01)

    def memory(self, trials):
        return 1e6
''',
    "figures.py": '''"""Figures of coins."""

from memrob.plots.style import COLUMN_WIDTH, new_figure
from memrob.studies.kind import Kind


def heads(trials, *, colour, title=""):
    """Shares of heads."""
    figure = new_figure(COLUMN_WIDTH, 2.5, title)
    shares = trials.groupby("bias")["heads"].mean()
    figure.subplots().plot(shares.index, shares, color=colour)
    return figure


KINDS = {"heads": Kind(heads)}
''',
    "claims.py": '''"""What coins should do."""

from memrob.studies.claim import Rule


def heads_rise(trials):
    """Decide whether shares rise."""
    shares = trials.groupby("bias")["heads"].mean()
    return bool(shares.is_monotonic_increasing), f"shares {list(shares)}"


RULES = {"heads_rise": Rule("The share of heads rises with the bias.", heads_rise)}
''',
    "description.py": '''"""What the gallery says of coins."""

from memrob.studies.description import Description

DESCRIPTION = Description(
    heading="Tosses of coins",
    result="heads",
    table=lambda _experiment, trials: f"{len(trials)} tosses of coins.",
)
''',
}
CONFIGURATION = """
title: Three coins
grid: {bias: [0, 0.5, 1]}
restarts: 20
scales: {smoke: {restarts: 10}, default: {}}
figures:
  heads:
    kind: heads
    colour: black
    caption: How often each coin shows heads.
    claims: [{rule: heads_rise, source: own}]
"""
LISTED = {
    "from memrob.studies.base import Experiment\n": (
        "from memrob.studies.coins.experiment import CoinsExperiment\n"
    ),
    "        LipschitzExperiment,\n": "        CoinsExperiment,\n",
}


@pytest.mark.slow
def test_a_study_of_one_folder_and_one_file_runs_is_drawn_decided_and_shown(repository):
    package = repository.folder / "src" / "memrob"
    shutil.copytree(sources.PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    for name, text in FOLDER.items():
        path = package / "studies" / "coins" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    registry = package / "studies" / "registry.py"
    lines = registry.read_text()
    for old, new in LISTED.items():
        assert old in lines
        lines = lines.replace(old, old + new, 1)
    registry.write_text(lines)
    configuration = repository.folder / "config" / "experiments" / "coins" / "three.yaml"
    configuration.parent.mkdir()
    configuration.write_text(CONFIGURATION)

    done = repository.snakemake(
        *("figures/index.html", "--cores", "1", "--config", "scale=smoke", "experiments=[three]"),
        PYTHONPATH=str(package.parent),
    )
    assert done.returncode == 0, done.stderr
    assert len(pd.read_csv(repository.folder / "results" / "coins" / "three.csv")) == 30
    assert (repository.folder / "figures" / "coins" / "three" / "heads.pdf").exists()
    claims = pd.read_csv(repository.folder / "results" / "claims.csv")
    assert claims[["experiment", "figure", "holds", "source"]].to_numpy().tolist() == [
        ["three", "heads", True, "own"]
    ]
    page = (repository.folder / "figures" / "index.html").read_text()
    for text in ("Tosses of coins", "Three coins", "30 tosses of coins.", "How often each coin"):
        assert text in page
    assert "The share of heads rises with the bias." in page

    configuration.write_text(CONFIGURATION.replace("heads_rise", "heads_fall"))
    done = repository.snakemake(
        *("figures/index.html", "--cores", "1", "--config", "scale=smoke", "experiments=[three]"),
        PYTHONPATH=str(package.parent),
    )
    assert done.returncode == 2
    assert done.stderr.endswith(
        "memrob: error: config/experiments/coins/three.yaml: figures.heads.claims.0.rule: "
        "is 'heads_fall'; it must be one of heads_rise\n"
    )
