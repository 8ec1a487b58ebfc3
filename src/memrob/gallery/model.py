"""What the page is made from: plain records without any access to the disk."""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from memrob.gallery.questions import OTHER, QUESTIONS, question_of
from memrob.studies.claim import Claim

VERDICTS = {True: "it holds", False: "it does not hold"}


@dataclass
class Image:
    """A picture that exists: paths relative to the page, size in pixels where known."""

    png: str
    pdf: str
    width: int | None = None
    height: int | None = None


@dataclass
class Source:
    """A file behind a figure: what it is called on the page, and its address from there."""

    label: str
    href: str


@dataclass
class Comparison:
    """How the cells of a figure compare with the published ones.

    Attributes
    ----------
    cells, equal, within : int
        How many were compared, have the same value to the published digits, and lie within
        |z| <= 3.
    largest : float
        Largest |z|.
    empty_as_one : bool
        Whether a second layer without neurons counts as one neuron, as in published widths.
    symbols : list of str
        Symbols of the parameters that vary.
    complete : bool
        Whether every cell is listed.
    listed : list of dict
        Cells, all or those with the largest |z|: `place` (values of those parameters),
        `published`, `replicated`, `z`, `trials`, `published_trials`.
    """

    cells: int
    equal: int
    within: int
    largest: float
    empty_as_one: bool
    symbols: list[str]
    complete: bool
    listed: list[dict[str, Any]]


class Column(NamedTuple):
    """A column of a table: its name, its heading and what it means, which may be empty."""

    name: str
    title: str
    meaning: str


@dataclass
class Printed:
    """A table to read.

    Attributes
    ----------
    columns : list of Column
        Those in which rows differ.
    rows : list of list of str
        Their values.
    shared : list of str
        What all rows share, such as "λ = 1".
    """

    columns: list[Column]
    rows: list[list[str]]
    shared: list[str]


@dataclass
class Preview:
    """The beginning of a table of trials: `values` has those of the first rows by column."""

    n_rows: int
    columns: list[Column]
    values: list[list[str]]


@dataclass
class Figure:
    """One figure, made or not.

    Attributes
    ----------
    experiment, name, title : str
        Experiment and name of the figure as in its configuration, and a heading for it.
    caption : str
        What is drawn.
    command : str
        Shell command that makes the figure.
    of_table : bool
        Whether it draws a table of trials, rather than data or a network.
    image : Image or None
        None where the figure was not made; `reason` then says why, and `lacks` names the raw set
        among the gaps that it is for want of.
    sources : list of Source
        Files behind it.
    comparison : Comparison or None
        With the published cells, where there are any.
    cells : str or None
        JSON of the values of its cells if it is a heatmap.
    seconds : float or None
        Wall time of the trials behind it.
    wide : bool
        Whether it has a row of its own, with the caption beside it.
    published : str
        The published figure that it is the counterpart of, such as "[M] Fig. 8a"; else empty.
    fuller : str or None
        Shell command that draws it from the archived trials of every published cell, where there
        are more than this run has.
    constant : str
        What it shows in one sentence, if its quantity is the same in all that it draws; the page
        then has no picture.
    printed : Printed or None
        The table, if it is one to read.
    context : str
        Title of its experiment.
    """

    experiment: str
    name: str
    title: str
    caption: str
    command: str
    of_table: bool
    image: Image | None = None
    reason: str = ""
    lacks: str | None = None
    sources: list[Source] = field(default_factory=list)
    comparison: Comparison | None = None
    cells: str | None = None
    seconds: float | None = None
    wide: bool = False
    claims: list[Claim] = field(default_factory=list)
    published: str = ""
    fuller: str | None = None
    constant: str = ""
    printed: Printed | None = None
    context: str = ""

    @property
    def made(self) -> bool:
        """Whether the page has something to show of it."""
        return self.image is not None or self.printed is not None

    @property
    def anchor(self) -> str:
        """Identifier of the figure on the page."""
        return f"{self.experiment}-{self.name}"

    @property
    def message(self) -> str:
        """What the figure shows, in words: its title, and its claims with their numbers.

        A figure without a claim that is decided has the first sentence of its caption instead.
        """
        said = [
            f"{claim.statement.rstrip('.')}: {VERDICTS[claim.holds]}, {claim.evidence}."
            for claim in self.claims
            if claim.holds is not None
        ]
        first = re.match(r".*?[.](?=\s|$)", self.caption, flags=re.DOTALL)
        fallback = [first.group() if first else self.caption] if self.caption else []
        return " ".join([f"{self.title}.", *(said or fallback)])


