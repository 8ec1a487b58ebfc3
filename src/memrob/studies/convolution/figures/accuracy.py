"""Accuracy on shifted test points, and how often a shift changes what a network says."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import PercentFormatter

from memrob.errors import UserError
from memrob.plots.curves import log_x
from memrob.plots.means import BAND_TEXT, band_handle, draw_means, open_frame
from memrob.plots.style import AXIS_LABELS, FULL_WIDTH, grouped, new_figure, trials_text
from memrob.studies.convolution.cells import line, of_network, selected
from memrob.studies.convolution.figures.axes import LINES, MARKER_SIZE, TEXTS, look
from memrob.studies.convolution.trial import NETWORKS

LABELS = {
    "test_accuracy": "accuracy on shifted test points",
    "moved": "test points whose label\nsome of a few shifts changes",
}
# One colour per number of shifts, blues for convolutional and reds for fully connected networks.
SHADES = {
    NETWORKS[0]: ("#7FB8DA", "#0072B2", "#003B5C", "#56B4E9"),
    NETWORKS[1]: ("#F2A477", "#D55E00", "#7A3300", "#E69F00"),
}
SHAPES = {NETWORKS[0]: ("o", "D", "P", "X"), NETWORKS[1]: ("s", "^", "v", "<")}


def accuracy(
    trials: pd.DataFrame,
    *,
    shifts: dict[str, list[int]] | None = None,
    only: dict | None = None,
    title: str = "",
) -> Figure:
    """Draw the accuracy on shifted test points and the share of labels that shifts change.

    Parameters
    ----------
    trials : DataFrame
        One row per network.
    shifts : dict of str to list of int, optional
        Numbers of shifts |S| to draw, for each of ``convolutional`` and ``fully_connected``; all
        of the table when left out.
    only : dict, optional
        Values at which other parameters are held.
    title : str
        Title of the figure.

    Returns
    -------
    matplotlib.figure.Figure
        Lines against the first width. Call inside `memrob.plots.style.styled`.

    Raises
    ------
    UserError
        When another parameter varies, there are more lines than looks, or no test points.
    """
    trials = selected(trials, "accuracy", LABELS, only)
    trials = trials[trials["test_accuracy"].notna()]
    if trials.empty:
        raise UserError("figure of kind accuracy: found no accuracies on test points in the table")
    chosen = _lines(trials, shifts)
    figure = new_figure(FULL_WIDTH, 3.0, title)
    panels = figure.subplots(1, len(LABELS))
    counts = []
    for axes, quantity in zip(panels, LABELS, strict=True):
        counts += [
            _draw(axes, _tried(rows, quantity), quantity, style) for rows, style, _ in chosen
        ]
        _frame(axes, quantity, np.unique(trials["first_width"]))
    handles = [Line2D([], [], **style) for _, style, _ in chosen]
    texts = [text for *_, text in chosen]
    counts = np.concatenate(counts)
    if counts.max() > 1:
        handles.append(band_handle())
        texts.append(f"{BAND_TEXT}, {trials_text(counts)}")
    figure.legend(handles, texts, loc="outside lower center", ncols=2)
    return figure


def _lines(
    trials: pd.DataFrame, shifts: dict[str, list[int]] | None
) -> list[tuple[pd.DataFrame, dict, str]]:
    """Rows, look and text of each line."""
    found = []
    for network in NETWORKS:
        rows = of_network(trials, network)
        values = sorted(rows["n_shifts"].unique())
        if shifts is not None:
            values = [value for value in shifts.get(network, []) if value in values]
        if len(values) > len(SHADES[network]):
            raise UserError(
                f"figure option shifts: found {len(values)} lines of {network} networks, expected "
                f"up to {len(SHADES[network])}"
            )
        for i, value in enumerate(values):
            # A single line takes the plain colour of its network.
            place = i if len(values) > 1 else 1
            colour = SHADES[network][place]
            style = look(network) | {
                "color": colour,
                "markerfacecolor": colour,
                "marker": SHAPES[network][i],
                "linestyle": LINES[network],
                "markersize": MARKER_SIZE,
            }
            text = f"{TEXTS[network]}, $|S|$ = {grouped(value)}"
            found.append((rows[rows["n_shifts"] == value], style, text))
    if not found:
        raise UserError("figure option shifts: found no networks with these numbers of shifts")
    return found


def _draw(axes: Axes, rows: pd.DataFrame, quantity: str, style: dict) -> np.ndarray:
    """Draw one line and return its numbers of networks."""
    along = line(rows, quantity, "first_width")
    if along is None:
        return np.empty(0, dtype=int)
    look = {key: value for key, value in style.items() if key != "color"}
    draw_means(axes, along, style["color"], **look, clip_on=False)
    return along.networks


def _tried(rows: pd.DataFrame, quantity: str) -> pd.DataFrame:
    # With the zero shift alone there is no shift that could change a label.
    return rows[rows["n_shifts"] > 1] if quantity == "moved" else rows


def _frame(axes: Axes, quantity: str, places: np.ndarray) -> None:
    open_frame(axes)
    axes.set_xlabel(AXIS_LABELS["first_width"])
    axes.set_ylabel(LABELS[quantity])
    log_x(axes, places, labels=5)
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    if quantity == "moved":
        axes.set_ylim(bottom=0)
    else:
        axes.set_ylim(top=min(1.0, axes.get_ylim()[1]))
