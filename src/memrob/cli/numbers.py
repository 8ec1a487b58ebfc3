"""Numbers on the command line, in the notation that tables have, too."""

import argparse
import re

_WHOLE = re.compile(r"[+-]?\d+", re.ASCII)
_LIMITS = ("inf", "+inf", "-inf", "nan")


def whole(text: str) -> int:
    """A whole number such as 500 or -3; not 1e3, 1_000 or digits of another script.

    Raises
    ------
    argparse.ArgumentTypeError
        For all other texts.
    """
    if not _WHOLE.fullmatch(text.strip()):
        raise argparse.ArgumentTypeError(f"is {text!r}; it must be a whole number such as 500")
    return int(text)


def decimal(text: str) -> float:
    """A number such as 0.5, 1e-3 or inf; what an option allows, the command says.

    Raises
    ------
    argparse.ArgumentTypeError
        For all other texts.
    """
    # Imported here: what reads files comes with it.
    from memrob.data.numerals import number_in

    number = float(text) if text.strip().lower() in _LIMITS else number_in(text)
    if number is None:
        raise argparse.ArgumentTypeError(f"is {text!r}; it must be a number such as 0.5")
    return number


def decimals(text: str) -> list[float]:
    """Numbers as of `decimal` with commas between them.

    Raises
    ------
    argparse.ArgumentTypeError
        For all other texts.
    """
    return [decimal(part) for part in text.split(",")]
