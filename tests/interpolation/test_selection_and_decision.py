"""Greedy selection, slack, least covers and decisions by margin, from `fit` to files and torch."""

import numpy as np
import packed_twins as twins
import pytest
from exact_points import SEEDS, distinct_classes
from hypothesis import given, settings
from hypothesis import strategies as st

from memrob.errors import UserError
from memrob.interpolation import InterpolatingClassifier, fit, load, save
from memrob.interpolation.construction import fit_sharing_weights
from memrob.interpolation.growing import grow

OPTIONS = {
    "order": st.sampled_from(["permutation", "greedy", "cluster"]),
    "slack": st.sampled_from([0, 1, 3, 0.0, 0.1]),
    "min_cover": st.sampled_from([1, 1, 2, 5]),
    "decision": st.sampled_from(["detection", "margin"]),
}


@st.composite
def fitted(draw):
    """Exact data with more than `slack` points of X+, and a network on it."""
    rng = np.random.default_rng(draw(SEEDS))
    X, y = distinct_classes(rng, draw(st.sampled_from([40, 150])), 5, draw(st.integers(2, 5)))
    options = {name: draw(values) for name, values in OPTIONS.items()}
    largest = np.bincount(y).max()
    if len(y) - largest <= 3:
        options["slack"] = 0
    sizes = {"first_width": draw(st.sampled_from([1, 10, 100])), "max_bias": 1.0, "seed": 1}
    return X, y, options, fit(X, y, **sizes, **options)


quick = settings(deadline=None, max_examples=80)


@quick
@given(fitted())
def test_accuracy_is_that_of_the_predictions(case):
    X, y, _, network = case
    assert network.accuracy == (network.predict(X) == y).mean()
    detected = [int(d.detects(X[y == d.label]).sum()) for d in network.detectors]
    assert [d.n_covered for d in network.detectors] == detected


@quick
@given(fitted())
def test_neurons_are_those_of_their_formula(case):
    X, y, options, network = case
    features = twins.threshold_features(X, network.weights, network.biases)
    for detector in network.detectors:
        others = features[y != detector.label]
        slack = options["slack"]
        tolerated = slack if isinstance(slack, int) else int(slack * len(others))
        if detector.width:
            ranked = twins.masked_ranks(others, detector.masks, tolerated, 1)
            assert detector.thresholds.tolist() == ranked.tolist()
        fires = detector.fires(X)
        assert fires[detector.candidates].diagonal().all()
        assert (fires[y != detector.label].sum(axis=0) <= tolerated).all()
        assert (fires[y == detector.label].sum(axis=0) >= options["min_cover"]).all()


@quick
@given(fitted())
def test_margins_and_the_decision_by_them(case):
    X, _, options, network = case
    everywhere = np.concatenate([X, X + 0.25, -X])
    features = twins.threshold_features(everywhere, network.weights, network.biases)
    margins = network.margins(everywhere)
    for k, detector in enumerate(network.detectors):
        expected = np.full(len(everywhere), -1.0)
        if detector.width:
            found = twins.masked_margins(features, detector.masks, detector.thresholds)
            expected = found / network.layer.width
        assert np.array_equal(margins[:, k], expected)
    assert np.array_equal(margins > 0, network.detections(everywhere))
    labels = network.predict(everywhere)
    if options["decision"] == "margin" and len(network.detectors) > 1:
        assert np.array_equal(labels, network.labels[margins.argmax(axis=1)])
    else:
        assert np.array_equal(labels, network.decided(margins > 0))


def test_margins_of_relu_networks():
    X, y = distinct_classes(np.random.default_rng(0), 60, 3, 3)
    network = fit(X, y, first_width=80, max_bias=1.0, seed=0, activation="relu", decision="margin")
    hidden = np.maximum(X @ network.weights.T + network.biases, 0)
    for k, detector in enumerate(network.detectors):
        expected = (detector.thresholds - hidden @ detector.masks.T.astype(np.float32)).max(axis=1)
        assert network.margins(X)[:, k] == pytest.approx(expected / 80, abs=1e-6)
    assert np.array_equal(network.margins(X) > 0, network.detections(X))
    assert (network.predict(X) == y).mean() == network.accuracy


