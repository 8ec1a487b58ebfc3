"""Verdicts on what the figures of trained networks should show: true, false and undecided."""

import numpy as np
import pytest
from shipped_claims import check_claims
from training_tables import (
    course_table,
    double_descent_table,
    random_features_table,
    robustness_table,
    threshold_table,
    with_constructed,
)

from memrob.studies.training.cells import interpolation_threshold, layers, threshold_widths
from memrob.studies.training.claims.course import bounds_grow, bounds_in_order
from memrob.studies.training.claims.descent import (
    grows_with_noise,
    interpolates_from_threshold,
    peaks_at_threshold,
    reuse_raises_peak,
    second_descent_is_lower,
)
from memrob.studies.training.claims.peaks import one_step
from memrob.studies.training.claims.robustness import (
    certified_below_attacks,
    pgd_reaches_no_farther,
    trained_are_certified,
)
from memrob.studies.training.claims.thresholds import (
    construction_memorises,
    construction_takes_more,
    random_grows,
    random_needs_more,
    true_grows_more_slowly,
)

FEATURES, NETWORKS = random_features_table(), double_descent_table()
THRESHOLDS, RADII, COURSE = threshold_table(), robustness_table(), course_table()
TABLES = {
    "random_features_mnist": FEATURES,
    "double_descent_mnist": NETWORKS,
    "threshold_mnist": with_constructed(THRESHOLDS),
    "robustness_mnist": RADII,
    "lipschitz_mnist_1v8": COURSE,
}


def moved(table, column, where, factor):
    """The table with a column multiplied in some rows."""
    values = table[column].astype(float)
    return table.assign(**{column: values.where(~where, values * factor)})


def test_parameters_tell_dimension_and_outputs():
    assert layers(NETWORKS) == (784, 10)
    assert layers(THRESHOLDS[THRESHOLDS["dataset"] == "moons"], "threshold_width") == (2, 2)
    assert layers(NETWORKS[NETWORKS["width"] == 50]) is None
    assert layers(NETWORKS.assign(n_parameters=NETWORKS["width"] ** 2)) is None
    # 795 H + 10 = 40,000.
    assert interpolation_threshold(NETWORKS, "n_parameters") == 40_000
    assert interpolation_threshold(NETWORKS, "width") == pytest.approx((40_000 - 10) / 795)
    assert interpolation_threshold(FEATURES, "n_features") == 1000


def test_one_step_of_a_grid():
    grid = np.array([100.0, 500.0, 1000.0, 1500.0])
    assert one_step(grid, 1000) == (500, 1500)
    assert one_step(grid, 700) == (500, 1000)
    assert one_step(grid, 2000) == (1500, np.inf)


@pytest.mark.parametrize("quantity", ["test_error", "test_loss", "norm"])
def test_peak_at_the_number_of_samples(quantity):
    holds, evidence = peaks_at_threshold(FEATURES, quantity=quantity)
    assert holds is True
    assert "at 1 times the threshold, N = 1,000, noise 20 %" in evidence
    # The whole curve moved to features = 4 N, far above a step of the grid.
    shifted = FEATURES.assign(n_features=FEATURES["n_features"] * 4)
    assert peaks_at_threshold(shifted, quantity=quantity)[0] is False
    one = FEATURES[FEATURES["restart"] == 0]
    assert peaks_at_threshold(one, quantity=quantity)[0] is None
    few = FEATURES[FEATURES["n_features"] <= 1000]
    assert peaks_at_threshold(few, quantity=quantity) == (
        None,
        "no curve has sizes on both sides of the threshold",
    )


def test_a_curve_that_only_falls_has_no_peak():
    falling = FEATURES.assign(test_error=10 / FEATURES["n_features"])
    assert peaks_at_threshold(falling, quantity="test_error")[0] is False
    rng = np.random.default_rng(0)
    flat = FEATURES.assign(test_error=0.1 + 0.01 * rng.standard_normal(len(FEATURES)))
    assert peaks_at_threshold(flat, quantity="test_error")[0] is not True


def test_errors_of_models_too_small_are_no_peak():
    # Ten times the height of the peak, at the least number of features.
    least = FEATURES["n_features"] == 100
    high = moved(FEATURES, "test_error", least, 50)
    assert peaks_at_threshold(high, quantity="test_error")[0] is True


def test_peak_grows_with_noise():
    assert grows_with_noise(FEATURES, quantity="test_error")[0] is True
    other_way = FEATURES.assign(label_noise=0.2 - FEATURES["label_noise"])
    assert grows_with_noise(other_way, quantity="test_error")[0] is False
    loud = random_features_table(spread=2.5, restarts=3)
    assert grows_with_noise(loud, quantity="test_error")[0] is None
    # Restarts that differ more among each other than by the noise are compared one by one.
    alike = np.exp(FEATURES["restart"]) * (1 + FEATURES["label_noise"])
    assert grows_with_noise(FEATURES.assign(test_loss=alike), quantity="test_loss")[0] is True
    silent = FEATURES[FEATURES["label_noise"] == 0]
    assert grows_with_noise(silent, quantity="test_error")[0] is None


