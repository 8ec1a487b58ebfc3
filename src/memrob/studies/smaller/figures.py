"""Figures of smaller networks: second widths upon the same hyperplanes, and noise."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import PercentFormatter

from memrob.errors import UserError
from memrob.numerics.statistics import Line, line_of
from memrob.plots.curves import log_x, log_y
from memrob.plots.means import BAND_TEXT, band_handle, draw_means, open_frame
from memrob.plots.style import (
    CATEGORY_COLOURS,
    FULL_WIDTH,
    INK,
    label_axis,
    new_figure,
    symbol_value,
    trials_text,
)
from memrob.studies.kind import Kind
from memrob.studies.smaller.trial import (
    CLUSTER,
    GREEDY,
    RANDOM,
    RANDOM_FEATURES,
    REFERENCES,
    SELECTIONS,
    SMALLEST,
)

AXES = ("first_width", "max_bias")
LOWER = "lower"

TEXTS = {
    RANDOM: "random selection (published)",
    GREEDY: "greedy selection",
    CLUSTER: "neurons of clusters",
    SMALLEST: "fewest found, single points",
    LOWER: "proved bound, single points",
    "margin": "largest margin",
    "cluster_margin": "clusters, largest margin",
    "slack": "margin, slack 3",
    "min_cover": "margin, at least 5 points",
    "slack_and_min_cover": "margin, slack 3, at least 10 points",
    "greedy_min_cover": "greedy, margin, at least 5 points",
    "linear": "linear classifier",
    "neighbours": "nearest neighbours",
    RANDOM_FEATURES: "random features, as many parameters",
}
STYLES = {
    RANDOM: (CATEGORY_COLOURS[0], "o"),
    GREEDY: (CATEGORY_COLOURS[1], "s"),
    "greedy_min_cover": (CATEGORY_COLOURS[1], "D"),
    CLUSTER: (CATEGORY_COLOURS[3], "D"),
    "cluster_margin": (CATEGORY_COLOURS[6], "<"),
    SMALLEST: (CATEGORY_COLOURS[2], "^"),
    "margin": (CATEGORY_COLOURS[2], "v"),
    "slack": (CATEGORY_COLOURS[3], "P"),
    "min_cover": (CATEGORY_COLOURS[4], "^"),
    "slack_and_min_cover": (CATEGORY_COLOURS[5], "X"),
}
REFERENCE_DASHES = {
    "linear": (0, (5, 2)),
    "neighbours": (0, (1, 1.4)),
    RANDOM_FEATURES: (0, (5, 1.5, 1, 1.5)),
}
QUANTITIES = {"test_accuracy": "test accuracy", "second_width": "second width"}


def second_widths(
    trials: pd.DataFrame, *, x: str, at: list[float] | None = None, title: str = ""
) -> Figure:
    """Draw second widths at random, greedily, of clusters and at least, along one parameter.

    Parameters
    ----------
    trials : DataFrame
        One row per trial.
    x : {"first_width", "max_bias"}
        Parameter on the horizontal axis.
    at : list of float, optional
        Values of the other parameter, one panel each; all when left out.
    title : str
        Title of the figure.

    Returns
    -------
    matplotlib.figure.Figure
        Call inside `memrob.plots.style.styled`.

    Raises
    ------
    UserError
        When there are no trials for a panel.
    """
    (by,) = set(AXES) - {x}
    present = sorted(trials[by].unique())
    values = [value for value in (at or present) if value in present]
    if not values:
        raise UserError(f"figure option at: found no trials with one of {at} for {by}")
    figure = new_figure(FULL_WIDTH, 2.9, title)
    panels = figure.subplots(1, len(values), sharey=True, squeeze=False)[0]
    drawn: dict[str, Line] = {}
    for panel, value in zip(panels, values, strict=True):
        panel.set_yscale("log")
        rows = trials[(trials[by] == value) & (trials["second_width"] > 0)]
        lines = {
            name: line_of(rows[rows["selection"] == name], "second_width", x)
            for name in (RANDOM, GREEDY, SMALLEST, CLUSTER)
            if (rows["selection"] == name).any()
        }
        bounded = rows[rows[LOWER] > 0]
        if not bounded.empty:
            lines[LOWER] = line_of(bounded, LOWER, x)
        for name, line in lines.items():
            draw_means(panel, line, **_style(name))
        drawn |= lines
        _frame(panel, x, rows)
        panel.set_title(symbol_value(by, value))
    panels[0].set_ylabel("second width")
    shown = trials.loc[trials["second_width"] > 0, ["second_width", LOWER]]
    _frame_widths(panels[0], shown.min().min(), shown.max().max())
    _legend(figure, drawn)
    return figure


def noise(trials: pd.DataFrame, *, quantities: list[str], title: str = "") -> Figure:
    """Draw test accuracy and second width against label noise, one line for each selection.

    Parameters
    ----------
    trials : DataFrame
        One row per trial; those of the largest first width are drawn.
    quantities : list of str
        Columns among `QUANTITIES`, one panel each.
    title : str
        Title of the figure.

    Returns
    -------
    matplotlib.figure.Figure
        Call inside `memrob.plots.style.styled`.
    """
    rows = _at_largest(trials, "first_width")
    figure = new_figure(FULL_WIDTH, 3.0, title)
    panels = figure.subplots(1, len(quantities), squeeze=False)[0]
    drawn: dict[str, Line] = {}
    for panel, quantity in zip(panels, quantities, strict=True):
        if quantity == "second_width":
            panel.set_yscale("log")
        for name in SELECTIONS:
            of_selection = rows[(rows["selection"] == name) & rows[quantity].notna()]
            if not of_selection.empty:
                drawn[name] = line_of(of_selection, quantity, "noise")
                draw_means(panel, drawn[name], **_style(name))
        open_frame(panel)
        panel.set_xlabel("share of noisy labels")
        panel.set_ylabel(QUANTITIES[quantity])
        panel.xaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
        if quantity == "second_width":
            widths = rows.loc[rows[quantity] > 0, quantity]
            _frame_widths(panel, widths.min(), widths.max())
        else:
            panel.yaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    _legend(figure, drawn)
    return figure


def accuracies(trials: pd.DataFrame, *, title: str = "") -> Figure:
    """Draw test accuracy against first width, a panel for each share of noisy labels.

    Classifiers that have no first width are horizontal lines.

    Parameters
    ----------
    trials : DataFrame
        One row per trial; those of the largest number of points are drawn.
    title : str
        Title of the figure.

    Returns
    -------
    matplotlib.figure.Figure
        Call inside `memrob.plots.style.styled`.
    """
    rows = trials[trials["test_accuracy"].notna()]
    rows = rows[rows["n_samples"] == rows["n_samples"].max()]
    shares = sorted(rows["noise"].unique())
    figure = new_figure(FULL_WIDTH, 3.4, title)
    panels = figure.subplots(1, len(shares), sharey=True, squeeze=False)[0]
    drawn: dict[str, Line] = {}
    for panel, noise in zip(panels, shares, strict=True):
        here = rows[rows["noise"] == noise]
        for name in SELECTIONS:
            of_selection = here[here["selection"] == name]
            if of_selection.empty:
                continue
            drawn[name] = line_of(of_selection, "test_accuracy", "first_width")
            if name in REFERENCES:
                panel.axhline(of_selection["test_accuracy"].mean(), **_reference_line(name))
            else:
                draw_means(panel, drawn[name], **_style(name))
        _frame(panel, "first_width", here[~here["selection"].isin(REFERENCES)])
        panel.yaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
        panel.set_title(f"{100 * noise:.0f} % noisy labels")
    panels[0].set_ylabel(QUANTITIES["test_accuracy"])
    _legend(figure, drawn)
    return figure


def _reference_line(name: str) -> dict:
    return {"color": INK, "linestyle": REFERENCE_DASHES[name], "linewidth": 1.1}


def _at_largest(trials: pd.DataFrame, column: str) -> pd.DataFrame:
    # Classifiers to compare with have the smallest first width, whatever it is.
    references = trials["selection"].isin(REFERENCES)
    return trials[references | (trials[column] == trials.loc[~references, column].max())]


def _style(name: str) -> dict:
    if name == LOWER:
        return {"colour": STYLES[SMALLEST][0], "marker": None, "linestyle": (0, (4, 2))}
    if name in REFERENCE_DASHES:
        return {"colour": INK, "marker": None, "linestyle": REFERENCE_DASHES[name]}
    colour, marker = STYLES[name]
    return {"colour": colour, "marker": marker, "markersize": 3.5}


def _frame(panel: Axes, x: str, rows: pd.DataFrame) -> None:
    open_frame(panel)
    label_axis(panel.xaxis, x, rows[x].max())
    if x == "first_width":
        log_x(panel, rows[x].to_numpy(float), labels=4)


def _frame_widths(panel: Axes, low: float, high: float) -> None:
    # By the widths themselves: bands of few restarts reach far beyond them.
    log_y(panel.yaxis, low, high)
    panel.set_ylim(low / 1.4, high * 1.4)


def _legend(figure: Figure, drawn: dict[str, Line]) -> None:
    handles = []
    for name in drawn:
        style = _style(name)
        handles.append(Line2D([], [], color=style.pop("colour"), linewidth=1.1, **style))
    texts = [TEXTS[name] for name in drawn]
    counts = [count for line in drawn.values() for count in line.networks]
    if max(counts) > 1:
        handles.append(band_handle())
        texts.append(f"{BAND_TEXT}, {trials_text(pd.Series(counts).to_numpy())}")
    figure.legend(handles, texts, loc="outside lower center", ncols=3)


KINDS = {
    "second_widths": Kind(second_widths),
    "noise": Kind(noise),
    "accuracies": Kind(accuracies),
}
