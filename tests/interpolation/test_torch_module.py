"""Networks as torch modules: the same labels wherever rounding cannot tell them apart."""

import sys

import numpy as np
import packed_twins as twins
import pytest
from exact_points import SEEDS, distinct_classes
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_digits

from memrob.data import build
from memrob.errors import UserError
from memrob.interpolation import InterpolatingClassifier, fit, to_torch
from memrob.interpolation.first_layer import threshold_features

torch = pytest.importorskip("torch")

from memrob.interpolation.torch_network import TorchNetwork  # noqa: E402


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def predicted(module, X):
    labels = module(torch.from_numpy(np.asarray(X, dtype=np.float32)))
    assert labels.dtype == torch.int64
    return labels.numpy()


@settings(deadline=None, max_examples=100)
@given(
    SEEDS,
    st.sampled_from([8, 40, 150]),
    st.sampled_from([1, 2, 5]),
    st.integers(2, 5),
    st.sampled_from([1, 3, 10, 64, 300]),
    st.sampled_from([0.0, 0.5, 4.0]),
)
def test_same_labels_and_neurons_on_exact_points(seed, n_points, d, n_classes, width, max_bias):
    X, y = distinct_classes(np.random.default_rng(seed), n_points, d, n_classes)
    y = np.array([-3, 1, 2, 40, 41])[y]
    network = fit(X, y, first_width=width, max_bias=max_bias, seed=seed)
    module = to_torch(network)
    # W x is one sum of two exact products there, rounded once in any order.
    everywhere = np.concatenate([X, 2 * X, -X, 0 * X])
    assert predicted(module, everywhere).tolist() == network.predict(everywhere).tolist()
    fires = np.concatenate([d.fires(everywhere) for d in network.detectors], axis=1)
    assert np.array_equal(module.neurons(torch.from_numpy(everywhere)).numpy(), fires)
    for detector in network.detectors:
        k = network.labels.tolist().index(detector.label)
        detections = module.detections(torch.from_numpy(everywhere))[:, k]
        assert np.array_equal(detections.numpy(), detector.detects(everywhere))


def clear_points(network, X):
    """Points at which no order of the sums in float32 changes what the network computes."""
    X, d = X.astype(np.float64), X.shape[1]
    weights, biases = (a.astype(np.float64) for a in (network.weights, network.biases))
    products = X @ weights.T + biases
    bounds = (d + 1) * 2.0**-24 * (np.abs(X) @ np.abs(weights.T) + np.abs(biases))
    if network.detectors[0].activation == "threshold":
        return (np.abs(products) > bounds).all(axis=1)
    clear = np.ones(len(X), dtype=bool)
    hidden = np.maximum(products, 0)
    for detector in network.detectors:
        masks = detector.masks.astype(np.float64)
        sums = hidden @ masks.T
        error = bounds @ masks.T + (len(biases) + 1) * 2.0**-24 * (sums + detector.thresholds)
        clear &= (np.abs(sums - detector.thresholds) > error).all(axis=1)
    return clear


@pytest.mark.parametrize("activation", ["threshold", "relu"])
@pytest.mark.parametrize("n_classes", [2, 10])
def test_same_labels_on_real_data_and_between_it(activation, n_classes):
    X, y = load_digits(n_class=n_classes, return_X_y=True)
    classifier = InterpolatingClassifier(500, random_state=0, activation=activation).fit(X, y)
    assert classifier.interpolates_
    module = to_torch(classifier)
    rng = np.random.default_rng(0)
    mixed = rng.uniform(size=(3000, 1))
    mixed = mixed * X[rng.integers(len(X), size=3000)]
    mixed += (1 - mixed.max(axis=1, keepdims=True) / 16) * X[rng.integers(len(X), size=3000)]
    everywhere = np.concatenate([X, mixed, rng.uniform(-16, 16, size=(1000, 64))])
    everywhere = everywhere.astype(np.float32)
    clear = clear_points(classifier.network_, everywhere / np.float32(classifier.scale_))
    assert clear.mean() > 0.9
    same = predicted(module, everywhere) == classifier.predict(everywhere)
    assert same[clear].all()
    # The others hang on the order of sums, which seldom matters.
    assert same.mean() > 0.999


def test_same_labels_anywhere_in_the_plane():
    X, y = build("moons")
    network = fit(X, y, first_width=500, max_bias=1.0, seed=0)
    rng = np.random.default_rng(0)
    anywhere = rng.uniform(-1, 1, size=(20_000, 2)).astype(np.float32)
    # Points on hyperplanes, but for rounding: W x + b is 0 or one of the last bits.
    w, b = network.weights, network.biases
    k = rng.integers(500, size=5000)
    near = (-b[k] / (w[k] ** 2).sum(axis=1))[:, None] * w[k]
    module = to_torch(network)
    for points in (X, anywhere, near):
        assert predicted(module, points).tolist() == network.predict(points).tolist()
        features = threshold_features(network.layer, points, [np.arange(len(points))]).unpacked(0)
        assert np.array_equal(module._preactivations(torch.from_numpy(points)) > 0, features)
    # Whether the second product is rounded before it is added does matter for the last of these.
    rounded = points[:, :1] * w[:, 0] + points[:, 1:] * w[:, 1]
    assert not np.array_equal(rounded > -b, features)
    doubled = predicted(module.double(), anywhere)
    assert (doubled == network.predict(anywhere)).mean() > 0.999


