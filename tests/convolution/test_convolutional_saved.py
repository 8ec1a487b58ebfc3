"""Invariant networks and estimators in files: the same predictions, and one line about others."""

import json

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import save_file
from shifted_signals import CASES, random_signals, two_classes

from memrob.convolution import (
    InvariantInterpolatingClassifier,
    InvariantNetwork,
    fit,
    load,
    save,
)
from memrob.errors import UserError
from memrob.interpolation import load as load_fully_connected
from memrob.interpolation import save as save_fully_connected


def _fit(group, channels, filter_size, n_classes=2):
    X, _ = two_classes(group, channels)
    return fit(
        X,
        np.arange(len(X)) % n_classes,
        grid_shape=group.grid_shape,
        strides=group.strides,
        first_width=60,
        max_bias=0.5,
        seed=2,
        filter_size=filter_size,
    )


@pytest.mark.parametrize(("group", "channels", "filter_size"), CASES)
@pytest.mark.parametrize("n_classes", [2, 3])
def test_networks_come_back(tmp_path, group, channels, filter_size, n_classes):
    network = _fit(group, channels, filter_size, n_classes)
    save(tmp_path / "network", network)
    loaded = load(tmp_path / "network")
    signals = random_signals(group, channels, 100, seed=8)

    assert isinstance(loaded, InvariantNetwork)
    assert loaded.layer.group == group
    assert loaded.layer.filter_shape == network.layer.filter_shape
    assert loaded.weights.tobytes() == network.weights.tobytes()
    counts = ["accuracy", "covered", "n_parameters", "second_width_per_class", "n_samples"]
    assert [getattr(loaded, c) for c in counts] == [getattr(network, c) for c in counts]
    assert loaded.predict(signals).tobytes() == network.predict(signals).tobytes()
    save(tmp_path / "again", loaded)
    assert (tmp_path / "again").read_bytes() == (tmp_path / "network").read_bytes()


@pytest.mark.parametrize("strides", [(2, 2), 2])
def test_estimators_come_back(tmp_path, strides):
    group, channels, filter_size = CASES[4]
    X, y = two_classes(group, channels)
    estimator = InvariantInterpolatingClassifier(
        (8, 8), 60, filter_size=filter_size, strides=strides, random_state=0
    ).fit(3 * X, np.array(["a", "b"])[y])
    save(tmp_path / "c", estimator)
    loaded = load(tmp_path / "c")
    signals = 3 * random_signals(group, channels, 100, seed=8)

    assert loaded.get_params() == estimator.get_params()
    assert loaded.n_features_in_ == 128
    assert loaded.predict(signals).tolist() == estimator.predict(signals).tolist()
    grown = [
        e.set_params(warm_start=True, first_width=80).fit(X, y).network_
        for e in (loaded, estimator)
    ]
    assert grown[0].weights.tobytes() == grown[1].weights.tobytes()


def test_kinds_are_not_mixed_up(tmp_path):
    network = _fit(*CASES[0])
    with pytest.raises(UserError, match=r"takes a Network or an .*, not InvariantNetwork"):
        save_fully_connected(tmp_path / "network", network)
    save(tmp_path / "network", network)
    with pytest.raises(UserError, match=r"expected a network saved by memrob\.interpolation\.save"):
        load_fully_connected(tmp_path / "network")


@pytest.mark.parametrize(
    "damage",
    [
        {"grid_shape": [7]},
        {"grid_shape": "x"},
        {"strides": [5]},
        {"filter_shape": [13]},
        {"filter_shape": [3, 3]},
        {"n_channels": 2},
        {"n_channels": None},
        {"n_channels": -1},
    ],
)
def test_damaged_descriptions(tmp_path, damage):
    path = tmp_path / "network"
    save(path, _fit(*CASES[0]))
    with safe_open(path, framework="numpy") as file:
        arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        description = json.loads(file.metadata()["memrob.convolution"])
    save_file(arrays, path, {"memrob.convolution": json.dumps(description | damage)})
    with pytest.raises(UserError, match=r"network: .*found a damaged one") as raised:
        load(path)
    assert "\n" not in str(raised.value)
