"""The scikit-learn estimator: its contract, labels of any kind, and what it makes of bad data."""

import doctest
import pickle
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from exact_points import distinct_classes
from sklearn.datasets import load_iris
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from memrob.data import build, normalise
from memrob.interpolation import InterpolatingClassifier, estimator, fit


@parametrize_with_checks(
    [
        InterpolatingClassifier(),
        InterpolatingClassifier(first_width=200, activation="relu", normalize=False),
        InterpolatingClassifier(order="reference"),
        InterpolatingClassifier(warm_start=True),
        InterpolatingClassifier(order="greedy", decision="margin"),
        InterpolatingClassifier(order="cluster"),
        InterpolatingClassifier(order="greedy", min_cover=2, slack=0.01, decision="margin"),
    ]
)
def test_contract_of_scikit_learn(estimator, check):
    check(estimator)


def data(n_points=60, input_dim=3, n_classes=3, seed=0):
    return distinct_classes(np.random.default_rng(seed), n_points, input_dim, n_classes)


def assert_same_network(network, expected):
    assert np.array_equal(network.weights, expected.weights)
    assert np.array_equal(network.biases, expected.biases)
    for detector, other in zip(network.detectors, expected.detectors, strict=True):
        assert detector.candidates.tolist() == other.candidates.tolist()
        assert detector.thresholds.tolist() == other.thresholds.tolist()
        assert np.array_equal(detector.mask_words, other.mask_words)


@pytest.mark.parametrize("n_classes", [2, 4])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"order": "greedy"},
        {"order": "cluster"},
        {"order": "reference"},
        {"activation": "relu"},
        {"adaptive": True},
    ],
)
def test_is_the_network_of_fit_on_normalised_data(options, n_classes):
    X, y = data(n_classes=n_classes)
    classifier = InterpolatingClassifier(60, 1.5, random_state=7, **options).fit(X, y)
    expected = fit(normalise(X.copy()), y, first_width=60, max_bias=1.5, seed=7, **options)
    assert_same_network(classifier.network_, expected)
    # Without the division, points are those of the caller.
    classifier.set_params(normalize=False, first_width=90, max_bias=2).fit(X, y)
    expected = fit(X, y, first_width=90, max_bias=2, seed=7, **options)
    assert_same_network(classifier.network_, expected)
    assert classifier.scale_ == 1
    assert classifier.predict(X + 0.25).tolist() == expected.predict(X + 0.25).tolist()


def test_attributes():
    X, y = data()
    classifier = InterpolatingClassifier(300, random_state=0).fit(X, y)
    network = classifier.network_
    assert classifier.interpolates_ is True
    assert classifier.score(X, y) == 1
    assert classifier.first_width_ == 300
    assert classifier.second_width_ == network.second_width > 0
    assert classifier.second_width_per_class_ == [d.width for d in network.detectors]
    assert classifier.n_parameters_ == network.n_parameters
    assert classifier.scale_ == np.linalg.norm(X, axis=1).max()
    narrow = InterpolatingClassifier(2, random_state=0).fit(X, y)
    assert narrow.interpolates_ is False
    assert narrow.score(X, y) == narrow.network_.accuracy < 1


@pytest.mark.parametrize(
    "labels",
    [
        np.array(["a", "bb", "c"]),
        np.array(["a", "bb", "c"], dtype=object),
        np.array([-7, 0, 300]),
        np.array([250, 251, 252], dtype=np.uint8),
        np.array([-1.0, 2.0, 3.0]),
        np.array([False, True]),
        pd.array(["x", "y", "zzz"], dtype="str"),
        pd.Categorical(["x", "y", "z"]),
    ],
)
def test_labels_of_any_type(labels):
    X, k = data(n_classes=len(labels))
    y = labels[k]
    classifier = InterpolatingClassifier(500, random_state=0).fit(X, y)
    assert classifier.interpolates_
    assert list(classifier.classes_) == list(labels)
    prediction = classifier.predict(X)
    assert list(prediction) == list(y)
    assert prediction.dtype == classifier.classes_.dtype
    numbered = InterpolatingClassifier(500, random_state=0).fit(X, k)
    shifted = X + 0.3
    assert list(classifier.predict(shifted)) == list(labels[numbered.predict(shifted)])


