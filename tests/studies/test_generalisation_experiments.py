"""Experiments on test accuracy: their files, seeds, rows and tables."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from written_experiments import written

from memrob.data.catalogue import build
from memrob.data.dataset import Dataset
from memrob.data.npz import save_npz
from memrob.errors import UserError
from memrob.interpolation import fit
from memrob.studies.base import SCALES
from memrob.studies.gather import gather
from memrob.studies.generalisation.trial import Trial
from memrob.studies.generalisation.trials import run_trials
from memrob.studies.registry import load_experiments
from memrob.studies.run import run_chunk
from memrob.studies.tables import same_results

ROOT = Path(__file__).parents[2]
SETTINGS = {
    "title": "A test",
    "dataset": "moons",
    "train": 700,
    "references": ["linear", "neighbours"],
    "grid": {"first_width": [20, 200], "max_bias": [0, 1.0]},
    "restarts": 2,
    "scales": {"smoke": {"first_width": [20], "restarts": 1}, "paper": {}},
    "figures": {},
}


@pytest.fixture
def load(tmp_path):
    def load(**changes):
        return written(tmp_path, "generalisation", {**SETTINGS, **changes})

    return load


@pytest.fixture(scope="module")
def moons():
    return build("moons")


def test_references_come_first_and_seeds_belong_to_the_cell(load):
    small, large = load().trials("smoke"), load().trials("paper")
    assert [t.classifier for t in small] == ["linear", "neighbours", "network", "network"]
    assert len(large) == 2 + 2 * 2 * 2
    seeds = {(t.first_width, t.max_bias, t.restart): t.seed for t in large[2:]}
    assert len(set(seeds.values())) == 8
    assert all(seeds[t.first_width, t.max_bias, t.restart] == t.seed for t in small[2:])


def test_rows_are_what_network_and_points_say(load, moons):
    trials = load().trials("paper")
    table = run_trials(trials, moons)
    assert (table["n_train"] == 700).all() and (table["n_test"] == 300).all()
    trial, row = trials[-1], table.iloc[-1]
    network = fit(moons.X[:700], moons.y[:700], first_width=200, max_bias=1.0, seed=trial.seed)
    assert row["test_accuracy"] == np.mean(network.predict(moons.X[700:]) == moons.y[700:])
    assert row["second_width"] == network.second_width
    assert row["interpolated"] == 1 and row["accuracy"] == 1
    linear, neighbours = table["test_accuracy"][:2]
    assert linear < 0.95 < 0.99 < neighbours


def test_tables_do_not_depend_on_chunks(load, moons, tmp_path):
    trials = load().trials("paper")
    save_npz(tmp_path / "moons.npz", moons)
    paths = [tmp_path / f"{i}.csv" for i in range(3)]
    for path, part in zip(paths, (trials[:1], trials[1:5], trials[5:]), strict=True):
        run_chunk(run_trials, part, path, tmp_path / "moons.npz")
    gather(paths, [], tmp_path / "whole.csv", tmp_path / "whole.json", {})
    run_chunk(run_trials, trials, tmp_path / "one.csv", tmp_path / "moons.npz")
    whole, one = pd.read_csv(tmp_path / "whole.csv"), pd.read_csv(tmp_path / "one.csv")
    assert list(whole.columns) == list(one.columns)
    assert same_results(whole, one).all()
    assert whole["seed"].tolist() == [t.seed for t in trials]


def test_test_points_are_those_after_the_training_points():
    # Two clouds that swap their labels after the first half: a classifier of the first half is
    # wrong on all others.
    X = np.tile(np.float32([[-1, 0], [1, 0]]), (20, 1))
    X += np.random.default_rng(0).uniform(-0.1, 0.1, X.shape).astype(np.float32)
    y = np.tile([0, 1], 20)
    y[20:] = 1 - y[20:]
    trials = [Trial("moons", name, 20) for name in ("linear", "neighbours")]
    trials.append(Trial("moons", "network", 20, 300, 1.0))
    assert (run_trials(trials, Dataset(X, y))["test_accuracy"] == 0).all()


def test_a_set_without_test_points_is_an_error(moons):
    with pytest.raises(UserError, match="moons: has 1000 points, but train is 1000"):
        run_trials([Trial("moons", "network", 1000, 5, 1.0)], moons)


def test_predicted_time_and_memory_grow_with_the_network(load):
    experiment = load()
    network = experiment.trials("paper")[-1]
    wide = replace(network, first_width=200_000)
    assert (
        experiment.predicted_cost(wide, "paper").seconds
        > 10 * experiment.predicted_cost(network, "paper").seconds
    )
    assert experiment.memory((wide,)) > experiment.memory((network,))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"dataset": "circles"}, r"dataset: is 'circles'; it must be one of moons"),
        ({"train": 1000}, r"train: is 1000; it must be less than the 1000 points of moons"),
        ({"train": 0}, r"train: is 0; it must be at least 2"),
        ({"references": ["forest"]}, r"references\.0: is 'forest'; it must be one of linear"),
        ({"grid": {"first_width": [5]}}, r"max_bias"),
        ({"scales": {"smoke": {"max_bias": [3]}}}, r"3\.0 is not a value of grid\.max_bias"),
        ({"scales": {"smoke": {"restarts": 3}}}, r"restarts: is 3; there are 2 at most"),
        ({"p": [1]}, r"unknown key 'p'; known keys: title, dataset, train"),
    ],
)
def test_mistakes_are_named(load, changes, message):
    with pytest.raises(UserError, match=message) as raised:
        load(**changes)
    assert "\n" not in str(raised.value)


def test_shipped_experiments_test_on_the_published_test_images():
    loaded = load_experiments(ROOT / "config" / "experiments")
    shipped = {name: e for name, e in loaded.items() if e.part == "generalisation"}
    assert shipped["generalisation_mnist"].settings["train"] == 60_000
    assert shipped["generalisation_cifar10"].settings["train"] == 50_000
    assert shipped["generalisation_moons"].has_trials("smoke")
    for experiment in shipped.values():
        for scale in SCALES:
            if experiment.has_trials(scale):
                trials = experiment.trials(scale)
                assert len(set(trials)) == len(trials)
                assert {t.classifier for t in trials} == {"linear", "neighbours", "network"}
