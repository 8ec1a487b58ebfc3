"""Which detectors fire at test points, and what follows for prediction."""

import numpy as np
import pytest

from memrob.interpolation import fit
from memrob.studies.baselines import REFERENCES, fitted_reference
from memrob.studies.generalisation.detection import evaluate
from memrob.studies.neighbours import NearestNeighbours


@pytest.fixture(scope="module", params=[2, 3])
def fitted(request):
    rng = np.random.default_rng(3)
    X = rng.standard_normal((300, 5)).astype(np.float32)
    y = rng.integers(0, request.param, 300) + 4
    # Wide enough to detect some points that it was not constructed on, not all.
    return fit(X[:200], y[:200], first_width=200, max_bias=0.5, seed=1), X, y


def test_shares_add_up(fitted):
    network, X, y = fitted
    result = evaluate(network, X[200:], y[200:])
    assert result.accuracy == np.mean(network.predict(X[200:]) == y[200:])
    unique = 1 - result.undetected - result.ambiguous
    unique_errors = unique * (1 - result.unique_accuracy)
    errors = unique_errors + result.undetected_errors + result.ambiguous_errors
    assert errors == pytest.approx(1 - result.accuracy)


def test_training_points_are_recognised(fitted):
    network, X, y = fitted
    result = evaluate(network, X[:200], y[:200])
    assert network.interpolates
    assert (result.accuracy, result.unique_accuracy, result.ambiguous) == (1, 1, 0)


def test_points_that_no_detector_knows(fitted):
    network, X, y = fitted
    unknown = ~network.detections(X).any(axis=1)
    result = evaluate(network, X[unknown], y[unknown])
    assert (result.undetected, result.ambiguous) == (1, 0)
    assert np.isnan(result.unique_accuracy)
    assert result.undetected_errors == 1 - result.accuracy


@pytest.mark.parametrize("name", REFERENCES)
def test_references_separate_two_clouds(name):
    rng = np.random.default_rng(0)
    y = np.repeat([3, 8], 60)
    X = (rng.standard_normal((120, 4)) * 0.05 + np.where(y == 8, 0.5, -0.5)[:, None]).astype("f")
    fitted = fitted_reference(name, X[::2], y[::2])
    assert fitted.score(X[1::2], y[1::2]) == 1


def test_the_linear_reference_cannot_tell_a_cross_apart():
    rng = np.random.default_rng(0)
    X = rng.uniform(-1, 1, (400, 2)).astype(np.float32)
    y = (X.prod(axis=1) > 0).astype(int)
    scores = {n: fitted_reference(n, X[:300], y[:300]).score(X[300:], y[300:]) for n in REFERENCES}
    assert scores["linear"] < 0.7 < 0.9 < scores["neighbours"]


@pytest.mark.parametrize("block", [1, 2**24])
def test_neighbours_are_those_of_scikit_learn(block, monkeypatch):
    from sklearn.neighbors import KNeighborsClassifier

    monkeypatch.setattr("memrob.studies.neighbours.BLOCK_NUMBERS", block)
    rng = np.random.default_rng(1)
    X = rng.uniform(-1, 1, (400, 3)).astype(np.float32)
    y = rng.integers(2, 5, 400)
    expected = KNeighborsClassifier(5).fit(X[:300], y[:300]).predict(X[300:])
    found = NearestNeighbours(5).fit(X[:300], y[:300]).predict(X[300:])
    assert np.array_equal(found, expected)
    assert len(set(found)) == 3
