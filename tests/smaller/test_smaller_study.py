"""The study on smaller networks: its files, trials, claims and figures."""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from written_experiments import written

from memrob.data.catalogue import build
from memrob.errors import UserError
from memrob.interpolation import fit, least_widths
from memrob.plots.style import styled
from memrob.studies.registry import load_experiment, load_experiments
from memrob.studies.smaller import claims
from memrob.studies.smaller.figures import accuracies, noise, second_widths
from memrob.studies.smaller.trial import SELECTIONS
from memrob.studies.smaller.trials import noisy, run_trials
from memrob.studies.tables import same_results

ROOT = Path(__file__).parents[2]
SELECTED = ["random", "greedy", "cluster", "smallest", "margin"]
SETTINGS = {
    "title": "A test",
    "dataset": "moons",
    "selections": [*SELECTED, "linear", "neighbours", "random_features"],
    "test_from": 800,
    "grid": {
        "n_samples": [300, 800],
        "first_width": [50, 200],
        "max_bias": [0.5, 1],
        "noise": [0, 0.2],
    },
    "restarts": 2,
    "scales": {"smoke": {"n_samples": [300], "max_bias": [1], "restarts": 1}, "paper": {}},
    "figures": {},
}


@pytest.fixture
def load(tmp_path):
    def load(**changes):
        return written(tmp_path, "smaller", {**SETTINGS, **changes})

    return load


@pytest.fixture(scope="module")
def moons():
    return build("moons")


def test_selections_of_a_cell_share_their_seed(load):
    trials = load().trials("paper")
    seeds = {}
    for t in trials:
        cell = t.n_samples, t.first_width, t.max_bias, t.noise, t.restart
        seeds.setdefault(cell, set()).add(t.seed)
    assert len(seeds) == 2**5
    assert all(len(each) == 1 for each in seeds.values())
    assert len(set.union(*seeds.values())) == 2**5
    # Classifiers to compare with depend on points and labels alone.
    assert sum(t.selection == "linear" for t in trials) == 2 * 2 * 2
    small = load().trials("smoke")
    assert {t.seed for t in small} < {t.seed for t in trials}


def test_rows_are_what_the_networks_say(load, moons):
    trials = load().trials("smoke")
    table = run_trials(trials, moons)
    for trial, row in zip(trials, table.itertuples(), strict=True):
        X, y = moons.X[:300], noisy(moons.y[:300], np.array([0, 1]), trial.noise, trial.seed)
        sizes = {"first_width": trial.first_width, "max_bias": 1.0, "seed": trial.seed}
        own = trial.selection in ("greedy", "cluster")
        network = fit(X, y, **sizes, order=trial.selection if own else "permutation")
        if trial.selection == "smallest":
            (bounds,) = least_widths(network, X, y)
            assert (row.second_width, row.lower) == (bounds.upper, bounds.lower)
            assert np.isnan(row.test_accuracy)
        elif trial.selection == "random_features":
            assert 0 <= network.n_parameters - row.n_parameters < 2 + 2
            assert row.test_accuracy > 0.7
        elif trial.selection in ("random", "greedy", "cluster"):
            assert row.n_parameters == network.n_parameters
            assert row.second_width == network.second_width
            assert row.accuracy == network.accuracy
            assert row.test_accuracy == np.mean(network.predict(moons.X[800:]) == moons.y[800:])
    parts = [run_trials(trials[i : i + 5], moons) for i in range(0, len(trials), 5)]
    assert same_results(pd.concat(parts, ignore_index=True), table).all()


def test_invariant_networks_on_pulses():
    experiment = load_experiment(ROOT / "config/experiments/smaller/smaller_pulses.yaml")
    trials = [t for t in experiment.trials("default") if t.first_width == 50][:4]
    table = run_trials(trials, build("pulses")).set_index("selection")
    widths = table["second_width"]
    assert table.loc["smallest", "lower"] <= widths["smallest"] <= widths["greedy"]
    assert widths["smallest"] <= widths["random"]
    assert widths["cluster"] <= widths["random"]


@pytest.mark.parametrize("share", [0.0, 0.1, 1.0])
def test_noise_replaces_a_share_of_the_labels(share):
    labels = np.array([1, 4, 7, 9])
    y = np.random.default_rng(0).choice(labels, 20_000)
    found = noisy(y, labels, share, seed=3)
    assert abs((found != y).mean() - share) < 0.01
    assert set(found) <= set(labels)
    if share == 1:
        pairs = pd.crosstab(y, found).to_numpy()
        assert (np.diag(pairs) == 0).all()
        assert pairs[~np.eye(4, dtype=bool)].std() < 0.1 * 20_000 / 12


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"dataset": "circles"}, r"dataset: is 'circles'; it must be one of moons"),
        ({"test_from": 1000}, r"test_from: is 1000; it must be less than the 1000 points of moons"),
        ({"test_from": 500}, r"grid\.n_samples: 800 are more than the 500 training points"),
        ({"network": "convolutional"}, r"network: moons has no grid for convolutions"),
        ({"selections": ["best"]}, r"selections\.0: is 'best'; it must be one of random"),
        ({"scales": {"smoke": {"noise": [0.3]}}}, r"0\.3 is not a value of grid\.noise"),
    ],
)
def test_mistakes_are_named(load, changes, message):
    with pytest.raises(UserError, match=message) as raised:
        load(**changes)
    assert "\n" not in str(raised.value)


