import math

import pytest

from memrob.complexity.capacity import BOUNDS, Problem, capacity_table, dense_parameters
from memrob.errors import UserError

NAMED = {bound.name: bound for bound in BOUNDS}


def test_baum():
    baum = NAMED["Baum 1988"]
    assert baum.neurons(Problem(1000, 784, 0.1)) == 2
    assert baum.neurons(Problem(1000, 10, 0.1)) == 100
    assert baum.parameters(Problem(1000, 10, 0.1)) == 100 * 11 + 101
    # Ten classes have four binary digits.
    assert baum.neurons(Problem(1000, 10, 0.1, classes=10)) == 400


def test_huang():
    # m = 1, N = 3 k^2: 3k + 2k and k neurons, 2 (3 N)^{1/2} = 6k in all.
    huang = NAMED["Huang 2003"]
    assert huang.neurons(Problem(3 * 20**2, 7, 0.1)) == 120
    assert huang.parameters(Problem(3 * 20**2, 7, 0.1)) == 8 * 100 + 101 * 20 + 21
    for n in (1, 2, 10, 999, 70_000):
        found = huang.neurons(Problem(n, 2, 0.1))
        assert 2 * math.sqrt(3 * n) <= found + 1e-9 < 2 * math.sqrt(3 * n) + 2


@pytest.mark.parametrize("n", [1, 4, 5, 16, 17, 1000, 1_000_000])
def test_yun_takes_the_least_equal_widths(n):
    width = NAMED["Yun 2019"].neurons(Problem(n, 3, 0.1)) / 2
    assert 4 * (width // 4) ** 2 >= n
    assert 4 * ((width - 1) // 4) ** 2 < n


def test_yun_of_a_million_points():
    # The source's own example: widths of 2,000 for 10^6 points.
    assert NAMED["Yun 2019"].neurons(Problem(10**6, 3, 0.1)) == 4000


def test_growth_in_the_number_of_points():
    def growth(name, of):
        small, large = (Problem(n, 10, 1.0) for n in (10**12, 10**16))
        return math.log10(of(NAMED[name], large) / of(NAMED[name], small)) / 4

    def parameters(bound, problem):
        return bound.parameters(problem)

    def neurons(bound, problem):
        return bound.neurons(problem)

    exponents = {
        "Baum 1988": (1, 1),
        "Huang 1990": (1, 1),
        "Huang 2003": (1 / 2, 1),
        "Zhang 2017": (1, 1),
        "Yun 2019": (1 / 2, 1),
        "Bubeck 2020": (1, 1),
        "Vershynin 2020": (1 / 2, 1),
        "Rajput 2021": (1 / 2, 1),
        "Park 2021": (2 / 3, 2 / 3),
        "Vardi 2022": (1 / 2, 1 / 2),
    }
    assert set(exponents) == set(NAMED)
    for name, (of_neurons, of_parameters) in exponents.items():
        assert growth(name, neurons) == pytest.approx(of_neurons, abs=0.03)
        assert growth(name, parameters) == pytest.approx(of_parameters, abs=0.03)


def test_dependence_on_separation():
    near, far = Problem(100, 10, 0.001), Problem(100, 10, 0.5)
    assert NAMED["Rajput 2021"].neurons(near) == 1010
    assert NAMED["Rajput 2021"].parameters(near) == 10_100
    assert NAMED["Vershynin 2020"].neurons(far) == math.exp(4) + 10
    assert NAMED["Vershynin 2020"].neurons(near) == math.inf
    for bound in BOUNDS:
        assert bound.exact_constant or "up to constants" in bound.note
        if "delta apart" in bound.assumption:
            assert bound.neurons(near) > bound.neurons(far)
        else:
            assert bound.neurons(near) == bound.neurons(far)


def test_dense_parameters():
    assert dense_parameters(3, 5, 2) == (3 * 5 + 5) + (5 * 2 + 2)


def test_table_has_every_result_in_order():
    table = capacity_table(Problem(70_000, 784, 0.1, classes=10))
    assert list(table["name"]) == list(NAMED)
    assert list(table["year"]) == sorted(table["year"])
    assert table["parameters"].dtype == table["neurons"].dtype == float
    assert not table.drop(columns=["neurons", "parameters"]).isna().any().any()
    assert table.loc[0, "neurons"] == 4 * 90


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0, 1, 0.1), "n_samples: is 0"),
        ((1, 0, 0.1), "input_dim: is 0"),
        ((1, 1, 0.1, 1), "classes: is 1"),
        ((1, 1, 0.0), "delta: is 0.0"),
        ((1, 1, 2.5), "delta: is 2.5"),
    ],
)
def test_mistakes_are_refused(arguments, message):
    with pytest.raises(UserError, match=message):
        Problem(*arguments)
