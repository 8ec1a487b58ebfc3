"""The constructed network: known answers, what is counted of it, and the rule of prediction."""

import numpy as np
import packed_twins as twins
import pytest
from exact_points import SEEDS, distinct_classes
from hypothesis import given, settings
from hypothesis import strategies as st

from memrob.data import build
from memrob.errors import UserError
from memrob.interpolation import ORDERS, fit, load, save


@st.composite
def fitted(draw, most_classes=5):
    """Exact data and a network on it, from far too narrow to wide enough."""
    rng = np.random.default_rng(draw(SEEDS))
    n_points = draw(st.sampled_from([8, 40, 150]))
    n_classes = draw(st.integers(2, most_classes))
    X, y = distinct_classes(rng, n_points, draw(st.sampled_from([1, 2, 5])), n_classes)
    # Labels need not be 0, 1, ...
    y = np.array([-3, 1, 2, 40, 41])[y]
    order = draw(st.sampled_from(ORDERS))
    network = fit(
        X,
        y,
        first_width=draw(st.sampled_from([1, 3, 10, 40, 300])),
        max_bias=draw(st.sampled_from([0.0, 0.5, 4.0])),
        seed=draw(st.integers(0, 1000)),
        order=order,
    )
    return X, y, network, order


quick = settings(deadline=None, max_examples=80)


@quick
@given(fitted())
def test_accuracy_is_that_of_the_predictions(case):
    X, y, network, _ = case
    assert network.accuracy == (network.predict(X) == y).mean()
    assert network.interpolates == (network.predict(X) == y).all()


@quick
@given(fitted())
def test_neurons_are_those_of_their_formula(case):
    X, y, network, order = case
    features = twins.threshold_features(X, network.weights, network.biases)
    for detector in network.detectors:
        assert (y[detector.candidates] == detector.label).all()
        # The mask of a cluster is smaller than that of the point that began it.
        own = ~features[detector.candidates]
        assert not (detector.masks & ~own).any()
        assert order == "cluster" or np.array_equal(detector.masks, own)
        others = features[y != detector.label]
        if detector.width:
            minima = twins.masked_minima(others, detector.masks)
            assert detector.thresholds.tolist() == minima.tolist()
        fires = detector.fires(X)
        assert np.array_equal(
            fires, twins.masked_below(features, detector.masks, detector.thresholds).T
        )
        assert np.array_equal(detector.detects(X), fires.any(axis=1))
        assert not fires[y != detector.label].any()
        assert fires[detector.candidates].diagonal().all()


@quick
@given(fitted())
def test_covered_is_what_the_detectors_detect(case):
    X, y, network, _ = case
    detected = [int(d.detects(X[y == d.label]).sum()) for d in network.detectors]
    assert [d.n_covered for d in network.detectors] == detected
    members = [int((y == d.label).sum()) for d in network.detectors]
    assert [d.n_members for d in network.detectors] == members
    assert network.covered == sum(detected) / sum(members)


@quick
@given(fitted(most_classes=2))
def test_interpolates_iff_every_pair_is_separated(case):
    X, y, network, _ = case
    features = twins.threshold_features(X, network.weights, network.biases)
    minus, plus = features[y == y.max()], features[y != y.max()]
    separated = all((~m & p).any() for m in minus for p in plus)
    assert network.interpolates == separated
    assert (network.covered == 1) == separated


@quick
@given(fitted())
def test_prediction_rule(case):
    X, y, network, _ = case
    labels = np.unique(y)
    assert network.labels.tolist() == labels.tolist()
    two = len(labels) == 2
    assert [d.label for d in network.detectors] == (labels[1:] if two else labels).tolist()
    everywhere = np.concatenate([X, X + 0.25, -X])
    detected = np.stack([d.detects(everywhere) for d in network.detectors], axis=1)
    assert np.array_equal(network.detections(everywhere), detected)
    default = labels[0] if two else labels[-1]
    expected = [
        max((d.label for d, hit in zip(network.detectors, row, strict=True) if hit), default=None)
        for row in detected
    ]
    expected = [default if label is None else label for label in expected]
    assert network.predict(everywhere).tolist() == expected


@quick
@given(fitted())
def test_counts(case):
    network = case[2]
    assert network.second_width == sum(network.second_width_per_class)
    arrays = [network.weights, network.biases]
    for detector in network.detectors:
        # Second layer: masks and thresholds; output: one bias a detector, all weights 1.
        arrays += [detector.masks, detector.thresholds, np.zeros(1)]
    assert network.n_parameters == sum(array.size for array in arrays)


