"""Labels that are wrong on purpose, and points on one scale."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memrob.errors import UserError
from memrob.training.labels import noisy_labels, one_hot, random_labels
from memrob.training.samples import pooled, prepare_samples


@given(st.integers(1, 200), st.floats(0, 1), st.integers(2, 10), st.integers(0, 99))
@settings(deadline=None, max_examples=50)
def test_exactly_the_share_is_replaced_by_other_classes(n_samples, share, n_classes, seed):
    y = np.random.default_rng(seed + 1).integers(n_classes, size=n_samples)
    noisy = noisy_labels(y, share, n_classes, np.random.default_rng(seed))
    assert (noisy != y).sum() == round(share * n_samples)
    assert noisy.min() >= 0 and noisy.max() < n_classes


def test_more_noise_contains_less():
    y = np.random.default_rng(0).integers(10, size=500)
    less, more = (noisy_labels(y, share, 10, np.random.default_rng(1)) for share in (0.1, 0.3))
    replaced = less != y
    assert np.array_equal(less[replaced], more[replaced])


def test_other_classes_are_equally_likely():
    y = np.full(30_000, 3)
    counts = np.bincount(noisy_labels(y, 1.0, 4, np.random.default_rng(2)), minlength=4)
    assert counts[3] == 0
    assert counts[:3] == pytest.approx(np.full(3, 10_000), rel=0.05)


def test_a_share_is_from_0_to_1():
    with pytest.raises(UserError, match=r"label_noise: is 1\.5"):
        noisy_labels(np.zeros(3, dtype=int), 1.5, 2, np.random.default_rng(0))


def test_random_labels_of_fewer_points_are_a_prefix():
    few, many = (random_labels(n, 10, np.random.default_rng(3)) for n in (70, 1000))
    assert np.array_equal(few, many[:70])
    assert np.bincount(many).tolist() == pytest.approx([100] * 10, abs=40)


def test_one_hot():
    assert one_hot(np.array([1, 0]), 3).tolist() == [[0, 1, 0], [1, 0, 0]]


def test_samples_are_scaled_by_the_training_points():
    rng = np.random.default_rng(4)
    X, y = rng.normal(3, 1, size=(40, 5)), np.repeat([7, 2], 20)
    found = prepare_samples(X, y, 2 * X[:3], y[:3], norm=5.0, centre=True)
    assert np.sqrt(np.square(found.X).sum(1).mean()) == pytest.approx(5, rel=1e-5)
    assert found.X.mean(0) == pytest.approx(np.zeros(5), abs=1e-5)
    assert found.y.tolist() == [1] * 20 + [0] * 20 and found.y_test.tolist() == [1] * 3
    factor = (found.X[0, 0] - found.X[1, 0]) / (X[0, 0] - X[1, 0])
    assert found.X_test == pytest.approx((2 * X[:3] - X.mean(0)) * factor, rel=1e-4)
    assert (found.n_samples, found.input_dim, found.n_classes) == (40, 5, 2)


@pytest.mark.parametrize(
    ("X", "y", "y_test", "message"),
    [
        (np.ones((2, 1)), [0, 0], [0], "y: has 1 class"),
        (np.zeros((2, 1)), [0, 1], [0], "X: all points"),
        (np.ones((2, 1)), [0, 1], [5], "y_test: label 5"),
    ],
)
def test_samples_that_nothing_can_be_trained_on(X, y, y_test, message):
    with pytest.raises(UserError, match=message):
        prepare_samples(X, np.array(y), X[:1], np.array(y_test), norm=1.0)


def test_pooling_takes_means_of_squares():
    image = np.arange(16.0).reshape(1, 16)
    assert pooled(image, (4, 4), 2).tolist() == [[2.5, 4.5, 10.5, 12.5]]
    with pytest.raises(UserError, match="pooling: is 3"):
        pooled(image, (4, 4), 3)
