"""Check what the figures of an experiment should show against its trials."""

import pandas as pd

from memrob.studies.claim import Claim, decide_claims
from memrob.studies.lipschitz.claims import dimension, laws, order, sizes

RULES = {
    **dimension.RULES,
    **sizes.RULES,
    **laws.RULES,
    "bracket": order.rules("bracket", exact=True),
    "bracket_deep": order.rules("bracket", exact=True),
}


def check_claims(experiment: str, trials: pd.DataFrame | None) -> dict[str, list[Claim]]:
    """Decide every claim about the figures of one experiment.

    Parameters
    ----------
    experiment : str
        Name of the experiment.
    trials : pandas.DataFrame or None
        One row a network and p, as in `results/lipschitz/<experiment>.csv`; None or empty where
        the experiment was not run.

    Returns
    -------
    dict of str to list of Claim
        The claims by figure name; empty for an experiment about which nothing is claimed.
    """
    return decide_claims(RULES.get(experiment, []), trials)