def test_two_opposite_points():
    # On the line without bias, the hyperplane of a positive weight separates -1 from 1.
    X, y = np.array([[1.0], [-1.0]], dtype=np.float32), np.array([0, 1])
    for seed in range(50):
        network = fit(X, y, first_width=3, max_bias=0.0, seed=seed)
        n_separating = int((network.weights > 0).sum())
        (detector,) = network.detectors
        assert network.interpolates == (n_separating > 0)
        assert network.accuracy == (1 if n_separating else 0.5)
        assert detector.thresholds.tolist() == ([n_separating] if n_separating else [])
        assert detector.candidates.tolist() == ([1] if n_separating else [])
        assert network.n_parameters == 3 * 2 + len(detector.candidates) * 4 + 1


def test_probability_of_interpolating_two_points():
    X, y = np.array([[1.0], [-1.0]], dtype=np.float32), np.array([0, 1])
    done = [fit(X, y, first_width=2, max_bias=0.0, seed=s).interpolates for s in range(800)]
    assert abs(sum(done) - 600) < 4 * np.sqrt(800 * 3 / 16)


def test_points_on_one_ray_need_a_bias():
    X, y = np.array([[1.0, 0], [2.0, 0]], dtype=np.float32), np.array([0, 1])
    without = fit(X, y, first_width=2000, max_bias=0.0, seed=0)
    assert (without.accuracy, without.second_width, without.covered) == (0.5, 0, 0)
    assert without.predict(X).tolist() == [0, 0]
    assert without.detectors[0].fires(X).shape == (2, 0)
    assert fit(X, y, first_width=2000, max_bias=2.0, seed=0).interpolates


def test_two_parallel_lines():
    X, y = build("lines")
    # No two points lie on one ray, so that even hyperplanes through the origin separate.
    for max_bias in (0.0, 1.0):
        network = fit(X, y, first_width=2000, max_bias=max_bias, seed=0)
        assert network.interpolates
        assert 1 <= network.second_width <= 10
        assert network.predict(X).tolist() == y.tolist()


def test_no_detection_gives_the_last_of_several_classes():
    # All points lie on one ray: without bias no pair is separated.
    X = np.arange(1, 5, dtype=np.float32)[:, None] * np.ones((1, 3), np.float32)
    network = fit(X, np.array([2, 5, 9, 9]), first_width=50, max_bias=0.0, seed=0)
    assert network.predict(X).tolist() == [9, 9, 9, 9]
    assert (network.accuracy, network.covered, network.second_width) == (0.5, 0, 0)


def test_last_class_may_be_uncovered_in_an_interpolating_trial():
    X, y = np.array([[1, 0], [0, 1], [-1, -1]], dtype=np.float32), np.array([0, 1, 2])
    networks = [fit(X, y, first_width=5, max_bias=0.5, seed=seed) for seed in range(60)]
    partly = [n for n in networks if [d.n_covered for d in n.detectors] == [1, 1, 0]]
    assert partly
    for network in partly:
        assert (network.interpolates, network.covered) == (True, 2 / 3)
        assert network.predict(X).tolist() == [0, 1, 2]


def test_nothing_to_predict():
    X, y = build("lines")
    network = fit(X, y, first_width=50, max_bias=1.0, seed=0)
    assert network.predict(X[:0]).shape == (0,)
    assert network.detectors[0].fires(X[:0]).shape == (0, network.second_width)


@pytest.mark.parametrize("activation", ["threshold", "relu"])
def test_exchanged_roles_are_those_of_exchanged_labels(activation, tmp_path):
    X, y = build("moons")
    options = {"first_width": 300, "max_bias": 1.0, "activation": activation}
    swapped = fit(X, y, **options, seed=3, swap=True)
    assert [detector.label for detector in swapped.detectors] == [0]
    assert swapped.interpolates
    assert (swapped.predict(X) == y).all()
    assert (y[swapped.detectors[0].candidates] == 0).all()
    assert swapped.accuracy == swapped.covered == 1
    far = np.float32([[50, 50]])
    fires = swapped.detectors[0].detects(far)[0]
    assert swapped.predict(far)[0] == (0 if fires else 1)
    save(tmp_path / "swapped.safetensors", swapped)
    assert (load(tmp_path / "swapped.safetensors").predict(X) == y).all()


def test_exchanged_roles_of_three_classes_are_refused():
    with pytest.raises(UserError, match="swap: the roles of two classes can be exchanged, but y"):
        fit(np.eye(3, dtype=np.float32), [0, 1, 2], first_width=9, max_bias=1, seed=0, swap=True)