@dataclass
class Experiment:
    """An experiment and its figures.

    `grid` says how much of the published grid was run; `logs` are those of its trials; `preview`
    is the beginning of its table.
    """

    name: str
    part: str
    title: str
    grid: str
    seconds: float | None
    figures: list[Figure]
    logs: list[Source] = field(default_factory=list)
    preview: Preview | None = None

    @property
    def claims(self) -> list[Claim]:
        """Claims of all figures."""
        return [claim for figure in self.figures for claim in figure.claims]

    @property
    def made(self) -> int:
        """Number of figures that were made."""
        return sum(figure.made for figure in self.figures)


@dataclass
class Fidelity:
    """Comparison with the published results; any of the lists may be empty.

    Attributes
    ----------
    summary, replay : list of dict
        Rows of `results/fidelity_summary.csv` and `results/replay_summary.csv`.
    images : list of Image
        Figures that draw the comparison.
    sources : list of Source
        Files behind it.
    """

    summary: list[dict[str, Any]] = field(default_factory=list)
    replay: list[dict[str, Any]] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)


@dataclass
class Gap:
    """A raw set that could not be had, why, and the experiments with figures that lack it."""

    name: str
    reason: str
    experiments: list[str]


@dataclass
class Provenance:
    """Where the numbers come from; lists hold every value that occurs among the experiments."""

    scale: str
    date: str
    commits: list[str] = field(default_factory=list)
    machines: list[str] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)
    seconds: float | None = None


@dataclass
class Page:
    """Everything on the page.

    `animation` is the address of that of the construction, `play` of the page to play with; either
    may be empty.
    """

    experiments: list[Experiment]
    fidelity: Fidelity
    gaps: list[Gap]
    provenance: Provenance
    animation: str = ""
    play: str = ""

    @property
    def parts(self) -> dict[str, list[Experiment]]:
        """Experiments by part, in the order in which they were given."""
        parts: dict[str, list[Experiment]] = {}
        for experiment in self.experiments:
            parts.setdefault(experiment.part, []).append(experiment)
        return parts

    @property
    def as_published(self) -> dict[str, list[Figure]]:
        """Figures that have a published counterpart, in its order, by its name."""
        found = [figure for figure in self.figures if figure.published]
        published: dict[str, list[Figure]] = {}
        for figure in sorted(found, key=lambda figure: _place(figure.published)):
            published.setdefault(figure.published, []).append(figure)
        return published

    @property
    def figures(self) -> list[Figure]:
        """Figures of all experiments."""
        return [figure for each in self.experiments for figure in each.figures]

    @property
    def by_question(self) -> dict[str, list[Figure]]:
        """Figures by the question that they answer, in the order of the questions."""
        answers: dict[str, list[Figure]] = {question: [] for question in (*QUESTIONS, OTHER)}
        for figure in self.figures:
            answers[question_of(figure.experiment, figure.name)].append(figure)
        return {question: figures for question, figures in answers.items() if figures}

    @property
    def verdicts(self) -> Counter:
        """How many claims hold (True), do not (False) and are not decided (None)."""
        return Counter(claim.holds for each in self.experiments for claim in each.claims)


def _place(published: str) -> tuple[str, int, str]:
    """Sort key of a published figure: paper, number, panel."""
    paper, number, panel = re.fullmatch(r"(\[\w\]) Fig\. (\d+)(.*)", published).groups()
    return paper, int(number), panel
