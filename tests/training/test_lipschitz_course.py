"""Lipschitz constants over the epochs, against values that are known."""

import numpy as np
import pytest
from small_classifiers import parameters_of, random_classifier

from memrob.lipschitz.norms import conjugate, norm
from memrob.training.lipschitz_course import lipschitz_course
from memrob.training.projections import EXPONENTS


def test_bounds_enclose_the_largest_gradient():
    stages = {epoch: parameters_of(random_classifier((6, 12, 3), epoch)) for epoch in (0, 5)}
    X = np.random.default_rng(0).standard_normal((50, 6))
    table = lipschitz_course(stages, X, np.arange(50) % 3)
    assert len(table) == 6
    assert (table.lower > 0).all()
    assert (table.lower <= table.upper).all()
    assert (table.upper <= 1.5 * table.lower).all()
    points = np.random.default_rng(1).standard_normal((500, 6)) * 3
    for epoch, p in zip(table.epoch, table.p, strict=True):
        classifier = random_classifier((6, 12, 3), epoch)
        upper = table.set_index(["epoch", "p"]).upper[epoch, p]
        for a, b in ((0, 1), (0, 2), (1, 2)):
            gradients = classifier.margin(a, b).gradients(points)
            assert norm(gradients, conjugate(p)).max() <= upper


def test_one_neuron_has_known_constants():
    """f_1 - f_0 = 3 relu(<w, x>) + 1."""
    w = np.array([[1.0, -2.0]])
    stage = [w, np.zeros(1), np.array([[-1.0], [2.0]]), np.array([0.0, 1.0])]
    X = np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, -2.0]])
    table = lipschitz_course({7: stage}, X, np.array([1, 0, 1]))
    for row in table.itertuples():
        assert row.lower == pytest.approx(3 * norm(w[0], conjugate(row.p)))
        assert row.upper == pytest.approx(row.lower, rel=1e-2)
    assert (table.epoch == 7).all()
    assert table.train_error.tolist() == pytest.approx([1 / 3] * 3)
    # Margins 4, -1 and 13.
    assert table.margin.tolist() == [4.0] * 3
    assert table.weight_norm.tolist() == pytest.approx([np.sqrt(1 + 4 + 1 + 4)] * 3)


def test_scaling_the_last_layer_scales_the_bounds():
    classifier = random_classifier((8, 10, 2), 3)
    first = parameters_of(classifier)
    second = [*first[:2], 4 * first[2], 4 * first[3]]
    X = np.random.default_rng(4).standard_normal((20, 8))
    table = lipschitz_course({0: first, 1: second}, X, np.arange(20) % 2).set_index("epoch")
    for column in ("lower", "upper", "margin"):
        assert table.loc[1, column].to_numpy() == pytest.approx(
            4 * table.loc[0, column].to_numpy(), rel=1e-2
        )
    assert set(table.p) == set(EXPONENTS)
