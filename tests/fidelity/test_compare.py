from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from memrob.fidelity.compare import (
    CELL,
    LEVEL,
    compare_cells,
    published_width,
    summarise,
    with_verdicts,
)


def z_of(comparisons, quantity):
    return comparisons.loc[comparisons["quantity"] == quantity, "z"].to_numpy()


@pytest.fixture
def sample():
    rng = np.random.default_rng(1)
    return rng.integers(50, 90, (12, 20)), rng.integers(0, 2, (12, 20))


@pytest.mark.parametrize("order", ["permutation", "reference"])
def test_identical_data_has_z_zero(order, sample, trial_table, published_table):
    compared = compare_cells("moons", trial_table(*sample, order), published_table(*sample))
    assert len(compared) == 24
    np.testing.assert_allclose(compared["z"], 0, atol=1e-4)
    assert (compared["standard_error"] == 0).all() == (order == "reference")
    assert set(compared["design"]) == {"replay" if order == "reference" else "independent"}
    assert (with_verdicts(compared)["verdict"] == "agrees").all()


def test_complete_replay_must_be_identical(sample, trial_table, published_table):
    widths, hits = sample
    published = published_table(widths, hits)
    widths, hits = widths.copy(), hits.copy()
    widths[4, 7] += 1
    hits[6, 2] = 1 - hits[6, 2]
    compared = compare_cells("moons", trial_table(widths, hits, "reference"), published)
    expected = np.zeros(12)
    expected[4] = np.inf
    np.testing.assert_array_equal(z_of(compared, "second_width"), expected)
    expected = np.zeros(12)
    expected[6] = np.inf if hits[6, 2] else -np.inf
    np.testing.assert_array_equal(z_of(compared, "interpolated"), expected)
    verdicts = with_verdicts(compared)
    assert (verdicts["verdict"] == "differs").sum() == 2
    assert set(summarise(verdicts)["verdict"]) == {"differs"}


def test_independent_widths_are_a_pooled_t_test(trial_table, published_table):
    published = np.array([[90, 95, 100, 105, 110, 103, 97, 100]])
    replicated = np.array([[108, 112, 99, 111]])
    compared = compare_cells("moons", trial_table(replicated), published_table(published))
    t, p = stats.ttest_ind(replicated[0], published[0])
    row = compared[compared["quantity"] == "second_width"].iloc[0]
    assert row["z"] == pytest.approx(stats.norm.isf(p / 2), rel=1e-4)
    assert row["standard_error"] == pytest.approx((107.5 - 100) / t, rel=1e-6)
    assert (row["published"], row["replicated"]) == (100, 107.5)
    assert (row["trials"], row["published_trials"]) == (4, 8)


def test_a_single_trial_is_judged_by_the_published_spread(trial_table, published_table):
    published = np.array([[90, 95, 100, 105, 110]])
    row = compare_cells("moons", trial_table([[120]]), published_table(published)).iloc[1]
    t = 20 / (published.std(ddof=1) * np.sqrt(1 + 1 / 5))
    assert row["z"] == pytest.approx(stats.norm.isf(stats.t.sf(t, 4)), rel=1e-5)


def test_probability_is_an_exact_test(trial_table, published_table):
    published, ones = np.array([[1, 0, 1, 0]]), np.ones((1, 4))
    for order, p_both, error in (
        # 4 of 6 succeed: two of any two with probability 4/6 * 3/5.
        ("permutation", 0.4, np.sqrt(2 / 9 * (1 / 2 + 1 / 4))),
        # 2 of 4 succeed: two of any two with probability 1/6.
        ("reference", 1 / 6, np.sqrt(1 / 4 * (1 / 2 - 1 / 4))),
    ):
        trials = trial_table(ones[:, :2], [[1, 1]], order)
        row = compare_cells("moons", trials, published_table(ones, published)).iloc[0]
        assert row["quantity"] == "interpolated"
        assert row["z"] == pytest.approx(stats.norm.ppf(1 - p_both / 2))
        assert row["standard_error"] == pytest.approx(error)


@pytest.mark.parametrize(("published", "replicated"), [(0, 1), (1, 0)])
def test_replay_of_what_never_happened_is_infinitely_far(
    published, replicated, trial_table, published_table
):
    ones = np.ones((1, 5))
    trials = trial_table(ones[:, :2], [[replicated, published]], "reference")
    row = compare_cells("moons", trials, published_table(ones, published * ones)).iloc[0]
    assert row["z"] == (np.inf if replicated else -np.inf)


