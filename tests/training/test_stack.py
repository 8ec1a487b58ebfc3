"""Stacks of networks: known gradients, and each network as if it were alone."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from memrob.errors import UserError
from memrob.training import gradients as gradients_module
from memrob.training.gradients import accumulate_gradients, evaluate, outputs_of
from memrob.training.settings import LOSSES, n_parameters
from memrob.training.stack import Stack, initial_stack, widened, with_constant


def drawn(widths, input_dim=4, n_classes=3):
    return initial_stack(widths, range(len(widths)), input_dim, n_classes)


def in_double(stack):
    return stack.map(lambda tensor: tensor.double())


def plain_outputs(stack, model, X):
    W0, b0, W1, b1 = stack.arrays(model)
    return np.maximum(X @ W0.T + b0, 0) @ W1.T + b1


@given(st.lists(st.integers(1, 5), min_size=1, max_size=5), st.sampled_from(LOSSES))
@settings(deadline=None, max_examples=40)
def test_gradients_are_those_of_automatic_differentiation(widths, loss):
    stack = in_double(drawn(widths))
    stack.offsets.copy_(torch.arange(stack.offsets.numel()).view_as(stack.offsets) / 10)
    rng = np.random.default_rng(0)
    points = with_constant(rng.normal(size=(7, 4))).double()
    labels = torch.as_tensor(rng.integers(3, size=(len(widths), 7)))
    before = in_double(drawn(widths))
    into = before.map(torch.clone)
    accumulate_gradients(stack, points, labels, loss, into, 0.5)
    leaves = stack.map(lambda tensor: tensor.clone().requires_grad_())
    total = 0.0
    for m in range(len(widths)):
        units = slice(int(stack.starts[m]), int(stack.starts[m + 1]))
        outputs = torch.relu(points @ leaves.first[units].T) @ leaves.second[units]
        outputs = outputs + leaves.offsets[m]
        if loss == "squared":
            targets = torch.nn.functional.one_hot(labels[m], 3)
            total = total + (outputs - targets).square().sum(1).mean()
        else:
            total = total + torch.nn.functional.cross_entropy(outputs, labels[m])
    total.backward()
    for found, old, leaf in zip(into.tensors, before.tensors, leaves.tensors, strict=True):
        assert torch.allclose(found, 0.5 * old + leaf.grad, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("loss", LOSSES)
def test_evaluation_agrees_with_plain_numpy(monkeypatch, loss):
    monkeypatch.setattr(gradients_module, "BLOCK_NUMBERS", 1)
    stack = drawn([3, 3, 1, 6])
    rng = np.random.default_rng(1)
    X = rng.normal(size=(150, 4)).astype(np.float32)
    labels = rng.integers(3, size=(4, 150))
    wrong, losses = evaluate(stack, with_constant(X), torch.as_tensor(labels), loss)
    together = outputs_of(stack, with_constant(X)).numpy()
    for m in range(4):
        outputs = plain_outputs(stack, m, X)
        assert np.allclose(together[m].T, outputs, atol=1e-5)
        assert wrong[m] == (outputs.argmax(1) != labels[m]).sum()
        if loss == "squared":
            expected = np.square(outputs - np.eye(3)[labels[m]]).sum(1).mean()
        else:
            at_class = outputs[np.arange(150), labels[m]]
            expected = (np.log(np.exp(outputs).sum(1)) - at_class).mean()
        assert losses[m].item() == pytest.approx(expected, rel=1e-5)


def test_initial_weights_depend_on_seed_and_width_alone():
    alone = initial_stack([5], [7], 4, 3)
    among = initial_stack([2, 5, 9], [0, 7, 7], 4, 3)
    for mine, its in zip(alone.arrays(0), among.arrays(1), strict=True):
        assert np.array_equal(mine, its)
    assert np.array_equal(among.arrays(2)[0][:5], among.arrays(1)[0])
    assert not np.array_equal(initial_stack([5], [8], 4, 3).arrays(0)[0], alone.arrays(0)[0])


def test_initial_weights_have_the_variances_of_he():
    W0, b0, W1, b1 = initial_stack([2000], [0], 99, 10).arrays(0)
    assert W0.var() == pytest.approx(2 / 100, rel=0.02)
    assert b0.var() == pytest.approx(2 / 100, rel=0.15)
    assert W1.var() == pytest.approx(1 / 2000, rel=0.05)
    assert not b1.any()


def test_select_and_put_move_networks():
    stack = drawn([2, 3, 3, 4])
    chosen = stack.select([3, 1])
    assert chosen.widths == (4, 3)
    for mine, its in zip(chosen.arrays(0), stack.arrays(3), strict=True):
        assert np.array_equal(mine, its)
    emptied = stack.map(torch.zeros_like)
    emptied.put([3, 1], chosen)
    assert not emptied.arrays(0)[0].any()
    assert np.array_equal(emptied.arrays(1)[2], stack.arrays(1)[2])
    assert stack.select([]).n_models == 0


def test_wider_networks_start_from_the_trained_ones():
    trained = drawn([3, 3])
    trained.offsets.fill_(0.25)
    wider = widened(trained, 400, [4, 5], 0.1)
    X = np.random.default_rng(2).normal(size=(5, 4)).astype(np.float32)
    for m in range(2):
        W0, b0, W1, b1 = wider.arrays(m)
        old = trained.arrays(m)
        for mine, its in zip((W0[:3], b0[:3], W1[:, :3], b1), old, strict=True):
            assert np.array_equal(mine, its)
        for new in (W0[3:], b0[3:], W1[:, 3:]):
            assert new.std() == pytest.approx(0.1, rel=0.15)
    same = widened(trained, 3, [4, 5], 0.1)
    assert plain_outputs(same, 1, X) == pytest.approx(plain_outputs(trained, 1, X))
    with pytest.raises(UserError, match="width: is 2"):
        widened(trained, 2, [4, 5], 0.1)


def test_number_of_parameters():
    stack = drawn([6])
    assert n_parameters(6, 4, 3) == sum(tensor.numel() for tensor in stack.tensors)
    with pytest.raises(UserError, match="width: is 0"):
        drawn([0])


def test_groups_cover_all_networks_once():
    groups = drawn([2, 2, 5, 2]).groups
    assert [(g.size, g.width) for g in groups] == [(2, 2), (1, 5), (1, 2)]
    assert isinstance(drawn([1]), Stack) and groups[1].units == slice(4, 9)
