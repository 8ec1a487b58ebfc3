"""Attacks against those of foolbox, at the same budgets, on networks of the same numbers."""

import foolbox
import numpy as np
import pytest
import torch
from small_classifiers import random_classifier

from memrob.lipschitz.norms import norm
from memrob.training.attacks import fgsm, pgd

STEPS = {
    2.0: foolbox.attacks.L2FastGradientAttack,
    np.inf: foolbox.attacks.LinfFastGradientAttack,
}
DESCENTS = {
    2.0: foolbox.attacks.L2ProjectedGradientDescentAttack,
    np.inf: foolbox.attacks.LinfProjectedGradientDescentAttack,
}
BOUNDS = (-3.0, 3.0)
BUDGETS = np.geomspace(0.05, 2, 12)


@pytest.fixture(scope="module")
def classifier():
    return random_classifier((8, 24, 4), 6)


@pytest.fixture(scope="module")
def samples():
    return np.random.default_rng(7).uniform(-2, 2, (40, 8)).astype(np.float32).astype(np.float64)


def model_of(classifier):
    layers = []
    for weight, bias in zip(classifier.weights, classifier.biases, strict=True):
        layer = torch.nn.Linear(*weight.shape[::-1])
        layer.weight.data, layer.bias.data = (
            torch.tensor(weight).float(),
            torch.tensor(bias).float(),
        )
        layers += [layer, torch.nn.ReLU()]
    model = torch.nn.Sequential(*layers[:-1]).eval()
    return foolbox.PyTorchModel(model, bounds=BOUNDS, device="cpu")


def radii_of_foolbox(attack, classifier, X, labels, p):
    """Least distance at which any budget of an attack changed the label, (M,)."""
    torch.manual_seed(0)
    model = model_of(classifier)
    _, clipped, success = attack()(
        model, torch.tensor(X).float(), torch.tensor(labels), epsilons=list(BUDGETS)
    )
    radii = np.full(len(X), np.inf)
    for points, changed in zip(clipped, success, strict=True):
        points, found = points.double().numpy(), norm(points.double().numpy() - X, p)
        changed = changed.numpy() & (classifier.predict(points) != labels)
        radii = np.where(changed, np.minimum(radii, found), radii)
    return radii


@pytest.mark.parametrize("p", DESCENTS)
def test_descents_change_every_label_at_no_larger_distance(p, classifier, samples):
    labels = classifier.predict(samples)
    generator = np.random.default_rng(0)
    own = pgd(classifier, samples, labels, p, box=BOUNDS, generator=generator).radii
    theirs = radii_of_foolbox(DESCENTS[p], classifier, samples, labels, p)
    assert np.isfinite(theirs).mean() > 0.8
    assert (own <= theirs * (1 + 1e-6)).all()
    # Two attacks on one network are not far apart; budgets alone differ by 40 %.
    reached = np.isfinite(theirs)
    assert np.median(own[reached] / theirs[reached]) >= 0.5


@pytest.mark.parametrize("p", STEPS)
def test_single_steps_are_as_good_as_those_of_a_loss(p, classifier, samples):
    # Foolbox steps along the gradient of the cross-entropy, not of the nearest class's margin.
    labels = classifier.predict(samples)
    own = fgsm(classifier, samples, labels, p, BOUNDS).radii
    theirs = radii_of_foolbox(STEPS[p], classifier, samples, labels, p)
    reached = np.isfinite(theirs)
    assert reached.mean() > 0.8
    assert 0.5 <= np.median(own[reached] / theirs[reached]) <= 1
