"""Experiments with Lipschitz constants: their files, seeds, batches and tables."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from written_experiments import written

from memrob.errors import UserError
from memrob.studies.base import SCALES
from memrob.studies.gather import gather
from memrob.studies.lipschitz import trials as trials_module
from memrob.studies.lipschitz.trials import run_trials
from memrob.studies.registry import load_experiments
from memrob.studies.run import run_chunk
from memrob.studies.tables import same_results

ROOT = Path(__file__).parents[2]
SETTINGS = {
    "title": "A test",
    "place": 1,
    "grid": {"input_dim": [2, 3], "width": [8], "depth": [1, 2], "bias": ["zero", "cauchy"]},
    "p": [1, 1.5, "inf"],
    "restarts": 3,
    "search": {"restarts": 4, "steps": 5},
    "upper": ["product", "semidefinite"],
    "exact": True,
    "scales": {"smoke": {"input_dim": [2], "depth": [1], "restarts": 2}, "paper": {}},
    "figures": {},
}


@pytest.fixture
def load(tmp_path):
    def load(**changes):
        return written(tmp_path, "lipschitz", {**SETTINGS, **changes})

    return load


@pytest.fixture(scope="module")
def shipped():
    loaded = load_experiments(ROOT / "config" / "experiments")
    return {name: e for name, e in loaded.items() if e.part == "lipschitz"}


def test_grid_and_selection(load):
    experiment = load()
    assert len(experiment.trials("paper")) == 2 * 2 * 2 * 3
    small = experiment.trials("smoke")
    assert {(t.input_dim, t.depth, t.bias) for t in small} == {(2, 1, "zero"), (2, 1, "cauchy")}
    assert [t.restart for t in small] == [0, 1, 0, 1]
    assert small[0].ps == (1.0, 1.5, np.inf)


def test_seeds_belong_to_the_cell_and_the_restart(load):
    trials = load().trials("paper")
    seeds = {}
    for trial in trials:
        seeds.setdefault((trial.input_dim, trial.depth, trial.restart), set()).add(trial.seed)
    # One for all laws of the biases, so that these share the weights, and no two others alike.
    assert all(len(found) == 1 for found in seeds.values())
    assert len(set.union(*seeds.values())) == len(seeds)
    smoke = {(t.input_dim, t.depth, t.bias, t.restart): t.seed for t in load().trials("smoke")}
    paper = {(t.input_dim, t.depth, t.bias, t.restart): t.seed for t in trials}
    assert all(paper[key] == seed for key, seed in smoke.items())


def test_rows_do_not_depend_on_batches(load, monkeypatch):
    trials = load().trials("paper")
    whole = run_trials(trials)
    monkeypatch.setattr(trials_module, "MOST_IN_BATCH", 1)
    assert same_results(whole, run_trials(trials)).all()
    parts = [run_trials(trials[:5]), run_trials(trials[5:])]
    assert same_results(whole, pd.concat(parts, ignore_index=True)).all()


def test_table_is_a_bracket(load, tmp_path):
    trials = load().trials("paper")
    paths = [tmp_path / f"{i}.csv" for i in range(2)]
    run_chunk(run_trials, trials[:4], paths[0])
    run_chunk(run_trials, trials[4:], paths[1])
    gather(paths, [], tmp_path / "whole.csv", tmp_path / "whole.json", {})
    table = pd.read_csv(tmp_path / "whole.csv")
    assert same_results(table, run_trials(trials)).all()
    assert list(table.columns[:7]) == [
        *("input_dim", "width", "depth", "bias", "p", "restart", "seed")
    ]
    assert len(table) == 3 * len(trials)
    assert (table["lower"] <= table["exact"] * (1 + 1e-9)).all()
    assert (table["exact"] <= table["upper"] * (1 + 1e-9)).all()
    assert (table["random_largest"] <= table["exact"] * (1 + 1e-9)).all()
    assert table["upper_patterns"].isna().all()
    assert np.isinf(table.loc[2, "p"]) and table.loc[2, "conjugate_p"] == 1


def test_predicted_time_and_memory_grow_with_the_network(load):
    experiment = load()
    trial = experiment.trials("paper")[0]
    larger = replace(trial, width=4096, depth=2)
    assert (
        experiment.predicted_cost(larger, "paper").seconds
        > 10 * experiment.predicted_cost(trial, "paper").seconds
    )
    assert experiment.memory((larger,)) > experiment.memory((trial,))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"p": [0.5]}, r"p\.0: is 0\.5; it must be at least 1"),
        ({"p": ["two"]}, r"p\.0: is 'two'; it must be: a number of at least 1, or inf"),
        ({"grid": {"input_dim": [2]}}, r"grid: needs one of width and width_per_dim"),
        (
            {"grid": {"input_dim": [2], "width": [4], "width_per_dim": 2}},
            r"grid: needs one of width and width_per_dim",
        ),
        (
            {"grid": {"input_dim": [2], "width": [0]}},
            r"grid\.width\.0: is 0; it must be at least 1",
        ),
        ({"upper": ["exact"]}, r"upper\.0: is 'exact'; it must be one of product, patterns"),
        ({"scales": {"smoke": {"p": [7]}}}, r"scales\.smoke\.p: 7\.0 is not a value of grid\.p"),
        ({"scales": {"smoke": {"bias": ["laplace"]}}}, r"laplace is not a value of grid\.bias"),
        ({"scales": {"smoke": {"restarts": 9}}}, r"restarts: is 9; there are 3 at most"),
        ({"dataset": "moons"}, r"unknown key 'dataset'; known keys: title, place"),
    ],
)
def test_mistakes_are_named(load, changes, message):
    with pytest.raises(UserError, match=message) as raised:
        load(**changes)
    assert "\n" not in str(raised.value)


def test_shipped_experiments_have_every_scale(shipped):
    assert set(shipped) >= {"dimension", "width", "depth", "bias", "bracket", "regions"}
    for experiment in shipped.values():
        for scale in SCALES:
            assert experiment.takes_part(scale)
            if experiment.has_trials(scale):
                trials = experiment.trials(scale)
                assert len(set(trials)) == len(trials)


def test_what_must_be_shown_is_in_the_default_scale(shipped):
    cells = {(t.input_dim, t.width) for t in shipped["dimension"].trials("default")}
    assert cells == {(d, 64 * d) for d in (8, 16, 32, 64, 128, 256)}
    small = shipped["bracket"].trials("default")
    assert len(small) >= 1000
    assert {1.0, 1.5, 2.0, 3.0, np.inf} <= set(small[0].ps)


def test_figure_of_values_that_a_scale_lacks_is_refused(load):
    figure = {"kind": "regime", "caption": "A test.", "only": {"depth": 2}}
    message = r"figures\.regime\.only\.depth: is 2; the scale smoke has 1 only"
    with pytest.raises(UserError, match=message):
        load(figures={"regime": figure}).check_figures()
    load(figures={"regime": figure | {"only": {"depth": 1}}}).check_figures()
