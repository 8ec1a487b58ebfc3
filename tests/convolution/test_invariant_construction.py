"""Construction: against the twin, the fully connected algorithm, and cases that are known."""

import invariant_twin as twin
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from second_layer_twin import in_permutation_order
from shifted_signals import CASES, bits_of, two_classes

from memrob.convolution import firing, fit, load, save, to_torch
from memrob.convolution.construction import shift_group
from memrob.convolution.first_layer import shift_features
from memrob.convolution.group import ShiftGroup, orbits, representatives, shifted
from memrob.convolution.second_layer import second_layer
from memrob.errors import UserError
from memrob.interpolation import fit as fit_fully_connected
from memrob.interpolation.cluster_order import JOINING
from memrob.interpolation.first_layer import PackedFeatures, fill_spare_lanes, tiles_of, words_of
from memrob.interpolation.selection import Selection
from memrob.numerics.bits import pack_words, unpack_words


def _packed(features, in_minus):
    # The inverse of `bits_of`, the class X- last.
    n = features.shape[2]
    parts, sizes = [], []
    for members in (features[~in_minus], features[in_minus]):
        rows = members.reshape(-1, n)
        padded = np.zeros((64 * tiles_of(len(rows)), words_of(n)), np.uint64)
        padded[: len(rows)] = pack_words(rows, words_of(n))
        tiles = np.ascontiguousarray(padded.reshape(-1, 64, words_of(n)).transpose(0, 2, 1))
        fill_spare_lanes(tiles, len(rows), n)
        parts.append(tiles)
        sizes.append(len(rows))
    return PackedFeatures(np.concatenate(parts), n, tuple(sizes))


def _same(found, expected):
    np.testing.assert_array_equal(found.candidates, expected.candidates)
    np.testing.assert_array_equal(found.thresholds, expected.thresholds)
    assert found.n_covered == expected.n_covered


@settings(max_examples=150, deadline=None)
@given(
    n_minus=st.integers(1, 30),
    n_plus=st.integers(1, 6),
    n_shifts=st.sampled_from([1, 2, 3, 8, 64, 70]),
    n=st.integers(1, 40),
    ones=st.floats(0.1, 0.9),
    answers=st.sampled_from([1, 1 << 22]),
    positions=st.integers(1, 4),
    seed=st.integers(0, 2**32 - 1),
)
def test_second_layer_is_that_of_the_twin(
    n_minus, n_plus, n_shifts, n, ones, answers, positions, seed
):
    rng = np.random.default_rng(seed)
    features = rng.random((n_minus + n_plus, n_shifts, n)) < ones
    in_minus = rng.permutation(n_minus + n_plus) < n_minus
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(firing, "ANSWERS_A_BLOCK", answers)
        rng = np.random.default_rng(seed)
        found = second_layer(_packed(features, in_minus), 1, n_shifts, rng, positions)
    rng = np.random.default_rng(seed)
    draw = in_permutation_order(rng.permutation(n_minus))
    tried = [0, *1 + rng.permutation(n_shifts - 1)[: positions - 1]]
    _same(found, twin.second_layer(features, in_minus, draw, tried))


@settings(max_examples=100, deadline=None)
@given(
    st.integers(1, 30),
    st.integers(1, 12),
    st.sampled_from([1, 3, 8, 64, 70]),
    st.integers(1, 40),
    st.integers(0, 8),
    st.integers(1, 4),
    st.integers(1, 4),
    st.integers(0, 2**32 - 1),
)
def test_selections_are_those_of_the_twin(
    n_minus, n_plus, n_shifts, n, slack, min_cover, positions, seed
):
    rng = np.random.default_rng(seed)
    features = rng.random((n_minus + n_plus, n_shifts, n)) < 0.5
    in_minus = rng.permutation(n_minus + n_plus) < n_minus
    packed, noise = _packed(features, in_minus), (min(slack, n_plus - 1), min_cover)
    for order in ("permutation", "greedy", "cluster"):
        rng = np.random.default_rng(seed)
        selection = Selection(order, *noise)
        found = second_layer(packed, 1, n_shifts, rng, positions, selection)
        rng = np.random.default_rng(seed)
        permutation = rng.permutation(n_minus)
        tried = [0, *1 + rng.permutation(n_shifts - 1)[: positions - 1]]
        if order == "greedy":
            expected = twin.greedy_second_layer(features, in_minus, tried, *noise)
        elif order == "cluster":
            expected = twin.cluster_second_layer(
                features, in_minus, permutation, JOINING, tried, *noise
            )
            assert np.array_equal(unpack_words(found.masks, n), expected.masks)
        else:
            draw = in_permutation_order(permutation)
            expected = twin.second_layer(features, in_minus, draw, tried, *noise)
        _same(found, expected)


