"""Check what the figures of an experiment should show against its trials."""

import pandas as pd

from memrob.studies.claim import Claim, Rule, decide_claims
from memrob.studies.generalisation.claims import detection, references, trends

BY_WIDTH, DETECTION, BY_BIAS = (
    "accuracy_by_first_width",
    "detection_by_first_width",
    "accuracy_by_max_bias",
)


IMAGES = [
    Rule(
        BY_WIDTH,
        "At every maximal bias the test accuracy rises from each first width to the next.",
        trends.accuracy_rises,
    ),
    Rule(
        BY_WIDTH,
        "Every network of this run is less accurate on test points than the nearest neighbours.",
        references.below_neighbours,
    ),
    Rule(
        BY_WIDTH,
        "Every network of this run is less accurate on test points than the linear classifier.",
        references.below_linear,
    ),
    Rule(
        DETECTION,
        "At every maximal bias the share of test points at which no detector fires falls from "
        "each first width to the next.",
        trends.undetected_falls,
    ),
    Rule(
        DETECTION,
        "Where exactly one detector fires, the widest networks are more accurate than the nearest "
        "neighbours are on all test points.",
        references.unique_above_neighbours,
    ),
    Rule(
        DETECTION,
        "At more than three quarters of the test points that an interpolating network mislabels, "
        "no detector fires or several do.",
        detection.errors_are_undecided,
    ),
    Rule(
        BY_BIAS,
        "At every first width the largest maximal bias of this run gives a lower test accuracy "
        "than 0.",
        trends.large_bias_costs,
    ),
]
MOONS = [
    Rule(
        BY_WIDTH,
        "With a maximal bias > 0 the widest networks are more accurate on test points than the "
        "linear classifier.",
        references.biased_above_linear,
    ),
    Rule(
        BY_WIDTH,
        "At every first width from 100 on, each maximal bias > 0 gives a higher test accuracy "
        "than 0.",
        trends.biases_needed,
    ),
]
RULES = {
    "generalisation_moons": MOONS,
    "generalisation_mnist": IMAGES,
    "generalisation_cifar10": IMAGES,
}


def check_claims(experiment: str, trials: pd.DataFrame | None) -> dict[str, list[Claim]]:
    """Decide every claim about the figures of one experiment.

    Parameters
    ----------
    experiment : str
        Name of the experiment.
    trials : pandas.DataFrame or None
        One row a trial, as in `results/generalisation/<experiment>.csv`; None or empty where the
        experiment was not run.

    Returns
    -------
    dict of str to list of Claim
        The claims by figure name; empty for an experiment about which nothing is claimed.
    """
    return decide_claims(RULES.get(experiment, []), trials)
