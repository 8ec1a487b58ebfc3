"""Gradients of batches against the plain NumPy twin, and against automatic differentiation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memrob.errors import UserError
from memrob.lipschitz import gradients as gradients_module
from memrob.lipschitz.batch import put_like, stack, to_numpy
from memrob.lipschitz.gradients import gradients
from memrob.lipschitz.random_networks import BIAS_LAWS, random_network


def drawn(input_dim, width, depth, bias, count):
    return [random_network(input_dim, width, depth, bias, seed) for seed in range(count)]


@given(
    st.integers(1, 6),
    st.integers(1, 9),
    st.integers(1, 4),
    st.sampled_from(BIAS_LAWS),
    st.integers(1, 3),
    st.integers(1, 40),
)
@settings(deadline=None, max_examples=60)
def test_batch_agrees_with_the_twin(input_dim, width, depth, bias, count, n_points):
    networks = drawn(input_dim, width, depth, bias, count)
    points = np.random.default_rng(0).standard_normal((count, n_points, input_dim))
    found = gradients(stack(networks, dtype="float64"), points)
    expected = np.stack([n.gradients(x) for n, x in zip(networks, points, strict=True)])
    assert found == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_tiles_change_nothing(monkeypatch):
    networks = drawn(4, 20, 2, "gaussian", 2)
    points = np.random.default_rng(1).standard_normal((2, 100, 4))
    batch = stack(networks, dtype="float64")
    whole = gradients(batch, points)
    monkeypatch.setattr(gradients_module, "TILE_NUMBERS", 1)
    assert gradients(batch, points) == pytest.approx(whole)


def test_height_divides_the_point():
    batch = stack(drawn(3, 15, 2, "gaussian", 1), dtype="float64")
    points = np.random.default_rng(2).standard_normal((1, 30, 3))
    heights = np.random.default_rng(3).uniform(0.1, 2, (1, 30, 1))
    assert gradients(batch, points, heights) == pytest.approx(gradients(batch, points / heights))


@pytest.mark.parametrize("bias", ["zero", "gaussian"])
def test_torch_agrees_with_numpy_and_with_its_own_gradients(bias):
    torch = pytest.importorskip("torch")
    networks = drawn(5, 16, 3, bias, 3)
    points = np.random.default_rng(4).standard_normal((3, 20, 5))
    expected = gradients(stack(networks, dtype="float64"), points)
    batch = stack(networks, "torch-cpu", "float64")
    assert to_numpy(gradients(batch, put_like(points, batch))) == pytest.approx(expected)
    placed = torch.tensor(points[0], requires_grad=True)
    hidden = placed
    for weight, offset in zip(networks[0].weights, networks[0].biases, strict=True):
        outputs = hidden @ torch.tensor(weight).T + torch.tensor(offset)
        hidden = torch.relu(outputs)
    (found,) = torch.autograd.grad(outputs.sum(), placed)
    assert found.numpy() == pytest.approx(expected[0])


def test_random_networks_have_the_variances_of_the_paper():
    network = random_network(100, 400, 2, "gaussian", 7)
    first, second, last = network.weights
    assert [w.shape for w in network.weights] == [(400, 100), (400, 400), (1, 400)]
    assert first.var() == pytest.approx(2 / 400, rel=0.03)
    assert second.var() == pytest.approx(2 / 400, rel=0.03)
    assert last.var() == pytest.approx(1, rel=0.2)
    sizes = np.linalg.norm(
        network.gradients(np.random.default_rng(0).normal(size=(50, 100))), axis=1
    )
    assert sizes.mean() == pytest.approx(10, rel=0.25)


def test_laws_of_the_biases_share_the_weights():
    first, *others = [random_network(3, 8, 2, bias, 5) for bias in BIAS_LAWS]
    assert first.is_homogeneous
    for other in others:
        assert not other.is_homogeneous
        for mine, its in zip(first.weights, other.weights, strict=True):
            assert np.array_equal(mine, its)


def test_networks_of_a_batch_have_one_shape():
    with pytest.raises(UserError, match="differ in shape"):
        stack([random_network(2, 4, 1), random_network(2, 5, 1)])


@pytest.mark.parametrize(
    "change", [{"input_dim": 0}, {"width": 0}, {"depth": 0}, {"bias": "normal"}]
)
def test_random_network_refuses(change):
    arguments = {"input_dim": 2, "width": 3, "depth": 1, "bias": "zero", **change}
    with pytest.raises(UserError, match=f"{next(iter(change))}: is .*; it must be"):
        random_network(**arguments)
