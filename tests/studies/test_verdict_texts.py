"""How verdicts write numbers."""

import pytest

from memrob.studies.verdict import significant


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (15_854, 4, "15,850"),
        (1984.6, 3, "1,980"),
        (0.7716, 3, "0.772"),
        (23, 4, "23"),
        (0, 3, "0"),
        (-3.14159, 4, "-3.142"),
        (1e-7, 3, "1e-07"),
        (float("inf"), 3, "inf"),
    ],
)
def test_significant_digits(value, digits, text):
    assert significant(value, digits) == text
