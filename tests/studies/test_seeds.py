import csv
from pathlib import Path

import pytest

from memrob.studies.base import SCALES
from memrob.studies.interpolation.experiment import InterpolationExperiment
from memrob.studies.registry import load_experiment

ROOT = Path(__file__).parents[2]

TRIALS = ROOT / "data" / "reference" / "trials"


def published_rows(name):
    with (TRIALS / f"{name}.csv").open() as file:
        return list(csv.DictReader(file))


def size_of(row, largest):
    """Points of a published row: "moons_size_300k" is 300,000 of them."""
    suffix = row["dataset"].rsplit("_", 1)[-1]
    return int(suffix[:-1]) * 1000 if suffix.endswith("k") else largest


@pytest.mark.parametrize("name", ["moons", "moons_size", "mnist"])
def test_seed_is_the_row_of_the_published_table(name, shipped):
    experiment = shipped[name]
    as_published = InterpolationExperiment(name, "", {**experiment.settings, "order": "reference"})
    # The bias is compared with all its digits where the published table has them.
    digits = 6 if name == "mnist" else 17
    trials = {
        (t.n_samples, t.first_width, round(t.max_bias, digits), t.restart): t.seed
        for t in as_published.trials("paper")
    }
    rows = published_rows(name)
    assert len(rows) > 50
    largest = max(key[0] for key in trials)
    for row in rows:
        bias = round(float(row["max_bias"]), digits)
        cell = size_of(row, largest), int(row["first_width"]), bias
        assert trials[*cell, int(row["restart"])] == int(row["seed"])


def test_published_seeds_count_the_rows(shipped):
    for name in ("moons", "moons_size"):
        trials = shipped[name].trials("paper")
        assert [t.seed for t in trials] == list(range(len(trials)))


def test_no_seed_depends_on_the_scale(shipped):
    for experiment in shipped.values():
        if not experiment.has_trials("paper"):
            continue
        seeds = {
            (t.n_samples, t.first_width, t.max_bias, t.restart): t.seed
            for t in experiment.trials("paper")
        }
        for scale in SCALES:
            for t in experiment.trials(scale) if experiment.has_trials(scale) else []:
                assert seeds[t.n_samples, t.first_width, t.max_bias, t.restart] == t.seed


def test_derived_seeds_are_unique_over_all_experiments_and_fit_in_53_bits(shipped):
    derived = [
        trial.seed
        for experiment in shipped.values()
        if experiment.settings.get("order") == "permutation"
        for trial in experiment.trials("paper")
    ]
    assert len(derived) > 20_000
    assert len(set(derived)) == len(derived)
    assert min(derived) >= 0
    assert max(derived) < 2**53
    assert max(derived) > 2**52, "the range is not used"


def test_derived_seeds_change_with_experiment_cell_activation_and_restart(settings, write):
    def seeds(name, **changes):
        return {t.seed for t in load_experiment(write(settings | changes, name)).trials("paper")}

    first = seeds("one")
    assert len(first) == 36
    assert first == seeds("one"), "seeds belong to the cell, not to the process"
    assert first.isdisjoint(seeds("two"))
    assert first.isdisjoint(seeds("one", activation="relu"))
    wider = {"first_width": [5, 10, 20, 30], "max_bias": [0, 0.1, 0.2, 0.9]}
    assert first <= seeds("one", grid=wider, scales={"paper": {}})