def test_candidate_without_a_neuron_can_be_covered_at_another_shift():
    # The second signal of X- holds what X+ holds at shift 0, and what the first detects at shift 1.
    features = np.array([[[1, 1], [1, 1]], [[0, 1], [0, 1]], [[1, 1], [0, 1]]], dtype=bool)
    in_minus = np.array([False, True, True])
    rng = np.random.default_rng(0)
    found = second_layer(_packed(features, in_minus), 1, 2, rng)

    assert found.candidates.tolist() == [0]
    assert found.n_covered == 2


@pytest.mark.parametrize(("group", "channels", "filter_size"), CASES)
@pytest.mark.parametrize("n_classes", [2, 3])
def test_fit_is_that_of_the_twin(group, channels, filter_size, n_classes):
    X, _ = two_classes(group, channels)
    y = np.arange(len(X)) % n_classes
    network = _fit(X, y, group, filter_size, first_width=150)
    classes = [np.flatnonzero(y == k) for k in range(n_classes)]
    features = shift_features(network.layer, representatives(X, group), classes)
    features = np.concatenate([bits_of(features, k, group) for k in range(n_classes)])
    rng = np.random.default_rng(3)
    rng.standard_normal(network.weights.shape, dtype=np.float32)
    rng.random(150, dtype=np.float32)
    streams = rng.spawn(n_classes)
    rows = np.concatenate(classes)

    for detector in network.detectors:
        k = detector.label
        order = streams[k].permutation(len(classes[k]))
        expected = twin.second_layer(features, y[rows] == k, in_permutation_order(order))
        assert len(expected.candidates) > 1
        np.testing.assert_array_equal(detector.candidates, classes[k][expected.candidates])
        np.testing.assert_array_equal(detector.thresholds, expected.thresholds)
        assert detector.n_covered == expected.n_covered


def _fit(X, y, group, filter_size=None, first_width=300, max_bias=0.5):
    return fit(
        X,
        y,
        grid_shape=group.grid_shape,
        strides=group.strides,
        first_width=first_width,
        max_bias=max_bias,
        seed=3,
        filter_size=filter_size,
    )


@pytest.mark.parametrize(("group", "channels", "filter_size"), CASES)
def test_network_depends_on_orbits_alone(group, channels, filter_size):
    X, y = two_classes(group, channels)
    moved = np.concatenate([shifted(X[i : i + 1], group, i % group.order) for i in range(len(X))])
    network = _fit(X, y, group, filter_size, first_width=100)
    other = _fit(moved, y, group, filter_size, first_width=100)

    assert network.weights.tobytes() == other.weights.tobytes()
    (detector,), (other_detector,) = network.detectors, other.detectors
    np.testing.assert_array_equal(detector.candidates, other_detector.candidates)
    np.testing.assert_array_equal(detector.mask_words, other_detector.mask_words)
    np.testing.assert_array_equal(detector.thresholds, other_detector.thresholds)


@pytest.mark.parametrize("channels", [3, 20])
def test_without_shifts_it_is_the_fully_connected_network(channels):
    X, y = two_classes(ShiftGroup.full((1,)), channels, n_points=200)
    for labels in (y, np.arange(200) % 3):
        network = fit(X, labels, grid_shape=(1,), first_width=200, max_bias=1.0, seed=7)
        expected = fit_fully_connected(X, labels, first_width=200, max_bias=1.0, seed=7)

        np.testing.assert_array_equal(network.weights, expected.weights)
        np.testing.assert_array_equal(network.biases, expected.biases)
        for detector, other in zip(network.detectors, expected.detectors, strict=True):
            np.testing.assert_array_equal(detector.candidates, other.candidates)
            np.testing.assert_array_equal(detector.mask_words, other.mask_words)
            np.testing.assert_array_equal(detector.thresholds, other.thresholds)
        assert network.second_width_per_class == expected.second_width_per_class
        assert network.covered == expected.covered
        assert network.accuracy == expected.accuracy
        assert network.n_parameters == expected.n_parameters