def test_exchanged_roles():
    X, y = build("moons")
    network = fit(X, y, first_width=200, max_bias=1.0, seed=1, swap=True)
    points = np.random.default_rng(0).uniform(-2, 2, (500, 2)).astype(np.float32)
    found = to_torch(network)(torch.from_numpy(points)).numpy()
    assert (found == network.predict(points)).all()
    assert set(found) == {0, 1}


def test_layers_are_those_of_the_network():
    X, y = distinct_classes(np.random.default_rng(0), 60, 4, 3)
    network = fit(X, y, first_width=70, max_bias=1.0, seed=0)
    state = {name: array.numpy() for name, array in to_torch(network).state_dict().items()}
    assert set(state) == {
        *("scale", "first.weight", "first.bias", "second.weight", "second.bias"),
        *("detected", "labels", "default"),
    }
    assert np.array_equal(state["first.weight"], network.weights)
    assert np.array_equal(state["first.bias"], network.biases)
    assert (
        state["detected"].tolist() == np.repeat([0, 1, 2], network.second_width_per_class).tolist()
    )
    features = twins.threshold_features(X, network.weights, network.biases)
    preactivations = features @ state["second.weight"].T + state["second.bias"]
    fires = np.concatenate([d.fires(X) for d in network.detectors], axis=1)
    assert np.array_equal(preactivations > 0, fires)


@pytest.mark.parametrize("activation", ["threshold", "relu"])
def test_state_is_saved_and_loaded(tmp_path, activation):
    X, y = distinct_classes(np.random.default_rng(0), 60, 4, 3)
    classifier = InterpolatingClassifier(70, activation=activation, random_state=0).fit(X, 5 * y)
    module = to_torch(classifier)
    torch.save(module.state_dict(), tmp_path / "state.pt")
    fresh = TorchNetwork(4, 70, classifier.second_width_, 3, activation)
    fresh.load_state_dict(torch.load(tmp_path / "state.pt", weights_only=True))
    assert fresh(torch.from_numpy(X)).tolist() == module(torch.from_numpy(X)).tolist()
    assert module(torch.from_numpy(X)).tolist() == classifier.predict(X).tolist()
    assert not any(parameter.requires_grad for parameter in module.parameters())


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (np.array(["a", "b", "c"]), [0, 1, 2]),
        (np.array([-5, 7, 300]), [-5, 7, 300]),
        (np.array([False, True]), [0, 1]),
        (np.array([3, 200], dtype=np.uint8), [3, 200]),
        (np.array([-1.0, 1.0]), [0, 1]),
    ],
)
def test_labels_or_their_positions(labels, expected):
    X, k = distinct_classes(np.random.default_rng(0), 60, 3, len(labels))
    classifier = InterpolatingClassifier(400, random_state=0).fit(X, labels[k])
    assert predicted(to_torch(classifier), X).tolist() == np.array(expected)[k].tolist()


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("y", [[0, 1], [2, 5, 9]])
def test_network_without_neurons(y):
    X = np.arange(1, len(y) + 1, dtype=np.float32)[:, None]
    network = fit(X, np.array(y), first_width=5, max_bias=0.0, seed=0)
    assert network.second_width == 0
    module = to_torch(network)
    assert predicted(module, X).tolist() == network.predict(X).tolist()
    assert predicted(module, X[:0]).shape == (0,)


def test_random_numbers_of_torch_are_left_alone():
    network = fit(*build("lines"), first_width=50, max_bias=1.0, seed=0)
    torch.manual_seed(0)
    expected = torch.rand(3)
    torch.manual_seed(0)
    to_torch(network)
    assert torch.equal(torch.rand(3), expected)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no graphics card")
def test_on_a_card():
    X, y = distinct_classes(np.random.default_rng(0), 150, 5, 4)
    network = fit(X, y, first_width=300, max_bias=1.0, seed=0)
    module = to_torch(network).to("cuda")
    assert module(torch.from_numpy(X).to("cuda")).tolist() == network.predict(X).tolist()


@pytest.mark.parametrize(
    ("thing", "message"),
    [
        (InterpolatingClassifier(), "to_torch: the estimator is not fitted"),
        (3, "to_torch: takes a Network or an InterpolatingClassifier, not int"),
    ],
)
def test_what_cannot_be_converted(thing, message):
    with pytest.raises(UserError, match=message):
        to_torch(thing)


def test_without_torch(monkeypatch):
    network = fit(*build("lines"), first_width=50, max_bias=1.0, seed=0)
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(UserError, match=r"pip install torch==2\.13\.0") as raised:
        to_torch(network)
    assert "\n" not in str(raised.value)
