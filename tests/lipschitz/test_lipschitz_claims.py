import math

import numpy as np
import pytest
from lipschitz_trials import PS, carried, claims, growing, table, two_terms, verdict
from shipped_claims import check_claims, experiments_with_claims

from memrob.studies.claim import Claim

EXPERIMENTS = experiments_with_claims("lipschitz")


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_every_claim_holds_where_theory_does(experiment):
    found = check_claims(experiment, table(experiment))
    verdicts = {c.statement: c.holds for of_figure in found.values() for c in of_figure}
    assert set(verdicts.values()) == {True}, verdicts
    assert all(isinstance(c, Claim) and c.evidence for claims in found.values() for c in claims)


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_without_trials_nothing_is_decided(experiment):
    for trials in (None, table(experiment).iloc[:0]):
        for of_figure in check_claims(experiment, trials).values():
            assert {c.holds for c in of_figure} == {None}
            assert {c.evidence for c in of_figure} == {"not run"}


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_a_small_run_refutes_nothing(experiment):
    trials = table(experiment, restarts=1)
    first = trials.drop_duplicates(["bias", "p"])
    for small in (trials, first):
        found = check_claims(experiment, small)
        assert False not in {c.holds for of_figure in found.values() for c in of_figure}


def test_figures_are_those_of_the_experiments():
    figures = {name: set(check_claims(name, None)) for name in EXPERIMENTS}
    assert figures == {
        "dimension": {"constants", "exponents", "regime", "bracket"},
        "width": {"constants", "bracket"},
        "width_deep": {"constants", "bracket"},
        "depth": {"constants", "bracket"},
        "bias": {"laws"},
        "bracket": {"bracket"},
        "bracket_deep": {"bracket"},
        "dimension_deep": {"constants", "exponents", "regime"},
        "bias_dimension": {"constants"},
        "bias_width": {"constants"},
        "bias_depth": {"constants"},
        "depth_width": {"constants", "gap_depth", "gap_width"},
        "bias_asymmetric": {"ratio"},
        "dimension_below_2": {"root"},
    }
    assert check_claims("regions", None) == {}


@pytest.mark.parametrize("p", PS)
def test_another_exponent_in_d_is_noticed_at_its_p_alone(p):
    trials = growing(table("dimension"), -0.12, p=[p])
    found = claims("dimension", trials, "of max(1/2, 1 - 1/p)")
    refuted = [claim.statement for claim in found if claim.holds is False]
    name = "∞" if math.isinf(p) else f"{p:g}"
    assert [text.endswith(f"p = {name}.") for text in refuted] == [True]


def test_an_exponent_at_the_edge_is_left_open():
    trials = table("dimension")
    means = trials[trials["p"] == 1.0].groupby("input_dim")["lower"].mean()
    fitted = np.polyfit(np.log(means.index), np.log(means), 1)[0]
    trials = growing(trials, 0.55 - fitted, p=[1.0])
    first, *others = claims("dimension", trials, "of max(1/2, 1 - 1/p)")
    assert first.statement.endswith("p = 1.") and first.holds is None
    assert {claim.holds for claim in others} == {True}


def test_few_dimensions_decide_no_exponent():
    trials = table("dimension")
    few = trials[trials["input_dim"] <= 32]
    narrow = trials[trials["input_dim"].isin([8, 16, 32])]
    for small in (few, narrow):
        (first, *_) = claims("dimension", small, "of max(1/2, 1 - 1/p)")
        assert first.holds is None and "values of d" in first.evidence


def test_a_search_that_finds_no_more_than_random_points_is_noticed():
    trials = table("dimension")
    blind = trials.assign(lower=trials["point_gradient"])
    blind["random_largest"] = blind["lower"]
    assert verdict("dimension", blind, "nearer to 1/2") is False
    assert verdict("dimension", blind, "largest of the random gradients") is False
    assert verdict("dimension", blind, "grows with d at p = 1") is False


def test_gradients_at_a_point_that_outgrow_a_gaussian_are_noticed():
    trials = growing(table("dimension"), 0.1, "point_gradient", p=[math.inf])
    assert verdict("dimension", trials, "A gradient at a point") is False


def test_ratios_that_change_with_d_are_noticed():
    trials = table("dimension")
    falling = growing(trials, -0.2)
    assert verdict("dimension", falling, "E|g|_p' is flat") is False
    assert verdict("dimension", falling, "E|g|_2 is flat") is False
    flat = growing(trials, -0.5, p=[math.inf])
    assert verdict("dimension", flat, "at p = ∞: its exponent is above") is False


