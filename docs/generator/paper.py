"""The page on [M]: each of its figures with its counterpart, each of its statements with the rules.

What [M] has is listed here, apart from the configuration, so that a statement or a figure that the
configuration leaves out is noticed: making the page then fails.
"""

from pathlib import Path
from typing import NamedTuple

from docs.generator.markdown import code, plain, table
from memrob.studies.base import Experiment
from memrob.studies.registry import load_experiments

FIGURES = {
    "1": "schematic: data and a mutual covering",
    "2": "schematic: random hyperplanes",
    "3": "schematic: features of the first layer",
    "4": "schematic: neurons are added one by one",
    "5a": "moons: the data",
    "5b": "moons: probability of interpolation, with slices",
    "5c": "moons: second width, with slices",
    "6": "moons: decision boundary",
    "7": "moons: decision boundaries on a grid",
    "8a": "moons at N = 100, 1,000 and 5,000",
    "8b": "growing moons: probability of interpolation, with slices",
    "8c": "growing moons: second width, with slices",
    "9a": "MNIST 1 vs. 8: second width against N",
    "9b": "MNIST 1 vs. 9: second width against N",
    "10a": "MNIST: images",
    "10b": "MNIST: probability of interpolation, with slices",
    "10c": "MNIST: second width, with slices",
    "11, left": "MNIST: second width against the maximal bias, many hyperplanes",
    "11, right": "MNIST: second width against the first width, many hyperplanes",
    "12a": "CIFAR-10: images",
    "12b": "CIFAR-10: probability of interpolation, with slices",
    "12c": "CIFAR-10: second width, with slices",
    "13, left": "CIFAR-10: second width against the maximal bias, many hyperplanes",
    "13, right": "CIFAR-10: second width against the first width, many hyperplanes",
    "14": "two parallel lines: decision boundary",
}
"""Panels of [M] by number, in their order, in our words."""


class Statement(NamedTuple):
    """A statement of [M] and what decides it.

    Attributes
    ----------
    place : str
        Where it stands; the source of the claims.
    text : str
        What it says, in our words.
    rules : tuple of str
        Rules that decide it, each as EXPERIMENT/RULE.
    """

    place: str
    text: str
    rules: tuple[str, ...]


ROLES = ("moons", "lines", "pulses", "mnist_1v8", "mnist_1v9", "mnist", "cifar10")

STATEMENTS = (
    Statement(
        "Theorem 4",
        "The number of neurons is linear in M⁻ and logarithmic in M⁺, so that the class that fewer "
        "balls cover should play X⁻.",
        tuple(f"roles_{name}/fewer_balls_narrower" for name in ROLES),
    ),
    Statement(
        "Proposition 10",
        "As n and then λ grow, the region of a neuron tends to the ball that touches X⁺.",
        ("regions_moons/tend_to_balls",),
    ),
    Statement(
        "Remark 12",
        "In a subspace and for sparse data ω is bounded whatever N is.",
        ("structured_data/independent_of_size",),
    ),
    Statement(
        "Proposition 13",
        "Alternating points on a line need M⁻ neurons.",
        ("alternating_points/alternating_need_all",),
    ),
    Statement(
        "4.1, p. 25",
        "On moons the probability has a sharp phase transition in n.",
        ("moons/sharp_transition",),
    ),
    Statement(
        "4.1, p. 25",
        "For λ above the radius, n proportional to λ keeps a fixed probability: moons.",
        ("moons/proportional",),
    ),
    Statement("4.4, p. 30", "The same for MNIST.", ("mnist/proportional",)),
    Statement("4.5, p. 31", "The same for CIFAR-10.", ("cifar10/proportional",)),
    Statement(
        "4.1, p. 25",
        "λ = 0 never interpolates moons; the best λ is below the radius.",
        ("moons/never_without_bias", "moons/best_below_radius"),
    ),
    Statement(
        "4.1, p. 25",
        "Where the probability is near one the second width attains its minimum, is nearly "
        "constant and far below N.",
        ("moons/least_where_certain", "moons/nearly_constant", "moons/far_below"),
    ),
    Statement(
        "4.1, p. 25",
        "Regions of neurons are nearly circular, reach to the other class and become rounder as n "
        "grows (Figs. 6 and 7).",
        (
            "regions_moons/nearly_circular",
            "regions_moons/reach_other_class",
            "regions_moons/rounder",
        ),
    ),
    Statement(
        "4.2, p. 28",
        "The first width needed for a fixed probability, and that for a fixed second width, grows "
        "up to about N = 800,000 and is constant from there on.",
        ("moons_size/probability_levels_off", "moons_size/width_levels_off"),
    ),
    Statement(
        "4.3, p. 28",
        "1 vs. 8 grows essentially linearly (Fig. 9).",
        ("mnist_1v8_size/essentially_linear",),
    ),
    Statement("4.3, p. 28", "1 vs. 9 saturates (Fig. 9).", ("mnist_1v9_size/saturates",)),
    Statement(
        "4.4, p. 30",
        "On MNIST λ = 0 interpolates, and with the narrowest first layer.",
        ("mnist/zero_best",),
    ),
    Statement(
        "4.4, p. 30",
        "The smallest angle is about 0.17 rad on MNIST and 2.44e-6 rad on moons.",
        ("angles_mnist/as_published", "angles_moons/as_published"),
    ),
    Statement(
        "4.4, p. 31",
        "On MNIST the second width goes on falling well after interpolation sets in (Fig. 11).",
        ("mnist_ext_bias/goes_on_falling",),
    ),
    Statement(
        "4.4, p. 31",
        "λ about 0.5 gives a smaller second width than λ = 0 (Fig. 11).",
        ("mnist_ext_iter/half_beats_zero",),
    ),
    Statement(
        "4.5, p. 31",
        "On CIFAR-10 λ = 0 is best for the probability (Fig. 12).",
        ("cifar10/zero_best",),
    ),
    Statement(
        "4.5, p. 31",
        "The second width is nearly constant where the probability is near one (Fig. 12), and "
        "falls well beyond the threshold (Fig. 13).",
        ("cifar10/nearly_constant", "cifar10_ext_bias/goes_on_falling"),
    ),
    Statement(
        "4.5, p. 31",
        "With many hyperplanes the best λ is about 0.25 (Fig. 13).",
        ("cifar10_ext_iter/best_near_quarter",),
    ),
    Statement(
        "4.5, p. 31",
        "The second width is large compared with N.",
        ("cifar10_ext_bias/most_points", "cifar10_ext_iter/most_points"),
    ),
    Statement(
        "4.6, Fig. 14",
        "On two lines every point of X⁻ has a neuron of its own.",
        ("lines/own_neuron_each",),
    ),
)


