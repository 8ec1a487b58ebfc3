"""How complex data of the user's own are: their coverings, and the networks that bounds ask for."""

import math
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from memrob.cli.plots.data import LISTED, draw_bars
from memrob.plots.colours import neuron_colours
from memrob.plots.style import (
    FAINT,
    FULL_WIDTH,
    INK,
    MINUS_COLOUR,
    PLUS_COLOUR,
    grouped,
    new_figure,
)

# Beyond that many parameters a bound says nothing; it is drawn as an arrow.
BEYOND = 1e12


def own_complexity(report: dict[str, Any], *, title: str = "") -> Figure:
    """Draw what `memrob complexity` reports.

    Parameters
    ----------
    report : dict
        What the command prints with ``--json``, infinite numbers as such.
    title : str
        Title of the figure.

    Returns
    -------
    matplotlib.figure.Figure
        Left, the pieces of the mutual coverings beside the sizes of the classes; right, the
        parameters that worst-case results ask for, and the theorem with its constants left out.
        Call inside `memrob.plots.style.styled`.
    """
    bars = min(max(len(report["classes"]), 2), LISTED)
    figure = new_figure(FULL_WIDTH, max(3.4, 0.2 * bars + 1.35), title)
    left, right = figure.subplots(1, 2, width_ratios=[1, 1.05])
    _draw_coverings(left, report)
    _draw_capacity(right, report)
    return figure


def _draw_coverings(axes: Axes, report: dict[str, Any]) -> None:
    classes = report["classes"]
    colours = neuron_colours(len(report["class_names"]))
    if len(classes) == 1:
        # The one class that has a detector is the last, and the other is covered for it.
        only, names = classes[0], report["class_names"]
        sizes, pieces = (only["n_plus"], only["n_minus"]), (only["M_plus"], only["M_minus"])
    else:
        names = [found["name"] for found in classes]
        sizes = [found["n_minus"] for found in classes]
        pieces = [found["M_minus"] for found in classes]
    draw_bars(axes, names, sizes, pieces, colours)
    axes.set_xlabel("pieces (dark) and points (light)")
    few = f", {LISTED} of {grouped(len(names))} classes" if len(names) > LISTED else ""
    axes.set_title(
        rf"mutual coverings, $\delta$ = {report['delta']:.3g}, "
        rf"$\lambda$ = {report['max_bias']:.4g}{few}"
    )


def _draw_capacity(axes: Axes, report: dict[str, Any]) -> None:
    rows = [(b["name"], b["parameters"], b["exact_constant"]) for b in report["capacity"]]
    for at, (_, parameters, exact) in enumerate(rows):
        _draw_bound(axes, at, parameters, exact, PLUS_COLOUR)
    _draw_bound(axes, len(rows), theorem_parameters(report), False, MINUS_COLOUR)
    names = [name for name, *_ in rows] + ["theorem of [M]"]
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_xscale("log")
    axes.grid(axis="y")
    axes.tick_params(axis="y", length=0)
    n_samples = report["n_samples"]
    axes.axvline(n_samples, color=FAINT, linewidth=0.8, linestyle="--", zorder=0)
    axes.set_xlabel("parameters")
    axes.set_title(f"$N$ = {grouped(n_samples)}, $d$ = {grouped(report['input_dim'])}")
    dot = {"linestyle": "none", "marker": "o", "markersize": 5, "markeredgecolor": INK}
    handles = [
        Line2D([], [], **dot, markerfacecolor=INK),
        Line2D([], [], **dot, markerfacecolor="white"),
        Line2D([], [], color=FAINT, linewidth=0.8, linestyle="--"),
    ]
    texts = ["with constants", "without", "$N$"]
    axes.figure.legend(handles, texts, loc="outside lower right", ncols=3, columnspacing=1.2)


def _draw_bound(axes: Axes, at: int, parameters: float, exact: bool, colour: str) -> None:
    if parameters > BEYOND:
        text = "beyond $10^{308}$" if math.isinf(parameters) else f"{_power(parameters)}"
        axes.text(
            0.97,
            at,
            f"{text} $\\rightarrow$",
            transform=axes.get_yaxis_transform(),
            ha="right",
            va="center",
            fontsize=7.5,
            color=colour,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
        )
        return
    axes.plot(
        parameters,
        at,
        marker="o",
        markersize=5,
        markeredgecolor=colour,
        markerfacecolor=colour if exact else "white",
        linestyle="none",
    )


def _power(value: float) -> str:
    return f"$10^{{{math.floor(math.log10(value))}}}$"


def theorem_parameters(report: dict[str, Any]) -> float:
    """Weights and biases of the network of the theorem, its open constants taken to be 1."""
    n, second = report["first_width_shape"], report["second_width_bound"]
    return n * (report["input_dim"] + 1) + second * (n + 1) + len(report["classes"])