@pytest.mark.parametrize("high", ["exact", "upper", "upper_product", "upper_semidefinite"])
@pytest.mark.parametrize("low", ["lower", "random_largest", "point_gradient"])
def test_one_bound_out_of_order_is_noticed(low, high):
    trials = table("bracket")
    row = trials.index[trials["p"] == 2.0][7]
    trials.loc[row, low] = trials.loc[row, high] * (1 + 1e-8)
    (claim,) = claims("bracket", trials, "Every lower bound")
    assert claim.holds is False
    assert low in claim.evidence and "p = 2, restart 7" in claim.evidence


def test_rounding_is_no_violation():
    trials = table("bracket")
    trials["lower"] = trials["exact"] * (1 + 1e-10)
    assert verdict("bracket", trials, "Every lower bound") is True


def test_an_upper_bound_below_the_exact_constant_is_noticed():
    trials = table("bracket")
    trials.loc[3, "upper_product"] = 0.9 * trials.loc[3, "exact"]
    trials[["lower", "random_largest", "point_gradient"]] *= 0.5
    assert verdict("bracket", trials, "Every lower bound") is False


def test_bounds_of_probability_may_fail_rarely():
    trials = table("width")
    trials.loc[:4, "upper_probable"] = 0.5 * trials.loc[:4, "lower"]  # one network
    assert verdict("width", trials, "bound of probability 0.99") is True
    failing = trials["restart"] < 3
    trials.loc[failing, "upper_probable"] = 0.5 * trials.loc[failing, "lower"]
    assert verdict("width", trials, "bound of probability 0.99") is False
    lacking = trials.drop(columns="upper_probable")
    assert verdict("width", lacking, "bound of probability 0.99") is None


def test_a_search_short_of_the_exact_constant_is_noticed():
    trials = table("bracket")
    short = trials["restart"].eq(0) & trials["p"].eq(1.0)
    trials.loc[short, "lower"] *= 0.9
    assert verdict("bracket", trials, "reaches 0.99") is True  # 38 of 40 networks
    short = trials["restart"].isin([1, 2]) & trials["p"].eq(1.0)
    trials.loc[short, "lower"] *= 0.9
    assert verdict("bracket", trials, "reaches 0.99") is False
    few = trials[trials["restart"] < 5]
    assert verdict("bracket", few, "reaches 0.99") is None
    assert verdict("bracket", trials.assign(width=512), "reaches 0.99") is None


def test_exponents_out_of_order_are_noticed():
    trials = table("bracket")
    largest = np.isinf(trials["p"])
    for factor, upward in ((1.5, True), (0.5, False)):
        changed = trials.copy()
        rows = largest & trials["restart"].eq(4)
        for column in ("exact", "lower"):
            changed.loc[rows, column] *= factor
        assert verdict("bracket", changed, "The exact lip_p rises") is False
        # A lower bound may rise by more than lip_p does.
        assert verdict("bracket", changed, "The searched lip_p rises") is upward


def test_growth_with_the_width_is_noticed():
    trials = table("width")
    statement = "At the three largest widths"
    for exponent, expected in ((0.2, False), (-0.2, False), (0.02, True)):
        assert verdict("width", growing(trials, exponent, x="width"), statement) is expected
    logarithm = trials["lower"] * np.sqrt(np.log(trials["width"] / trials["input_dim"]))
    assert verdict("width", trials.assign(lower=logarithm), statement) is False
    narrow = trials[trials["width"] < 2048]
    assert verdict("width", narrow, statement) is None


def test_growth_beyond_a_logarithm_of_the_width_is_noticed():
    trials = table("width_deep")
    statement = "no faster than ln N"
    for exponent, expected in ((0.3, False), (-0.3, True), (0.1, True)):
        assert verdict("width_deep", growing(trials, exponent, x="width"), statement) is expected
    narrow = trials[trials["width"] < 256]
    assert verdict("width_deep", narrow, statement) is None


def test_growth_beyond_linear_with_the_depth_is_noticed():
    trials = table("depth")
    statement = "at most linearly in L"
    assert verdict("depth", growing(trials, 0.3, x="depth"), statement) is False
    assert verdict("depth", growing(trials, 0.3, x="depth", p=[4.0]), statement) is False
    assert verdict("depth", trials[trials["depth"] <= 3], statement) is None


def test_upper_bounds_that_grow_with_the_depth_like_the_constant_are_noticed():
    trials = table("depth")
    statement = "Each further layer"
    linear = trials.assign(upper=trials["lower"] * 3)
    assert verdict("depth", linear, statement) is False
    explosive = trials.assign(lower=trials["lower"] * 2.0 ** trials["depth"])
    assert verdict("depth", explosive, statement) is False
    assert verdict("depth", trials.assign(upper=np.nan), statement) is None


def test_a_law_of_the_biases_that_matters_is_noticed():
    trials = table("bias")
    statement = "No law of the biases"
    rows = trials["bias"].eq("cauchy") & trials["depth"].eq(2) & trials["p"].eq(1.0)
    for factor, expected in ((1.02, True), (1.05, None), (1.12, False), (0.88, False)):
        changed = trials.assign(lower=trials["lower"].where(~rows, trials["lower"] * factor))
        assert verdict("bias", changed, statement) is expected
    assert verdict("bias", trials[trials["bias"] == "zero"], statement) is None


