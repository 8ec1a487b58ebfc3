"""Invariant networks as torch modules: the same labels, except where rounding decides."""

import numpy as np
import pytest
from shifted_signals import CASES, random_signals, two_classes

from memrob.convolution import (
    InvariantInterpolatingClassifier,
    ShiftGroup,
    fit,
    shifted,
    to_torch,
)
from memrob.errors import UserError
from memrob.interpolation import fit as fit_fully_connected
from memrob.interpolation import to_torch as fully_connected_to_torch

torch = pytest.importorskip("torch")

from memrob.convolution.torch_network import TorchInvariantNetwork  # noqa: E402


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def _fit(X, y, group, filter_size, first_width=60):
    return fit(
        X,
        y,
        grid_shape=group.grid_shape,
        strides=group.strides,
        first_width=first_width,
        max_bias=0.5,
        seed=2,
        filter_size=filter_size,
    )


@pytest.mark.parametrize(("group", "channels", "filter_size"), CASES)
@pytest.mark.parametrize("n_classes", [2, 3])
def test_same_labels_and_channels(group, channels, filter_size, n_classes):
    X, _ = two_classes(group, channels)
    y = np.array([-3, 5, 40])[np.arange(len(X)) % n_classes]
    network = _fit(X, y, group, filter_size)
    module = to_torch(network)
    signals = random_signals(group, channels, 200, seed=8)
    labels = network.predict(signals)
    fires = np.concatenate([detector.fires(signals) for detector in network.detectors], axis=1)

    assert len(np.unique(labels)) == n_classes
    for k in range(group.order):
        moved = torch.from_numpy(shifted(signals, group, k))
        np.testing.assert_array_equal(module(moved).numpy(), labels)
        np.testing.assert_array_equal(module.neurons(moved).numpy(), fires)


@pytest.mark.parametrize(("group", "channels", "filter_size"), CASES)
def test_channels_fire_where_those_of_the_network_do(group, channels, filter_size):
    X, y = two_classes(group, channels)
    network = _fit(X, y, group, filter_size)
    signals = random_signals(group, channels, 50, seed=8)
    found = to_torch(network).channels(torch.from_numpy(signals)).amax(dim=1).numpy()
    by_shift = network.detectors[0].firing_shifts(signals)

    # Position p is the shift by -p.
    counts = [n // s for n, s in zip(group.grid_shape, group.strides, strict=True)]
    steps = -group.shifts // np.array(group.strides)
    at = np.ravel_multi_index(tuple(steps.T), counts, mode="wrap")
    assert by_shift.any()
    np.testing.assert_array_equal(found.reshape(50, -1)[:, at], by_shift)


def test_estimators_and_state():
    group, channels, filter_size = CASES[4]
    X, y = two_classes(group, channels)
    found = InvariantInterpolatingClassifier(
        group.grid_shape, 60, filter_size=filter_size, strides=group.strides, random_state=0
    ).fit(5 * X, np.array([7, 9])[y])
    module = to_torch(found)
    signals = 5 * random_signals(group, channels, 100, seed=8)
    fresh = TorchInvariantNetwork((8, 8), (1, 2), (3, 3), 2, 60, found.second_width_, 2)
    fresh.load_state_dict(module.state_dict())

    for each in (module, fresh):
        assert each(torch.from_numpy(signals)).tolist() == found.predict(signals).tolist()
    assert not any(parameter.requires_grad for parameter in module.parameters())
    assert isinstance(module.first, torch.nn.Conv2d)
    assert sum(p.numel() for p in module.parameters()) + 1 == found.n_parameters_


@pytest.mark.parametrize("y", [[0, 1], [2, 5, 9]])
def test_network_without_neurons(y):
    X = np.ones((len(y), 6), dtype=np.float32)
    network = _fit(X, np.array(y), ShiftGroup.full((6,)), None)

    assert network.second_width == 0
    assert to_torch(network)(torch.from_numpy(X)).tolist() == network.predict(X).tolist()


def test_random_numbers_of_torch_are_left_alone():
    X, y = two_classes(ShiftGroup.full((12,)), 1)
    network = _fit(X, y, ShiftGroup.full((12,)), None)
    torch.manual_seed(0)
    expected = torch.rand(3)
    torch.manual_seed(0)
    to_torch(network)

    assert torch.equal(torch.rand(3), expected)


def test_what_cannot_be_converted():
    group = ShiftGroup.full((2, 2, 2, 2))
    X, y = two_classes(group, 1)
    with pytest.raises(UserError, match="to_torch: the grid has 4 axes"):
        to_torch(_fit(X, y, group, None))
    with pytest.raises(UserError, match="to_torch: the estimator is not fitted"):
        to_torch(InvariantInterpolatingClassifier())
    with pytest.raises(UserError, match=r"takes an InvariantNetwork or an .*, not Network"):
        to_torch(fit_fully_connected(X, y, first_width=5, max_bias=1.0, seed=0))
    with pytest.raises(UserError, match=r"takes a Network or an .*, not InvariantNetwork"):
        fully_connected_to_torch(_fit(X, y, ShiftGroup.full((16,)), None))