@pytest.mark.parametrize(("group", "channels", "filter_size"), CASES)
def test_neurons_are_those_that_candidates_make_on_augmented_data(group, channels, filter_size):
    X, y = two_classes(group, channels)
    network = _fit(X, y, group, filter_size)
    (detector,) = network.detectors
    plus = orbits(X[y == 0], group).reshape(-1, X.shape[1])
    candidates = representatives(X[detector.candidates], group)

    def features(points):
        products = points.astype(np.float64) @ network.layer.hyperplanes.T.astype(np.float64)
        return products + network.biases > 0

    masks = ~features(candidates)
    minima = (masks.astype(int) @ features(plus).T.astype(int)).min(axis=1)

    np.testing.assert_array_equal(detector.masks, masks)
    np.testing.assert_array_equal(detector.thresholds, minima)
    assert detector.width > 1


@pytest.mark.parametrize("n_classes", [2, 4])
def test_interpolates_random_labels_of_generic_signals_at_all_shifts(n_classes):
    group = ShiftGroup.full((4, 4))
    X, _ = two_classes(group, 1, n_points=60)
    y = np.random.default_rng(0).permutation(60) % n_classes
    network = _fit(X, y, group, first_width=2000)

    assert network.interpolates
    assert network.covered == 1
    for k in range(group.order):
        np.testing.assert_array_equal(network.predict(shifted(X, group, k)), y)


def test_orbit_in_two_classes_gets_no_neuron():
    group = ShiftGroup.full((12,))
    X, y = two_classes(group, 1)
    X[1] = shifted(X[:1], group, 5)[0]
    network = _fit(X, y, group, first_width=1000)

    assert not network.interpolates
    assert network.covered == 19 / 20
    assert network.accuracy == 39 / 40
    assert 1 not in network.detectors[0].candidates


def test_groups_by_strides_by_order_and_by_default():
    assert shift_group((8, 8)) == ShiftGroup.full((8, 8))
    assert shift_group((8, 8), n_shifts=4) == ShiftGroup((8, 8), (4, 4))
    assert shift_group((8, 8), strides=(2, 8)) == ShiftGroup((8, 8), (2, 8))
    with pytest.raises(UserError, match="n_shifts: and strides"):
        shift_group((8, 8), 4, (4, 4))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"grid_shape": (7,)}, r"grid_shape: \(7,\) has 7 points"),
        ({"filter_size": 13}, "filter_size: is 13"),
        ({"n_shifts": 5}, "n_shifts: no group of 5 shifts"),
        ({"first_width": 0}, "first_width: is 0"),
    ],
)
def test_mistakes(changes, message):
    X, y = two_classes(ShiftGroup.full((12,)), 1)
    arguments = {"grid_shape": (12,), "first_width": 10, "max_bias": 1.0, "seed": 0}
    with pytest.raises(UserError, match=message):
        fit(X, y, **(arguments | changes))


def test_small_filters_interpolate_when_more_positions_are_tried():
    # Every signal has the same pulse at its largest value; what differs lies elsewhere.
    rng = np.random.default_rng(0)
    X = np.zeros((40, 32), dtype=np.float32)
    X[:, 4] = 1
    X[:20, 16:19] = 0.5 + 0.1 * rng.random((20, 3))
    X[20:, 16:19:2] = 0.5 + 0.1 * rng.random((20, 2))
    y = np.repeat([1, 0], 20)
    sizes = {"grid_shape": (32,), "filter_size": 4, "first_width": 300, "max_bias": 0.5, "seed": 0}
    assert fit(X, y, **sizes).covered == 0
    assert fit(X, y, **sizes, positions=32).interpolates
    with pytest.raises(UserError, match="positions: is 0"):
        fit(X, y, **sizes, positions=0)


@pytest.mark.parametrize("order", ["greedy", "cluster"])
@pytest.mark.parametrize("decision", ["detection", "margin"])
def test_order_and_noise_reach_the_network(order, decision, tmp_path):
    group = ShiftGroup.full((12,))
    X, _ = two_classes(group, 1)
    y = np.arange(len(X)) % 3
    options = {"order": order, "slack": 2, "min_cover": 2, "decision": decision}
    sizes = {"grid_shape": (12,), "first_width": 200, "max_bias": 0.5, "seed": 3}
    network = fit(X, y, **sizes, **options)
    assert network.accuracy == (network.predict(X) == y).mean()
    assert np.array_equal(network.margins(X) > 0, network.detections(X))
    assert np.array_equal(network.margins(shifted(X, group, 5)), network.margins(X))
    save(tmp_path / "network.safetensors", network)
    assert np.array_equal(load(tmp_path / "network.safetensors").predict(X), network.predict(X))
    torch = pytest.importorskip("torch")
    assert np.array_equal(to_torch(network)(torch.from_numpy(X)).numpy(), network.predict(X))
    with pytest.raises(UserError, match="order: is 'reference'; an invariant network takes"):
        fit(X, y, **sizes, order="reference")
