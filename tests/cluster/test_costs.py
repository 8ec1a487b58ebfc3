"""The costs that docs/cluster.md predicts are those that the experiments predict."""

import pytest
from costs import chunk_seconds, costs, hours_in_page


def test_costs_of_the_page_are_about_those_of_today():
    """`python tests/cluster/costs.py` writes them anew."""
    today = {name: row["hours"] for name, row in costs().items()}
    assert hours_in_page() == pytest.approx(today, rel=0.2, abs=0.02)


def test_chunks_of_the_profile_are_longer_than_on_one_machine():
    assert chunk_seconds() >= 120
