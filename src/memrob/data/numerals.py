"""Numbers in texts: what a table may hold, and what else people write for a number.

Own rules, since `float` also takes 1_000, digits of any script and nan, and pandas takes inf.
"""

import re
import unicodedata

_DECIMAL = r"[+-]?(?:\d+\.?\d*|\.\d+)"
_NUMBER = re.compile(rf"{_DECIMAL}(?:[eE][+-]?\d+)?", re.ASCII)
_PLAIN = re.compile(_DECIMAL, re.ASCII)
_CODE = re.compile(r"[+-]?0\d", re.ASCII)

_GROUPS = r"[+-]?\d{1,3}"
_NO_SEPARATOR = "leave out the thousands separator"
_REMEDIES = [
    (r"[+-]?\d{1,3},\d{3}", "write decimals with a point and thousands without a separator"),
    (r"[+-]?\d*,\d+(?:[eE][+-]?\d+)?", "write decimals with a point"),
    (rf"{_GROUPS}(?:,\d{{3}})+(?:\.\d*)?", _NO_SEPARATOR),
    (rf"{_GROUPS}(?:\.\d{{3}})+,\d*", f"write decimals with a point and {_NO_SEPARATOR}"),
    (rf"{_GROUPS}(?:\.\d{{3}}){{2,}}", _NO_SEPARATOR),
    (rf"{_GROUPS}(?:[ '’_\u00a0\u2009\u202f]\d{{3}})+(?:[.,]\d*)?", _NO_SEPARATOR),
    (r"[+-]?\d+(?:_\d+)+(?:\.\d*)?", "leave out the underscores"),
    (r"[+-]?0[xX][0-9a-fA-F]+", "write numbers in decimal notation"),
    (r"[+-]?\d[\d.,]*\s*%", "leave out the percent sign"),
    (r"[-+]?[$€£¥]\s*[\d.,]+|[+-]?\d[\d.,]*\s*[$€£¥]", "leave out the currency"),
    (r"\u2212\d[\d.,]*", "write the minus sign as -"),
]
_REMEDIES = [(re.compile(pattern, re.ASCII), remedy) for pattern, remedy in _REMEDIES]
_MISSING = {"", "?", "-", ".", "na", "n/a", "<na>", "#n/a", "nan", "null", "none", "nil", "missing"}


def number_in(text: str) -> float | None:
    """The number that a text is, in the notation of programs: 1, -2.5, .5, 1., +3, 1e5, 1.5E-3.

    Parameters
    ----------
    text : str
        Spaces around it do not count.

    Returns
    -------
    float or None
        Infinite beyond double precision; None for all other texts, among them nan, inf, 1_000,
        1,000, 0x1F and numbers in digits other than 0 to 9.
    """
    text = text.strip()
    return float(text) if _NUMBER.fullmatch(text) else None


def canonical(text: str) -> str:
    """The same text for numbers that are the same in plain notation, and else the text itself.

    Parameters
    ----------
    text : str
        Such as 1, 1.0 and +1, which all give 1. Notation is plain without an exponent. With a
        leading zero it is no number, since 01 and 1 are two ZIP codes.

    Returns
    -------
    str
    """
    if not _PLAIN.fullmatch(text) or _CODE.match(text):
        return text
    sign = "-" if text[0] == "-" else ""
    whole, _, fraction = text.lstrip("+-").partition(".")
    whole, fraction = whole or "0", fraction.rstrip("0")
    digits = f"{whole}.{fraction}" if fraction else whole
    return digits if digits == "0" else sign + digits


def whole_number(text: str) -> int | None:
    """The whole number that a text of `canonical` is, or None."""
    is_whole = _PLAIN.fullmatch(text) and "." not in text and not _CODE.match(text)
    return int(text) if is_whole else None


def is_like_a_number(text: str) -> bool:
    """Whether a person may have meant a number or a truth value, well written or not."""
    text = text.strip()
    return (
        number_in(text) is not None
        or text.lower() in {"true", "false"}
        or remedy_for(text) is not None
    )


def is_missing_mark(text: str) -> bool:
    """Whether a text stands for a missing value in common use, such as NA."""
    return text.strip().lower() in _MISSING


def remedy_for(text: str) -> str | None:
    """How to write a number that is not in the notation of `number_in`; None for other texts."""
    text = text.strip()
    for pattern, remedy in _REMEDIES:
        if pattern.fullmatch(text):
            return remedy
    ascii_digits = "".join(str(unicodedata.digit(char, char)) for char in text)
    if ascii_digits != text and number_in(unicodedata.normalize("NFKC", ascii_digits)) is not None:
        return "write numbers with the digits 0 to 9"
    return None
