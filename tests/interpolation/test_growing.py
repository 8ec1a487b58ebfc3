"""First layers that grow: what is kept, what is new, and that networks stay networks."""

import numpy as np
import packed_twins as twins
import pytest
from exact_points import SEEDS, distinct_classes
from hypothesis import given, settings
from hypothesis import strategies as st

from memrob.errors import UserError
from memrob.interpolation import InterpolatingClassifier, fit, growing
from memrob.interpolation.growing import grow


def rows(network):
    """Hyperplanes as a set: their order within a layer has no meaning."""
    return {row.tobytes() for row in np.column_stack([network.weights, network.biases])}


@settings(deadline=None, max_examples=50)
@given(
    SEEDS,
    st.sampled_from([8, 40, 150]),
    st.sampled_from([1, 2, 5]),
    st.integers(2, 4),
    st.sampled_from([1, 10, 64, 300]),
    st.sampled_from([0, 1, 20, 63, 200]),
    st.sampled_from(["threshold", "relu"]),
)
def test_grown_networks_are_those_of_their_formula(
    seed, n_points, input_dim, n_classes, width, more, activation
):
    X, y = distinct_classes(np.random.default_rng(seed), n_points, input_dim, n_classes)
    before = fit(X, y, first_width=width, max_bias=1.0, seed=5, activation=activation)
    after = grow(
        before.layer, X, y, first_width=width + more, max_bias=1.0, seed=5, activation=activation
    )
    assert len(rows(after)) == after.layer.width == width + more
    assert rows(before) <= rows(after)
    assert after.accuracy == (after.predict(X) == y).mean()
    if activation == "threshold":
        # What is separated stays separated.
        assert after.covered >= before.covered
        features = twins.threshold_features(X, after.weights, after.biases)
        for detector in after.detectors:
            assert np.array_equal(detector.masks, ~features[detector.candidates])
            if detector.width:
                minima = twins.masked_minima(features[y != detector.label], detector.masks)
                assert detector.thresholds.tolist() == minima.tolist()


def data(seed=0, n_classes=3):
    return distinct_classes(np.random.default_rng(seed), 80, 3, n_classes)


def test_distribution_of_new_hyperplanes():
    X, y = data()
    before = fit(X, y, first_width=5, max_bias=0.0, seed=0)
    after = grow(before.layer, X, y, first_width=4005, max_bias=2.0, seed=0)
    new = rows(after) - rows(before)
    drawn = np.array([np.frombuffer(row, np.float32) for row in new])
    weights, biases = drawn[:, :3], drawn[:, 3]
    assert abs(weights.mean()) < 4 / np.sqrt(12000)
    assert abs((weights**2).mean() - 1) < 4 * np.sqrt(2 / 12000)
    assert np.abs(np.corrcoef(drawn.T) - np.eye(4)).max() < 4 / np.sqrt(4000)
    assert 1.99 < biases.max() <= 2
    assert abs(biases.mean()) < 4 * 2 / np.sqrt(3 * 4000)


def test_warm_start_keeps_hyperplanes_and_adds_new_ones():
    X, y = data()
    classifier = InterpolatingClassifier(10, warm_start=True, random_state=0).fit(X, y)
    network = classifier.network_
    once = fit(X / np.float32(classifier.scale_), y, first_width=10, max_bias=1, seed=0)
    assert rows(network) == rows(once)
    while not classifier.interpolates_:
        kept = rows(classifier.network_)
        classifier.set_params(first_width=classifier.first_width_ + 20).fit(X, y)
        assert kept < rows(classifier.network_)
        assert len(rows(classifier.network_)) == classifier.first_width_
    assert classifier.first_width_ > 30
    assert classifier.predict(X).tolist() == y.tolist()
    assert rows(network) <= rows(classifier.network_)
    # Without warm_start, and in a clone, everything is drawn anew.
    classifier.set_params(warm_start=False, first_width=10).fit(X, y)
    assert classifier.network_.biases.tolist() == once.biases.tolist()


