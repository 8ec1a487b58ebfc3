"""Experiments with invariant networks: their files, seeds and tables."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from written_experiments import written

from memrob import interpolation
from memrob.convolution import ShiftGroup, orbits
from memrob.data.catalogue import DATASETS
from memrob.data.npz import save_npz
from memrob.errors import UserError
from memrob.studies.convolution.trials import moved, run_trials
from memrob.studies.registry import load_experiments
from memrob.studies.run import run_chunk
from memrob.studies.tables import same_results

ROOT = Path(__file__).parents[2]
SETTINGS = {
    "title": "A test",
    "place": 1,
    "dataset": "pulses",
    "test": 40,
    "covering": 0.5,
    "grid": {
        "n_samples": [30],
        "n_shifts": [1, 8],
        "filter_size": [0, 16],
        "first_width": [20, 100],
        "max_bias": [0.5],
    },
    "restarts": 2,
    "scales": {"smoke": {"filter_size": [0], "augmented_shifts": 1}, "paper": {}},
    "figures": {},
}


@pytest.fixture
def load(tmp_path):
    def load(**changes):
        return written(tmp_path, "convolution", {**SETTINGS, **changes})

    return load


@pytest.fixture(scope="module")
def pulses():
    return DATASETS["pulses"].make(None)


def test_hyperplanes_have_no_support_and_stop_at_the_augmented_shifts(load):
    paper, smoke = load().trials("paper"), load().trials("smoke")
    sizes = {(t.network, t.filter_size) for t in paper}
    assert sizes == {("convolutional", 0), ("convolutional", 16), ("fully_connected", 0)}
    assert len(paper) == 3 * 2 * 2 * 2
    shifts = {(t.network, t.n_shifts) for t in smoke}
    assert shifts == {("convolutional", 1), ("convolutional", 8), ("fully_connected", 1)}
    assert set(smoke) <= set(paper)


def test_seeds_belong_to_the_cell_and_not_to_the_shifts(load):
    seeds = {}
    for t in load().trials("paper"):
        cell = t.network, t.filter_size, t.first_width, t.max_bias, t.restart
        assert seeds.setdefault(cell, t.seed) == t.seed
    assert len(set(seeds.values())) == len(seeds)


def test_rows_do_not_depend_on_chunks(load, pulses, tmp_path):
    trials = load().trials("paper")
    save_npz(tmp_path / "pulses.npz", pulses)
    parts = []
    for i, part in enumerate((trials[:7], trials[7:])):
        run_chunk(run_trials, part, tmp_path / f"{i}.csv", tmp_path / "pulses.npz")
        parts.append(pd.read_csv(tmp_path / f"{i}.csv"))
    run_chunk(run_trials, trials, tmp_path / "whole.csv", tmp_path / "pulses.npz")
    whole = pd.read_csv(tmp_path / "whole.csv")
    assert same_results(pd.concat(parts, ignore_index=True), whole).all()
    assert (whole.loc[whole["network"] == "convolutional", "moved"] == 0).all()
    first = whole.groupby(["network", "n_shifts"])["M_minus"].nunique()
    assert (first == 1).all()


def test_a_fully_connected_row_is_the_network_of_all_shifts(load, pulses):
    (trial, *_) = (
        t for t in load().trials("paper") if t.network == "fully_connected" and t.n_shifts == 8
    )
    row = run_trials([trial], pulses).iloc[0]
    points = orbits(pulses.X[:30], ShiftGroup.of_order((64,), 8)).reshape(-1, 64)
    labels = np.repeat(pulses.y[:30], 8)
    network = interpolation.fit(
        points, labels, first_width=trial.first_width, max_bias=0.5, seed=trial.seed
    )
    assert row["n_points"] == 240
    assert row["second_width"] == network.second_width
    assert row["test_accuracy"] == (network.predict(pulses.X[-40:]) == pulses.y[-40:]).mean()


def test_nothing_is_tested_or_covered_unasked(load, pulses):
    trial = replace(load().trials("smoke")[0], n_test=0, constant=None)
    row = run_trials([trial], pulses).iloc[0]
    assert row[["test_accuracy", "moved", "M_minus", "separation"]].isna().all()


def test_moved_counts_signals_whose_label_some_shift_changes():
    group = ShiftGroup.full((4,))

    class FirstIsLargest:
        def predict(self, X):
            return (X.argmax(axis=1) == 0).astype(int)

    X = np.array([[1, 0, 0, 0], [0, 0, 1, 0], [1, 1, 1, 1]], dtype=np.float32)
    assert moved(FirstIsLargest(), group, X, seed=0) == pytest.approx(2 / 3)
    assert moved(FirstIsLargest(), ShiftGroup.of_order((4,), 1), X, seed=0) == 0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"dataset": "moons"}, r"dataset: moons holds no signals"),
        ({"grid": {**SETTINGS["grid"], "n_shifts": [3]}}, r"grid.n_shifts: no group of 3 shifts"),
        ({"grid": {**SETTINGS["grid"], "n_samples": [1990]}}, r"more than the 2000"),
        ({"grid": {**SETTINGS["grid"], "filter_size": [0, 65]}}, r"filter_size: 65 is more"),
        ({"restart": 3}, r"unknown key 'restart'"),
        ({"scales": {"smoke": {"n_shifts": [4]}}}, r"n_shifts: 4 is not a value"),
    ],
)
def test_mistakes_are_named(load, changes, message):
    with pytest.raises(UserError, match=message) as raised:
        load(**changes)
    assert "\n" not in str(raised.value)


def test_shipped_experiments():
    loaded = load_experiments(ROOT / "config" / "experiments")
    shipped = [e for e in loaded.values() if e.part == "convolution"]
    assert {e.dataset for e in shipped} == {
        name for name, entry in DATASETS.items() if entry.grid_shape
    }
    seconds = [e.predicted_cost(t, "default").seconds for e in shipped for t in e.trials("default")]
    assert sum(seconds) < 300
    assert not any(e.download and e.takes_part("smoke") for e in shipped)
