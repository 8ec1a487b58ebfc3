"""Certified radii against exact distances, all activation patterns and attacks."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_classifiers import plane_distances, random_classifier

from memrob.lipschitz.norms import conjugate, norm
from memrob.lipschitz.upper.semidefinite import semidefinite_bound
from memrob.training.attacks import Effort, pgd
from memrob.training.certificates import global_radii, local_radii
from memrob.training.classifier import Classifier
from memrob.training.margin_bounds import (
    largest_margin_bounds,
    margin_bounds,
    metric_bound,
)
from memrob.training.projections import EXPONENTS

ALL_PS = (*EXPONENTS, 1.5, 4.0)


def all_gradients(network):
    count = sum(network.widths)
    flags = np.array(list(product([False, True], repeat=count)))
    return network.jacobians(np.split(flags, np.cumsum(network.widths)[:-1], axis=1))


@pytest.mark.parametrize("sizes", [(3, 7, 3), (9, 5, 2), (2, 3, 4, 3)])
def test_no_pattern_exceeds_a_bound(sizes):
    for seed in range(3):
        classifier = random_classifier(sizes, seed)
        bounds = margin_bounds(classifier, ALL_PS)
        for p in ALL_PS:
            assert (bounds[p] == bounds[p].T).all()
            assert not np.diag(bounds[p]).any()
            for a in range(1, classifier.n_outputs):
                gradients = all_gradients(classifier.margin(a, 0))
                assert bounds[p][a, 0] >= norm(gradients, conjugate(p)).max()


def test_bounds_are_exact_for_p_1_and_one_layer():
    classifier = random_classifier((4, 8, 2), 3)
    exact = norm(all_gradients(classifier.margin(0, 1)), np.inf).max()
    assert margin_bounds(classifier, [1.0])[1.0][0, 1] == pytest.approx(exact, rel=1e-10)


@pytest.mark.parametrize("sizes", [(12, 6, 2), (4, 12, 2)])
def test_metric_bound(sizes):
    """Above every gradient in its metric, and for B = I next to the bound without turning."""
    network = random_classifier(sizes, 4).margin(0, 1)
    rng = np.random.default_rng(5)
    gradients = all_gradients(network)
    for metric in (np.ones(sizes[0]), rng.uniform(0.1, 3, sizes[0])):
        largest = np.sqrt((gradients**2 / metric).sum(axis=1)).max()
        assert largest <= metric_bound(network, metric, 1e9) <= 2 * largest
    whole = semidefinite_bound(network, [2.0])[2.0]
    assert metric_bound(network, np.ones(sizes[0]), 1e12) == pytest.approx(whole, rel=1e-2)


@pytest.mark.parametrize("sizes", [(5, 9, 4), (3, 4, 4, 3)])
def test_largest_bound_is_that_of_all_pairs(sizes):
    classifier = random_classifier(sizes, 6)
    every, largest = margin_bounds(classifier, ALL_PS), largest_margin_bounds(classifier, ALL_PS)
    for p in ALL_PS:
        assert largest[p].bound == every[p].max()
        assert every[p][largest[p].pair] == largest[p].bound


def radii_of(classifier, X, labels, p):
    bounds = margin_bounds(classifier, [p])[p]
    return (
        global_radii(classifier, X, labels, bounds),
        local_radii(classifier, X, labels, p, bounds),
    )


@pytest.mark.parametrize("p", EXPONENTS)
def test_below_the_distance_by_brute_force(p):
    for seed in range(4):
        classifier = random_classifier((2, 12, 3), seed)
        X = np.random.default_rng(seed).standard_normal((12, 2))
        labels = classifier.predict(X)
        found, _ = plane_distances(classifier, X, labels, p, 720, 200)
        whole, local = radii_of(classifier, X, labels, p)
        assert (whole > 0).all()
        assert (whole <= local).all()
        assert (local <= found).all()
        assert (local > 1.01 * whole).any()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(EXPONENTS), st.integers(1, 12), st.integers(1, 20))
def test_no_attack_contradicts_a_certificate(seed, p, dim, width):
    classifier = random_classifier((dim, width, 3), seed)
    X = np.random.default_rng(seed).standard_normal((5, dim))
    labels = classifier.predict(X)
    whole, local = radii_of(classifier, X, labels, p)
    attacked = pgd(
        classifier, X, labels, p, generator=np.random.default_rng(0), effort=Effort(3, 3, 10)
    )
    assert (whole <= local).all()
    assert (local <= attacked.radii).all()


@pytest.mark.parametrize("p", ALL_PS)
def test_one_active_neuron_is_exact(p):
    """(f_0 - f_1)(x) = 2 relu(<w, x> + b) - 1: the distance to the boundary is known."""
    w = np.array([[1.0, -2.0, 0.5]])
    parameters = [w, np.array([3.0]), np.array([[2.0], [0.0]]), np.array([-1.0, 0.0])]
    classifier = Classifier.from_parameters(parameters)
    X = np.array([[0.3, -0.1, 0.7]])
    exact = (X @ w[0] + 2.5) / norm(w[0], conjugate(p))
    for found in radii_of(classifier, X, np.zeros(1, dtype=int), p):
        assert found == pytest.approx(exact, rel=2e-3)
        assert (found <= exact).all()


@pytest.mark.parametrize("p", EXPONENTS)
def test_neurons_that_keep_their_sign_make_local_radii_exact(p):
    classifier = random_classifier((5, 10, 3), 7)
    classifier.biases[0][:] += 100.0
    classifier.biases[1][:] -= classifier.outputs(np.zeros((1, 5)))[0] - [2.0, 0.0, 1.0]
    X, labels = np.zeros((1, 5)), np.zeros(1, dtype=int)
    gradients = [classifier.margin_gradients(X, labels, np.array([b]))[0] for b in (1, 2)]
    exact = min(2 / norm(gradients[0], conjugate(p)), 1 / norm(gradients[1], conjugate(p)))
    whole, local = radii_of(classifier, X, labels, p)
    assert local[0] == pytest.approx(exact, rel=2e-3)
    assert whole[0] < 0.99 * exact


def test_misclassified_points_and_ties_have_radius_zero():
    classifier = random_classifier((3, 6, 3), 8)
    X = np.random.default_rng(9).standard_normal((10, 3))
    wrong = (classifier.predict(X) + 1) % 3
    tied = Classifier.from_parameters([np.ones((4, 3)), np.zeros(4), np.ones((2, 4)), np.zeros(2)])
    for p in EXPONENTS:
        assert not np.any(radii_of(classifier, X, wrong, p))
        assert not np.any(radii_of(tied, X, np.zeros(10, dtype=int), p))


def test_scores_that_never_change_are_certified_everywhere():
    classifier = Classifier.from_parameters(
        [np.ones((4, 3)), np.zeros(4), np.ones((2, 4)), np.array([1.0, 0.0])]
    )
    for p in EXPONENTS:
        whole, local = radii_of(classifier, np.ones((2, 3)), np.zeros(2, dtype=int), p)
        assert np.isinf(whole).all()
        assert np.isinf(local).all()


def test_margin_errors_cover_what_rounding_does():
    classifier = random_classifier((300, 200, 50, 4), 10)
    X = np.random.default_rng(11).standard_normal((20, 300)) * 10
    labels = np.arange(20) % 4
    single = Classifier(
        tuple(weight.astype(np.longdouble) for weight in classifier.weights),
        tuple(bias.astype(np.longdouble) for bias in classifier.biases),
    )
    with np.errstate(invalid="ignore"):
        exact = single.margins(X.astype(np.longdouble), labels)
        errors = np.abs(classifier.margins(X, labels) - exact)
    errors[np.arange(20), labels] = 0
    bounds = classifier.margin_errors(X, labels)
    assert errors.max() > 0
    assert (errors <= bounds).all()
    assert bounds.max() < 1e-7
