"""The figure of the benchmark: time against n and against N, with what bounds it."""

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import LogFormatterMathtext, LogLocator, NullFormatter

from benchmarks.cases import Result
from benchmarks.peaks import Peaks
from benchmarks.scaling import FIRST_WIDTH, Step
from memrob.plots.style import (
    AXIS_LABELS,
    CATEGORY_COLOURS,
    FAINT,
    FULL_WIDTH,
    INK,
    grouped,
    new_figure,
    save,
    styled,
)

FIRST_COLOUR, SECOND_COLOUR = CATEGORY_COLOURS[:2]
NAMES = {"mnist": "MNIST", "moons": "Two moons", "cifar10": "CIFAR-10"}


def draw(steps: list[Step], results: list[Result], peaks: Peaks, path_pdf: Path) -> None:
    """Draw both series side by side and save them as PDF and PNG.

    Parameters
    ----------
    steps : list of Step
        Measured trials of both series.
    results : list of Result
        Measured cases; those that lie on a series show the baseline's time.
    peaks : Peaks
        Peak rates, which bound the times.
    path_pdf : path
        The PNG takes the same name with the suffix ``.png``.
    """
    with styled():
        figure = new_figure(FULL_WIDTH, 3.2)
        panels = figure.subplots(1, 2)
        for axes, column in zip(panels, ("first_width", "n_samples"), strict=True):
            series = [step for step in steps if step.series == column]
            _panel(axes, column, series, peaks)
            _baseline(axes, column, series[0], results)
            # Limits far below every measured time would only press the rest together.
            axes.set_ylim(bottom=_least_seconds(series) / 3)
        handles, labels = _handles(panels)
        figure.legend(handles, labels, loc="outside lower center", ncols=3)
        save(figure, path_pdf)


def _panel(axes: Axes, column: str, series: list[Step], peaks: Peaks) -> None:
    x = [getattr(step, column) for step in series]
    trials = [step.trial for step in series]
    limits = np.array([step.limits(peaks) for step in series])
    axes.plot(x, [t.seconds for t in trials], "o-", color=INK, label="trial", zorder=3)
    axes.plot(x, [t.first_layer for t in trials], "s-", color=FIRST_COLOUR, label="first layer")
    axes.plot(x, [t.second_layer for t in trials], "D-", color=SECOND_COLOUR, label="second layer")
    bounds = {"ls": (0, (3, 2)), "lw": 0.9}
    axes.plot(x, limits[:, 0], color=FIRST_COLOUR, label="first layer, $Wx$ at peak", **bounds)
    axes.plot(
        x, limits[:, 1], color=SECOND_COLOUR, label="second layer, popcounts at peak", **bounds
    )
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel(AXIS_LABELS[column])
    axes.set_ylabel("seconds")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(LogLocator(numticks=12))
        axis.set_major_formatter(LogFormatterMathtext())
        axis.set_minor_locator(LogLocator(subs=range(2, 10), numticks=12))
        axis.set_minor_formatter(NullFormatter())
    axes.grid(True)
    fixed = f"$N$ = {grouped(series[0].n_samples)}"
    if column == "n_samples":
        fixed = f"$n$ = {grouped(FIRST_WIDTH)}"
    axes.set_title(f"{NAMES[series[0].dataset]}, {fixed}")


def _baseline(axes: Axes, column: str, first: Step, results: list[Result]) -> None:
    other = "n_samples" if column == "first_width" else "first_width"
    shown = [
        (getattr(result.case, column), result.baseline.seconds)
        for result in results
        if result.case.dataset == first.dataset
        and getattr(result.case, other) == getattr(first, other)
    ]
    # Drawn even when empty, so that the legend does not depend on which cases were measured.
    axes.plot(
        *np.array(shown).reshape(-1, 2).T, "x", color=FAINT, ms=5, label="baseline, plain NumPy"
    )


def _least_seconds(series: list[Step]) -> float:
    return min(min(step.trial.first_layer, step.trial.second_layer) for step in series)


def _handles(panels: np.ndarray) -> tuple[list[Line2D], list[str]]:
    found: dict[str, Line2D] = {}
    for panel in panels:
        lines, labels = panel.get_legend_handles_labels()
        found.update(zip(labels, lines, strict=True))
    return list(found.values()), list(found)