def test_random_state():
    X, y = data()

    def seed(random_state):
        return InterpolatingClassifier(5, random_state=random_state).fit(X, y).seed_

    assert seed(3) == seed(np.int64(3)) == 3
    assert seed(np.random.RandomState(0)) == seed(np.random.RandomState(0))
    assert seed(None) != seed(None)
    classifier = InterpolatingClassifier(50).fit(X, y)
    again = InterpolatingClassifier(50, random_state=classifier.seed_).fit(X, y)
    assert_same_network(again.network_, classifier.network_)


@pytest.mark.parametrize("factor", [2.0**-60, 2.0**-10, 4.0, 2.0**80])
def test_units_do_not_matter(factor):
    X, y = data()
    classifier = InterpolatingClassifier(100, random_state=0).fit(X, y)
    other = InterpolatingClassifier(100, random_state=0).fit(X * np.float32(factor), y)
    assert other.interpolates_ == classifier.interpolates_
    shifted = (X + 0.25) * np.float32(factor)
    # The squares of the extreme ones leave the range of float32, and the norm is rounded otherwise.
    assert other.scale_ == pytest.approx(classifier.scale_ * factor, rel=1e-6)
    if 1e-6 < factor < 1e6:
        assert other.predict(shifted).tolist() == classifier.predict(X + 0.25).tolist()
    else:
        assert other.score(X * np.float32(factor), y) == classifier.score(X, y)


def test_points_in_two_classes():
    X, y = data(n_classes=2)
    X, y = np.concatenate([X, X[:1]]), np.concatenate([y, 1 - y[:1]])
    with pytest.warns(UserWarning, match=r"rows 0 and 60 .*cannot interpolate"):
        classifier = InterpolatingClassifier(500, random_state=0).fit(X, y)
    wrong = classifier.predict(X) != y
    assert not classifier.interpolates_
    # All else is interpolated, and the point itself is taken for X+.
    assert (X[wrong] == X[0]).all()
    assert classifier.predict(X[:1]).tolist() == [0]
    with pytest.raises(ValueError, match=r"rows 0 and 60 .*are the same point"):
        classifier.set_params(adaptive=True).fit(X, y)


def test_all_points_zero():
    with pytest.warns(UserWarning, match="rows 0 and 1"):
        classifier = InterpolatingClassifier(10, random_state=0).fit(np.zeros((4, 2)), [0, 1, 2, 2])
    assert classifier.scale_ == 1
    assert classifier.predict(np.zeros((1, 2))).tolist() == [2]


def test_adaptive_form_interpolates():
    X, y = build("moons")
    classifier = InterpolatingClassifier(10, adaptive=True, random_state=0).fit(X, y)
    assert classifier.interpolates_
    assert classifier.first_width_ == classifier.network_.layer.width > 10


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"first_width": 0}, "first_width: is 0"),
        ({"max_bias": -1}, "max_bias: is -1"),
        ({"max_bias": np.nan}, "max_bias: is nan"),
        ({"activation": "tanh"}, "activation: is 'tanh'"),
        ({"order": "sorted"}, "order: is 'sorted'"),
        ({"activation": "relu", "order": "reference"}, "order: reference"),
        ({"device": "tpu"}, "device: is 'tpu'"),
        ({"random_state": -1}, "between 0 and"),
        ({"random_state": "seed"}, "seed"),
        ({"adaptive": True, "max_bias": 0.0}, "max_bias: with 0"),
    ],
)
def test_parameters_out_of_range_are_value_errors(changed, message, monkeypatch):
    monkeypatch.setattr("memrob.interpolation.adaptive.LARGEST_WIDTH", 1024)
    X, y = np.array([[1.0], [2.0], [3.0]]), [0, 1, 0]
    with pytest.raises(ValueError, match=message):
        InterpolatingClassifier(**{"random_state": 0, **changed}).fit(X, y)


@pytest.mark.parametrize(
    "changed",
    [
        {"first_width": 2.5},
        {"first_width": 2.0},
        {"first_width": "20"},
        {"first_width": True},
        {"max_bias": "1"},
        {"max_bias": False},
        {"max_bias": None},
        {"adaptive": "False"},
        {"normalize": "False"},
        {"normalize": 1},
        {"normalize": None},
        {"warm_start": "no"},
    ],
    ids=str,
)
def test_parameters_of_other_types(changed):
    with pytest.raises(TypeError, match=r"must be (an instance of|an integer|a real number)"):
        InterpolatingClassifier(**changed).fit([[1.0], [2.0]], [0, 1])


@pytest.mark.parametrize("labels", [[1, "a"], [None, "a"], ["a", 1.5]])
def test_labels_of_several_types_are_named(labels):
    with pytest.raises(ValueError, match="y holds labels of several types, "):
        InterpolatingClassifier(2).fit([[1.0], [2.0]], np.array(labels, dtype=object))


