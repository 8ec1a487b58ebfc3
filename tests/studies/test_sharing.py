"""Trials that share their weights: the same rows as alone, in fewer products."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from written_experiments import written

from memrob.data import Dataset
from memrob.errors import UserError
from memrob.studies.interpolation import trials as trials_module
from memrob.studies.interpolation.cells import shares_weights
from memrob.studies.interpolation.trials import run_trials
from memrob.studies.tables import same_results

SETTINGS = {
    "title": "Shared",
    "dataset": "moons",
    "order": "permutation",
    "share": "max_bias",
    "grid": {"first_width": [20, 70, 300], "max_bias": [0, 0.5, 1, 2]},
    "restarts": 3,
    "scales": {"default": {}, "smoke": {"max_bias": [0.5, 2], "restarts": 1}},
    "figures": {},
}


def experiment(folder: Path, **changes):
    return written(folder, "interpolation", {**SETTINGS, **changes}, "shared")


def data(d: int, n_classes: int) -> Dataset:
    rng = np.random.default_rng(5)
    X = rng.integers(-8, 9, (400, d)).astype(np.float32) / 8
    X, index = np.unique(X, axis=0, return_index=True)
    return Dataset(X, (index % n_classes).astype(np.int64))


@pytest.mark.parametrize(("d", "n_classes"), [(2, 2), (5, 2), (6, 4)])
def test_rows_are_those_of_each_trial_alone(tmp_path, d, n_classes):
    points = data(d, n_classes)
    trials = [
        replace(trial, n_samples=len(points.y)) for trial in experiment(tmp_path).trials("default")
    ]
    together = run_trials(trials, points)
    alone = [run_trials([trial], points) for trial in trials]
    assert len(together) == 36
    assert all(same_results(together.iloc[[i]], row).all() for i, row in enumerate(alone))


def test_a_product_serves_all_maximal_biases(tmp_path, monkeypatch):
    calls = []
    original = trials_module.fit_sharing_weights
    monkeypatch.setattr(
        trials_module,
        "fit_sharing_weights",
        lambda *a, **k: calls.append(k["max_biases"]) or original(*a, **k),
    )
    points = data(5, 2)
    trials = experiment(tmp_path).trials("smoke")
    run_trials([replace(t, n_samples=100) for t in trials], points)
    assert calls == [[0.5, 2.0]] * 3


def test_seeds_are_shared_and_nothing_else(tmp_path):
    shared = experiment(tmp_path)
    trials = shared.trials("default")
    assert len({trial.seed for trial in trials}) == 9
    chunks = shared.chunks("default", 1e-4)
    assert len(chunks) > 1
    assert all(len(chunk.trials) % 4 == 0 for chunk in chunks.values())
    assert [t for chunk in chunks.values() for t in chunk.trials] == trials


def test_tables_tell_that_weights_are_shared(tmp_path):
    points = data(5, 2)
    trials = experiment(tmp_path).trials("smoke")
    table = run_trials([replace(t, n_samples=100) for t in trials], points)
    assert shares_weights(table)
    assert not shares_weights(table.drop_duplicates("seed"))


@pytest.mark.parametrize("changes", [{"order": "reference"}, {"activation": "relu"}])
def test_only_what_can_share(tmp_path, changes):
    with pytest.raises(UserError, match="share: goes with activation threshold and any order but"):
        experiment(tmp_path, **changes)


def test_a_scale_shares_by_itself(tmp_path):
    own = {key: value for key, value in SETTINGS.items() if key != "share"}
    scales = {"default": {"share": "max_bias"}, "paper": {"order": "reference"}}
    some = written(tmp_path, "interpolation", {**own, "scales": scales}, "some")
    assert len({trial.seed for trial in some.trials("default")}) == 9
    assert some.shared_by("default") == 4
    assert [trial.seed for trial in some.trials("paper")] == list(range(36))
    assert some.shared_by("paper") == 1
    scales["paper"]["share"] = "max_bias"
    with pytest.raises(UserError, match=r"scales\.paper\.share: goes with"):
        written(tmp_path, "interpolation", {**own, "scales": scales}, "refused")
