"""The questions that figures answer: each figure has one."""

from fnmatch import fnmatchcase

OTHER = "Other questions"

QUESTIONS = {
    "How does the construction work?": [
        "moons/covering",
        "moons/hyperplanes",
        "moons/features",
        "moons/selection",
        "moons*/boundary*",
        "lines/boundary",
        "regions_moons/*",
    ],
    "What do the data look like?": [
        "*/scatter",
        "*/samples",
        "*/signals",
    ],
    "How wide must the first layer be?": [
        "complexity_*/thresholds",
        "angles_*/*",
        "structured_data/*",
        "moons*/probability*",
        "mnist*/probability*",
        "cifar10*/probability*",
    ],
    "How many neurons does the second layer need?": [
        "moons*/width*",
        "mnist*/width*",
        "cifar10*/width*",
        "complexity_*/widths",
        "complexity_*/numbers",
        "roles_*/*",
        "alternating_points/*",
    ],
    "Can it do with fewer neurons?": [
        "smaller_*/*",
    ],
    "How does it compare with the worst case?": [
        "*/capacity",
        "threshold_*/parameters",
    ],
    "What does the network say of points that it has not seen?": [
        "generalisation_*/*",
        "accuracy_cifar10/*",
        "noise_*/*",
    ],
    "What does invariance under translations save?": [
        "convolution_*/*",
        "orbits_*/*",
        "samples_*/*",
        "shifts_*/*",
        "accuracy_mnist/*",
    ],
    "Where does training begin to interpolate, and what does the test error do there?": [
        "threshold_*/thresholds",
        "double_descent_*/*",
        "random_features_*/*",
    ],
    "How robust are trained networks?": [
        "robustness_*/*",
        "lipschitz_*/*",
    ],
    "How does the Lipschitz constant of a random network grow?": [
        "width*/constants",
        "depth*/constants",
        "dimension*/constants",
        "dimension*/exponents",
        "dimension*/regime",
        "dimension*/root",
        "regions/*",
    ],
    "Do biases change the Lipschitz constant?": [
        "bias*/*",
    ],
    "How tight are bounds of the Lipschitz constant?": [
        "*/bracket",
        "*/gap_*",
    ],
}
"""Question -> patterns of EXPERIMENT/FIGURE; the first question with a match counts."""


def question_of(experiment: str, figure: str) -> str:
    """Question that a figure answers, `OTHER` where none is known."""
    name = f"{experiment}/{figure}"
    for question, patterns in QUESTIONS.items():
        if any(fnmatchcase(name, pattern) for pattern in patterns):
            return question
    return OTHER
