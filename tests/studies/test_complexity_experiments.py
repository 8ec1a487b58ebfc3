"""Experiments with complexities: their files, seeds and tables."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from written_experiments import written

from memrob.complexity import conditions
from memrob.complexity.conditions import conditions_hold
from memrob.complexity.covering import mutual_covering
from memrob.complexity.profile import complexity
from memrob.data.catalogue import DATASETS
from memrob.data.dataset import Dataset
from memrob.data.npz import save_npz
from memrob.errors import UserError
from memrob.studies.base import SCALES
from memrob.studies.complexity.trials import run_trials
from memrob.studies.registry import load_experiments
from memrob.studies.run import run_chunk
from memrob.studies.tables import same_results

ROOT = Path(__file__).parents[2]
SETTINGS = {
    "title": "A test",
    "place": 1,
    "dataset": "moons",
    "grid": {"n_samples": [40, 60], "max_bias": [0.5, 1], "constant": [0.5, 1]},
    "eta": 0.01,
    "draws": 50,
    "point_separation": True,
    "scales": {"smoke": {"n_samples": [40], "constant": [1]}, "paper": {}},
    "figures": {},
}


@pytest.fixture
def load(tmp_path):
    def load(**changes):
        return written(tmp_path, "complexity", {**SETTINGS, **changes})

    return load


@pytest.fixture(scope="module")
def moons():
    return DATASETS["moons"].make(None)


@pytest.fixture(scope="module")
def shipped():
    loaded = load_experiments(ROOT / "config" / "experiments")
    return {name: e for name, e in loaded.items() if e.part == "complexity"}


def test_grid_and_selection(load):
    assert len(load().trials("paper")) == 2 * 2 * 2
    small = load().trials("smoke")
    assert [(t.n_samples, t.max_bias, t.constant) for t in small] == [(40, 0.5, 1), (40, 1, 1)]


def test_seeds_belong_to_the_cell(load):
    paper = load().trials("paper")
    assert len({trial.seed for trial in paper}) == len(paper)
    assert set(load().trials("smoke")) <= set(paper)


def test_rows_do_not_depend_on_chunks(load, moons, tmp_path):
    trials = load().trials("paper")
    save_npz(tmp_path / "moons.npz", moons)
    parts = []
    for i, part in enumerate((trials[:3], trials[3:])):
        run_chunk(run_trials, part, tmp_path / f"{i}.csv", tmp_path / "moons.npz")
        parts.append(pd.read_csv(tmp_path / f"{i}.csv"))
    run_chunk(run_trials, trials, tmp_path / "whole.csv", tmp_path / "moons.npz")
    whole = pd.read_csv(tmp_path / "whole.csv")
    assert same_results(whole, pd.concat(parts, ignore_index=True)).all()
    assert whole["conditions_hold"].eq(1).all()
    assert whole["seed"].tolist() == [trial.seed for trial in trials]


def test_rows_say_what_the_profile_says(load, moons):
    trial = load().trials("paper")[-1]
    row = run_trials([trial], moons).iloc[0]
    found = complexity(moons.X[:60], moons.y[:60], 1.0, constant=1.0, draws=50, seed=trial.seed)
    one = found.classes[0]
    assert (row["n_minus"], row["M_minus"], row["M_plus"]) == (one.n_minus, one.M_minus, one.M_plus)
    assert row["omega"] == one.omega.value
    assert row["first_width_shape"] == found.first_width
    assert row["radius"] == found.radius
    pairs = np.linalg.norm(moons.X[:60, None].astype(float) - moons.X[None, :60], axis=2)
    least = pairs[np.triu_indices(60, 1)].min()
    assert row["point_separation"] == pytest.approx(least)


def test_more_classes_have_a_row_each(load):
    rng = np.random.default_rng(0)
    data = Dataset(rng.standard_normal((40, 3)).astype(np.float32), np.arange(40) % 4)
    trials = [replace(load().trials("paper")[0], point_separation=False)]
    table = run_trials(trials, data)
    assert table["label"].tolist() == [0, 1, 2, 3]
    assert table["conditions_hold"].eq(1).all()
    assert table["point_separation"].isna().all()


def test_more_points_than_there_are_are_refused(load, moons):
    trial = replace(load().trials("paper")[0], n_samples=5000)
    with pytest.raises(UserError, match="has 1000 points, but n_samples is 5000"):
        run_trials([trial], moons)


@pytest.mark.parametrize("numbers", [conditions.MOST_NUMBERS, 60])
@pytest.mark.parametrize("broken", ["radii", "assignment", "centres"])
def test_conditions_that_fail_are_seen(moons, broken, numbers, monkeypatch):
    monkeypatch.setattr(conditions, "MOST_NUMBERS", numbers)
    X_minus, X_plus = moons.X[moons.y == 1], moons.X[moons.y == 0]
    covering = mutual_covering(X_minus, X_plus, 1.0, 0.5)
    assert conditions_hold(covering, X_minus, X_plus)
    pieces = covering.plus
    changed = {
        "radii": 1.01 * pieces.radii,
        "assignment": np.roll(pieces.assignment, 1),
        "centres": np.roll(pieces.centres, 1),
    }[broken]
    worse = replace(covering, plus=replace(pieces, **{broken: changed}))
    assert not conditions_hold(worse, X_minus, X_plus)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"dataset": "suns"}, r"dataset: is 'suns'; it must be one of "),
        ({"eta": 1}, r"eta: 1 is greater than or equal to the maximum of 1"),
        ({"draws": 1}, r"draws: is 1; it must be at least 2"),
        ({"grid": {"max_bias": [1]}}, r"grid: .*constant"),
        (
            {"grid": {"max_bias": [0], "constant": [1]}},
            r"max_bias\.0: 0 is less than or equal to the minimum of 0",
        ),
        (
            {"grid": {"n_samples": [2000], "max_bias": [1], "constant": [1]}},
            r"grid\.n_samples: 2000 are more than the 1000 points of moons",
        ),
        ({"scales": {"smoke": {"max_bias": [3]}}}, r"scales\.smoke\.max_bias: 3\.0 is not a value"),
        ({"restarts": 3}, r"unknown key 'restarts'"),
        ({"figures": {"a": {"kind": "widths", "caption": "", "x": "max_bias"}}}, r"measured"),
    ],
)
def test_mistakes_are_named(load, changes, message):
    with pytest.raises(UserError, match=message) as raised:
        load(**changes).check_figures()
    assert "\n" not in str(raised.value)


def test_predicted_time_and_memory_grow_with_the_points(load):
    experiment = load()
    small, *_, large = experiment.trials("paper")
    seconds = [experiment.predicted_cost(trial, "paper").seconds for trial in (small, large)]
    assert seconds[0] < seconds[1]
    assert experiment.memory((small,)) < experiment.memory((large,))


def test_shipped_experiments(shipped):
    sets = {"moons", "moons_size", "lines", "mnist", "mnist_1v8", "mnist_1v9", "cifar10"}
    assert {experiment.dataset for experiment in shipped.values()} == sets
    known = load_experiments(ROOT / "config" / "experiments")
    for experiment in shipped.values():
        for figure in experiment.figures.values():
            if "measured" not in figure:
                continue
            beside = known[figure["measured"]]
            assert (beside.part, beside.dataset) == ("interpolation", experiment.dataset)
        for scale in SCALES:
            if experiment.has_trials(scale):
                assert set(experiment.trials(scale)) <= set(experiment.trials("paper")) or (
                    scale == "smoke"
                )
        assert not (experiment.download and experiment.takes_part("smoke"))


def test_default_scale_takes_minutes(shipped):
    trials = [(e, t) for e in shipped.values() for t in e.trials("default")]
    assert sum(e.predicted_cost(t, "default").seconds for e, t in trials) < 240
