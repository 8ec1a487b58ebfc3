"""Check what the figures of an experiment should show against its trials."""

import pandas as pd

from memrob.studies.claim import Claim, Rule, decide_claims
from memrob.studies.convolution.claims import geometry, invariance, needs

OWN = "the network is this project's own construction"

GRID = [
    Rule(
        "probability",
        "Averaged over λ, the probability of interpolation falls from no first width n to the "
        "next, and is higher at the largest n than at the smallest.",
        needs.probability_rises,
    ),
]
SHIFTS = [
    Rule(
        "needs",
        "The second width of the convolutional networks does not grow with the number of shifts "
        "|S|: its exponent is at most 0.",
        needs.width_does_not_grow,
    ),
    Rule(
        "needs",
        "The second width of fully connected networks on the augmented data grows with |S|: its "
        "exponent is above 0.",
        needs.width_grows,
    ),
    Rule(
        "needs",
        "At the largest |S| that both networks have, interpolation sets in at no larger first "
        "width for the convolutional ones.",
        needs.sets_in_earlier,
    ),
    Rule(
        "needs",
        "At the largest |S| that both networks have, the convolutional ones need fewer parameters "
        "to interpolate the same shifted points.",
        needs.fewer_parameters,
    ),
]
SAMPLES = [
    Rule(
        "needs",
        "At every number of points N the second width of the convolutional networks is below that "
        "of the fully connected ones on the augmented data.",
        needs.narrower,
    ),
]
ORBITS = [
    Rule(
        "orbits",
        "The orbits of the two classes are as far apart as the augmented points.",
        geometry.same_separation,
    ),
    Rule(
        "orbits",
        "The separation of the orbits grows from no number of shifts |S| to the next.",
        geometry.separation_never_grows,
    ),
    Rule(
        "orbits",
        "At every |S| the orbits need no more pieces M⁻ than the augmented points.",
        geometry.fewer_pieces,
    ),
    Rule(
        "orbits",
        "At every |S| M⁻ of the orbits is at least the second width of 99 % of the convolutional "
        f"networks, from the first width on at which 99 % interpolate ({OWN}; no theorem is cited "
        "for it).",
        geometry.pieces_bound_widths,
    ),
]
ACCURACY = [
    Rule(
        "accuracy",
        "No shift tried changes the label that a convolutional network gives to a test point.",
        invariance.never_moved,
    ),
    Rule(
        "accuracy",
        "Some shift tried changes the label of some test point in every fully connected network, "
        "though it was constructed on all shifts of its training points.",
        invariance.others_moved,
    ),
    Rule(
        "accuracy",
        "At every first width the convolutional networks with the largest |S| are more accurate on "
        "shifted test points than fully connected ones with any |S|.",
        invariance.more_accurate,
    ),
]
RULES = {
    "convolution_pulses": GRID,
    "convolution_mnist": GRID,
    "shifts_pulses": SHIFTS,
    "shifts_pulses_2d": SHIFTS,
    "shifts_mnist": SHIFTS,
    "shifts_digits": SHIFTS,
    "samples_pulses": SAMPLES,
    "orbits_pulses": ORBITS,
    "orbits_mnist": ORBITS,
    "accuracy_mnist": ACCURACY,
}


def check_claims(experiment: str, trials: pd.DataFrame | None) -> dict[str, list[Claim]]:
    """Decide every claim about the figures of one experiment.

    Parameters
    ----------
    experiment : str
        Name of the experiment.
    trials : pandas.DataFrame or None
        One row a network, as in `results/convolution/<experiment>.csv`; None or empty where the
        experiment was not run.

    Returns
    -------
    dict of str to list of Claim
        The claims by figure name; empty for an experiment about which nothing is claimed.
    """
    return decide_claims(RULES.get(experiment, []), trials)