@quick
@given(SEEDS, st.sampled_from([1, 20, 300]))
def test_other_orders_interpolate_iff_random_selection_does(seed, first_width):
    X, y = distinct_classes(np.random.default_rng(seed), 60, 3, 3)
    sizes = {"first_width": first_width, "max_bias": 1.0, "seed": seed}
    random = fit(X, y, **sizes)
    for order in ("greedy", "cluster"):
        other = fit(X, y, **sizes, order=order)
        assert np.array_equal(random.weights, other.weights)
        assert random.covered == other.covered
        assert random.accuracy == other.accuracy


@pytest.mark.parametrize("order", ["greedy", "cluster"])
def test_other_orders_with_shared_weights_and_grown(order):
    X, y = distinct_classes(np.random.default_rng(3), 60, 3, 3)
    sizes = {"first_width": 60, "seed": 4, "order": order}
    alone = [fit(X, y, max_bias=bias, **sizes) for bias in (0.5, 2.0)]
    shared = list(fit_sharing_weights(X, y, max_biases=[0.5, 2.0], **sizes))
    grown = [grow(network.layer, X, y, max_bias=1.0, **sizes) for network in alone]
    for networks in zip(alone, shared, grown, strict=True):
        first, *others = ([d.candidates.tolist() for d in each.detectors] for each in networks)
        assert all(other == first for other in others)
    with pytest.raises(UserError, match="published trials do not grow"):
        grow(alone[0].layer, X, y, max_bias=1.0, first_width=60, seed=4, order="reference")


def test_slack_ignores_misread_points():
    # Two clusters, one point of each with the label of the other.
    rng = np.random.default_rng(0)
    y = np.repeat([0, 1], 50)
    X = (rng.normal(scale=0.05, size=(100, 2)) + (2 * y - 1)[:, None]).astype(np.float32)
    noisy = y.copy()
    noisy[[0, 50]] = 1, 0
    sizes = {"first_width": 5000, "max_bias": 1.5, "seed": 0}
    published = fit(X, noisy, **sizes)
    robust = fit(X, noisy, **sizes, order="greedy", slack=1, min_cover=2)
    assert published.interpolates
    assert published.second_width > robust.second_width == 1
    assert np.array_equal(robust.predict(X), y)
    assert robust.accuracy == 0.98


@pytest.mark.parametrize("order", ["greedy", "cluster"])
@pytest.mark.parametrize("decision", ["detection", "margin"])
def test_files_keep_masks_and_decision(order, decision, tmp_path):
    X, y = distinct_classes(np.random.default_rng(1), 150, 5, 4)
    classifier = InterpolatingClassifier(
        30, order=order, slack=2, min_cover=2, decision=decision, random_state=0
    ).fit(X, y)
    save(tmp_path / "classifier.safetensors", classifier)
    again = load(tmp_path / "classifier.safetensors")
    assert again.get_params() == classifier.get_params()
    assert again.network_.accuracy == classifier.network_.accuracy < 1
    assert np.array_equal(again.predict(X + 0.25), classifier.predict(X + 0.25))


@pytest.mark.parametrize("order", ["permutation", "cluster"])
@pytest.mark.parametrize("n_classes", [2, 4])
def test_torch_module_decides_by_margins(n_classes, order):
    torch = pytest.importorskip("torch")
    from memrob.interpolation import to_torch

    X, y = distinct_classes(np.random.default_rng(1), 150, 5, n_classes)
    options = {"slack": 1, "decision": "margin", "order": order}
    network = fit(X, y, first_width=40, max_bias=1.0, seed=0, **options)
    everywhere = np.concatenate([X, X + 0.25, -X])
    found = to_torch(network)(torch.from_numpy(everywhere)).numpy()
    assert np.array_equal(found, network.predict(everywhere))


def test_decision_function_of_the_estimator():
    X, y = distinct_classes(np.random.default_rng(1), 150, 5, 3)
    by_margin = InterpolatingClassifier(40, decision="margin", random_state=0).fit(X, y)
    assert by_margin.decision_function(X).shape == (150, 3)
    assert np.array_equal(by_margin.decision_function(X).argmax(axis=1), by_margin.predict(X))
    binary = InterpolatingClassifier(40, decision="margin", random_state=0).fit(X, y == 1)
    assert np.array_equal(binary.decision_function(X) > 0, binary.predict(X))
    assert not hasattr(InterpolatingClassifier(), "decision_function")