def page(root: Path) -> str:
    """Text of the page.

    Parameters
    ----------
    root : path
        Folder with the configuration.

    Raises
    ------
    ValueError
        If the configuration has a figure or a claim of [M] that is not listed here, or lacks one
        that is.
    """
    experiments = load_experiments(root / "config" / "experiments")
    return "\n".join(
        [
            "# The paper, figure by figure",
            "",
            "The figures and statements of [M] (JMLR 25(347), 2024), and where each is found here.",
            "What a run decides is in `results/claims.csv` and in its gallery, which shows the",
            "figures in the order of the paper, too. Where the published results and this",
            "replication differ is told in [a page of its own](/disagreements.md).",
            "",
            "## Figures",
            "",
            table(["[M]", "what", "here"], _figures(experiments)),
            "## Statements",
            "",
            "Each rule is decided from the tables of a run; what the published cells say of it",
            "stands in its evidence.",
            "",
            table(["[M]", "statement", "decided by"], _statements(experiments)),
        ]
    )


def _figures(experiments: dict[str, Experiment]) -> list[list[str]]:
    found: dict[str, list[str]] = {number: [] for number in FIGURES}
    for experiment in experiments.values():
        for name, figure in experiment.figures.items():
            published = figure.get("figure", "")
            if not published.startswith("[M] Fig. "):
                continue
            number = published.removeprefix("[M] Fig. ")
            if number not in found:
                raise ValueError(f"{experiment.source}: figures.{name}: [M] has no Fig. {number}")
            found[number].append(experiment.target(name))
    if missing := [number for number, paths in found.items() if not paths]:
        raise ValueError(f"no figure is the counterpart of [M] Fig. {', '.join(missing)}")
    return [
        [plain(f"Fig. {number}"), plain(FIGURES[number]), ", ".join(map(code, paths))]
        for number, paths in found.items()
    ]


def bound(experiments: dict[str, Experiment]) -> set[tuple[str, str]]:
    """Place and EXPERIMENT/RULE of every claim in the configuration whose source is [M]."""
    return {
        (claim["source"].removeprefix("[M] "), f"{experiment.name}/{claim['rule']}")
        for experiment in experiments.values()
        for figure in experiment.figures.values()
        for claim in figure.get("claims", ())
        if claim["source"].startswith("[M]")
    }


def _statements(experiments: dict[str, Experiment]) -> list[list[str]]:
    listed = {(each.place, rule) for each in STATEMENTS for rule in each.rules}
    claims = bound(experiments)
    for place, rule in sorted(listed ^ claims):
        where = "the configuration" if (place, rule) in listed else "the page on [M]"
        raise ValueError(f"{rule} ([M] {place}): is missing in {where}")
    return [
        [plain(each.place), plain(each.text), ", ".join(_decided(rule) for rule in each.rules)]
        for each in STATEMENTS
    ]


def _decided(rule: str) -> str:
    experiment, _, name = rule.partition("/")
    return f"{code(name)} of {code(experiment)}"
