import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from memrob.numerics.statistics import (
    fit_power_law,
    mean_interval,
    ratio_of_means,
    share_interval,
)

X = np.array([8.0, 16, 32, 64])


def coverage(interval_of, truth, repeats=400):
    rng = np.random.default_rng(2)
    ends = [interval_of(rng) for _ in range(repeats)]
    return np.mean([low <= truth <= high for low, high in ends])


def test_many_trials_give_the_normal_interval():
    values = np.random.default_rng(0).exponential(size=5000)
    half = norm.ppf(0.95) * values.std() / np.sqrt(values.size)
    low, high = mean_interval(values, 0.9)
    assert low == pytest.approx(values.mean() - half, abs=0.1 * half)
    assert high == pytest.approx(values.mean() + half, abs=0.1 * half)


@pytest.mark.parametrize(
    ("trials", "least"),
    # A percentile interval of 40 trials is known to cover about 0.015 less than it says.
    [(2, 0.95), (4, 0.95), (9, 0.95), (40, 0.935)],
)
def test_the_interval_of_a_mean_covers_it_as_often_as_it_says(trials, least):
    covered = coverage(lambda rng: mean_interval(rng.normal(7, 3, trials)), 7)
    assert least - 4 * 0.011 < covered < 0.95 + 4 * 0.011


def test_the_interval_of_a_probability_covers_it_at_least_as_often_as_it_says():
    assert coverage(lambda rng: mean_interval(rng.random(6) < 0.8), 0.8) > 0.95 - 4 * 0.011


def test_outcomes_that_agree_do_not_make_a_probability_certain():
    low, high = mean_interval(np.ones(10, dtype=bool))
    # (1 - level) / 2 = low^10.
    assert (low, high) == (pytest.approx(0.025**0.1), 1.0)
    assert share_interval(0, 10) == (0.0, pytest.approx(1 - 0.025**0.1))


def test_numbers_that_agree_have_an_interval_of_length_zero():
    assert mean_interval([1.0, 1.0, 1.0]) == (1.0, 1.0)
    assert mean_interval(np.full(12, 2.0)) == (2.0, 2.0)


def test_the_interval_is_the_same_for_any_order_of_the_values():
    values = np.arange(12.0) ** 2
    assert mean_interval(values) == mean_interval(values[::-1])


def test_a_single_number_has_no_interval_and_none_is_an_error():
    assert np.isnan(mean_interval([3.0])).all()
    with pytest.raises(ValueError, match="trials >= 1"):
        mean_interval([])


def test_a_power_without_noise_is_found():
    law = fit_power_law(X, [np.full(3, 2.5 * x**0.7) for x in X])
    assert law == pytest.approx((0.7, 2.5, 0.7, 0.7))


@pytest.mark.parametrize("trials", [3, 30])
def test_the_interval_covers_the_exponent_as_often_as_it_says(trials):
    def interval(rng):
        noise = [np.exp(0.1 * rng.standard_normal(trials)) for _ in X]
        law = fit_power_law(X, [x**0.5 * e for x, e in zip(X, noise, strict=True)])
        return law.low, law.high

    assert 0.9 <= coverage(interval, 0.5) <= 0.99


def test_single_trials_have_no_interval():
    law = fit_power_law(X, [[x] for x in X])
    assert law.exponent == pytest.approx(1) and np.isnan([law.low, law.high]).all()


@pytest.mark.parametrize(
    ("x", "samples"),
    [([8.0], [[1.0]]), ([8.0, 8.0], [[1.0], [2.0]]), ([8.0, 9.0], [[1.0], [0.0]])],
)
def test_what_cannot_be_fitted_is_refused(x, samples):
    with pytest.raises(ValueError, match=r"expected two|positive"):
        fit_power_law(np.array(x), samples)


def cells(rng, trials, paired):
    common = rng.normal(10, 2, trials)
    own = common if paired else rng.normal(10, 2, trials)
    seeds = np.arange(trials)
    reference = pd.DataFrame({"seed": seeds, "v": own})
    over = 1.5 * common + rng.normal(0, 0.1, trials)
    return pd.DataFrame({"seed": seeds if paired else seeds + 100, "v": over}), reference


@pytest.mark.parametrize("trials", [4, 30])
@pytest.mark.parametrize("paired", [True, False])
def test_the_interval_covers_the_ratio_as_often_as_it_says(trials, paired):
    def interval(rng):
        ratio = ratio_of_means(*cells(rng, trials, paired), "v")
        return ratio.low, ratio.high

    assert 0.9 <= coverage(interval, 1.5) <= 0.99


def test_common_noise_cancels_between_trials_of_one_seed():
    errors = [
        ratio_of_means(*cells(np.random.default_rng(0), 20, paired), "v").error
        for paired in (True, False)
    ]
    assert errors[0] < 0.1 * errors[1]
