"""Minimum-norm readouts against the pseudo-inverse, and the peak where it must be."""

import numpy as np
import pandas as pd
import pytest

from memrob.errors import UserError
from memrob.training import random_features
from memrob.training.double_descent import random_feature_rows
from memrob.training.random_features import (
    minimum_norm,
    random_relu_features,
    readouts,
    sample_directions,
)
from memrob.training.samples import prepare_samples

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("n_features", [5, 20, 39, 40, 41, 100, 400])
@pytest.mark.parametrize("by_svd", [False, True])
def test_readout_is_that_of_the_pseudo_inverse(monkeypatch, n_features, by_svd):
    if by_svd:
        monkeypatch.setattr(random_features, "LEAST_RECIPROCAL_CONDITION", np.inf)
    X, targets = RNG.normal(size=(40, 6)).astype(np.float32), RNG.normal(size=(40, 3))
    features = random_relu_features(X, sample_directions(RNG, n_features, 6))
    expected = np.linalg.pinv(features.astype(float)) @ targets
    found = minimum_norm(features, targets)
    assert np.linalg.norm(found - expected) <= 1e-5 * np.linalg.norm(expected)
    residual = np.abs(features @ found - targets).max()
    assert residual < 1e-6 if n_features >= 60 else n_features >= 40 or residual > 1e-3


def test_points_that_occur_twice_are_fitted_by_their_mean():
    features = np.repeat(RNG.normal(size=(5, 30)), 2, axis=0)
    targets = RNG.normal(size=(10, 1))
    found = features @ minimum_norm(features, targets)
    assert found == pytest.approx(np.repeat(targets.reshape(5, 2).mean(1), 2)[:, None])


def test_features_are_rectified_projections():
    X, V = np.array([[1.0, -2.0]]), np.array([[3.0, 1.0], [1.0, 1.0]])
    assert random_relu_features(X, V).tolist() == [[1.0, 0.0]]


def test_sets_of_targets_have_their_own_norms_and_outputs():
    features = RNG.normal(size=(12, 30))
    targets = RNG.normal(size=(2, 12, 3))
    found = readouts(features, targets)
    assert found.outputs(features) == pytest.approx(targets)
    for k in range(2):
        assert found.norms[k] == pytest.approx(
            np.linalg.norm(np.linalg.pinv(features) @ targets[k])
        )


def toy(n_samples=60, n_test=200, input_dim=10, seed=1):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n_samples + n_test, input_dim))
    y = (X[:, 0] + 0.3 * rng.normal(size=len(X)) > 0).astype(int)
    return prepare_samples(X[:n_samples], y[:n_samples], X[n_samples:], y[n_samples:], norm=1.0)


def test_peak_is_at_as_many_features_as_points():
    samples = toy()
    counts = [6, 20, 40, 60, 90, 200, 600]
    rows = pd.DataFrame(random_feature_rows(samples, counts, [0.0, 0.2], range(4)))
    assert len(rows) == 7 * 2 * 4
    medians = rows.groupby(["label_noise", "n_features"])[["test_loss", "norm"]].median()
    for noise in (0.0, 0.2):
        for quantity in ("test_loss", "norm"):
            curve = medians.loc[noise, quantity]
            assert curve.idxmax() == 60
            assert curve[60] > 3 * max(curve[6], curve[600])
    interpolating = rows[rows["n_features"] >= 90]
    assert interpolating["train_error"].max() == 0 and interpolating["train_loss"].max() < 1e-9
    assert rows[rows["n_features"] == 6]["train_error"].min() > 0
    # Noise is unpredictable: it costs test error where it is interpolated.
    errors = rows[rows["n_features"] == 600].groupby("label_noise")["test_error"].mean()
    assert errors[0.2] > errors[0.0] + 0.03


def test_rows_of_a_seed_do_not_depend_on_the_others():
    samples = toy()
    alone = pd.DataFrame(random_feature_rows(samples, [20], [0.2], [3]))
    among = pd.DataFrame(random_feature_rows(samples, [20, 90], [0.0, 0.2], [5, 3]))
    among = among[(among.seed == 3) & (among.n_features == 20) & (among.label_noise == 0.2)]
    for column in ("train_loss", "test_loss", "norm"):
        assert among[column].item() == pytest.approx(alone[column].item(), rel=1e-4)


def test_numbers_of_features_are_positive():
    with pytest.raises(UserError, match="n_features: is 0"):
        next(random_feature_rows(toy(), [0], [0.0], [0]))
