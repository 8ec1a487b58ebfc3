"""Verdicts on what the figures of convolutional networks should show, both ways."""

import numpy as np
import pytest
from convolution_tables import (
    accuracy_table,
    grid_table,
    orbits_table,
    shifts_table,
    sizes_table,
)
from shipped_claims import check_claims

from memrob.errors import UserError
from memrob.studies.convolution.cells import line, of_network, onset
from memrob.studies.convolution.claims.geometry import (
    fewer_pieces,
    pieces_bound_widths,
    same_separation,
    separation_never_grows,
)
from memrob.studies.convolution.claims.invariance import more_accurate, never_moved, others_moved
from memrob.studies.convolution.claims.needs import (
    fewer_parameters,
    narrower,
    probability_rises,
    sets_in_earlier,
    width_does_not_grow,
    width_grows,
)

TABLES = {
    "convolution_pulses": grid_table,
    "shifts_mnist": shifts_table,
    "samples_pulses": sizes_table,
    "orbits_mnist": orbits_table,
    "accuracy_mnist": accuracy_table,
}
EASY = dict.fromkeys(("convolutional", "fully_connected"), lambda s: 0)


def exchanged(table):
    """The table with the names of the two networks exchanged."""
    names = {"convolutional": "fully_connected", "fully_connected": "convolutional"}
    return table.assign(network=table["network"].map(names))


def test_onset_and_its_interval():
    rows = of_network(shifts_table((1, 4)), "fully_connected")
    of = onset(rows, "n_shifts")
    assert of.first_width.tolist() == of.low.tolist() == of.high.tolist() == [40, 40]
    # Five of eight is more than half, but an interval around it holds 1/2.
    at = rows["first_width"] == 40
    of = onset(
        rows.assign(interpolated=np.where(at, rows["restart"] < 5, rows["interpolated"])),
        "n_shifts",
    )
    assert (of.first_width[0], of.low[0], of.high[0]) == (40, 40, 80)
    never = onset(rows.assign(interpolated=0), "n_shifts")
    assert np.isnan([never.first_width, never.low, never.high]).all()
    assert never.largest.tolist() == [200, 200]
    # Two of two or none of two decide nothing.
    few = onset(rows[rows["restart"] < 2], "n_shifts")
    assert few.low.tolist() == [20, 20] and np.isnan(few.high).all()


def test_lines_want_one_cell_a_place():
    rows = of_network(shifts_table((1, 4)), "convolutional")
    with pytest.raises(UserError, match="first_width varies there"):
        line(rows, "second_width", "n_shifts")
    assert line(rows, "omega", "n_shifts") is None


def test_probability_rises():
    assert probability_rises(grid_table())[0] is True
    # Widths in reverse order: the probability falls at some step.
    table = grid_table()
    falling = table.assign(first_width=110 - table["first_width"])
    holds, evidence = probability_rises(falling)
    assert holds is False and "it falls towards n = " in evidence
    dip = table.assign(interpolated=table["interpolated"] * (table["first_width"] != 80))
    assert probability_rises(dip)[0] is False
    assert probability_rises(table.assign(interpolated=1))[0] is None
    assert probability_rises(grid_table(restarts=2))[0] is None


def test_trends_of_second_widths():
    table = shifts_table(onsets=EASY)
    holds, evidence = width_does_not_grow(table)
    assert holds is True and evidence.startswith("from 21.88 at |S| = 1 to 1 at |S| = 64")
    assert width_grows(table)[0] is True
    assert width_does_not_grow(exchanged(table))[0] is False
    assert width_grows(exchanged(table))[0] is False
    noisy = shifts_table(onsets=EASY, second_width=lambda network, s, n, k: 20 + k)
    assert width_does_not_grow(noisy)[0] is None and width_grows(noisy)[0] is None
    assert width_grows(shifts_table((1, 4), onsets=EASY))[0] is None
    assert width_grows(shifts_table(restarts=2, onsets=EASY))[0] is None
    assert width_grows(table.assign(interpolated=0))[0] is None


