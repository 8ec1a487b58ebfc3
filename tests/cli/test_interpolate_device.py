"""`memrob interpolate --device`, where there is no torch and where there is a card."""

import json
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from memrob.cli import main
from memrob.interpolation import device

OPTIONS = ("--first-width", "50", "--max-bias", "1")


@pytest.fixture
def data(tmp_path):
    path = tmp_path / "points.npz"
    np.savez(path, X=np.random.default_rng(3).standard_normal((20, 5)), y=np.arange(20) % 3)
    return str(path)


def call(capsys, *arguments):
    status = main(["interpolate", *arguments])
    return status, *capsys.readouterr()


@pytest.mark.parametrize("chosen", [[], ["--device", "cpu"], ["--device", "auto"]])
def test_processor_without_torch(chosen, data, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    status, out, err = call(capsys, data, *OPTIONS, *chosen, "--json")
    report = json.loads(out)
    assert (status, err, report["device"]) == (0, "", "cpu")
    assert "device_memory_bytes" not in report


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ([], "device: cuda needs torch, which is not installed: pip install torch==2.13.0"),
        (["--order", "reference"], "use device cpu with order reference"),
        (["--activation", "relu"], "use device cpu with activation relu"),
    ],
)
def test_card_that_cannot_be_had_is_one_line(more, message, data, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    status, out, err = call(capsys, data, *OPTIONS, "--device", "cuda", *more)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert message in err


def test_memory_of_the_card(data, capsys, monkeypatch):
    # A stand-in for the card, on which the processor computes.
    cuda = SimpleNamespace(is_available=lambda: True, max_memory_allocated=lambda: 3 * 10**9)
    monkeypatch.setitem(sys.modules, "torch", SimpleNamespace(cuda=cuda))
    taken = []
    backend = device.backend_of("cpu")
    monkeypatch.setattr(
        "memrob.interpolation.construction.backend_of",
        lambda name: (taken.append(name), backend)[1],
    )
    status, out, err = call(capsys, data, *OPTIONS, "--device", "auto", "--json")
    report = json.loads(out)
    assert (status, err, report["device"], taken) == (0, "", "cuda", ["cuda"])
    assert report["device_memory_bytes"] == 3 * 10**9
    status, out, err = call(capsys, data, *OPTIONS, "--device", "cuda")
    assert (status, err) == (0, "")
    assert out.endswith("GB and 3 GB of the card\n")
