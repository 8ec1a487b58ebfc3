import numpy as np
import pandas as pd
import pytest
from published_cells import grown, published_cells, trials_from, verdict, verdicts
from shipped_claims import check_claims, experiments_with_claims

from memrob.studies.claim import Claim
from memrob.studies.interpolation.cells import summarise
from memrob.studies.interpolation.claims.contours import crossings, proportional

# What the published cells say of each claim, in the order of the rules.
PUBLISHED_VERDICTS = {
    "moons": {
        "probability": [True, True, None, True],
        "probability_by_first_width": [False],
        "width": [True, True, True, True],
    },
    "moons_size": {"probability": [None], "width": [True, True]},
    "mnist": {"probability": [None, True, True], "width": [True]},
    "mnist_ext_bias": {"width": [True, True]},
    "mnist_ext_iter": {"width": [True, True]},
    "mnist_1v8_size": {"width": [False, True, True]},
    "mnist_1v9_size": {"width": [False, True, True]},
    "cifar10": {"probability": [None, None], "width": [True, True, True]},
    "cifar10_ext_bias": {"width": [True, True]},
    "cifar10_ext_iter": {"width": [None, True]},
}


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
    cells = published_cells("mnist_1v8_size")
    few = cells[cells["first_width"] == 5000]
    claims = check_claims("mnist_1v8_size", trials_from(few), cells)["width"]
    assert "The published cells: does not hold" in claims[0].evidence
    assert "The published cells: holds" in claims[1].evidence


def test_what_is_not_decided_says_which_scale_would():
    cells = published_cells("mnist_ext_iter")
    single = trials_from(cells.assign(trials=1))
    claim = check_claims("mnist_ext_iter", single, cells)["width"][0]
    assert claim.holds is None
    assert "Scale paper" in claim.evidence
    cells = published_cells("cifar10_ext_iter")
    claim = check_claims("cifar10_ext_iter", trials_from(cells), cells)["width"][0]
    assert "no scale does" in claim.evidence


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
    assert check_claims("nothing", None) == {}


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
    assert verdict("mnist", moved, "from n about 180", published) is False
    positive = published[published["max_bias"] > 0]
    assert verdict("mnist", positive, "from n about 180", published) is None


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


def test_growth_of_the_second_width_on_moons():
    cells = published_cells("moons_size")
    for exponent, thirty_percent in ((0, True), (0.08, True), (0.3, False)):
        changed = grown(cells, exponent)
        assert verdict("moons_size", changed, "less than 30 %") is thirty_percent
    single = cells.assign(trials=1)
    assert verdict("moons_size", single, "less than 30 %") is None


def turning(cells, early, late):
    """Second widths that grow like N^early up to 800,000 points, and like N^late from there."""
    size = cells["n_samples"] / 800_000
    growth = size.clip(upper=1) ** early * size.clip(lower=1) ** late
    return cells.assign(second_width_mean=20 * growth, second_width_sd=0.5)


def test_growth_that_ends_at_eight_hundred_thousand_points():
    cells = published_cells("moons_size")
    wording = "for a fixed second width"
    assert verdict("moons_size", turning(cells, 0.1, 0), wording) is True
    assert verdict("moons_size", turning(cells, 0.1, 0.1), wording) is False
    assert verdict("moons_size", turning(cells, 0, 0), wording) is False
    # No constant, and no growth either: a slope the other way, or one of two to three errors.
    assert verdict("moons_size", turning(cells, 0.1, -0.1), wording) is None
    unsure = turning(cells, 0.2, 0.08).assign(second_width_sd=2.8)
    assert verdict("moons_size", unsure, wording) is None
    noisy = turning(cells, 0.1, 0).assign(second_width_sd=10.0, trials=4)
    assert verdict("moons_size", noisy, wording) is None
    share = 1 - 0.6 * (cells["n_samples"].clip(upper=800_000) / 800_000)
    share = share.where(cells["first_width"] <= 1000, 1.0)
    levels_off = cells.assign(interpolated=share, trials=5000)
    assert verdict("moons_size", levels_off, "for a fixed probability") is True
    falls_on = share - 0.3 * (cells["n_samples"] - 800_000).clip(lower=0) / 200_000
    falls_on = cells.assign(interpolated=falls_on.clip(0, 1), trials=5000)
    assert verdict("moons_size", falls_on, "for a fixed probability") is False


def step_at(needed, cells, width=10.0):
    """Cells whose probability rises within `width` per cent of the first width that is needed."""
    slope = 100 / width * (cells["first_width"] / needed(cells["max_bias"]) - 1)
    return cells.assign(interpolated=(0.5 + slope / 2).clip(0, 1), trials=400)


def test_contours_proportional_to_the_maximal_bias():
    cells = published_cells("moons")
    for needed, holds in (
        (lambda bias: 100 * bias.clip(lower=0.5), True),
        (lambda bias: 100 * bias.clip(lower=0.5) ** 0.5, False),
        (lambda bias: 60 * bias.clip(lower=0.5) ** 2, False),
    ):
        assert verdict("moons", step_at(needed, cells), "proportional to λ") is holds
    small = cells[cells["max_bias"] <= 1]
    assert verdict("moons", small, "proportional to λ") is None


@pytest.mark.filterwarnings("error")
def test_redraws_that_cross_no_level_are_left_out():
    grid = pd.MultiIndex.from_product([[100, 200, 300], [1.0, 1.5, 2.0]])
    cells = grid.to_frame(index=False, name=["first_width", "max_bias"])
    cells = cells.assign(trials=1, interpolated=(cells["first_width"] == 300).astype(float))
    assert crossings(cells, 0.5, draws=400).isna().any(axis=None)
    assert proportional(cells)[0] is False


def test_sharpness_of_the_transition():
    cells = published_cells("moons")
    sharp = step_at(lambda bias: 150 + 50 * bias, cells)
    assert verdict("moons", sharp, "sharp transition") is True
    assert verdict("moons", sharp[sharp["first_width"] < 100], "sharp transition") is None
    slow = step_at(lambda bias: 150 + 50 * bias, cells, width=90)
    assert verdict("moons", slow, "sharp transition") is False


def test_the_best_maximal_bias():
    cells = published_cells("mnist")
    below = step_at(lambda bias: 100 + 80 * (bias - 0.7).abs(), cells)
    assert verdict("moons", below.assign(n_samples=1000), "below the radius") is True
    above = step_at(lambda bias: 100 + 80 * (bias - 1.7).abs(), cells)
    assert verdict("moons", above.assign(n_samples=1000), "below the radius") is False
    zero = step_at(lambda bias: 100 + 80 * bias, cells)
    assert verdict("mnist", zero, "narrowest first layer") is True
    assert verdict("mnist", above, "narrowest first layer") is False
    never = zero.assign(interpolated=zero["interpolated"] * (zero["max_bias"] > 0))
    assert verdict("mnist", never, "narrowest first layer") is False
    assert verdict("mnist", zero[zero["max_bias"] > 0], "narrowest first layer") is None


def test_a_claim_is_plain():
    claim = check_claims("moons", trials_from(published_cells("moons")))["probability"][0]
    assert claim == Claim(claim.statement, True, claim.evidence, "[M] 4.1, p. 25")
    assert type(claim.holds) is bool
