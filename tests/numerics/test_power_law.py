import numpy as np
import pytest

from memrob.numerics.power_law import fit_power_law

X = np.array([8.0, 16, 32, 64])


def fit(samples, x=X):
    return fit_power_law(x, samples, rng=np.random.default_rng(0))


def test_a_power_without_noise_is_found():
    law = fit([np.full(3, 2.5 * x**0.7) for x in X])
    assert law == pytest.approx((0.7, 2.5, 0.7, 0.7))


def test_the_interval_covers_the_exponent_as_often_as_it_says():
    rng = np.random.default_rng(1)
    covered = 0
    for _ in range(150):
        law = fit([x**0.5 * np.exp(0.1 * rng.standard_normal(30)) for x in X])
        covered += law.low <= 0.5 <= law.high
    assert 0.86 <= covered / 150 <= 0.99


def test_single_trials_have_no_interval():
    law = fit([[x] for x in X])
    assert law.exponent == pytest.approx(1) and np.isnan([law.low, law.high]).all()


@pytest.mark.parametrize(
    ("x", "samples"),
    [([8.0], [[1.0]]), ([8.0, 8.0], [[1.0], [2.0]]), ([8.0, 9.0], [[1.0], [0.0]])],
)
def test_what_cannot_be_fitted_is_refused(x, samples):
    with pytest.raises(ValueError, match=r"expected two|positive"):
        fit(samples, np.array(x))
