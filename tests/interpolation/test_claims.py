from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from shipped_claims import check_claims, experiments_with_claims

from memrob.studies.claim import Claim
from memrob.studies.interpolation.cells import summarise

REFERENCE = Path(__file__).parents[2] / "data" / "reference"

# What the published cells say of each claim, in the order of the rules.
PUBLISHED_VERDICTS = {
    "moons": {"probability": [True, True], "width": [True]},
    "moons_size": {"probability": [False, True], "width": [False, True]},
    "mnist": {"probability": [True], "width": [True]},
    "mnist_ext_bias": {"width": [True]},
    "mnist_1v8_size": {"probability": [True], "width": [True]},
    "cifar10": {"width": [True, True]},
}


def published_cells(experiment):
    return pd.read_csv(REFERENCE / f"{experiment}.csv")


def trials_from(cells):
    """Make one row a trial so that each cell has the given mean and standard deviation."""
    row = cells.loc[cells.index.repeat(cells["trials"])].copy()
    row["restart"] = row.groupby(level=0).cumcount()
    row["interpolated"] = (row["restart"] < (row["interpolated"] * row["trials"]).round()).astype(
        int
    )
    # Half of the trials one deviation below the mean, half above, the middle one on it.
    k = row["trials"]
    side = np.sign(2 * row["restart"] + 1 - k)
    deviation = row["second_width_sd"].fillna(0) * np.sqrt((k - 1) / (k - k % 2).clip(lower=1))
    row["second_width"] = row["second_width_mean"] + side * deviation
    row["accuracy"] = row["covered"] = 1.0
    row["fit_seconds"] = row["fit_seconds_mean"]
    row["seed"] = np.arange(len(row))
    return row.reset_index(drop=True)


def verdicts(experiment, cells, published=None):
    claims = check_claims(experiment, trials_from(cells), published)
    return {figure: [claim.holds for claim in of_figure] for figure, of_figure in claims.items()}


def verdict(experiment, cells, wording, published=None):
    claims = check_claims(experiment, trials_from(cells), published)
    (found,) = [c for of_figure in claims.values() for c in of_figure if wording in c.statement]
    return found.holds


def ext_iter(best, trials=5, spread=50.0):
    """Cells of mnist_ext_iter whose second width at every n is smallest at max_bias = best."""
    bias = np.arange(0, 2.51, 0.25)
    cells = pd.DataFrame(
        {"n_samples": 70_000, "first_width": 10_000, "max_bias": bias, "dataset": "mnist"}
    )
    return cells.assign(
        trials=trials,
        interpolated=1.0,
        second_width_mean=8500 + 300 * (bias - best) ** 2,
        second_width_sd=spread,
        fit_seconds_mean=1.0,
    )


def test_fabricated_trials_have_the_published_cells():
    cells = published_cells("mnist_1v8_size")
    back = summarise(trials_from(cells))
    for column in ("trials", "interpolated", "second_width_mean", "second_width_sd"):
        np.testing.assert_allclose(back[column], cells[column], rtol=1e-6)


@pytest.mark.parametrize("experiment", PUBLISHED_VERDICTS)
def test_verdicts_on_the_published_cells(experiment):
    cells = published_cells(experiment)
    assert verdicts(experiment, cells, cells) == PUBLISHED_VERDICTS[experiment]


def test_the_evidence_tells_the_published_verdict():
    cells = published_cells("moons_size")
    claims = check_claims("moons_size", trials_from(cells), cells)["width"]
    assert "published cells of the same grid: does not hold" in claims[0].evidence
    assert "published cells of the same grid: holds" in claims[1].evidence


@pytest.mark.parametrize("experiment", experiments_with_claims("interpolation"))
def test_without_trials_nothing_is_decided(experiment):
    for claims in check_claims(experiment, None).values():
        assert {claim.holds for claim in claims} == {None}
        assert {claim.evidence for claim in claims} == {"not run"}


def test_other_data_decides_nothing():
    small = published_cells("mnist").assign(n_samples=300)
    claims = check_claims("mnist", trials_from(small))["width"]
    assert claims[0].holds is None
    assert "N = 300" in claims[0].evidence


def test_an_experiment_without_claims():
    assert check_claims("lines", None) == {}


def test_one_interpolating_trial_without_bias_refutes_never():
    cells = published_cells("moons")
    row = (cells["max_bias"] == 0) & (cells["first_width"] == 500)
    cells.loc[row, "interpolated"] = 0.02
    assert verdict("moons", cells, "never interpolates") is False
    assert verdict("moons", cells[cells["max_bias"] > 0], "never interpolates") is None


@pytest.mark.parametrize("column", ["first_width", "max_bias"])
def test_interpolation_setting_in_elsewhere_is_noticed(column):
    published = published_cells("moons")
    moved = published.copy()
    if column == "first_width":  # everything needs 100 more hyperplanes
        wide = published.assign(first_width=published["first_width"] + 100)
        moved = wide[wide["first_width"] <= 500]
    else:  # the best max_bias is 2.5 - 0.95
        moved["max_bias"] = (2.5 - published["max_bias"]).round(2)
    assert verdict("moons", moved, "near 0.95", published) is False


