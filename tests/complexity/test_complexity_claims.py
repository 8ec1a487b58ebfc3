"""Claims that set theory beside experiment, on tables for and against them."""

import pytest
from shipped_claims import check_claims
from theory_tables import measured_table, mnist_like, theory_table

from memrob.studies.complexity.claims import RULES

SIZES = (100_000, 200_000, 500_000, 1_000_000)


def verdicts(experiment, theory, measured):
    """Verdicts by figure and the first words of the statement."""
    return {
        (figure, claim.statement.split(",")[0]): claim.holds
        for figure, claims in check_claims(experiment, theory, measured).items()
        for claim in claims
    }


@pytest.fixture
def moons():
    theory = theory_table()
    return theory, measured_table(theory)


@pytest.fixture
def sizes():
    theory = theory_table(n_samples=SIZES, max_biases=(1.0,))
    return theory, measured_table(theory)


DEFINITION = ("widths", "Every covering satisfies the definition")
BOUND = ("widths", "With constant 1/2 and λ ≥ R")


def test_tables_that_follow_the_theory_bear_out_every_claim(moons, sizes):
    for experiment, tables in (("complexity_moons", moons), ("complexity_moons_size", sizes)):
        found = verdicts(experiment, *tables)
        assert set(found.values()) == {True}, found
    theory = mnist_like()
    found = verdicts("complexity_mnist", theory, measured_table(theory))
    assert set(found.values()) == {True}


def test_nothing_is_decided_without_tables(moons):
    assert set(verdicts("complexity_moons", None, None).values()) == {None}
    found = verdicts("complexity_moons", moons[0], None)
    assert found.pop(DEFINITION) is True
    assert set(found.values()) == {None}
    assert check_claims("another", *moons) == {}


def test_a_broken_covering_is_seen(moons):
    theory, measured = moons
    theory.loc[3, "conditions_hold"] = 0
    assert verdicts("complexity_moons", theory, measured)[DEFINITION] is False


def test_wide_networks_refute_the_bound_only_where_the_theorem_applies(moons):
    theory, measured = moons
    measured.loc[measured["max_bias"] == 0.5, "second_width"] = 99
    assert verdicts("complexity_moons", theory, measured)[BOUND] is True
    # Below the first width from which 99 % interpolate, too, nothing is said.
    lucky = (measured["max_bias"] == 2) & (measured["first_width"] == 150)
    measured.loc[lucky & (measured["restart"] == 0), ["interpolated", "second_width"]] = 1, 99
    assert verdicts("complexity_moons", theory, measured)[BOUND] is True
    measured.loc[(measured["max_bias"] == 2) & (measured["restart"] == 0), "second_width"] = 99
    assert verdicts("complexity_moons", theory, measured)[BOUND] is False


def test_evidence_says_where_else_the_bound_fails(moons):
    theory, measured = moons
    claims = check_claims("complexity_moons", theory, measured)["widths"]
    assert "not so for constant 1: 100.00%" in claims[1].evidence
    assert "λ < R" not in claims[1].evidence


def test_a_shape_that_falls_refutes_growth_and_factor(moons):
    theory, measured = moons
    theory["first_width_shape"] = 40 / theory["max_bias"] ** 3
    found = verdicts("complexity_moons", theory, measured)
    assert {found[key] for key in found if key[0] == "thresholds"} == {False}


def test_growth_with_the_number_of_points_is_seen(sizes):
    theory, measured = sizes
    theory["first_width_shape"] *= theory["n_samples"] / SIZES[0]
    theory["M_minus"] = theory["M_minus"] * theory["n_samples"] // SIZES[0]
    measured["n_parameters"] *= measured["n_samples"]
    found = verdicts("complexity_moons_size", theory, measured)
    refuted = {key for key, holds in found.items() if holds is False}
    assert refuted == set(found) - {DEFINITION, BOUND}


def test_few_sizes_do_not_decide(sizes):
    theory, measured = (table[table["n_samples"] <= 200_000] for table in sizes)
    found = verdicts("complexity_moons_size", theory, measured)
    assert found["widths", "M⁻ grows more slowly than the square root of N."] is None
    assert found["thresholds", "While N grows tenfold"] is None
    assert found["capacity", "Their parameters grow more slowly than the square root of N."] is None


def test_one_class_above_its_bound_is_named():
    theory = mnist_like(M_minus=(100, 7, 300, 400, 500))
    claims = check_claims("complexity_mnist", theory, measured_table(theory))["widths"]
    assert claims[1].holds is False
    assert "(class 1, constant 1)" in claims[1].evidence


def test_classes_in_another_order_are_seen():
    theory = mnist_like(M_minus=(500, 400, 300, 200, 100))
    claims = check_claims("complexity_mnist", theory, measured_table(theory))["widths"]
    assert [claim.holds for claim in claims] == [True, True, False]
    assert "-1.00 over 5 classes" in claims[2].evidence


def test_lines_need_a_ball_for_each_point():
    alone = theory_table().assign(M_minus=lambda table: table["n_minus"])
    verdicts = check_claims("complexity_lines", alone, None)["numbers"]
    assert [claim.holds for claim in verdicts] == [True, True]
    shared = alone.assign(M_minus=[alone["n_minus"][0] - 1, *alone["n_minus"][1:]])
    assert not check_claims("complexity_lines", shared, None)["numbers"][1].holds


def test_pieces_at_one_half_bound_the_second_width():
    theory = theory_table(max_biases=(0.5,))
    for width, holds in ((12, True), (13, False)):  # M- is 12 at 1/2 and 3 at 1
        measured = measured_table(theory, width=width)
        assert check_claims("complexity_mnist_1v8", theory, measured)["numbers"][1].holds is holds
    other = measured_table(theory).assign(max_bias=2.0)
    assert check_claims("complexity_mnist_1v8", theory, other)["numbers"][1].holds is None


@pytest.mark.parametrize(("exponent", "holds"), [(0.1, True), (0.9, False)])
def test_parameters_of_the_theorem(exponent, holds):
    theory = theory_table(n_samples=SIZES, max_biases=(1.0,))
    decide = RULES["theorem_grows_slowly"].decide
    # Parameters are proportional to 1 / delta where omega is small.
    theory["centre_separation"] = (theory["n_samples"] / 1e5) ** -exponent
    theory["omega"] = 0.0
    assert decide(theory, None)[0] is holds
    assert decide(theory[theory["n_samples"] > 100_000], None)[0] is None
