"""The rules that decide what the figures of this study should show, by name."""

from memrob.studies.claim import Rule
from memrob.studies.generalisation.claims import detection, references, trends

RULES = {
    "accuracy_rises": Rule(
        "At every maximal bias the test accuracy rises from each first width to the next.",
        trends.accuracy_rises,
    ),
    "below_neighbours": Rule(
        "Every network of this run is less accurate on test points than the nearest neighbours.",
        references.below_neighbours,
    ),
    "below_linear": Rule(
        "Every network of this run is less accurate on test points than the linear classifier.",
        references.below_linear,
    ),
    "undetected_falls": Rule(
        "At every maximal bias the share of test points at which no detector fires falls from "
        "each first width to the next.",
        trends.undetected_falls,
    ),
    "unique_above_neighbours": Rule(
        "Where exactly one detector fires, the widest networks are more accurate than the nearest "
        "neighbours are on all test points.",
        references.unique_above_neighbours,
    ),
    "errors_are_undecided": Rule(
        "At more than three quarters of the test points that an interpolating network mislabels, "
        "no detector fires or several do.",
        detection.errors_are_undecided,
    ),
    "large_bias_costs": Rule(
        "At every first width the largest maximal bias of this run gives a lower test accuracy "
        "than 0.",
        trends.large_bias_costs,
    ),
    "biased_above_linear": Rule(
        "With a maximal bias > 0 the widest networks are more accurate on test points than the "
        "linear classifier.",
        references.biased_above_linear,
    ),
    "biases_needed": Rule(
        "At every first width from 100 on, each maximal bias > 0 gives a higher test accuracy "
        "than 0.",
        trends.biases_needed,
    ),
}
