"""Levels of agreement of rows that were computed again."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from memrob.studies.agreement import (
    DIFFERENT,
    ROUNDED,
    SAME,
    SEARCHED,
    agreement,
    relative_difference,
)


def level(column, left, right, study="lipschitz"):
    found = agreement(pd.DataFrame({column: [left]}), pd.DataFrame({column: [right]}), study)
    return found.at[0, column]


@pytest.mark.parametrize(
    ("column", "left", "right", "expected"),
    [
        ("upper_product", 2.0, 2.0, SAME),
        ("upper_product", np.nan, np.nan, SAME),
        ("upper_product", np.inf, np.inf, SAME),
        ("upper_product", 2.0, 2.0 + 1e-9, ROUNDED),
        ("upper_product", 2.0, 2.0 + 1e-6, DIFFERENT),
        ("upper_product", 2.0, np.inf, DIFFERENT),
        ("upper_product", 2.0, np.nan, DIFFERENT),
        ("upper_product", 0.0, -0.0, SAME),
        ("upper_product", 0.0, 1e-300, ROUNDED),
        ("upper_product", 0.0, 1e-9, DIFFERENT),
        ("lower", 2.0, 2.0 + 1e-9, ROUNDED),
        ("lower", 2.0, 2.1, SEARCHED),
        ("lower", 2.0, 2.3, DIFFERENT),
        ("lower_method", "climb", "local", SEARCHED),
        ("lower_method", "climb", "climb", SAME),
        ("lower_method", "climb", np.nan, DIFFERENT),
        ("upper", 2.0, 2.001, SEARCHED),
        ("upper", 2.0, 2.1, DIFFERENT),
        ("bias", "zero", "gaussian", DIFFERENT),
        ("width", 10**8, 10**8 + 1, DIFFERENT),
        ("seed", 2**53 - 1, 2**53 - 2, DIFFERENT),
        ("unknown_to_the_study", 2.0, 2.0 + 1e-9, DIFFERENT),
    ],
)
def test_levels(column, left, right, expected):
    assert level(column, left, right) == expected
    assert level(column, right, left) == expected


def test_whole_numbers_of_networks_are_compared_exactly():
    assert level("second_width", 10**9, 10**9 + 1, "interpolation") == DIFFERENT
    assert level("second_width_3", 17.0, np.nan, "interpolation") == DIFFERENT
    # One point of a million.
    assert level("accuracy", 1.0, 1 - 1e-6, "interpolation") == DIFFERENT


def test_bounds_that_rule_each_other_out_differ():
    left = pd.DataFrame({"lower": [1.0, 1.0], "upper": [1.02, 2.0]})
    right = pd.DataFrame({"lower": [1.05, 1.05], "upper": [1.06, 2.0]})
    assert agreement(left, right, "lipschitz")["lower"].tolist() == [DIFFERENT, SEARCHED]
    assert agreement(right, left, "lipschitz")["lower"].tolist() == [DIFFERENT, SEARCHED]


numbers = st.floats(allow_nan=False, allow_infinity=False)


@given(numbers, numbers)
def test_the_difference_is_symmetric_and_scales(a, b):
    def difference(x, y):
        return relative_difference(pd.Series([x]), pd.Series([y]))[0]

    assert difference(a, b) == difference(b, a)
    assert difference(a, a) == 0
    assert difference(-a, -b) == difference(a, b)
