"""Samples of one distribution, compared as a run is with the published results.

Bounds: with m independent z of variance one, their mean has standard deviation 1/sqrt(m) and their
standard deviation about 1/sqrt(2m); four of each are allowed, which a correct comparison exceeds
once in 16,000 seeds. The number beyond 3 is binomial with probability 0.0027.
"""

import numpy as np
import pytest
from scipy import stats

from memrob.fidelity.compare import compare_cells, summarise, with_verdicts

CELLS = 600
FOUR_MEAN = 4 / np.sqrt(CELLS)
FOUR_SD = 4 / np.sqrt(2 * CELLS)
MOST_BEYOND_3 = stats.binom.isf(1e-4, CELLS, 2 * stats.norm.sf(3))


def normal_widths(rng, k, shift=0.0):
    """Widths about means from 200 to 800 with standard deviations from 20 to 60."""
    means, spreads = np.linspace(200, 800, CELLS), np.linspace(60, 20, CELLS)
    noise = rng.standard_normal((CELLS, k)) + shift
    return np.rint(means[:, None] + spreads[:, None] * noise).astype(int)


def first_of(population, k):
    """Trials of a replay are the first restarts, in no particular order: any k of them."""
    return population[:, :k]


def summary_of(trials, published, quantity):
    comparisons = with_verdicts(compare_cells("moons", trials, published))
    summary = summarise(comparisons).set_index("quantity").loc[quantity]
    return summary, comparisons[comparisons["quantity"] == quantity]


def assert_calibrated(summary, narrower=0.0):
    assert abs(summary["mean_z"]) < FOUR_MEAN
    assert 1 - narrower - FOUR_SD < summary["sd_z"] < 1 + FOUR_SD
    assert (1 - summary["share_within_3"]) * CELLS <= MOST_BEYOND_3
    assert summary["verdict"] == "agrees"


@pytest.mark.parametrize(("k", "n"), [(1, 25), (2, 10), (5, 25), (25, 25)])
def test_independent_widths(k, n, trial_table, published_table):
    rng = np.random.default_rng(100 * k + n)
    published = published_table(normal_widths(rng, n))
    summary, _ = summary_of(trial_table(normal_widths(rng, k)), published, "second_width")
    assert_calibrated(summary)


@pytest.mark.parametrize(("k", "n"), [(1, 25), (5, 50), (20, 25)])
def test_replayed_widths(k, n, trial_table, published_table):
    rng = np.random.default_rng(100 * k + n)
    population = normal_widths(rng, n)
    trials = trial_table(first_of(population, k), order="reference")
    summary, _ = summary_of(trials, published_table(population), "second_width")
    assert_calibrated(summary)


@pytest.mark.parametrize("rho", [0.0, 1.0])
def test_widths_on_resampled_subsets(rho, trial_table, published_table):
    """All published trials of a cell share one subset, each replicated one has its own.

    That variance `rho` between subsets is estimated, never below 0: z is a little narrower than
    normal, by less than a tenth here, and never wider.
    """
    rng = np.random.default_rng(12)
    means, spread = np.linspace(2000, 8000, CELLS)[:, None], 60

    def widths(k, subsets):
        between = np.sqrt(rho) * rng.standard_normal((CELLS, subsets))
        return np.rint(means + spread * (between + rng.standard_normal((CELLS, k)))).astype(int)

    published, trials = published_table(widths(25, 1)), trial_table(widths(25, 25), subset_seed=7)
    # The last cell is the whole data set, of which there is one subset.
    for table in (published, trials):
        table.loc[table["first_width"] == 10 * CELLS, "n_samples"] = 2000
    summary, cells = summary_of(trials, published, "second_width")
    assert cells["design"].tolist() == ["resampled"] * (CELLS - 1) + ["independent"]
    assert abs(summary["mean_z"]) < FOUR_MEAN
    assert 0.9 - FOUR_SD < summary["sd_z"] < 1 + FOUR_SD
    assert (1 - summary["share_within_3"]) * CELLS <= MOST_BEYOND_3
    # Its published cells share their subsets, so that only the whole set counts there.
    assert summary["stouffer_z"] == pytest.approx(cells["z"].iloc[-1])


