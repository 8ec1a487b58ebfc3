"""Printed bounds stay bounds when their digits are cut."""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from memrob.cli.lipschitz_report import DIGITS, rounded_text


@given(st.floats(0, allow_infinity=False))
@example(1 / 3)
@example(8 - 2**-49)
@example(5e-324)
@example(0.0)
def test_bounds_stay_bounds(value):
    low, near, high = (
        rounded_text(value, rounding) for rounding in (ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_CEILING)
    )
    assert float(low) <= value <= float(high)
    assert near in (low, high)
    width = Decimal(high) - Decimal(low)
    assert width <= 2 * Decimal(value) * Decimal(10) ** (1 - DIGITS)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (8.0, "8"),
        (0.1, "0.1"),
        (1 / 3, "0.3333333334"),
        (2.1852447999999, "2.1852448"),
        (2.18524480000001, "2.185244801"),
        (2.18524479990001, "2.1852448"),
        (1e300, "1e+300"),
        (2.5e-7, "2.5e-07"),
        (1e10 / 3, "3333333334"),
    ],
)
def test_numbers_look_as_they_are_written(value, text):
    assert rounded_text(value, ROUND_CEILING) == text


def test_what_is_not_finite():
    assert rounded_text(float("inf"), ROUND_CEILING) == "inf"
