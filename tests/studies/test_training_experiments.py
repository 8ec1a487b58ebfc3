"""Experiments with trained networks: their files, seeds, tables, and what a killed chunk leaves."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from written_experiments import written

from memrob.data import Dataset, load_npz, prepare
from memrob.errors import UserError
from memrob.studies.registry import load_experiments
from memrob.studies.run import run_chunk
from memrob.studies.tables import same_results
from memrob.studies.training.trial import Points
from memrob.studies.training.trials import run_trials
from memrob.studies.verification import rows_of
from memrob.training import trainer
from memrob.training.classifier import Classifier

ROOT = Path(__file__).parents[2]
TRAINING = {
    "loss": "cross_entropy",
    "optimiser": "adam",
    "step_size": 0.01,
    "epochs": 20,
    "batch_size": 20,
}
COMMON = {
    "title": "A test",
    "place": 1,
    "dataset": "moons",
    "test": 50,
    "restarts": 2,
    "scales": {"smoke": {}, "paper": {"restarts": 1}},
    "figures": {},
}
STUDIES = {
    "random_features": {
        "grid": {"n_samples": [30], "features_per_point": [0.5, 1, 2], "label_noise": [0, 0.2]}
    },
    "double_descent": {
        "training": {**TRAINING, "loss": "squared"},
        "grid": {"n_samples": [40], "label_noise": [0, 0.2], "reuse": [0, 1], "width": [2, 4, 30]},
    },
    "threshold": {
        "training": TRAINING,
        "search": {"largest": 16, "max_bias": 0.5},
        "grid": {
            "n_samples": [10, 20],
            "network": ["trained", "constructed"],
            "labels": ["true", "random"],
        },
    },
    "robustness": {
        "training": TRAINING,
        "attack": {"images": 5, "rounds": 2, "starts": 2, "steps": 5},
        "grid": {"n_samples": [40], "width": [6], "p": [1, 2, "inf"]},
    },
    "lipschitz": {
        "training": TRAINING,
        "grid": {"n_samples": [40], "width": [4], "epoch": [0, 1, 3], "p": [1, "inf"]},
    },
}
ROWS = {
    "random_features": 12,
    "double_descent": 24,
    "threshold": 16,
    "robustness": 60,
    "lipschitz": 12,
}


@pytest.fixture
def load(tmp_path):
    def load(study, **changes):
        return written(
            tmp_path,
            "training",
            {**COMMON, "study": study, **STUDIES[study], **changes},
            f"{study}_test",
        )

    return load


@pytest.fixture(scope="module")
def moons(tmp_path_factory):
    path = tmp_path_factory.mktemp("data") / "moons.npz"
    prepare("moons", path)
    return path


@pytest.mark.parametrize("study", STUDIES)
def test_rows_do_not_depend_on_chunks(study, load, moons):
    trials, data = load(study).trials("smoke"), load_npz(moons)
    data = Dataset(*data)
    whole = run_trials(trials, data)
    assert len(whole) == ROWS[study]
    assert {"dataset", "n_samples", "restart", "seed"} <= set(whole)
    assert set(whole["restart"]) == {0, 1}
    parts = [run_trials([trial], data) for trial in reversed(trials)]
    again = pd.concat(reversed(parts), ignore_index=True)
    assert same_results(whole, again).all()
    # Each trial finds its own rows again, as a verification of a table does.
    for trial, rows in zip(reversed(trials), parts, strict=True):
        assert same_results(rows_of(trial, rows, whole), rows).all()


@pytest.mark.parametrize("study", STUDIES)
def test_seeds_are_those_of_other_scales(study, load):
    experiment = load(study)
    smoke, paper = (
        {(t.points.n_samples, s) for t in experiment.trials(scale) for s in t.seeds}
        for scale in ("smoke", "paper")
    )
    assert paper < smoke and len({seed for _, seed in smoke}) == len(smoke)


def test_names_of_chunks_hold_what_rows_depend_on(load):
    (chunk,) = load("double_descent").chunks("smoke", 30).values()
    changes = (
        {"training": {**TRAINING, "loss": "squared", "step_size": 0.02}},
        {"centre": True},
        {"test": 40},
        {"scales": {"smoke": {"device": "auto"}}},
    )
    others = [next(iter(load("double_descent", **of).chunks("smoke", 30))) for of in changes]
    assert len({chunk.name, *others}) == 1 + len(changes)
    saving = load("double_descent", scales={"smoke": {"save_every": 5}})
    assert list(saving.chunks("smoke", 30)) == [chunk.name]


def test_a_killed_chunk_goes_on_after_the_last_trained_network(load, moons, tmp_path, monkeypatch):
    trials = load("double_descent").trials("smoke")
    run_chunk(run_trials, trials, tmp_path / "whole.csv", moons, checkpoints=True)
    table, epochs = tmp_path / "killed.csv", []
    original = trainer._Run._one_epoch

    def killed(run):
        if len(epochs) == 50:
            raise KeyboardInterrupt
        epochs.append(run.epoch)
        original(run)

    monkeypatch.setattr(trainer._Run, "_one_epoch", killed)
    with pytest.raises(KeyboardInterrupt):
        run_chunk(run_trials, trials, table, moons, checkpoints=True)
    folder = table.with_suffix(".checkpoints")
    # Two stacks of 20 epochs were finished: those without reuse.
    assert len(list(folder.glob("*.safetensors"))) == 2 and not table.exists()
    counted = []
    monkeypatch.setattr(
        trainer._Run, "_one_epoch", lambda run: counted.append(run.epoch) or original(run)
    )
    run_chunk(run_trials, trials, table, moons, checkpoints=True)
    # Of the first seed what was not finished, with the widest networks shared; then the second.
    assert len(counted) == 2 * 20 + 4 * 20
    assert same_results(pd.read_csv(tmp_path / "whole.csv"), pd.read_csv(table)).all()
    assert not folder.exists()


def test_points_are_prepared_within_the_first_layer():
    rng = np.random.default_rng(0)
    data = Dataset(rng.random((30, 784), dtype=np.float32) / 20, np.arange(30) % 3)
    samples = Points("mnist", 20, 10, pooling=2, centre=True).samples(data)
    assert samples.input_dim == 196 and len(samples.y_test) == 10
    assert np.mean(np.square(samples.X).sum(axis=1)) == pytest.approx(196, rel=1e-5)
    pixels = (data.X / data.X.max()).reshape(30, 14, 2, 14, 2).mean(axis=(2, 4)).reshape(30, 196)
    assert np.allclose(samples.original, pixels[:20], atol=1e-6)
    assert np.allclose(samples.original_test, pixels[20:], atol=1e-6)
    parameters = [rng.standard_normal(shape) for shape in ((5, 196), (5,), (3, 5), (3,))]
    scores = [
        Classifier.from_parameters(of).outputs(X)
        for of, X in (
            (parameters, samples.X_test.astype(float)),
            (samples.for_original_points(parameters), samples.original_test),
        )
    ]
    assert np.allclose(*scores, atol=1e-9)


def test_constructed_networks_fit_the_same_random_labels(load, moons):
    table = run_trials(load("threshold").trials("smoke"), Dataset(*load_npz(moons)))
    seeds = table.groupby(["n_samples", "restart"])["seed"].nunique()
    assert (seeds == 1).all()
    made = table[(table["network"] == "constructed") & table["threshold_width"].notna()]
    assert len(made) and (made["failed_width"] == made["threshold_width"] - 1).all()
    assert (table["separation"] > 0).all()


def test_few_points_are_trained_for_as_many_minibatches(load):
    search = {**STUDIES["threshold"]["search"], "steps": 60}
    trials = load("threshold", search=search).trials("smoke")
    assert {t.points.n_samples: t.settings.epochs for t in trials} == {10: 60, 20: 60}
    longer = replace(trials[0].settings, epochs=20)
    assert {t.settings for t in load("threshold").trials("smoke")} == {longer}


@pytest.mark.parametrize(
    ("study", "changes", "message"),
    [
        ("threshold", {"search": {"largest": 8}}, r"search: 'max_bias' is a required property"),
        ("lipschitz", {"attack": {"images": 3}}, r"attack: the study lipschitz has no such key"),
        ("robustness", {"training": None}, r"training"),
        (
            "lipschitz",
            {"grid": {"n_samples": [9], "width": [2], "p": [1]}},
            r"grid\.epoch: is need",
        ),
        ("robustness", {"attack": {"images": 80}}, r"attack\.images: are more than the test"),
        ("lipschitz", {"dataset": "sun"}, r"dataset: is 'sun'; it must be one of moons"),
        ("lipschitz", {"pooling": 2}, r"pooling: moons holds no grey images"),
        ("lipschitz", {"test": 990}, r"grid\.n_samples: 40 training and 990 test points are more"),
        ("lipschitz", {"scales": {"smoke": {"width": [5]}}}, r"5 is not a value of grid\.width"),
        (
            "lipschitz",
            {"scales": {"smoke": {"device": "tpu"}}},
            r"device: is 'tpu'; it must be one",
        ),
        ("lipschitz", {"scales": {"smoke": {"restarts": 3}}}, r"restarts: is 3; there are 2 at"),
    ],
)
def test_mistakes_are_named(study, changes, message, load):
    with pytest.raises(UserError, match=message) as raised:
        load(study, **changes)
    assert "\n" not in str(raised.value)


def test_shipped_experiments():
    loaded = load_experiments(ROOT / "config" / "experiments")
    loaded = {name: e for name, e in loaded.items() if e.part == "training"}
    for name, experiment in loaded.items():
        # Claims go by the name.
        assert name.startswith(experiment.settings["study"])
        assert experiment.download is None or not experiment.takes_part("smoke")
        for scale in experiment.settings["scales"]:
            assert len(set(map(repr, experiment.trials(scale)))) == len(experiment.trials(scale))
    for scale in ("smoke", "default"):
        studies = {e.settings["study"] for e in loaded.values() if e.takes_part(scale)}
        assert studies == set(STUDIES)
    paper = loaded["double_descent_belkin"].trials("paper")
    assert {t.points.n_samples for t in paper} == {4000} and paper[0].settings.epochs == 6000
