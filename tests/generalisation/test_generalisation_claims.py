"""Verdicts on what the figures of test accuracy should show, both ways."""

import numpy as np
import pytest
from generalisation_tables import grid, trial_table
from shipped_claims import check_claims

from memrob.studies.generalisation.claims.detection import errors_are_undecided
from memrob.studies.generalisation.claims.margins import cell_means
from memrob.studies.generalisation.claims.references import (
    below_linear,
    below_neighbours,
    biased_above_linear,
    unique_above_neighbours,
)
from memrob.studies.generalisation.claims.trends import (
    accuracy_rises,
    biases_needed,
    large_bias_costs,
    undetected_falls,
)
from memrob.studies.verdict import beyond


def rising(n, bias):
    return 0.5 + n / 1000 - bias / 10


@pytest.mark.parametrize(
    ("difference", "errors", "expected"),
    [
        (0.1, (0.01, 0.02), True),
        (-0.1, (0.01, 0.02), False),
        (0.1, (0.03, 0.03), None),
        (0.0, (0.0, 0.0), None),
    ],
)
def test_differences_count_beyond_their_error(difference, errors, expected):
    assert beyond(difference, *errors) is expected


def test_errors_are_of_test_points_and_of_networks():
    one = cell_means(trial_table(grid(lambda n, bias: 0.8, n_test=400)), "test_accuracy")
    assert np.allclose(one["error"], 0.02)
    many = [cell for k in (-1, 1) for cell in grid(lambda n, bias, k=k: 0.8 + 0.03 * k)]
    two = cell_means(trial_table(many), "test_accuracy")
    assert np.allclose(two["value"], 0.8)
    assert np.allclose(two["error"], np.hypot(0.03, 0.004))


def test_few_test_points_or_unlike_networks_decide_nothing():
    assert accuracy_rises(trial_table(grid(rising), n_test=50))[0] is None
    unlike = [cell for k in (-1, 1) for cell in grid(lambda n, b, k=k: rising(n, b) + 0.1 * k)]
    assert accuracy_rises(trial_table(unlike))[0] is None


def test_accuracy_rises():
    assert accuracy_rises(trial_table(grid(rising)))[0] is True
    bent = grid(lambda n, bias: 0.7 if n == 400 and bias else rising(n, bias))
    falls = grid(lambda n, bias: 0.55 if n == 400 and bias else rising(n, bias))
    assert accuracy_rises(trial_table(falls))[0] is False
    assert accuracy_rises(trial_table(bent))[0] is True
    flat = accuracy_rises(trial_table(grid(lambda n, bias: 0.7)))
    assert flat[0] is None and "4 of 4 steps are within the error" in flat[1]
    assert accuracy_rises(trial_table(grid(rising, widths=[100])))[0] is None


def test_undetected_falls():
    cells = grid(rising)
    falling = [{**cell, "undetected": 50 / cell["first_width"]} for cell in cells]
    growing = [{**cell, "undetected": cell["first_width"] / 1000} for cell in cells]
    assert undetected_falls(trial_table(falling))[0] is True
    assert undetected_falls(trial_table(growing))[0] is False


def test_large_bias_costs():
    # The largest maximal bias alone counts.
    worse = grid(lambda n, bias: 0.7 + bias / 10 - bias**2 / 5, biases=[0.0, 0.25, 2.0])
    assert large_bias_costs(trial_table(worse))[0] is True
    holds, evidence = large_bias_costs(trial_table(grid(lambda n, bias: 0.5 + bias / 10)))
    assert holds is False
    assert evidence == "the smallest loss is from 50.0 % to 60.0 %, at n = 100, λ = 1"
    assert large_bias_costs(trial_table(grid(rising, biases=[1.0])))[0] is None
    assert large_bias_costs(trial_table(grid(lambda n, bias: 0.5 - bias / 100)))[0] is None


def test_biases_needed():
    assert biases_needed(trial_table(grid(lambda n, bias: 0.7 + bias / 10)))[0] is True
    assert biases_needed(trial_table(grid(rising)))[0] is False
    assert biases_needed(trial_table(grid(rising, widths=[20])))[0] is None


def test_comparison_with_references():
    table = trial_table(grid(rising), linear=0.95, neighbours=0.96)
    assert below_linear(table) == (
        True,
        "at most 90.0 % (n = 400, λ = 0), the linear classifier 95.0 %",
    )
    assert below_neighbours(table)[0] is True
    table = trial_table(grid(rising), linear=0.75, neighbours=0.9)
    assert below_linear(table)[0] is False
    assert below_neighbours(table)[0] is None
    assert below_linear(trial_table(grid(rising), linear=None))[0] is None


def test_widest_networks_against_the_linear_classifier():
    # Zero biases and narrow networks do worse, and do not count.
    cells = grid(lambda n, bias: 0.95 if bias and n == 400 else 0.6)
    assert biased_above_linear(trial_table(cells, linear=0.9))[0] is True
    assert biased_above_linear(trial_table(cells, linear=0.99))[0] is False


def test_accuracy_where_one_detector_fires():
    table = trial_table(grid(rising, unique_accuracy=0.99), neighbours=0.95)
    assert unique_above_neighbours(table)[0] is True
    table = trial_table(grid(rising, unique_accuracy=0.9), neighbours=0.95)
    assert unique_above_neighbours(table)[0] is False
    # A difference that 10,000 points decide, but not the hundred at which one detector fires.
    few = {"unique_accuracy": 0.97, "undetected": 0.95, "ambiguous": 0.04}
    assert unique_above_neighbours(trial_table(grid(rising, **few)))[0] is None


def test_errors_are_undecided():
    cells = grid(lambda n, bias: 0.8, undetected_errors=0.15, ambiguous_errors=0.03)
    assert errors_are_undecided(trial_table(cells))[0] is True
    cells[1]["undetected_errors"] = 0.02
    holds, evidence = errors_are_undecided(trial_table(cells))
    assert holds is False and evidence == "at least 25.0 %, at n = 200, λ = 0"
    cells[1]["interpolated"] = 0
    assert errors_are_undecided(trial_table(cells))[0] is True
    perfect = grid(lambda n, bias: 1.0, undetected_errors=0.0)
    assert errors_are_undecided(trial_table(perfect))[0] is None


@pytest.mark.parametrize("name", ["generalisation_mnist", "generalisation_moons"])
def test_every_claim_has_a_verdict_and_a_figure(name):
    claims = check_claims(name, trial_table(grid(rising)))
    assert claims
    assert all(claim.evidence for found in claims.values() for claim in found)
    not_run = [claim for found in check_claims(name, None).values() for claim in found]
    assert {(claim.holds, claim.evidence) for claim in not_run} == {(None, "not run")}
    assert check_claims("another", None) == {}
