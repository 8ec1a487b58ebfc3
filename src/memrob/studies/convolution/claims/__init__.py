"""The rules that decide what the figures of this study should show, by name."""

from memrob.studies.claim import Rule
from memrob.studies.convolution.claims import geometry, invariance, needs

RULES = {
    "probability_rises": Rule(
        "Averaged over λ, the probability of interpolation falls from no first width n to the "
        "next, and is higher at the largest n than at the smallest.",
        needs.probability_rises,
    ),
    "width_does_not_grow": Rule(
        "The second width of the convolutional networks does not grow with the number of shifts "
        "|S|: its exponent is at most 0.",
        needs.width_does_not_grow,
    ),
    "width_grows": Rule(
        "The second width of fully connected networks on the augmented data grows with |S|: its "
        "exponent is above 0.",
        needs.width_grows,
    ),
    "sets_in_earlier": Rule(
        "At the largest |S| that both networks have, interpolation sets in at no larger first "
        "width for the convolutional ones.",
        needs.sets_in_earlier,
    ),
    "fewer_parameters": Rule(
        "At the largest |S| that both networks have, the convolutional ones need fewer parameters "
        "to interpolate the same shifted points.",
        needs.fewer_parameters,
    ),
    "narrower": Rule(
        "At every number of points N the second width of the convolutional networks is below that "
        "of the fully connected ones on the augmented data.",
        needs.narrower,
    ),
    "same_separation": Rule(
        "The orbits of the two classes are as far apart as the augmented points.",
        geometry.same_separation,
    ),
    "separation_never_grows": Rule(
        "The separation of the orbits grows from no number of shifts |S| to the next.",
        geometry.separation_never_grows,
    ),
    "fewer_pieces": Rule(
        "At every |S| the orbits need no more pieces M⁻ than the augmented points.",
        geometry.fewer_pieces,
    ),
    "pieces_bound_widths": Rule(
        "At every |S| M⁻ of the orbits is at least the second width of 99 % of the convolutional "
        "networks, from the first width on at which 99 % interpolate.",
        geometry.pieces_bound_widths,
    ),
    "never_moved": Rule(
        "No shift tried changes the label that a convolutional network gives to a test point.",
        invariance.never_moved,
    ),
    "others_moved": Rule(
        "Some shift tried changes the label of some test point in every fully connected network, "
        "though it was constructed on all shifts of its training points.",
        invariance.others_moved,
    ),
    "more_accurate": Rule(
        "At every first width the convolutional networks with the largest |S| are more accurate on "
        "shifted test points than fully connected ones with any |S|.",
        invariance.more_accurate,
    ),
}
