"""The trials that are kept with the project: those of its configuration, and computed again."""

from pathlib import Path

import pandas as pd
import pytest

from memrob.fidelity.replay import compare_rows
from memrob.studies.archive import unpack
from memrob.studies.interpolation.published import published_trials
from memrob.studies.registry import load_experiment
from memrob.studies.verification import verify

ROOT = Path(__file__).parents[2]
KEPT = sorted((ROOT / "data" / "replication").glob("*/*.parquet"))


@pytest.mark.parametrize("packed", KEPT, ids=lambda path: path.stem)
def test_kept_trials_are_those_of_the_configuration(packed, tmp_path):
    path = ROOT / "config" / "experiments" / packed.parent.name / f"{packed.stem}.yaml"
    unpack(packed, load_experiment(path), tmp_path / "table.csv", tmp_path / "table.json")
    assert len(pd.read_csv(tmp_path / "table.csv")) == len(pd.read_parquet(packed))


@pytest.mark.parametrize("packed", KEPT, ids=lambda path: path.stem)
def test_kept_trials_come_out_the_same(packed):
    found = verify(packed, 3)
    assert found.holds, found.differences


@pytest.mark.parametrize("name", ["moons", "moons_size"])
def test_every_published_trial_on_moons_comes_out_exactly(name):
    packed = ROOT / "data" / "replication" / "interpolation" / f"{name}.parquet"
    published = published_trials(ROOT / "data" / "reference", name)
    compared = compare_rows(published, pd.read_parquet(packed))
    assert len(compared) == len(published)
    assert compared["exact"].all()
