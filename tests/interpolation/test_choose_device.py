"""Which device is taken, and what a user is told who cannot have it; torch is stood in for."""

import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from memrob.errors import UserError
from memrob.interpolation import fit
from memrob.interpolation.device import choose_device
from memrob.numerics.device import DEVICES, INSTALL, TORCH_CPU


def torch_with(monkeypatch, *, card, cuda="13.0"):
    version = SimpleNamespace(cuda=cuda, hip=None)
    cards = SimpleNamespace(is_available=lambda: card)
    torch = SimpleNamespace(__version__="2.13.0+some", version=version, cuda=cards)
    monkeypatch.setitem(sys.modules, "torch", torch)


def without_torch(monkeypatch):
    # None in sys.modules makes the import fail as that of an absent package does.
    monkeypatch.setitem(sys.modules, "torch", None)


def test_the_processor_asks_nothing_of_torch(monkeypatch):
    without_torch(monkeypatch)
    assert choose_device("cpu") == "cpu"
    assert choose_device("cpu", "reference", "threshold") == "cpu"
    assert choose_device("cpu", "permutation", "relu") == "cpu"


def test_auto(monkeypatch):
    without_torch(monkeypatch)
    assert choose_device("auto") == "cpu"
    torch_with(monkeypatch, card=False)
    assert choose_device("auto") == "cpu"
    torch_with(monkeypatch, card=True)
    assert choose_device("auto") == "cuda"
    assert choose_device("auto", "reference") == "cpu"
    assert choose_device("auto", "permutation", "relu") == "cpu"


def test_cuda_with_a_card(monkeypatch):
    torch_with(monkeypatch, card=True)
    assert choose_device("cuda") == "cuda"


def refusal(device="cuda", order="permutation", activation="threshold"):
    X, y = np.eye(3, dtype=np.float32), np.array([0, 1, 1])
    with pytest.raises(UserError) as raised:
        fit(
            X,
            y,
            first_width=5,
            max_bias=1.0,
            seed=0,
            order=order,
            activation=activation,
            device=device,
        )
    message = str(raised.value)
    assert message.startswith("device: ")
    assert "\n" not in message
    return message


def test_cuda_that_cannot_be_had(monkeypatch):
    without_torch(monkeypatch)
    assert refusal().endswith("not installed: pip install torch==2.13.0")
    torch_with(monkeypatch, card=False)
    assert "needs a graphics card that torch 2.13.0+some can use" in refusal()
    torch_with(monkeypatch, card=False, cuda=None)
    assert "2.13.0+some is not: pip uninstall torch, then pip install" in refusal()


@pytest.mark.parametrize("device", ["cuda", TORCH_CPU])
def test_networks_that_the_processor_constructs(device, monkeypatch):
    torch_with(monkeypatch, card=True)
    assert "use device cpu with order reference" in refusal(device, order="reference")
    assert "use device cpu with activation relu" in refusal(device, activation="relu")


@pytest.mark.parametrize("device", ["tpu", "", "CPU", "cuda:0"])
def test_unknown_device(device):
    assert refusal(device) == f"device: is {device!r}; it must be one of {', '.join(DEVICES)}"


def test_first_width_that_floats_cannot_count():
    device_first_layer = pytest.importorskip("memrob.interpolation.device_first_layer")
    layer = SimpleNamespace(width=2**24 + 1)
    with pytest.raises(UserError, match="first_width: is 16777217; device cpu takes at most"):
        device_first_layer.first_layer_on_device(layer, np.zeros((2, 1)), [], "cpu")


def test_features_that_no_memory_holds():
    device_first_layer = pytest.importorskip("memrob.interpolation.device_first_layer")
    with pytest.raises(UserError, match=r"cuda has 1 GB free and the features take 2 GB"):
        device_first_layer._must_pack(16_000_000_000, 1_000_000_000, "cuda")


def test_version_that_is_named_is_the_pinned_one():
    pins = Path(__file__).parents[2] / "envs" / "requirements-torch.txt"
    version = INSTALL.rpartition("==")[2]
    assert f"\ntorch=={version}+cpu ;" in pins.read_text()
