"""Statements about figures, the rules that decide them, and their verdicts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from memrob.studies.verdict import Verdict


@dataclass(frozen=True)
class Claim:
    """One statement about a figure.

    Attributes
    ----------
    statement : str
        What the figure should show.
    holds : bool or None
        The verdict of this run; None where its grid or its number of trials cannot decide.
    evidence : str
        The numbers behind the verdict, or the reason why there is none.
    source : str
        Where the statement stands: a place in [M] or [L], or "own".
    """

    statement: str
    holds: bool | None
    evidence: str
    source: str = "own"


@dataclass(frozen=True)
class Rule:
    """A statement and the function that decides it.

    Attributes
    ----------
    statement : str
        What a figure should show.
    decide : callable
        Takes a table of trials and returns (holds, evidence).
    """

    statement: str
    decide: Callable[..., Verdict]

    def apply(self, trials: pd.DataFrame, _beside: pd.DataFrame | None, _experiment: str) -> Claim:
        """Decide the statement for a table of trials.

        Parameters
        ----------
        trials : pandas.DataFrame
            Table of the experiment, with at least one row.
        beside : pandas.DataFrame or None
            What the study compares its tables with, None where it is not there.
        experiment : str
            Name of the experiment.
        """
        return Claim(self.statement, *self.decide(trials))


def decide_claims(
    rules: Mapping[str, Rule],
    figures: Mapping[str, dict[str, Any]],
    trials: pd.DataFrame | None,
    beside: pd.DataFrame | None = None,
    experiment: str = "",
) -> dict[str, list[Claim]]:
    """Decide every claim about the figures of one experiment.

    Parameters
    ----------
    rules : mapping of str to Rule
        Those of the study, by name.
    figures : mapping of str to dict
        Figures of the experiment as configured; the claims of each are a list of mappings with
        the name of a `rule` and its `source`.
    trials : pandas.DataFrame or None
        Table of the experiment; None or empty where it was not run.
    beside : pandas.DataFrame or None
        What the study compares its tables with.
    experiment : str
        Name of the experiment.

    Returns
    -------
    dict of str to list of Claim
        The claims of each figure that has any.
    """
    claims: dict[str, list[Claim]] = {}
    for figure, options in figures.items():
        for bound in options.get("claims", ()):
            rule = rules[bound["rule"]]
            if trials is None or trials.empty:
                claim = Claim(rule.statement, None, "not run")
            else:
                claim = rule.apply(trials, beside, experiment)
            claims.setdefault(figure, []).append(replace(claim, source=bound["source"]))
    return claims


def collected(*parts: Mapping[str, Rule]) -> dict[str, Rule]:
    """Put the rules of several modules of a study together.

    Raises
    ------
    ValueError
        If two have one name.
    """
    rules: dict[str, Rule] = {}
    for part in parts:
        if twice := rules.keys() & part.keys():
            raise ValueError(f"two rules have the name {min(twice)}")
        rules |= part
    return rules
