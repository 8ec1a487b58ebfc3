import numpy as np
import pytest
from scipy.stats import norm

from memrob.numerics.bootstrap import bootstrap_interval


def test_many_trials_give_the_normal_interval():
    values = np.random.default_rng(0).exponential(size=5000)
    half = norm.ppf(0.95) * values.std() / np.sqrt(values.size)
    low, high = bootstrap_interval(values, level=0.9, rng=np.random.default_rng(1))
    assert low == pytest.approx(values.mean() - half, abs=0.1 * half)
    assert high == pytest.approx(values.mean() + half, abs=0.1 * half)


def test_interval_covers_the_mean_about_as_often_as_it_says():
    rng = np.random.default_rng(2)
    hits = 0
    for _ in range(400):
        low, high = bootstrap_interval(rng.normal(7, 3, size=40), resamples=500, rng=rng)
        hits += low <= 7 <= high
    # 0.95 less the known lack of a percentile interval of 40 trials (about 0.015), within 4 sd.
    assert 0.935 - 4 * 0.0124 < hits / 400 < 0.98


def test_two_trials_have_the_two_of_them_as_ends():
    # The means 0, 1/2, 1 have probabilities 1/4, 1/2, 1/4: both 2.5 % quantiles are extremes.
    assert bootstrap_interval([0, 1], rng=np.random.default_rng(0)) == (0.0, 1.0)


def test_trials_that_agree_have_an_interval_of_length_zero():
    assert bootstrap_interval([1, 1, 1], rng=np.random.default_rng(0)) == (1.0, 1.0)


def test_same_generator_state_same_interval():
    ends = [bootstrap_interval([1, 4, 9], rng=np.random.default_rng(5)) for _ in range(2)]
    assert ends[0] == ends[1]


def test_no_trials_is_an_error():
    with pytest.raises(ValueError, match="trials >= 1"):
        bootstrap_interval([], rng=np.random.default_rng(0))
