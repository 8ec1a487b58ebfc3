"""The table of certified and attacked radii, and the panel of perturbed images."""

import numpy as np
import pytest
from small_classifiers import parameters_of, random_classifier

from memrob.errors import UserError
from memrob.lipschitz.norms import norm
from memrob.training.attacks import Effort
from memrob.training.robustness import panel, robustness

QUICK = Effort(2, 2, 6)
X = np.random.default_rng(0).uniform(0, 1, (12, 7))
Y = np.arange(12) % 3
STAGES = {
    "before": parameters_of(random_classifier((7, 15, 3), 1)),
    "after": parameters_of(random_classifier((7, 15, 3), 2)),
}


@pytest.mark.parametrize("reference", ["label", "prediction"])
@pytest.mark.parametrize("box", [None, (0.0, 1.0)])
def test_radii_are_in_order(reference, box):
    table = robustness(STAGES, X, Y, effort=QUICK, reference=reference, box=box)
    assert len(table) == 2 * 3 * 12
    assert (table.certified_radius <= table.local_radius).all()
    assert (table.local_radius <= table.pgd_radius).all()
    assert (table.pgd_radius <= table.fgsm_radius).all()
    wrong = table[table.correct == 0]
    assert 0 < len(wrong) < len(table)
    if reference == "label":
        assert not wrong[["certified_radius", "local_radius", "pgd_radius"]].to_numpy().any()
        assert (wrong.margin <= 0).all()
    else:
        assert (table.certified_radius > 0).all()
        assert (table.margin > 0).all()
    assert (table[table.correct == 1].certified_radius > 0).all()


def test_more_hidden_layers():
    stages = {"after": parameters_of(random_classifier((7, 6, 6, 3), 3))}
    table = robustness(stages, X, Y, [2.0], effort=QUICK, reference="prediction")
    assert (table.certified_radius == table.local_radius).all()
    assert (table.certified_radius > 0).all()
    assert (table.certified_radius <= table.pgd_radius).all()


@pytest.mark.parametrize("p", [1, 2, np.inf])
def test_panel(p):
    found = panel(STAGES["after"], X[:4], p, effort=QUICK)
    reached = np.isfinite(found.radii)
    assert reached.any()
    assert (found.labels != found.adversarial_labels)[reached].all()
    assert (found.labels == found.adversarial_labels)[~reached].all()
    assert found.images + found.perturbations == pytest.approx(found.adversarial)
    assert norm(found.perturbations, p)[reached] == pytest.approx(found.radii[reached])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"ps": [3]}, "p: attacks are for"),
        ({"reference": "truth"}, "reference: is 'truth'"),
        ({"y": Y + 1}, "does not fit"),
        ({"y": Y - 1}, "y: must have"),
        ({"box": (0.0, 0.5)}, "box: pixels range"),
    ],
)
def test_what_cannot_be_meant(options, message):
    arguments = {"X": X, "y": Y, "effort": QUICK} | options
    with pytest.raises(UserError, match=message):
        robustness(STAGES, **arguments)
