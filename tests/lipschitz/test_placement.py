"""Where batch normalisations of a state dict are taken to stand, and that the report says so."""

from itertools import pairwise

import numpy as np
import pytest
from network_files import refusal

torch = pytest.importorskip("torch")

from torch import nn  # noqa: E402

from memrob.lipschitz.files import load_network, read_network  # noqa: E402


def linear(inputs, outputs):
    return nn.Linear(inputs, outputs).double()


def norm(width):
    module = nn.BatchNorm1d(width).double()
    module.running_mean.normal_()
    module.running_var.uniform_(0.1, 2)
    nn.init.normal_(module.weight)
    nn.init.normal_(module.bias)
    return module


def arrays_of(modules):
    """State dict of modules by name, in their order."""
    dicts = {name: module.state_dict() for name, module in modules.items()}
    return {f"{name}.{key}": a for name, arrays in dicts.items() for key, a in arrays.items()}


def saved(path, modules):
    torch.save(arrays_of(modules), path)
    return path


def assert_computes(path, *parts):
    model = nn.Sequential(*parts).eval()
    X = 2 * torch.randn(50, 3, dtype=torch.float64)
    found = load_network(path)(X.numpy())
    np.testing.assert_allclose(found, model(X).detach().numpy()[:, 0], rtol=1e-11, atol=1e-12)
    return " | ".join(read_network(path).assumptions)


RELU = nn.ReLU()

SEQUENTIALS = {
    "0 in front": ([norm(3), linear(3, 5), RELU, linear(5, 1)], "in front of 1"),
    "square in front": ([norm(3), linear(3, 3), RELU, linear(3, 1)], "in front of 1"),
    "before": ([linear(3, 5), norm(5), RELU, linear(5, 1)], "between 0 and its activation"),
    "after": ([linear(3, 5), RELU, norm(5), linear(5, 1)], "after the activation of 0"),
    "then dropout": (
        [linear(3, 5), RELU, norm(5), nn.Dropout(), linear(5, 1)],
        "after the activation of 0",
    ),
    "at the end": ([linear(3, 5), RELU, linear(5, 1), norm(1)], "right after 2, the last layer"),
    "blocks": (
        [nn.Sequential(linear(3, 3), norm(3), RELU), linear(3, 1)],
        "between 0.0 and its activation",
    ),
    "late blocks": (
        [nn.Sequential(linear(3, 3), RELU, norm(3)), linear(3, 1)],
        "after the activation of 0.0",
    ),
    "blocks that begin with it": (
        [nn.Sequential(linear(3, 3), RELU), nn.Sequential(norm(3), linear(3, 3), RELU)],
        "after the activation of 0.0",
    ),
}


@pytest.mark.parametrize("name", SEQUENTIALS)
def test_numbers_of_a_sequential_decide(name, tmp_path):
    parts, place = SEQUENTIALS[name]
    if name == "blocks that begin with it":
        parts = [*parts, linear(3, 1)]
    torch.save(nn.Sequential(*parts).state_dict(), tmp_path / "model.pt")
    notes = assert_computes(tmp_path / "model.pt", *parts)
    assert f"is taken {place}" in notes


def test_a_number_that_leaves_both_places_open_is_told(tmp_path):
    parts = [linear(3, 5), nn.Dropout(), norm(5), RELU, linear(5, 1)]
    torch.save(nn.Sequential(*parts).state_dict(), tmp_path / "model.pt")
    notes = assert_computes(tmp_path / "model.pt", parts[0], RELU, parts[2], parts[4])
    assert "2 is taken after the activation of 0" in notes


@pytest.mark.parametrize(
    ("names", "norms", "sizes", "places"),
    [
        ("fc1 bn1 fc2", [5], [3, 5, 1], [1]),
        ("fc1 fc2 fc3 bn1 bn2", [3, 3], [3, 3, 3, 1], [1, 2]),
        ("fc1 fc2 bn1 bn2 out", [3, 3], [3, 3, 3, 1], [1, 2]),
        ("norm fc out", [3], [3, 3, 1], [0]),
        ("bn0 fc1 bn1 fc2", [3, 3], [3, 3, 1], [0, 1]),
        ("norm fc out", [5], [3, 5, 1], [1]),
        ("bn1 fc1 fc2", [3], [3, 4, 1], [0]),
        ("block1.fc block1.norm block2.fc block2.norm last", [3, 3], [3, 3, 3, 1], [1, 2]),
        ("fc norm", [1], [3, 1], [1]),
    ],
)
def test_names_widths_and_order_decide(names, norms, sizes, places, tmp_path):
    names, norms, sizes = names.split(), list(map(norm, norms)), list(sizes)
    is_norm = ["bn" in name or "norm" in name for name in names]
    layers = [linear(*pair) for pair in pairwise(sizes)]
    left = {True: iter(norms), False: iter(layers)}
    modules = {name: next(left[is_it]) for name, is_it in zip(names, is_norm, strict=True)}
    path = saved(tmp_path / "model.pt", modules)
    parts = []
    for after in range(len(layers) + 1):
        parts += layers[after - 1 : after] if after else []
        parts += [n for n, place in zip(norms, places, strict=True) if place == after]
        parts += [RELU] if 0 < after < len(layers) else []
    notes = assert_computes(path, *parts)
    for name in (n for n, is_it in zip(names, is_norm, strict=True) if is_it):
        assert f"{name} is taken " in notes


@pytest.mark.parametrize(
    ("names", "norms"),
    [
        ("bn1 fc1 fc2", [3]),
        ("fc out norm", [3]),
        ("fc1 norm_a norm_b fc2", [3, 3]),
    ],
)
def test_places_that_are_not_certain(names, norms, tmp_path):
    layers = iter((linear(3, 3), linear(3, 1)))
    modules = {n: norm(3) if "n" in n and "fc" not in n else next(layers) for n in names.split()}
    text = refusal(saved(tmp_path / "model.pt", modules))
    assert "it is not certain where" in text
    assert "in front of fc" in text


def test_without_an_order_in_the_file(tmp_path):
    from safetensors.torch import save_file

    modules = {"norm": norm(3), "fc": linear(3, 3), "out": linear(3, 1)}
    save_file(arrays_of(modules), tmp_path / "model.safetensors")
    assert "it is not certain where norm stands" in refusal(tmp_path / "model.safetensors")


def test_a_width_that_fits_nowhere(tmp_path):
    path = saved(tmp_path / "model.pt", {"fc1": linear(3, 4), "bn1": norm(7), "fc2": linear(4, 1)})
    assert "bn1 normalises 7 numbers, which no layer takes or gives" in refusal(path)