@pytest.mark.parametrize("order", ["permutation", "reference"])
def test_probabilities(order, trial_table, published_table):
    """Hits among 50 trials, 50 or 100 published: the law has about ten values, so that the mid-p
    z is narrower than normal by a few per cent, and never wider.
    """
    rng = np.random.default_rng(7)
    n = 100 if order == "reference" else 50
    chance = np.linspace(0.3, 0.7, CELLS)[:, None]
    population = (rng.random((CELLS, n)) < chance).astype(int)
    hits = population if order == "reference" else (rng.random((CELLS, 50)) < chance).astype(int)
    trials = trial_table(np.ones((CELLS, 50)), hits[:, :50], order)
    published = published_table(np.ones((CELLS, n)), population)
    summary, _ = summary_of(trials, published, "interpolated")
    assert_calibrated(summary, narrower=0.05)


def test_probabilities_near_one_are_not_called_different(trial_table, published_table):
    """The cells of a transition's edge, where a normal approximation would cry wolf."""
    rng = np.random.default_rng(8)
    chance = np.linspace(0.9, 0.999, CELLS)[:, None]
    trials = trial_table(np.ones((CELLS, 5)), (rng.random((CELLS, 5)) < chance).astype(int))
    published = published_table(
        np.ones((CELLS, 25)), (rng.random((CELLS, 25)) < chance).astype(int)
    )
    summary, cells = summary_of(trials, published, "interpolated")
    assert (cells["verdict"] != "differs").all()
    assert summary["verdict"] == "agrees"
    # Few values, so narrower than normal; but it must not vanish.
    assert 0.2 < summary["sd_z"] < 1 + FOUR_SD


@pytest.mark.parametrize("order", ["permutation", "reference"])
def test_a_cell_that_is_off_by_one_standard_deviation_differs(order, trial_table, published_table):
    """100 trials and 100, or 50 of 100 published: z is 7 or 10, the bound for 1200 tests 4.5."""
    rng = np.random.default_rng(9)
    population = normal_widths(rng, 100)
    widths = first_of(population, 50) if order == "reference" else normal_widths(rng, 100)
    off = 17
    widths = widths.copy()
    widths[off] += round(population[off].std(ddof=1))
    trials = trial_table(widths, order=order)
    summary, cells = summary_of(trials, published_table(population), "second_width")
    differs = cells.loc[cells["verdict"] == "differs", "first_width"].tolist()
    assert differs == [10 * (off + 1)]
    assert summary["verdict"] == "differs"


def test_a_bias_too_small_for_one_cell_is_seen_over_all(trial_table, published_table):
    """A fifth of a standard deviation, 25 trials against 25: 0.7 in a cell, 17 over 600."""
    rng = np.random.default_rng(10)
    published = published_table(normal_widths(rng, 25))
    biased = trial_table(normal_widths(rng, 25, shift=0.2))
    summary, cells = summary_of(biased, published, "second_width")
    assert (cells["verdict"] != "differs").all()
    assert summary["stouffer_z"] == pytest.approx(0.2 * np.sqrt(25 / 2 * CELLS), abs=4)
    assert summary["verdict"] == "differs"


def test_a_bias_of_all_probabilities_is_seen(trial_table, published_table):
    rng = np.random.default_rng(11)
    ones = np.ones((CELLS, 25))
    published = published_table(ones, (rng.random((CELLS, 25)) < 0.5).astype(int))
    biased = trial_table(ones, (rng.random((CELLS, 25)) < 0.45).astype(int))
    summary, _ = summary_of(biased, published, "interpolated")
    assert summary["stouffer_z"] == pytest.approx(-0.05 / np.sqrt(0.5 / 25) * np.sqrt(CELLS), abs=4)
    assert summary["verdict"] == "differs"