def test_biases_that_lower_the_constant_are_noticed():
    trials = table("bias")
    statement = "With the same weights no law"
    rows = trials["bias"].eq("gaussian") & trials["depth"].eq(2)
    for factor, expected in ((1.2, True), (0.95, False)):
        changed = trials.assign(lower=trials["lower"].where(~rows, trials["lower"] * factor))
        assert verdict("bias", changed, statement) is expected
    changed["seed"] = np.arange(len(changed))
    assert verdict("bias", changed, statement) is None


def test_networks_that_share_their_weights_are_compared_one_by_one():
    trials = table("bias")
    # The same large noise in all networks of one seed: only in pairs does it cancel.
    common = np.exp(0.3 * np.random.default_rng(1).standard_normal(20))[trials["restart"]]
    shared = trials.assign(lower=trials["lower"] * common)
    assert verdict("bias", shared, "No law of the biases") is True
    apart = shared.assign(seed=np.arange(len(shared)))
    assert verdict("bias", apart, "No law of the biases") is None


def test_networks_of_which_some_have_far_more_with_biases_have_no_less():
    trials = carried(table("bias"))
    more = np.where(trials["bias"].eq("cauchy"), 1.0 + 2.0 * (trials["restart"] % 7 == 0), 1.0)
    changed = trials.assign(lower=trials["lower"] * more)
    assert verdict("bias", changed, "With the same weights no law") is True


def test_slope_of_a_coordinate_that_grows_otherwise_is_seen():
    trials = growing(table("dimension"), 0.15, "coordinate_slope")
    assert verdict("dimension", trials, "in the direction of a single coordinate") is False
    without = table("dimension").drop(columns="coordinate_slope")
    assert verdict("dimension", without, "in the direction of a single coordinate") is None


def test_deep_networks_that_grow_otherwise_are_noticed():
    trials = table("dimension_deep")
    changed = growing(trials, 0.2, depth=[3])
    assert verdict("dimension_deep", changed, "Further hidden layers") is False
    changed = growing(trials, -0.2, depth=[2])
    for wording in ("E|g|_p' is flat", "E|g|_2 is flat"):
        assert verdict("dimension_deep", changed, wording) is False


def test_a_law_below_zero_biases_is_noticed_in_one_network():
    trials = table("bias_depth")
    assert verdict("bias_depth", trials, "In every network") is True
    trials.loc[trials.index[trials["bias"] == "gaussian"][5], "lower"] *= 0.98
    assert verdict("bias_depth", trials, "In every network") is False


@pytest.mark.parametrize("experiment", ["bias_dimension", "bias_width", "bias_depth"])
def test_a_law_that_changes_the_growth_is_noticed(experiment):
    x = {"dimension": "input_dim"}.get(experiment[5:], experiment[5:])
    changed = growing(table(experiment), 0.1, x=x, bias=["log_uniform"])
    (claim,) = claims(experiment, changed, "No symmetric law")
    assert claim.holds is False and "for scale-free biases" in claim.evidence


def test_asymmetry_that_does_not_grow_is_noticed():
    changed = growing(table("bias_asymmetric"), -0.4, x="depth", bias=["positive"])
    assert verdict("bias_asymmetric", changed, "Positive biases") is False
    # What positive biases do says nothing of symmetric laws.
    assert verdict("bias_asymmetric", changed, "No symmetric law") is True


def test_gaps_that_grow_are_noticed():
    trials = table("depth_width")
    wider = growing(trials, 0.5, "upper_probable", "width")
    assert verdict("depth_width", wider, "no faster than ln N") is False
    assert verdict("depth_width", growing(trials, -1.5, x="depth"), "At N = 4,194,304") is False
    assert verdict("depth_width", growing(trials, 1.5, x="depth"), "every width and p") is False
    reversed_widths = trials.assign(width=trials["width"].map({64: 1024, 256: 256, 1024: 64}))
    assert verdict("depth_width", reversed_widths, "more slowly than at the least") is False
    assert verdict("depth_width", reversed_widths, "a lesser factor") is False


def test_another_law_at_finite_dimension_is_noticed():
    trials = table("dimension_below_2")
    faster = growing(trials, 0.4, p=[1.0])
    assert verdict("dimension_below_2", faster, "within 2% of every mean") is False
    falling = two_terms(table("dimension"), root=-0.02, norm=3)
    assert verdict("dimension_below_2", falling, "the coefficient a") is False
    decades = np.log2(trials["input_dim"] / 8)
    slowing = trials.assign(lower=trials["lower"] * np.exp(-0.04 * decades**2))
    assert verdict("dimension_below_2", slowing, "upper half") is False
