"""Attacks against distances that are known, and against brute force in the plane."""

import numpy as np
import pytest
from small_classifiers import plane_distances, random_classifier

from memrob.errors import UserError
from memrob.lipschitz.norms import conjugate, norm
from memrob.training.attacks import Effort, fgsm, pgd
from memrob.training.classifier import Classifier
from memrob.training.perturbations import crossing_times
from memrob.training.projections import EXPONENTS


def attack(classifier, X, labels, p, **options):
    return pgd(classifier, X, labels, p, generator=np.random.default_rng(0), **options)


@pytest.mark.parametrize("p", EXPONENTS)
def test_affine_scores_have_a_known_distance(p):
    classifier = random_classifier((6, 4), 0)
    X = np.random.default_rng(1).standard_normal((20, 6))
    labels = classifier.predict(X)
    weight, margins = classifier.weights[0], classifier.margins(X, labels)
    sizes = norm(weight[labels][:, None] - weight[None], conjugate(p))
    exact = np.where(sizes > 0, margins / np.where(sizes > 0, sizes, 1), np.inf).min(axis=1)
    for found in (fgsm(classifier, X, labels, p), attack(classifier, X, labels, p)):
        assert found.radii == pytest.approx(exact, rel=1e-6)
        assert (found.radii >= exact).all()


@pytest.mark.parametrize("sizes", [(2, 12, 3), (2, 8, 8, 3)])
@pytest.mark.parametrize("p", EXPONENTS)
def test_near_the_distance_by_brute_force(sizes, p):
    classifier = random_classifier(sizes, 2)
    X = np.random.default_rng(3).standard_normal((20, 2)) * 1.5
    labels = classifier.predict(X)
    exact, step = plane_distances(classifier, X, labels, p)
    found, single = attack(classifier, X, labels, p), fgsm(classifier, X, labels, p)
    assert (found.radii >= (np.minimum(exact, 6) - step) * 0.99).all()
    assert (found.radii <= single.radii).all()
    near = np.isfinite(exact)
    assert near.sum() > 10
    assert np.mean(found.radii[near] <= 1.05 * exact[near]) >= 0.8


@pytest.mark.parametrize("box", [None, (-1.0, 1.0)])
@pytest.mark.parametrize("p", EXPONENTS)
def test_points_change_the_label_at_the_distance_stated(p, box):
    classifier = random_classifier((10, 30, 4), 4)
    X = np.random.default_rng(5).uniform(-1, 1, (25, 10))
    labels = classifier.predict(X)
    for found in (fgsm(classifier, X, labels, p, box), attack(classifier, X, labels, p, box=box)):
        reached = np.isfinite(found.radii)
        assert reached.any()
        assert (classifier.predict(found.points) != labels)[reached].all()
        assert (found.points[~reached] == X[~reached]).all()
        assert norm(found.points - X, p)[reached] == pytest.approx(found.radii[reached])
        if box is not None:
            assert np.abs(found.points).max() <= 1


def test_wrong_labels_need_no_perturbation():
    classifier = random_classifier((3, 9, 3), 6)
    X = np.random.default_rng(7).standard_normal((10, 3))
    labels = (classifier.predict(X) + 1) % 3
    for found in (fgsm(classifier, X, labels, 2.0), attack(classifier, X, labels, 2.0)):
        assert not found.radii.any()
        assert (found.points == X).all()


@pytest.mark.parametrize("p", EXPONENTS)
def test_nothing_is_found_where_one_class_always_wins(p):
    rng = np.random.default_rng(8)
    parameters = [rng.standard_normal((5, 3)), np.zeros(5), np.ones((2, 5)), np.array([1.0, 0.0])]
    classifier = Classifier.from_parameters(parameters)
    X, labels = rng.standard_normal((6, 3)), np.zeros(6, dtype=int)
    for found in (fgsm(classifier, X, labels, p), attack(classifier, X, labels, p)):
        assert np.isinf(found.radii).all()
        assert (found.points == X).all()


def test_crossings_are_the_first_on_the_ray():
    classifier = random_classifier((4, 15, 3), 9)
    rng = np.random.default_rng(10)
    X, directions = rng.standard_normal((30, 4)), rng.standard_normal((30, 4))
    labels = classifier.predict(X)
    found = crossing_times(classifier, X, labels, directions)
    assert 5 < np.isfinite(found).sum() < 30
    times = np.linspace(0, 10, 4001)
    for row in range(30):
        on_ray = classifier.predict(X[row] + times[:, None] * directions[row])
        changed = on_ray != labels[row]
        if changed.any():
            first = times[np.argmax(changed)]
            assert first - 0.0026 <= found[row] <= first + 1e-9
        else:
            assert found[row] > 10


def test_same_generator_same_result():
    classifier = random_classifier((5, 20, 3), 11)
    X = np.random.default_rng(12).standard_normal((8, 5))
    labels = classifier.predict(X)
    first, second = (attack(classifier, X, labels, 1.0, effort=Effort(2, 2, 5)) for _ in range(2))
    assert (first.points == second.points).all()


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ([np.ones((3, 2)), np.ones(3), np.ones((2, 4)), np.ones(2)], "do not fit"),
        ([np.ones((3, 2)), np.ones(3), np.ones((1, 3)), np.ones(1)], "1 output"),
        ([np.full((2, 2), np.nan), np.ones(2)], "finite"),
    ],
)
def test_parameters_that_are_no_classifier(parameters, message):
    with pytest.raises(UserError, match=message):
        Classifier.from_parameters(parameters)
