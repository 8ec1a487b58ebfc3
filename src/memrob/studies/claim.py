"""Statements about figures, the rules that decide them, and their verdicts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd

from memrob.studies.verdict import Verdict


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


@dataclass(frozen=True)
class Rule:
    """A statement about one figure and the function that decides it.

    Attributes
    ----------
    figure : str
        Name of the figure that shows it.
    statement : str
        What the figure should show.
    decide : callable
        Takes a table of trials, and those that are set beside it, and returns (holds, evidence).
    """

    figure: str
    statement: str
    decide: Callable[..., Verdict]

    def apply(self, trials: pd.DataFrame, *beside: pd.DataFrame | None) -> Claim:
        """Decide the statement for a table of trials."""
        return Claim(self.statement, *self.decide(trials, *beside))


def decide_claims(
    rules: Iterable[Rule], trials: pd.DataFrame | None, *beside: pd.DataFrame | None
) -> dict[str, list[Claim]]:
    """Decide every claim about the figures of one experiment.

    Parameters
    ----------
    rules : iterable of Rule
        Those of the experiment.
    trials : pandas.DataFrame or None
        Its table; None or empty where the experiment was not run.
    *beside : pandas.DataFrame or None
        Tables that are set beside it.

    Returns
    -------
    dict of str to list of Claim
        The claims by figure name.
    """
    claims: dict[str, list[Claim]] = {}
    for rule in rules:
        if trials is None or trials.empty:
            claim = Claim(rule.statement, None, "not run")
        else:
            claim = rule.apply(trials, *beside)
        claims.setdefault(rule.figure, []).append(claim)
    return claims
