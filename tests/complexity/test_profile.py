import math

import numpy as np
import pytest
from complexity_sets import blobs

from memrob.complexity.covering import mutual_covering
from memrob.complexity.profile import complexity
from memrob.complexity.separation import class_separation
from memrob.complexity.theorem import first_width_shape, network_sizes
from memrob.data import build
from memrob.errors import UserError


@pytest.mark.parametrize("dim", [2, 20])
def test_two_classes_are_covered_with_the_larger_label_as_minus(dim):
    X, y = blobs(2, 60, dim)
    found = complexity(X, y, 1.0, constant=0.4, draws=50)
    (pair,) = found.classes
    covering = mutual_covering(X[y == 1], X[y == 0], 1.0, 0.4)
    assert (pair.label, pair.n_minus, pair.n_plus) == (1, 60, 60)
    assert (pair.M_minus, pair.M_plus) == (len(covering.minus), len(covering.plus))
    assert pair.centre_separation == covering.separation
    assert pair.separation == found.separation.distance == class_separation(X, y).distance
    assert pair.centre_separation >= pair.separation


@pytest.mark.parametrize("dim", [2, 20])
def test_each_of_several_classes_is_covered_against_the_rest(dim):
    X, y = blobs(4, 40, dim)
    found = complexity(X, y, 1.0, constant=0.4, draws=50)
    assert [part.label for part in found.classes] == [0, 1, 2, 3]
    for part in found.classes:
        rest = y != part.label
        covering = mutual_covering(X[~rest], X[rest], 1.0, 0.4)
        assert (part.M_minus, part.M_plus) == (len(covering.minus), len(covering.plus))
        assert part.separation == class_separation(X, rest.astype(int)).distance
    assert found.second_width == sum(part.M_minus for part in found.classes)
    assert found.first_width == max(part.first_width for part in found.classes)
    assert found.worst.first_width == found.first_width
    table = found.table()
    assert list(table["label"]) == [0, 1, 2, 3]
    np.testing.assert_array_equal(table["omega"], [part.omega.value for part in found.classes])


@pytest.mark.parametrize("n_classes", [2, 3])
def test_roles_are_exchanged(n_classes):
    X, y = blobs(n_classes, 40, 3)
    found = complexity(X, y, 1.0, constant=0.4, draws=50, both_roles=True)
    assert complexity(X, y, 1.0, constant=0.4, draws=50).swapped == ()
    assert [part.label for part in found.swapped] == [part.label for part in found.classes]
    for part in found.swapped:
        own = y == part.label
        covering = mutual_covering(X[~own], X[own], 1.0, 0.4)
        assert (part.n_minus, part.n_plus) == ((~own).sum(), own.sum())
        assert (part.M_minus, part.M_plus) == (len(covering.minus), len(covering.plus))
        assert part.centre_separation == covering.separation


def test_network_sizes():
    first = 2.0 * (math.log(30) / 0.1 + 7.0)
    sizes = network_sizes(3, 5, 0.1, 7.0, radius=2.0, input_dim=11)
    assert sizes == pytest.approx((3 + first, 14 * first))
    # Linear in M-, logarithmic in M+.
    more_minus = network_sizes(3000, 5, 0.1, 7.0, radius=2.0, input_dim=11)
    more_plus = network_sizes(3, 5000, 0.1, 7.0, radius=2.0, input_dim=11)
    assert more_minus.parameters / sizes.parameters > 100
    assert more_plus.parameters / sizes.parameters < 3


def test_first_width_scales_away_with_the_points():
    X, y = blobs(3, 40, 3)
    one = complexity(X, y, 1.0, draws=50)
    other = complexity(X * 16, y, 16.0, draws=50)
    assert other.radius == pytest.approx(16 * one.radius)
    assert other.first_width == pytest.approx(one.first_width, rel=1e-5)
    assert other.second_width == one.second_width


def test_first_width_shape():
    assert first_width_shape(3, 5, 0.1, 7.0, 2.0, 0.01) == pytest.approx(20 * math.log(3000) + 14.0)


def test_moons_need_few_balls():
    found = complexity(*build("moons"), 1.0, draws=200)
    assert found.separation.distance == pytest.approx(0.123173, abs=1e-6)
    assert found.separation.rows == (524, 669)
    assert found.radius == pytest.approx(1)
    assert found.second_width < 20
    assert 0 < found.worst.omega.standard_error < 0.2 * found.worst.omega.value


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"max_bias": -1.0}, "max_bias: is -1.0"),
        ({"constant": 0.0}, "constant: is 0.0"),
        ({"eta": 1.0}, "eta: is 1.0"),
        ({"draws": 1}, "draws: is 1"),
        ({"X": np.full((4, 2), np.nan)}, "X: holds values"),
        ({"X": np.zeros(4)}, r"X: has shape \(4,\)"),
        ({"y": np.zeros(4, int)}, "y: holds 1 class"),
        ({"y": np.zeros(3, int)}, r"y: has shape \(3,\)"),
        ({"X": np.ones((4, 2))}, "no point may lie in two classes"),
    ],
)
def test_mistakes_are_refused(change, message):
    arguments = {
        "X": np.arange(8.0).reshape(4, 2),
        "y": np.array([0, 0, 1, 1]),
        "max_bias": 1.0,
    }
    with pytest.raises(UserError, match=message):
        complexity(**arguments | change)