def test_growing_is_reproducible_and_by_none_changes_nothing():
    X, y = data()

    def grown(seed, *widths):
        classifier = InterpolatingClassifier(warm_start=True, random_state=seed)
        for width in widths:
            classifier.set_params(first_width=width).fit(X, y)
        return classifier

    first, second = grown(1, 20, 60), grown(1, 20, 60)
    assert first.network_.weights.tobytes() == second.network_.weights.tobytes()
    same = grown(1, 60, 60, 60).network_
    once = grown(1, 60).network_
    assert rows(same) == rows(once)
    for detector, other in zip(same.detectors, once.detectors, strict=True):
        assert detector.candidates.tolist() == other.candidates.tolist()
        assert detector.thresholds.tolist() == other.thresholds.tolist()
    # Neither do two steps repeat each other's draws, nor two seeds.
    assert len(rows(grown(1, 20, 40, 60).network_)) == 60
    assert not (rows(grown(1, 20, 60).network_) & rows(grown(2, 20, 60).network_))


def test_seed_of_the_first_fit_holds():
    X, y = data()
    classifier = InterpolatingClassifier(20, warm_start=True).fit(X, y)
    seed = classifier.seed_
    classifier.set_params(first_width=60).fit(X, y)
    assert classifier.seed_ == seed
    again = InterpolatingClassifier(20, warm_start=True, random_state=seed).fit(X, y)
    again.set_params(first_width=60, random_state=seed + 1).fit(X, y)
    assert rows(again.network_) == rows(classifier.network_)


def test_warm_start_on_other_data():
    X, y = data(0)
    more, labels = data(1, n_classes=4)
    classifier = InterpolatingClassifier(50, warm_start=True, random_state=0).fit(X, y)
    scale, kept = classifier.scale_, rows(classifier.network_)
    # The unit of length stays that of the first data, else the hyperplanes would move.
    classifier.set_params(first_width=400).fit(3 * more, np.array(["a", "b", "c", "d"])[labels])
    assert classifier.scale_ == scale
    assert kept < rows(classifier.network_)
    assert classifier.classes_.tolist() == ["a", "b", "c", "d"]
    assert classifier.interpolates_
    with pytest.raises(ValueError, match="2 features"):
        classifier.fit(more[:, :2], labels)


def test_adaptive_growth_covers_everything():
    X, y = data()
    classifier = InterpolatingClassifier(10, warm_start=True, random_state=0).fit(X, y)
    kept = rows(classifier.network_)
    assert not classifier.interpolates_
    classifier.set_params(adaptive=True).fit(X, y)
    assert classifier.interpolates_
    assert classifier.network_.covered == 1
    assert kept < rows(classifier.network_)
    width = classifier.first_width_
    assert classifier.fit(X, y).first_width_ == width
    assert classifier.set_params(first_width=width + 7).fit(X, y).first_width_ == width + 7


def test_adaptive_growth_covers_a_last_class_that_is_predicted_by_default():
    X, y = np.array([[1, 0], [0, 1], [-1, -1]], dtype=np.float32), np.array([0, 1, 2])
    networks = [fit(X, y, first_width=5, max_bias=0.5, seed=seed) for seed in range(60)]
    partly = [network for network in networks if network.interpolates and network.covered < 1]
    assert partly
    for network in partly:
        grown = grow(network.layer, X, y, first_width=5, max_bias=0.5, seed=0, adaptive=True)
        assert grown.covered == 1


def test_what_cannot_grow(monkeypatch):
    X, y = data()
    classifier = InterpolatingClassifier(10, warm_start=True, random_state=0).fit(X, y)
    before = classifier.network_
    with pytest.raises(ValueError, match="first_width: is 9; there are 10 hyperplanes already"):
        classifier.set_params(first_width=9).fit(X, y)
    with pytest.raises(ValueError, match="order: is 'reference'; the first layers"):
        classifier.set_params(first_width=20, order="reference").fit(X, y)
    assert classifier.network_ is before
    monkeypatch.setattr(growing, "LARGEST_WIDTH", 100)
    line = np.array([[1.0], [2.0]], dtype=np.float32)
    layer = fit(line, np.array([0, 1]), first_width=3, max_bias=0.0, seed=0).layer
    with pytest.raises(UserError, match="max_bias: with 0, 192 hyperplanes left"):
        grow(layer, line, np.array([0, 1]), first_width=3, max_bias=0.0, seed=0, adaptive=True)