def test_too_few_trials_cannot_tell_where_interpolation_sets_in():
    published = published_cells("moons")
    thin = published[(published["first_width"] % 50 == 0)].assign(trials=2)
    assert verdict("moons", thin, "near 0.95", published) is None
    assert verdict("moons", published, "near 0.95", None) is None


def test_small_bias_beating_zero_bias_is_noticed():
    published = published_cells("mnist")
    moved = published.copy()
    moved["max_bias"] = (2.5 - published["max_bias"]).round(2)
    assert verdict("mnist", moved, "interpolates first", published) is False
    positive = published[published["max_bias"] > 0]
    assert verdict("mnist", positive, "interpolates first", published) is None


@pytest.mark.parametrize("experiment", ["moons", "mnist", "cifar10"])
def test_a_second_width_that_keeps_growing_has_no_peak(experiment):
    cells = published_cells(experiment)
    growing = cells.assign(second_width_mean=cells["first_width"].astype(float))
    assert verdict(experiment, growing, "peaks before") is False
    one_slice = cells[np.isclose(cells["max_bias"], 0.5)]
    assert verdict(experiment, one_slice, "peaks before") is None


def test_shared_neurons_refute_one_for_nearly_every_point():
    cells = published_cells("cifar10")
    fewer = cells.assign(second_width_mean=0.9 * cells["second_width_mean"])
    assert verdict("cifar10", fewer, "own neuron") is False
    narrow = cells[cells["first_width"] <= 300]
    assert verdict("cifar10", narrow, "own neuron") is None


def grown(cells, exponent):
    """The same spread, but second widths that grow like N^exponent."""
    growth = (cells["n_samples"] / cells["n_samples"].min()) ** exponent
    return cells.assign(second_width_mean=20 * growth)


def test_growth_of_the_second_width_on_moons():
    cells = published_cells("moons_size")
    for exponent, at_all, thirty_percent in (
        (0, True, True),
        (0.08, False, True),
        (0.3, False, False),
    ):
        changed = grown(cells, exponent)
        assert verdict("moons_size", changed, "not grow with N at all") is at_all
        assert verdict("moons_size", changed, "less than 30 %") is thirty_percent
    single = cells.assign(trials=1)
    assert verdict("moons_size", single, "not grow with N at all") is None


def test_growth_of_the_first_width_on_moons():
    cells = published_cells("moons_size")
    size = cells["n_samples"] / 100_000
    proportional = cells.assign(interpolated=(cells["first_width"] >= 200 * size).astype(float))
    assert verdict("moons_size", proportional, "grid step") is False
    constant = cells.assign(interpolated=np.where(cells["first_width"] > 200, 1.0, 0.5))
    assert verdict("moons_size", constant, "grid step") is True
    assert verdict("moons_size", constant, "At no fixed n") is True
    assert verdict("moons_size", cells.assign(interpolated=1.0), "grid step") is None


@pytest.mark.parametrize("experiment", ["mnist_1v8_size", "mnist_1v9_size"])
def test_linear_growth_is_not_sublinear(experiment):
    cells = published_cells("mnist_1v8_size")
    assert verdict(experiment, grown(cells, 1.0), "sublinearly") is False
    assert verdict(experiment, grown(cells, 1.2), "sublinearly") is False
    assert verdict(experiment, grown(cells, 0.9), "sublinearly") is True
    assert verdict(experiment, cells[cells["n_samples"] < 3000], "sublinearly") is None
    assert verdict(experiment, cells.assign(interpolated=0.96), "Every trial") is False


def test_narrowest_second_layer_of_mnist_at_ten_thousand():
    assert verdict("mnist_ext_iter", ext_iter(best=0.5), "about 0.5") is True
    assert verdict("mnist_ext_iter", ext_iter(best=1.5), "about 0.5") is False
    assert verdict("mnist_ext_iter", ext_iter(best=0.9, spread=500), "about 0.5") is None
    assert verdict("mnist_ext_iter", ext_iter(best=0.5, trials=1), "about 0.5") is None
    coarse = ext_iter(best=0.5).iloc[[0, 4, 10]]
    assert verdict("mnist_ext_iter", coarse, "about 0.5") is None


def test_best_bias_moving_with_the_first_width():
    cells = published_cells("mnist_ext_bias")
    swapped = cells.assign(max_bias=cells["max_bias"].map({0.0: 1.0, 1.0: 0.0, 2.5: 2.5}))
    assert verdict("mnist_ext_bias", swapped, "narrower") is False
    assert verdict("mnist_ext_bias", cells[cells["first_width"] < 5000], "narrower") is None


def test_half_of_the_points_of_cifar10():
    cells = ext_iter(best=0.5).assign(n_samples=60_000)
    assert verdict("cifar10_ext_iter", cells, "half of the points") is False
    many = cells.assign(second_width_mean=40_000.0)
    assert verdict("cifar10_ext_bias", many, "half of the points") is True
    few_hyperplanes = many.assign(first_width=1000)
    assert verdict("cifar10_ext_bias", few_hyperplanes, "half of the points") is None


def test_a_claim_is_plain():
    claim = check_claims("moons", trials_from(published_cells("moons")))["probability"][0]
    assert claim == Claim(claim.statement, True, claim.evidence, "[M] 4.1, p. 25")
    assert type(claim.holds) is bool