def table_of(widths, accuracies, noises=(0.0, 0.2)):
    rows = [
        {"selection": name, "n_samples": 10, "first_width": n, "max_bias": 1.0, "noise": share}
        | {"restart": restart, "second_width": width, "interpolated": 1.0, "n_test": 10_000}
        | {"lower": width if name == "smallest" else np.nan}
        | {"test_accuracy": accuracies.get(name, 0.5) + 0.001 * restart}
        for name, width in widths.items()
        for n in (10, 20)
        for share in noises
        for restart in range(3)
    ]
    return pd.DataFrame(rows)


WIDTHS = {"random": 20.0, "greedy": 14.0, "cluster": 5.0, "smallest": 12.0, "margin": 20.0}
WIDTHS["min_cover"] = 8.0
ACCURACIES = {
    "cluster_margin": 0.75,
    "random_features": 0.85,
    "random": 0.7,
    "margin": 0.8,
    "min_cover": 0.9,
    "slack": 0.6,
}


@pytest.mark.parametrize(
    ("rule", "widths", "accuracies", "holds"),
    [
        ("greedy_is_smaller", {}, {}, True),
        ("greedy_is_smaller", {"greedy": 20.0}, {}, False),
        ("greedy_saves_a_fifth", {}, {}, True),
        ("greedy_saves_a_fifth", {"greedy": 16.1}, {}, False),
        ("greedy_is_near_the_least", {}, {}, True),
        ("greedy_is_near_the_least", {"smallest": 11.0}, {}, False),
        ("clusters_are_fewer_than_half", {}, {}, True),
        ("clusters_are_fewer_than_half", {"cluster": 6.0}, {}, False),
        ("clusters_are_fewer_than_half", {"smallest": 9.0}, {}, None),
        ("clusters_cost_accuracy", {"cluster_margin": 8.0}, {}, True),
        ("clusters_cost_accuracy", {"cluster_margin": 8.0}, {"cluster_margin": 0.9}, False),
        ("random_features_are_more_accurate", {"random_features": 8.0}, {}, True),
        ("random_features_are_more_accurate", {"random_features": 8.0}, {"margin": 0.95}, False),
        ("the_least_is_found", {}, {}, True),
        ("margin_is_more_accurate", {}, {}, True),
        ("margin_is_more_accurate", {}, {"margin": 0.6}, False),
        ("min_cover_helps_with_noise", {}, {}, True),
        ("min_cover_helps_with_noise", {}, {"min_cover": 0.8}, None),
        ("slack_costs_accuracy", {}, {}, None),
        ("slack_costs_accuracy", {"slack": 5.0}, {}, True),
        ("slack_costs_accuracy", {"slack": 5.0}, {"slack": 0.79}, None),
    ],
)
def test_claims(rule, widths, accuracies, holds):
    table = table_of(WIDTHS | widths, ACCURACIES | accuracies)
    verdict, evidence = claims.RULES[rule].decide(table)
    assert verdict is holds, evidence
    assert evidence


def test_claims_without_their_selections_are_open():
    table = table_of({"random": 3.0}, {})
    assert {rule.decide(table)[0] for rule in claims.RULES.values()} == {None}


def test_figures(load, moons):
    table = table_of({name: 5.0 for name in SELECTIONS}, ACCURACIES)
    with styled():
        figure = second_widths(table, x="first_width", title="Widths")
        assert len(figure.axes) == 1
        lines = [line.get_ydata() for line in figure.axes[0].get_lines()]
        assert len(lines) == 5
        assert all(line == pytest.approx([5, 5]) for line in lines)
        figure = noise(table, quantities=["test_accuracy", "second_width"])
        assert [panel.get_ylabel() for panel in figure.axes] == ["test accuracy", "second width"]
        texts = [text.get_text() for text in figure.legends[0].get_texts()]
        assert "largest margin" in texts and "nearest neighbours" in texts
        figure = accuracies(table)
        titles = [panel.get_title() for panel in figure.axes]
        assert titles == ["0 % noisy labels", "20 % noisy labels"]
        levels = [list(line.get_ydata()) for line in figure.axes[0].get_lines()]
        assert all(level == pytest.approx([level[0]] * 2) for level in levels)
        with pytest.raises(UserError, match="figure option at: found no trials"):
            second_widths(table, x="first_width", at=[7.0])
        plt.close("all")


def test_shipped_experiments():
    loaded = load_experiments(ROOT / "config" / "experiments")
    shipped = [each for each in loaded.values() if each.part == "smaller"]
    assert [each.name for each in shipped if each.has_trials("smoke")] == ["smaller_moons"]
    seconds = [
        each.predicted_cost(trial, "default").seconds
        for each in shipped
        for trial in each.trials("default")
    ]
    assert sum(seconds) < 300