def test_no_training_error_from_the_threshold_on():
    assert interpolates_from_threshold(FEATURES)[0] is True
    wrong = FEATURES.assign(train_error=0.01)
    holds, evidence = interpolates_from_threshold(wrong)
    assert holds is False
    assert evidence.startswith("105 of 105 models have one, the largest 1.0 % with 1,000 features")
    assert interpolates_from_threshold(FEATURES[FEATURES["n_features"] < 1000])[0] is None


def test_second_descent():
    assert second_descent_is_lower(FEATURES, quantity="test_error")[0] is True
    raised = moved(FEATURES, "test_error", FEATURES["n_features"] > 1000, 10)
    assert second_descent_is_lower(raised, quantity="test_error")[0] is False
    loud = random_features_table(spread=1.0, restarts=2)
    assert second_descent_is_lower(loud, quantity="test_error")[0] is None
    few = FEATURES[FEATURES["n_features"] <= 1000]
    assert second_descent_is_lower(few, quantity="test_error")[0] is None


def test_networks_peak_where_parameters_are_labels():
    holds, evidence = peaks_at_threshold(NETWORKS, quantity="test_loss")
    assert holds is True and "without" not in evidence
    # Four times as many samples: the threshold is at H = 200, the peak stays.
    more = NETWORKS.assign(n_samples=16_000)
    assert peaks_at_threshold(more, quantity="test_loss")[0] is None
    more = NETWORKS.assign(n_samples=8_000 // 5)
    assert peaks_at_threshold(more, quantity="test_loss")[0] is False
    flat = double_descent_table(height=0.05, spread=0.2)
    assert peaks_at_threshold(flat, quantity="test_loss")[0] is not True


def test_reuse_raises_the_peak():
    assert reuse_raises_peak(NETWORKS, quantity="test_loss")[0] is True
    swapped = NETWORKS.assign(reuse=1 - NETWORKS["reuse"])
    assert reuse_raises_peak(swapped, quantity="test_loss")[0] is False
    alike = double_descent_table(height=0.0)
    assert reuse_raises_peak(alike, quantity="test_loss")[0] is None
    assert reuse_raises_peak(NETWORKS[NETWORKS["reuse"] == 1], quantity="test_loss")[0] is None


def test_random_labels_need_more():
    holds, evidence = random_needs_more(THRESHOLDS)
    assert holds is True and evidence.endswith("on mnist, N = 4,000")
    swapped = THRESHOLDS.replace({"labels": {"true": "random", "random": "true"}})
    assert random_needs_more(swapped)[0] is False
    alike = threshold_table(factor=1.0, power=0.3)
    holds, evidence = random_needs_more(alike)
    assert holds is None and "ratios are not beyond the error" in evidence
    assert random_needs_more(THRESHOLDS[THRESHOLDS["restart"] == 0])[0] is None
    assert random_needs_more(THRESHOLDS[THRESHOLDS["labels"] == "true"])[0] is None


def test_the_largest_width_that_failed_is_a_lower_bound():
    def unfinished(labels, failed):
        open_ones = THRESHOLDS["labels"] == labels
        return THRESHOLDS.assign(
            threshold_width=THRESHOLDS["threshold_width"].mask(open_ones),
            failed_width=THRESHOLDS["failed_width"].mask(open_ones, failed),
        )

    holds, evidence = random_needs_more(unfinished("random", 4096))
    assert holds is True and "from more than" in evidence
    assert random_needs_more(unfinished("random", 1))[0] is None
    assert random_needs_more(unfinished("true", 1))[0] is None
    assert random_needs_more(unfinished("true", 4096))[0] is False


def test_searches_without_a_width_count_at_no_size():
    open_ones = (THRESHOLDS["n_samples"] == 4000) & (THRESHOLDS["restart"] == 1)
    widths = THRESHOLDS["threshold_width"].where(~open_ones)
    mnist = THRESHOLDS.assign(threshold_width=widths)
    mnist = mnist[mnist["dataset"] == "mnist"]
    assert threshold_widths(mnist, "random").x.tolist() == [250, 500, 1000, 2000]
    assert random_grows(mnist)[1].endswith("N = 250 to 2,000")


def test_random_widths_grow():
    assert random_grows(THRESHOLDS)[0] is True
    assert random_grows(threshold_table(power=-0.8))[0] is False
    assert random_grows(threshold_table(power=0.0))[0] is None
    assert random_grows(THRESHOLDS[THRESHOLDS["n_samples"] == 250])[0] is None


def test_true_widths_grow_more_slowly():
    holds, evidence = true_grows_more_slowly(THRESHOLDS)
    assert holds is True and evidence.count("on ") == 3
    assert true_grows_more_slowly(threshold_table(power=0.0))[0] is False
    assert true_grows_more_slowly(threshold_table(power=0.3, spread=0.3))[0] is None
    two = THRESHOLDS[THRESHOLDS["n_samples"] <= 500]
    assert true_grows_more_slowly(two)[0] is None
    one = THRESHOLDS[THRESHOLDS["restart"] == 0]
    assert true_grows_more_slowly(one)[0] is None


def test_construction_takes_more_parameters():
    both = with_constructed(THRESHOLDS)
    holds, evidence = construction_takes_more(both)
    assert holds is True and evidence.startswith("constructed over trained: from 10.")
    assert construction_takes_more(with_constructed(THRESHOLDS, (10, 0.1)))[0] is False
    assert construction_takes_more(with_constructed(THRESHOLDS, (10, 1)))[0] is None
    assert construction_takes_more(THRESHOLDS)[0] is None
    # Where a search found no width, nothing is compared.
    missing = (both["network"] == "trained") & (both["n_samples"] == 4000)
    left = both.assign(n_parameters=both["n_parameters"].mask(missing & (both["restart"] == 0)))
    holds, evidence = construction_takes_more(left)
    assert holds is True and evidence.endswith("6 pairs have no width found")


def test_construction_takes_more_parameters_for_random_labels():
    assert construction_memorises(with_constructed(THRESHOLDS))[0] is True
    assert construction_memorises(with_constructed(THRESHOLDS, (100, 1)))[0] is False
    assert construction_memorises(THRESHOLDS)[0] is None
    trained = with_constructed(THRESHOLDS).query("network == 'trained'")
    assert construction_memorises(trained)[0] is None


def test_thresholds_are_those_of_trained_networks():
    both = with_constructed(THRESHOLDS)
    for rule in (random_needs_more, random_grows, true_grows_more_slowly):
        made = both["network"] == "constructed"
        other = both.assign(threshold_width=both["threshold_width"].where(~made, 1.0))
        assert rule(other) == rule(THRESHOLDS)


def test_certified_radii_are_below_those_of_attacks():
    holds, evidence = certified_below_attacks(RADII)
    assert holds is True and evidence.startswith("0 contradictions among")
    first = RADII.index[(RADII["correct"] == 1) & (RADII["p"] == 2)][0]
    broken = RADII.copy()
    broken.loc[first, "certified_radius"] = 1.001 * broken.loc[first, "pgd_radius"]
    holds, evidence = certified_below_attacks(broken)
    assert holds is False
    assert evidence.startswith("1 contradiction among") and "p = 2" in evidence
    # Either certificate can be refuted.
    local = RADII.assign(local_radius=2 * RADII["pgd_radius"])
    assert certified_below_attacks(local)[0] is False
    assert certified_below_attacks(RADII.assign(certified_radius=0.0, local_radius=0.0))[0] is None
    unhurt = RADII.assign(pgd_radius=np.inf, fgsm_radius=np.inf)
    assert certified_below_attacks(unhurt)[0] is None


def test_pgd_reaches_no_farther_than_fgsm():
    holds, evidence = pgd_reaches_no_farther(RADII)
    assert holds is True
    assert f"larger, or it fails, in 0 of {np.isfinite(RADII['fgsm_radius']).sum():,}" in evidence
    farther = RADII.assign(pgd_radius=np.inf)
    assert pgd_reaches_no_farther(farther)[0] is False
    assert pgd_reaches_no_farther(RADII.assign(fgsm_radius=np.inf))[0] is None


def test_trained_networks_are_certified():
    holds, evidence = trained_are_certified(RADII)
    assert holds is True and "at p = ∞" in evidence
    none = moved(RADII, "certified_radius", RADII["p"] == 2, 0)
    holds, evidence = trained_are_certified(none)
    assert holds is False and "0.0 % at p = 2" in evidence
    assert trained_are_certified(RADII[RADII["stage"] == "before"])[0] is None


def test_bounds_of_the_course_are_in_order():
    assert bounds_in_order(COURSE)[0] is True
    wrong = moved(COURSE, "lower", (COURSE["epoch"] == 20) & (COURSE["p"] == 1), 4)
    holds, evidence = bounds_in_order(wrong)
    assert holds is False and "epoch 20" in evidence and evidence.startswith("4 of 108")
    assert bounds_in_order(COURSE.assign(upper=np.nan))[0] is None


def test_bounds_grow_with_training():
    assert bounds_grow(COURSE)[0] is True
    assert bounds_grow(course_table(growth=-0.2))[0] is False
    assert bounds_grow(course_table(growth=0.0))[0] is None
    # One of the two bounds may fall.
    last = COURSE["epoch"] == 200
    assert bounds_grow(moved(COURSE, "upper", last, 0.01))[0] is False
    assert bounds_grow(COURSE[COURSE["restart"] == 0])[0] is None
    assert bounds_grow(COURSE[COURSE["epoch"] == 0])[0] is None


@pytest.mark.parametrize("name", TABLES)
def test_every_claim_has_a_verdict_and_a_figure(name):
    # Tables that were put together from several need not have a unique index.
    table = TABLES[name].set_index(np.zeros(len(TABLES[name]), dtype=int))
    claims = [claim for found in check_claims(name, table).values() for claim in found]
    assert claims and all(claim.holds is True and claim.evidence for claim in claims)
    not_run = [claim for found in check_claims(name, None).values() for claim in found]
    assert {(claim.holds, claim.evidence) for claim in not_run} == {(None, "not run")}
    assert check_claims("another", TABLES[name]) == {}
