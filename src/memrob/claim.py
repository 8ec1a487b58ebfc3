"""A statement about a figure and its verdict."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Claim:
    """One statement that a figure should bear out.

    Attributes
    ----------
    statement : str
        What the figure should show.
    holds : bool or None
        The verdict of this run; None where its grid or its number of trials cannot decide.
    evidence : str
        The numbers behind the verdict, or the reason why there is none.
    """

    statement: str
    holds: bool | None
    evidence: str


Verdict = tuple[bool | None, str]