def test_truth_value_is_no_seed():
    with pytest.raises(TypeError, match="random_state must be"):
        InterpolatingClassifier(random_state=True).fit([[1.0], [2.0]], [0, 1])


def test_numbers_of_numpy_are_parameters():
    X, y = data()
    plain = InterpolatingClassifier(60, 1, adaptive=False, random_state=7).fit(X, y)
    other = InterpolatingClassifier(
        np.int32(60),
        np.float32(1),
        adaptive=np.False_,
        normalize=np.True_,
        random_state=np.int64(7),
    ).fit(X, y)
    assert_same_network(other.network_, plain.network_)


@pytest.mark.parametrize("exponent", [-1000, -140, -80, -30, 30, 80, 120, 1000])
def test_scale_of_two_does_not_change_the_network(exponent):
    X, y = data()
    X = X.astype(np.float64)
    classifier = InterpolatingClassifier(100, random_state=0).fit(X, y)
    scaled = np.ldexp(X, exponent)
    other = InterpolatingClassifier(100, random_state=0).fit(scaled, y)
    assert_same_network(other.network_, classifier.network_)
    assert other.scale_ == np.ldexp(classifier.scale_, exponent)
    shifted = np.ldexp(X + 0.25, exponent)
    assert other.predict(shifted).tolist() == classifier.predict(X + 0.25).tolist()


def test_columns_of_very_different_size():
    y = np.arange(20) % 2
    X = np.column_stack([1e299 * np.arange(-10, 10), 1e-300 * y, np.ones(20)])
    classifier = InterpolatingClassifier(10, adaptive=True, random_state=0).fit(X, y)
    assert classifier.score(X, y) == 1


@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        ([[1.0], [2.0]], [5, 5], "one class only"),
        ([[1.0], [np.nan]], [0, 1], "NaN"),
        ([[1.7e308, 1.7e308], [0, 1.7e308]], [0, 1], "norm exceeds double precision"),
        ([[1.0], [2.0]], [0.5, 1.5], "Unknown label type"),
        ([[1.0], [2.0]], [[0, 1], [1, 0]], "shape"),
        ([[1.0], [2.0]], [0, 1, 2], "inconsistent numbers"),
        ([1.0, 2.0], [0, 1], "2D array"),
    ],
)
def test_bad_data_are_value_errors(X, y, message):
    with pytest.raises(ValueError, match=message):
        InterpolatingClassifier(10, random_state=0).fit(X, y)


def test_points_beyond_float32():
    classifier = InterpolatingClassifier(10, random_state=0).fit([[1e-20], [-1e-20]], [0, 1])
    with pytest.raises(ValueError, match=r"row 1 .* exceeds single precision"):
        classifier.predict([[1.0], [1e30]])
    with pytest.raises(ValueError, match=r"row 1 .* exceeds single precision"):
        classifier.set_params(normalize=False).fit([[1.0], [1e300]], [0, 1])


def test_in_a_pipeline_with_a_grid_search():
    iris = load_iris(as_frame=True)
    names = np.asarray(iris.target_names)[iris.target]
    pipeline = make_pipeline(StandardScaler(), InterpolatingClassifier(random_state=0))
    grid = {
        "interpolatingclassifier__first_width": [3, 500],
        "interpolatingclassifier__max_bias": [0.5, 1],
    }
    search = GridSearchCV(pipeline, grid, cv=3).fit(iris.data, names)
    assert search.best_params_["interpolatingclassifier__first_width"] == 500
    assert search.best_score_ > 0.8
    unpickled = pickle.loads(pickle.dumps(search.best_estimator_))
    assert list(unpickled.predict(iris.data)) == list(search.predict(iris.data))


def test_libraries_are_imported_when_they_are_needed():
    code = (
        "import sys, memrob.interpolation as i; before = set(sys.modules);"
        "print([m in before for m in ('sklearn', 'safetensors', 'torch')]);"
        "[getattr(i, name) for name in i.__all__]; print('sklearn' in sys.modules);"
        "print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:3] == ["[False, False, False]", "True", "False"]
    with pytest.raises(ImportError, match="cannot import name 'Classifier'"):
        from memrob.interpolation import Classifier  # noqa: F401


def test_example_in_the_documentation():
    failed, attempted = doctest.testmod(estimator)
    assert (failed, attempted > 3) == (0, True)