@pytest.mark.parametrize("k", [1, 3, 5])
def test_replayed_subsets_have_z_of_mean_zero_and_variance_one(k, trial_table, published_table):
    """Over all subsets of k of the published trials, exactly: sampling without replacement."""
    population = np.array([3, 7, 7, 8, 12, 13, 20])
    subsets = np.array(list(combinations(population, k)))
    published = published_table(np.tile(population, (len(subsets), 1)))
    z = z_of(
        compare_cells("moons", trial_table(subsets, order="reference"), published), "second_width"
    )
    assert z.mean() == pytest.approx(0, abs=1e-5)
    assert (z**2).mean() == pytest.approx(1, rel=1e-5)


def test_pairs_of_the_same_hyperplanes_are_a_paired_t_test(trial_table, published_table):
    published = np.array([[90, 195, 100, 205], [50, 60, 70, 80]])
    replicated = np.array([[91, 193, 105, 204], [50, 60, 70, 80]])
    trials = trial_table(replicated, order="reference").assign(dataset="cifar10")
    singles = trials.assign(second_width=published.ravel())[[*CELL, "seed", "second_width"]]
    compared = compare_cells("cifar10", trials, published_table(published), singles)
    t, p = stats.ttest_rel(replicated[0], published[0])
    row = compared[compared["quantity"] == "second_width"].iloc[0]
    assert row["z"] == pytest.approx(np.sign(t) * stats.norm.isf(p / 2))
    assert row["standard_error"] == pytest.approx((replicated - published)[0].mean() / t)
    assert (row["published"], row["replicated"], row["design"]) == (147.5, 148.25, "paired")
    # The probability does not depend on the candidates: all trials, and so no error.
    assert compared.loc[0, ["design", "standard_error", "z"]].tolist() == ["replay", 0, 0]
    one = trials.groupby("first_width").head(1)
    compared = compare_cells("cifar10", one, published_table(published), singles)
    assert compared["design"].tolist() == 2 * ["replay", "independent"]


def test_empty_second_layers_count_as_one_as_published(trial_table, published_table):
    compared = compare_cells(
        "moons", trial_table([[0, 2, 0]], order="reference"), published_table([[1, 2, 1]])
    )
    assert (compared["z"] == 0).all()
    several = pd.DataFrame({"second_width_0": [0, 4], "second_width_1": [3, 0], "second_width": 3})
    assert published_width(several).tolist() == [4, 5]


def test_only_published_cells_are_compared(sample, trial_table, published_table):
    trials, published = trial_table(*sample), published_table(*sample)
    compared = compare_cells("moons", trials, published.iloc[[2, 5]])
    assert set(compared["first_width"]) == {30, 60}
    assert len(compare_cells("moons", trials, published.assign(n_samples=5))) == 0


def test_thresholds_of_verdicts():
    bound = stats.norm.isf(LEVEL / 2 / 9)
    assert 3 < bound < 4
    z = [0, -3, 3, 3.001, -3.001, bound - 1e-6, bound + 1e-6, -bound - 1e-6, -np.inf]
    verdicts = with_verdicts(pd.DataFrame({"z": z}))["verdict"].tolist()
    assert verdicts == ["agrees"] * 3 + ["borderline"] * 3 + ["differs"] * 3
    # With one cell the bound of that level lies below 3, and 3 is the one that counts.
    assert with_verdicts(pd.DataFrame({"z": [2.9]}))["verdict"].tolist() == ["agrees"]
    assert with_verdicts(pd.DataFrame({"z": [3.1]}))["verdict"].tolist() == ["differs"]


def test_more_cells_move_the_bound_out():
    z = pd.DataFrame({"z": [4.0] + [0.0] * 5}), pd.DataFrame({"z": [4.0] + [0.0] * 5000})
    assert [with_verdicts(table)["verdict"].iloc[0] for table in z] == ["differs", "borderline"]


def test_summary_of_nothing_still_has_its_columns():
    columns = list(summarise(with_verdicts(pd.DataFrame(EXAMPLE))).columns)
    assert columns[:3] == ["experiment", "quantity", "cells"]
    nothing = pd.DataFrame(columns=[*EXAMPLE, "verdict"])
    assert list(summarise(nothing).columns) == columns


EXAMPLE = {
    "experiment": ["a", "a", "b"],
    "quantity": ["second_width"] * 3,
    "standard_error": [1.0, 0.0, 2.0],
    "z": [1.0, 0.0, -2.0],
    "design": ["independent"] * 3,
}


def test_summary_counts_cells_without_randomness_but_does_not_average_them():
    summary = summarise(with_verdicts(pd.DataFrame(EXAMPLE))).set_index("experiment")
    assert summary["cells"].to_dict() == {"a": 2, "b": 1}
    assert summary.loc["a", "mean_z"] == 1
    assert summary.loc["a", "stouffer_z"] == 1
    assert summary.loc["b", "max_abs_z"] == 2
    assert (summary["share_within_3"] == 1).all()
    assert (summary["verdict"] == "agrees").all()
