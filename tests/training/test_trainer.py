"""Training: known limits, independence within a stack, and files that change nothing."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from memrob.errors import UserError
from memrob.training import trainer
from memrob.training.checkpoints import Checkpoint
from memrob.training.gradients import evaluate
from memrob.training.settings import Settings
from memrob.training.stack import Stack, initial_stack, with_constant
from memrob.training.trainer import train


def blobs(n_samples=60, input_dim=5, n_classes=3, seed=0):
    rng = np.random.default_rng(seed)
    y = rng.integers(n_classes, size=n_samples)
    X = rng.normal(size=(n_samples, input_dim)) + 3 * np.eye(input_dim)[y]
    return X.astype(np.float32), y


SGD = Settings(epochs=12, batch_size=16, step_size=0.005, momentum=0.9)
ADAM = replace(SGD, optimiser="adam", loss="cross_entropy", step_size=0.01)


def same_weights(first, second):
    return all(torch.equal(a, b) for a, b in zip(first.tensors, second.tensors, strict=True))


@pytest.mark.parametrize("settings", [SGD, ADAM], ids=["sgd", "adam"])
def test_a_network_in_a_stack_is_trained_as_if_it_were_alone(settings):
    X, y = blobs()
    labels = np.stack([y, y[::-1], y, np.roll(y, 1)])
    together = train(initial_stack([4, 4, 1, 9], [0, 1, 1, 0], 5, 3), X, labels, settings, seed=2)
    for m, (width, seed) in enumerate(zip([4, 4, 1, 9], [0, 1, 1, 0], strict=True)):
        alone = train(initial_stack([width], [seed], 5, 3), X, labels[m], settings, seed=2)
        for mine, its in zip(alone.stack.arrays(0), together.stack.arrays(m), strict=True):
            assert np.allclose(mine, its, rtol=1e-3, atol=1e-5)
        assert together.epochs[m] == 12 and together.steps[m] == 48


@pytest.mark.parametrize("settings", [SGD, replace(ADAM, decay=0.5, decay_every=5)])
def test_steps_are_those_of_torch(settings):
    X, y = blobs(n_samples=20)
    settings = replace(settings, batch_size=20)
    trained = train(initial_stack([6], [0], 5, 3), X, y, settings, seed=0)
    W0, b0, W1, b1 = initial_stack([6], [0], 5, 3).arrays(0)
    model = torch.nn.Sequential(torch.nn.Linear(5, 6), torch.nn.ReLU(), torch.nn.Linear(6, 3))
    with torch.no_grad():
        for parameter, values in zip(model.parameters(), (W0, b0, W1, b1), strict=True):
            parameter.copy_(torch.as_tensor(values))
    if settings.optimiser == "sgd":
        optimiser = torch.optim.SGD(model.parameters(), lr=0.005, momentum=0.9)
    else:
        optimiser = torch.optim.Adam(model.parameters(), lr=0.01)
    step = torch.optim.lr_scheduler.StepLR(
        optimiser, settings.decay_every or 10**6, gamma=settings.decay
    )
    targets = torch.nn.functional.one_hot(torch.as_tensor(y), 3)
    for _ in range(settings.epochs):
        optimiser.zero_grad()
        outputs = model(torch.as_tensor(X))
        if settings.loss == "squared":
            loss = (outputs - targets).square().sum(1).mean()
        else:
            loss = torch.nn.functional.cross_entropy(outputs, torch.as_tensor(y))
        loss.backward()
        optimiser.step()
        step.step()
    for mine, its in zip(trained.stack.arrays(0), model.parameters(), strict=True):
        assert np.allclose(mine, its.detach().numpy(), rtol=1e-3, atol=1e-5)


def test_units_that_stay_active_do_linear_regression():
    rng = np.random.default_rng(3)
    X, y = rng.uniform(-1, 1, size=(80, 2)).astype(np.float32), rng.integers(2, size=80)
    # Biases far above the points keep both units active: the network is affine throughout.
    first = torch.tensor([[1.0, 0.0, 5.0], [0.0, 1.0, 5.0]])
    stack = Stack((2,), first, torch.zeros(2, 2), torch.zeros(1, 2))
    settings = Settings(epochs=4000, batch_size=80, step_size=0.008, momentum=0.9)
    trained = train(stack, X, y, settings, seed=0)
    _, losses = evaluate(trained.stack, with_constant(X), torch.as_tensor(y[None]), "squared")
    points = np.hstack([X, np.ones((80, 1))])
    residual = np.eye(2)[y] - points @ np.linalg.lstsq(points, np.eye(2)[y])[0]
    assert losses.item() == pytest.approx(np.square(residual).sum(1).mean(), rel=1e-3)


def test_fitted_networks_leave_and_the_others_go_on():
    X, y = blobs()
    stop = replace(ADAM, epochs=120, stop_when_fitted=True, check_every=5)
    labels = np.stack([np.random.default_rng(4).integers(3, size=60), y])
    found = train(initial_stack([1, 40], [0, 1], 5, 3), X, labels, stop, seed=1)
    assert found.fitted.tolist() == [False, True]
    assert found.epochs[0] == 120 and found.epochs[1] < 120
    wrong, _ = evaluate(found.stack, with_constant(X), torch.as_tensor(labels), "squared")
    assert wrong[1] == 0 and wrong[0] > 0
    alone = train(initial_stack([1], [0], 5, 3), X, labels[0], stop, seed=1)
    assert np.allclose(alone.stack.arrays(0)[0], found.stack.arrays(0)[0], rtol=1e-2, atol=1e-3)


def test_networks_that_are_retired_leave_too():
    X, y = blobs()
    settings = replace(ADAM, epochs=200, stop_when_fitted=True, check_every=5)
    labels = np.stack([y, np.random.default_rng(5).integers(3, size=60)])
    found = train(
        initial_stack([40, 1], [0, 1], 5, 3), X, labels, settings, seed=1, retire=lambda f: [1]
    )
    assert found.fitted.tolist() == [True, False]
    assert found.epochs[1] <= found.epochs[0]


class KilledError(Exception):
    pass


@pytest.mark.parametrize("settings", [SGD, ADAM], ids=["sgd", "adam"])
def test_a_killed_training_goes_on_bit_by_bit(tmp_path, monkeypatch, settings):
    X, y = blobs()
    settings = replace(settings, epochs=60, stop_when_fitted=True, check_every=5, step_size=0.01)
    noise = np.random.default_rng(6).integers(3, size=60)
    labels = np.stack([y, noise, noise])
    stack = initial_stack([30, 2, 5], [0, 1, 2], 5, 3)
    whole = train(stack, X, labels, settings, seed=7)
    assert whole.epochs[0] < 40 < whole.epochs[1]
    one_epoch = trainer._Run._one_epoch

    def killed(run):
        if run.epoch == 47:
            raise KilledError
        one_epoch(run)

    monkeypatch.setattr(trainer._Run, "_one_epoch", killed)
    with pytest.raises(KilledError):
        train(stack, X, labels, settings, seed=7, folder=tmp_path, save_every=20)
    assert [path.name.endswith(".partial.safetensors") for path in tmp_path.iterdir()] == [True]
    epochs = []
    monkeypatch.setattr(
        trainer._Run, "_one_epoch", lambda run: (epochs.append(run.epoch), one_epoch(run))
    )
    resumed = train(stack, X, labels, settings, seed=7, folder=tmp_path, save_every=20)
    assert epochs[0] == 40
    assert same_weights(resumed.stack, whole.stack)
    assert resumed.epochs.tolist() == whole.epochs.tolist()
    assert resumed.fitted.tolist() == whole.fitted.tolist()


def test_finished_trainings_are_not_repeated(tmp_path, monkeypatch):
    X, y = blobs()
    stack = initial_stack([3, 8], [0, 1], 5, 3)
    first = train(stack, X, y, SGD, seed=1, folder=tmp_path, save_every=5)
    (kept,) = tmp_path.iterdir()
    content = kept.read_bytes()
    train(stack, X, y, replace(SGD, step_size=0.004), seed=1, folder=tmp_path)
    train(stack, X, (y + 1) % 3, SGD, seed=1, folder=tmp_path)
    train(stack, X, y, SGD, seed=2, folder=tmp_path)
    assert len(list(tmp_path.iterdir())) == 4

    def not_again(run):
        raise AssertionError("trained again")

    monkeypatch.setattr(trainer._Run, "_one_epoch", not_again)
    again = train(stack, X, y, SGD, seed=1, folder=tmp_path)
    assert same_weights(again.stack, first.stack)
    assert again.seconds == first.seconds
    assert kept.read_bytes() == content


def test_damaged_files_are_trained_anew(tmp_path):
    X, y = blobs()
    stack = initial_stack([3], [0], 5, 3)
    first = train(stack, X, y, SGD, seed=1, folder=tmp_path)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(kept.read_bytes()[:50])
    assert same_weights(train(stack, X, y, SGD, seed=1, folder=tmp_path).stack, first.stack)
    assert Checkpoint(tmp_path, "absent").load() is None


def test_a_seed_gives_the_same_bits_and_another_does_not():
    X, y = blobs()
    stack = initial_stack([3, 8], [0, 1], 5, 3)
    first, second, third = (train(stack, X, y, SGD, seed=s).stack for s in (1, 1, 2))
    assert same_weights(first, second) and not same_weights(first, third)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"loss": "hinge"}, "loss: is 'hinge'"),
        ({"optimiser": "lbfgs"}, "optimiser: is 'lbfgs'"),
        ({"epochs": 0}, "epochs: is 0"),
        ({"step_size": -1.0}, "step_size: is"),
        ({"momentum": 1.0}, "momentum: is"),
    ],
)
def test_settings_that_nothing_can_be_trained_with(change, message):
    with pytest.raises(UserError, match=message):
        replace(SGD, **change)


def test_step_size_decays():
    settings = Settings(step_size=0.01, decay=0.9, decay_every=500)
    assert [settings.step_size_at(e) for e in (0, 499, 500, 1000)] == pytest.approx(
        [0.01, 0.01, 0.009, 0.0081]
    )
