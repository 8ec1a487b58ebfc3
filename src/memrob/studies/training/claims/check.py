"""Check what the figures of an experiment should show against its trials."""

import pandas as pd

from memrob.studies.claim import Claim, Rule, decide_claims
from memrob.studies.training.claims import course, descent, robustness, thresholds

STUDIES: dict[str, list[Rule]] = {
    "random_features": descent.RANDOM_FEATURES,
    "double_descent": descent.NETWORKS,
    "threshold": thresholds.RULES,
    "robustness": robustness.RULES,
    "lipschitz": course.RULES,
}
"""The claims of each study."""


def check_claims(experiment: str, trials: pd.DataFrame | None) -> dict[str, list[Claim]]:
    """Decide every claim about the figures of one experiment.

    Parameters
    ----------
    experiment : str
        Name of the experiment, which begins with that of its study: ``threshold_mnist``.
    trials : pandas.DataFrame or None
        As in `results/training/<experiment>.csv`; None or empty where the experiment was not run.

    Returns
    -------
    dict of str to list of Claim
        The claims by figure name; empty for an experiment about which nothing is claimed.
    """
    rules = next((of for study, of in STUDIES.items() if experiment.startswith(study)), [])
    return decide_claims(rules, trials)