def test_first_width_and_parameters_at_the_largest_number_of_shifts():
    table = shifts_table(first_widths=(20, 40, 80, 120, 160, 200, 240))
    holds, evidence = sets_in_earlier(table)
    assert holds is True
    assert "from n = 120 on for convolutional networks, from n = 240 on" in evidence
    holds, evidence = fewer_parameters(table)
    # n (d + 1) + m (n + 1) + 1 with m = 1.
    assert holds is True and "7,922 parameters against" in evidence
    assert sets_in_earlier(exchanged(table))[0] is False
    assert fewer_parameters(exchanged(table))[0] is False


def test_networks_that_never_interpolate():
    # The fully connected ones need more than n = 200, so more than its first layer.
    holds, evidence = fewer_parameters(shifts_table())
    assert holds is True and "more than 13,001" in evidence
    holds, evidence = sets_in_earlier(shifts_table())
    assert holds is True and "from more than n = 200 on for fully" in evidence
    assert fewer_parameters(exchanged(shifts_table()))[0] is False
    never = shifts_table(onsets=dict.fromkeys(EASY, lambda s: 999))
    assert fewer_parameters(never)[0] is None and sets_in_earlier(never)[0] is None


def test_few_networks_or_shifts_decide_nothing():
    for decide in (fewer_parameters, sets_in_earlier):
        assert decide(shifts_table(restarts=2))[0] is None
        assert decide(shifts_table((1,)))[0] is None
        one = shifts_table()
        assert decide(one[one["network"] == "convolutional"])[0] is None


def test_narrower_at_every_size():
    holds, evidence = narrower(sizes_table())
    assert (
        holds is True
        and evidence == "2.875 against 50.88 at N = 50; 2.875 against 77.12 at N = 400"
    )
    assert narrower(exchanged(sizes_table()))[0] is False
    same = sizes_table(second_width=lambda network, s, n, k: 5 + k, growth=0)
    assert narrower(same)[0] is None


def test_separation():
    table = orbits_table()
    assert same_separation(table)[0] is True and separation_never_grows(table)[0] is True
    other = {"convolutional": lambda s: 0.4 * s**0.1, "fully_connected": lambda s: 0.4}
    other = orbits_table(separations=other)
    assert same_separation(other)[0] is False and separation_never_grows(other)[0] is False
    none = table.assign(separation=np.nan)
    assert same_separation(none)[0] is None and separation_never_grows(none)[0] is None


def test_pieces():
    assert fewer_pieces(orbits_table())[0] is True
    holds, evidence = fewer_pieces(exchanged(orbits_table()))
    assert holds is False and "at |S| = 64" in evidence
    holds, evidence = pieces_bound_widths(orbits_table())
    assert holds is True and "56 networks" in evidence
    few = {"convolutional": lambda s: 4, "fully_connected": lambda s: 80}
    holds, evidence = pieces_bound_widths(orbits_table(pieces=few))
    assert holds is False and "23 beside M⁻ = 4 at |S| = 1" in evidence
    assert pieces_bound_widths(orbits_table(restarts=1))[0] is None
    assert pieces_bound_widths(shifts_table())[0] is None


def test_labels_that_move():
    table = accuracy_table()
    assert never_moved(table)[0] is True and others_moved(table)[0] is True
    holds, evidence = never_moved(exchanged(table))
    assert holds is False and "at most 20.50%" in evidence
    assert others_moved(accuracy_table(moved=0))[0] is False
    assert never_moved(shifts_table())[0] is None and others_moved(shifts_table())[0] is None


def test_accuracy_on_shifted_points():
    holds, evidence = more_accurate(accuracy_table())
    assert holds is True and "at n = 20 against |S| = 64" in evidence
    assert more_accurate(accuracy_table(gain=-0.1))[0] is False
    assert more_accurate(accuracy_table(gain=64 / 2000))[0] is None
    assert more_accurate(accuracy_table(restarts=2))[0] is None
    assert more_accurate(shifts_table())[0] is None


@pytest.mark.parametrize("name", TABLES)
def test_every_claim_has_a_verdict_and_a_figure(name):
    claims = [claim for found in check_claims(name, TABLES[name]()).values() for claim in found]
    assert claims and all(claim.holds is True and claim.evidence for claim in claims)
    not_run = [claim for found in check_claims(name, None).values() for claim in found]
    assert {(claim.holds, claim.evidence) for claim in not_run} == {(None, "not run")}
    assert check_claims("another", None) == {}
