"""The study on statements of [M]: its files, trials, claims and figures."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from written_experiments import written

from memrob.complexity.angles import class_angle
from memrob.complexity.profile import complexity
from memrob.data.catalogue import build
from memrob.data.dataset import Dataset
from memrob.errors import UserError
from memrob.interpolation import fit
from memrob.plots.style import styled
from memrob.studies.registry import load_experiments
from memrob.studies.tables import same_results
from memrob.studies.theory.claims import RULES
from memrob.studies.theory.figures import KINDS
from memrob.studies.theory.trial import AXES
from memrob.studies.theory.trials import RUN, run_trials

ROOT = Path(__file__).parents[2]
GRIDS = {
    "roles": {"n_samples": [60, 200], "max_bias": [1], "first_width": [20, 200]},
    "regions": {"max_bias": [1, 2], "first_width": [100, 400]},
    "alternating": {"input_dim": [1, 3], "max_bias": [1], "first_width": [9], "n_minus": [2, 5]},
    "structure": {
        "structure": ["dense", "2-dimensional", "1-sparse"],
        "input_dim": [12],
        "n_samples": [16, 256],
    },
    "angles": {"pairs": ["classes", "all"]},
}


@pytest.fixture
def load(tmp_path):
    def load(statement="roles", **changes):
        content = {
            "title": "A test",
            "statement": statement,
            "grid": GRIDS[statement],
            "restarts": 2,
            "scales": {"smoke": {"restarts": 1}, "paper": {}},
            "figures": {},
        }
        if statement in ("roles", "regions", "angles"):
            content["dataset"] = "moons"
        return written(tmp_path, "theory", {**content, **changes})

    return load


@pytest.fixture(scope="module")
def moons():
    return build("moons")


@pytest.mark.parametrize("statement", AXES)
def test_rows_do_not_depend_on_chunks(statement, load, moons):
    experiment = load(statement)
    trials = experiment.trials("paper")
    data = (moons,) if experiment.dataset else ()
    whole = run_trials(trials, *data)
    parts = [run_trials(part, *data) for part in (trials[:1], trials[1:])]
    assert same_results(whole, pd.concat(parts, ignore_index=True)).all()
    assert whole["seed"].nunique() == len(trials)
    assert set(AXES[statement]) <= set(whole)
    assert all(experiment.predicted_cost(trial, "paper").seconds > 0 for trial in trials)
    assert experiment.memory(tuple(trials)) > 0


def test_every_statement_has_a_grid_and_a_module():
    assert set(AXES) == set(RUN) == set(GRIDS)


def test_roles_are_those_of_the_command(load):
    rng = np.random.default_rng(5)
    data = Dataset(rng.standard_normal((200, 4)).astype(np.float32), rng.integers(3, size=200))
    trial = load().trials("paper")[-1]
    rows = run_trials([trial], data)
    settings = {"first_width": 200, "max_bias": 1.0, "seed": trial.seed}
    given = fit(*data, **settings)
    assert rows["second_width"].tolist() == given.second_width_per_class
    for row in rows.itertuples():
        rest = np.where(data.y == row.label, 1, 0)
        exchanged = fit(data.X, rest, swap=True, **settings)
        assert row.second_width_exchanged == exchanged.second_width
        assert row.interpolated_exchanged == int(exchanged.covered == 1)
        # Without the exchange, the other construction is the one-vs-rest detector.
        alone = fit(data.X, rest, **settings)
        assert row.interpolated == int(alone.covered == 1)
    for constant, suffix in ((0.5, ""), (1.0, "_at_1")):
        found = complexity(*data, 1.0, constant=constant).classes
        assert rows[f"M_minus{suffix}"].tolist() == [one.M_minus for one in found]
        assert rows[f"M_plus{suffix}"].tolist() == [one.M_plus for one in found]


def test_angles_are_those_of_the_library(load, moons):
    rows = run_trials(load("angles").trials("smoke"), moons).set_index("pairs")
    assert rows.loc["classes", "radians"] == class_angle(*moons).radians
    assert rows.loc["all", "radians"] <= rows.loc["classes", "radians"]
    assert rows.loc["classes", "label_1"] != rows.loc["classes", "label_2"]


def test_alternating_points_and_regions(load, moons):
    rows = run_trials(load("alternating").trials("paper"))
    assert (rows["second_width"] == rows["n_minus"]).all() and rows["interpolated"].all()
    rows = run_trials(load("regions").trials("paper"), moons)
    assert rows["row"].map(lambda row: moons.y[row]).eq(1).all()
    assert rows["reach"].between(0, 1).all() and rows["distance"].between(0, 1).all()


def roles_table(gap=0.0, narrow=(10, 30), balls=(20, 80), trials=400, labels=(1,)):
    """Both roles interpolate half of the time at n = 50, the second one less often by `gap`."""
    rng = np.random.default_rng(3)
    rows = [
        {
            "n_samples": 100,
            "max_bias": 1.0,
            "first_width": n,
            "seed": 10 * k + n,
            "label": label,
            "M_minus": balls[0],
            "M_plus": balls[1],
            "M_minus_at_1": balls[0],
            "M_plus_at_1": balls[1],
            "interpolated": int(n == 100 or rng.random() < 0.5),
            "interpolated_exchanged": int(n == 100 or rng.random() < 0.5 - gap),
            "second_width": narrow[0],
            "second_width_exchanged": narrow[1],
        }
        for n in (50, 100)
        for k in range(trials)
        for label in labels
    ]
    return pd.DataFrame(rows)


@pytest.mark.parametrize(
    ("rule", "options", "holds"),
    [
        ("probability_does_not_depend_on_roles", {}, True),
        ("probability_does_not_depend_on_roles", {"gap": 0.3}, False),
        ("probability_does_not_depend_on_roles", {"trials": 20}, None),
        ("probability_does_not_depend_on_roles", {"trials": 3}, None),
        ("fewer_balls_narrower", {}, True),
        ("fewer_balls_narrower", {"narrow": (30, 10)}, False),
        ("fewer_balls_narrower", {"balls": (60, 80)}, None),
        ("fewer_balls_narrower", {"trials": 2}, None),
        ("pieces_bound_both_roles", {}, True),
        ("pieces_bound_both_roles", {"narrow": (10, 90)}, False),
        ("pieces_bound_both_roles", {"trials": 2}, None),
    ],
)
def test_claims_about_roles(rule, options, holds):
    found, evidence = RULES[rule].decide(roles_table(**options))
    assert found is holds and evidence


def regions_table(falls=True, spread=0.1, reach=0.97, biases=(1.0, 4.0), count=30):
    rng = np.random.default_rng(1)
    rows = []
    for bias in biases:
        for n in (500, 2000):
            distance = 0.4 / bias if n == 500 or not falls else 0.2 / bias
            rows += [
                {
                    "max_bias": bias,
                    "first_width": n,
                    "distance": distance + 0.01 * rng.standard_normal(),
                    "spread": spread * (2 if n == 500 and falls else 1)
                    + 0.01 * rng.standard_normal(),
                    "reach": reach + 0.005 * rng.standard_normal(),
                }
                for _ in range(count)
            ]
    return pd.DataFrame(rows)


@pytest.mark.parametrize(
    ("rule", "options", "holds"),
    [
        ("tend_to_balls", {}, True),
        ("tend_to_balls", {"falls": False}, None),
        ("tend_to_balls", {"biases": (1.0,)}, None),
        ("tend_to_balls", {"biases": (1.0, 0.5)}, True),
        ("rounder", {}, True),
        ("rounder", {"falls": False}, None),
        ("rounder", {"count": 5}, None),
        ("nearly_circular", {}, True),
        ("nearly_circular", {"spread": 0.4}, False),
        ("nearly_circular", {"spread": 0.25}, None),
        ("nearly_circular", {"biases": (2.0,)}, None),
        ("reach_other_class", {}, True),
        ("reach_other_class", {"reach": 0.5}, False),
    ],
)
def test_claims_about_regions(rule, options, holds):
    found, evidence = RULES[rule].decide(regions_table(**options))
    assert found is holds and evidence


def test_a_distance_that_grows_refutes_the_proposition():
    table = regions_table()
    table["distance"] = 1 - table["distance"]
    assert RULES["tend_to_balls"].decide(table)[0] is False


def test_one_network_with_fewer_neurons_refutes_the_proposition():
    counts = np.repeat([2, 5], 10)
    table = pd.DataFrame({"n_minus": counts, "second_width": counts, "interpolated": 1})
    table["hyperplanes"] = 100
    decide = RULES["alternating_need_all"].decide
    assert decide(table)[0] is True
    assert decide(table.assign(interpolated=0))[0] is None
    table.loc[3, "second_width"] -= 1
    assert decide(table)[0] is False


def structure_table(structured=1.0, dense=1.4, names=("dense", "2-dimensional")):
    growth = {"dense": dense, "2-dimensional": structured}
    rows = [
        {"structure": name, "input_dim": 64, "n_samples": n, "omega": factor}
        for name in names
        for n, factor in ((256, 1.0), (4096, growth[name]))
    ]
    return pd.DataFrame(rows)


@pytest.mark.parametrize(
    ("options", "holds"),
    [
        ({}, True),
        ({"structured": 1.3}, False),
        ({"dense": 1.0}, False),
        ({"names": ("2-dimensional",)}, None),
        ({"names": ("dense",)}, None),
    ],
)
def test_claim_about_structure(options, holds):
    assert RULES["independent_of_size"].decide(structure_table(**options))[0] is holds


def angle_table(dataset, radians):
    rows = [{"dataset": dataset, "pairs": k, "radians": a} for k, a in radians.items()]
    return pd.DataFrame(rows)


@pytest.mark.parametrize(
    ("dataset", "radians", "holds"),
    [
        ("moons", {"classes": 2.43e-6, "all": 1e-7}, True),
        ("mnist", {"classes": 0.349, "all": 0.126}, False),
        ("mnist", {"classes": 0.349, "all": 0.171}, True),
        ("cifar10", {"classes": 0.3}, None),
    ],
)
def test_claim_about_angles(dataset, radians, holds):
    found, evidence = RULES["as_published"].decide(angle_table(dataset, radians))
    assert found is holds and evidence


def networks(first_width, interpolated, trials=50, max_bias=0.0):
    hits = np.arange(trials) < interpolated * trials
    rows = {"first_width": first_width, "max_bias": max_bias, "interpolated": hits.astype(int)}
    return pd.DataFrame(rows)


def test_no_more_networks_interpolate_than_the_angle_allows():
    table, rule = angle_table("moons", {"classes": 0.1}), RULES["angle_bounds_probability"]
    # 10 hyperplanes separate the two points with probability 0.15.
    assert rule.apply(table, networks(10, 0.1), "").holds is True
    assert rule.apply(table, networks(10, 0.8), "").holds is False
    assert rule.apply(table, networks(10, 0.8, max_bias=1), "").holds is None
    assert rule.apply(table, None, "").holds is None


@pytest.mark.parametrize("statement", AXES)
def test_figures_are_drawn_from_tables_of_trials(statement, load, moons):
    experiment = load(statement)
    data = (moons,) if experiment.dataset else ()
    table = run_trials(experiment.trials("paper"), *data)
    kind = KINDS[statement]
    beside = [networks(10, 0.0)] if "measured" in kind.arguments else []
    with styled():
        figure = kind.function(table, *beside, title="A title")
    assert figure.axes and all(axes.lines for axes in figure.axes)
    texts = [text.get_text() for legend in figure.legends for text in legend.get_texts()]
    if statement == "roles":
        assert texts == ["label 1 as $X^-$", "label 0 as $X^-$ (exchanged)"]
    if statement == "structure":
        assert texts == GRIDS["structure"]["structure"]
    if beside:
        with styled():
            alone = kind.function(table, None)
        assert "measured: not in this run" in [t.get_text() for t in alone.legends[0].get_texts()]


@pytest.mark.parametrize(
    ("statement", "changes", "message"),
    [
        ("roles", {"dataset": "suns"}, r"dataset: is 'suns'; it must be one of "),
        ("structure", {"dataset": "moons"}, r"dataset: statement structure: "),
        ("roles", {"grid": GRIDS["angles"]}, r"grid\.\w+: is missing; roles needs it"),
        ("angles", {"grid": GRIDS["roles"] | GRIDS["angles"]}, r"grid\.\w+: is no axis of angles"),
        ("roles", {"grid": GRIDS["roles"] | {"n_samples": [2000]}}, r"2000 are more than the 1000"),
        ("roles", {"scales": {"smoke": {"max_bias": [7]}}}, r"max_bias: 7\.0 is not a value"),
        ("roles", {"restarts": 0}, r"restarts: is 0; it must be at least 1"),
    ],
)
def test_mistakes_are_named(statement, changes, message, load):
    with pytest.raises(UserError, match=message) as raised:
        load(statement, **changes)
    assert "\n" not in str(raised.value)


def test_shipped_experiments():
    known = load_experiments(ROOT / "config" / "experiments")
    shipped = [each for each in known.values() if each.part == "theory"]
    assert {each.statement for each in shipped} == set(AXES)
    roles = {each.dataset for each in shipped if each.statement == "roles"}
    assert roles == {"moons", "lines", "pulses", "mnist_1v8", "mnist_1v9", "mnist", "cifar10"}
    for each in shipped:
        assert each.has_trials("default") and each.has_trials("paper")
        assert each.has_trials("smoke") == (each.download is None)
        for scale in ("smoke", "default"):
            if each.has_trials(scale):
                seconds = sum(each.predicted_cost(t, scale).seconds for t in each.trials(scale))
                assert seconds < (60 if scale == "smoke" else 200)


def test_trials_that_share_long_coverings_stay_in_one_job():
    loaded = load_experiments(ROOT / "config" / "experiments")
    images, regions = loaded["roles_cifar10"], loaded["regions_moons"]
    assert images.shared_by("paper") == len(images.trials("paper"))
    assert len(images.chunks("paper", 1.0)) == 1
    assert regions.shared_by("default") == 1
    assert len(regions.chunks("default", 1.0)) > 1
