import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memrob.data.numerals import (
    canonical,
    is_like_a_number,
    number_in,
    remedy_for,
    whole_number,
)

PLAIN = st.from_regex(
    re.compile(r"[+-]?(0|[1-9][0-9]{0,20})(\.[0-9]{0,5})?", re.ASCII), fullmatch=True
)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_as_programs_write_them(value):
    assert number_in(repr(value)) == value
    assert number_in(f"{value:.17e}") == value
    assert number_in(f" {value:+.17g} ") == value


@given(st.text(alphabet="0123456789+-.eE_ ,'xX٣１²\u2212\u00a0infNa%", max_size=8))
def test_no_more_than_python_reads(text):
    found = number_in(text)
    if found is not None:
        assert found == float(text)
        assert set(text.strip()) <= set("0123456789+-.eE")
        assert remedy_for(text) is None


@pytest.mark.parametrize(
    "text",
    [
        *("", ".", "e5", "1e", "1e5.0", "1.2.3", "+-1", "1d5", "nan", "inf", "-Infinity", "True"),
        *("1_000", "1,5", "1 000", "1\u00a0000", "0x1F", "5%", "٣", "１２", "²", "\u22125"),
    ],
)
def test_other_texts_are_no_numbers(text):
    assert number_in(text) is None


@given(PLAIN, PLAIN)
def test_same_number_in_plain_notation_is_the_same_label(a, b):
    assert (canonical(a) == canonical(b)) == (Decimal(a) == Decimal(b))
    assert canonical(canonical(a)) == canonical(a)
    assert (whole_number(canonical(a)) is not None) == (Decimal(a) % 1 == 0)


@given(PLAIN, st.integers(0, 4), st.sampled_from(["", "+"]))
def test_notation_does_not_matter(text, n_zeros, sign):
    longer = text + ("" if "." in text else ".") + "0" * n_zeros
    assert canonical(longer) == canonical(text)
    if text[0] not in "+-":
        assert canonical(sign + text) == canonical(text)


@pytest.mark.parametrize("text", ["01", "007", "-01", "1e1", "1E1", "1_1", "1,0", "٣", "a", "1a"])
def test_other_labels_stay_what_they_are(text):
    assert canonical(text) == text
    assert whole_number(text) is None


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("1,5", "write decimals with a point"),
        ("-0,25", "write decimals with a point"),
        ("1,5e3", "write decimals with a point"),
        ("1,234", "decimals with a point and thousands without"),
        ("1,234,567.5", "leave out the thousands separator"),
        ("1.234,5", "decimals with a point and leave out the thousands"),
        ("1.234.567", "leave out the thousands separator"),
        ("1 234", "leave out the thousands separator"),
        ("1'234.5", "leave out the thousands separator"),
        ("1\u202f234,5", "leave out the thousands separator"),
        ("1_000", "leave out the thousands separator"),
        ("1_1", "leave out the underscores"),
        ("0xff", "decimal notation"),
        ("12 %", "leave out the percent sign"),
        ("$5.50", "leave out the currency"),
        ("5 €", "leave out the currency"),
        ("\u22125.5", "write the minus sign as -"),
        ("٣٤", "digits 0 to 9"),
        ("１２", "digits 0 to 9"),
    ],
)
def test_what_people_write_for_numbers_is_told(text, remedy):
    assert remedy in remedy_for(text)
    assert is_like_a_number(text)


@pytest.mark.parametrize("text", ["1", "-2.5e3", "abc", "12kg", "", "2026-01-02", "1,2,3", "½"])
def test_no_remedy_for_other_texts(text):
    assert remedy_for(text) is None
