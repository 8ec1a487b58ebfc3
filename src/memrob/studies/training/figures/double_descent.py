"""Double descent: errors, losses and norms against the size of a model."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter

from memrob.errors import UserError
from memrob.plots.means import BAND_TEXT, band_handle, draw_means
from memrob.plots.style import CATEGORY_COLOURS, FULL_WIDTH, INK, grouped, new_figure
from memrob.studies.training.cells import SIZES, along, interpolation_threshold, size_column
from memrob.studies.training.figures.table import (
    HALO,
    MARKERS,
    log_axis,
    percent,
    plain_frame,
    restarts_text,
    selected,
    setting,
    settings_text,
)

QUANTITIES = {
    "error": ("misclassified", {"test": "test_error", "training": "train_error"}),
    "loss": ("squared loss", {"test": "test_loss", "training": "train_loss"}),
    "norm": ("norm of the solution", {"test": "norm"}),
}
"""Label of the axis, and the columns of its solid and dashed lines."""

SIZE_LABELS = {
    "n_features": "number of features",
    "n_parameters": "parameters (thousands)",
    "width": "width $H$",
}
THRESHOLD_TEXTS = {
    "n_features": "features = $N$",
    "n_parameters": "parameters = $NK$",
    "width": "parameters = $NK$",
}
REUSE_TEXTS = {0: "every network from scratch", 1: "weights reused from the next smaller network"}
STYLES = {"test": {"linestyle": "-"}, "training": {"linestyle": "--", "markerfacecolor": "white"}}
# Losses on training points are 0 up to rounding beyond the threshold, far below all else.
LEAST_LOSS = 1e-2
# Errors that differ by more than this factor have a logarithmic axis: a peak would hide the rest.
PEAKED = 6
MARKER_SIZE = 3.0


def double_descent(
    trials: pd.DataFrame,
    *,
    quantities: Sequence[str] = ("error", "loss"),
    x: str | None = None,
    only: dict | None = None,
    title: str = "",
) -> Figure:
    """Draw errors, losses or norms against the size of a model, a colour per label noise.

    Parameters
    ----------
    trials : DataFrame
        One row per model, of the study random_features or double_descent.
    quantities : sequence of str
        Keys of `QUANTITIES`, a panel each.
    x : str, optional
        ``n_features``, ``n_parameters`` or ``width``; the first that the table has if left out.
    only : dict, optional
        Values of columns, such as ``{"n_samples": 4000}``.
    title : str
        Title of the figure.

    Returns
    -------
    matplotlib.figure.Figure
        A column of panels for each number of samples, or for runs with and without reuse. Means
        over restarts with confidence bands; the threshold is dashed. Training losses below a
        hundredth of the least test loss are left out. Call inside `memrob.plots.style.styled`.

    Raises
    ------
    UserError
        When an option has no such value, or the table lacks a column.
    """
    for name in quantities:
        if name not in QUANTITIES:
            allowed = ", ".join(QUANTITIES)
            raise UserError(f"figure option quantities: found {name!r}, expected {allowed}")
    if x is not None and x not in SIZES:
        raise UserError(f"figure option x: found {x!r}, expected {', '.join(SIZES)}")
    x = x or size_column(trials)
    needed = [column for name in quantities for column in QUANTITIES[name][1].values()]
    columns = ["n_samples", "label_noise", "restart", x, *needed]
    by = "reuse" if "reuse" in trials else "n_samples"
    held = ["dataset"] if by == "n_samples" else ["dataset", "n_samples"]
    trials = selected(trials, "double_descent", columns, only=only, constant=held)
    noises = sorted(trials["label_noise"].unique())
    if len(noises) > len(MARKERS):
        raise UserError(f"figure of kind double_descent: found {len(noises)} label noises")
    looks = dict(zip(noises, zip(CATEGORY_COLOURS, MARKERS, strict=True), strict=False))
    return _figure(trials, list(quantities), x, by, looks, title)


def _figure(
    trials: pd.DataFrame, quantities: list[str], x: str, by: str, looks: dict, title: str
) -> Figure:
    groups = dict(list(trials.groupby(by)))
    alone = len(groups) == 1
    rows, columns = (1, len(quantities)) if alone else (len(quantities), len(groups))
    height = 2.7 if rows == 1 else 1.75 * rows + 0.9
    figure = new_figure(FULL_WIDTH if columns > 1 else 4.4, height, title)
    share = {"sharex": True} if alone else {"sharex": "col", "sharey": "row"}
    panels = figure.subplots(rows, columns, squeeze=False, **share)
    panels = panels.T if alone else panels
    for row, quantity in zip(panels, quantities, strict=True):
        for axes, of_group in zip(row, groups.values(), strict=True):
            _draw(axes, of_group, quantity, x, looks)
        _frame_row(row, groups, quantity, x, labelled=alone or quantity == quantities[-1])
    for axes, (value, of_group) in zip(panels[0], groups.items(), strict=True):
        if not alone:
            axes.set_title(REUSE_TEXTS[value] if by == "reuse" else setting(by, value))
        _name_threshold(axes, of_group, x)
    _legend(figure, trials, looks, dashed=any(len(QUANTITIES[name][1]) > 1 for name in quantities))
    return figure


def _draw(axes: Axes, rows: pd.DataFrame, quantity: str, x: str, looks: dict) -> None:
    for what, column in QUANTITIES[quantity][1].items():
        for noise, (colour, marker) in looks.items():
            found = along(rows[rows["label_noise"] == noise], column, x)
            if found is not None:
                style = {"marker": marker, "markersize": MARKER_SIZE, **STYLES[what]}
                draw_means(axes, found, colour, **style)
    threshold = interpolation_threshold(rows, x)
    if threshold is not None:
        axes.axvline(threshold, color=INK, linewidth=0.8, linestyle=(0, (4, 2)), zorder=1)


def _frame_row(row: np.ndarray, groups: dict, quantity: str, x: str, *, labelled: bool) -> None:
    """Label the axes of the panels of one quantity, which share the vertical one."""
    label, columns = QUANTITIES[quantity]
    trials = pd.concat(groups.values())
    for axes, of_group in zip(row, groups.values(), strict=True):
        plain_frame(axes)
        log_axis(axes.xaxis, of_group[x].min(), of_group[x].max())
        if x == "n_parameters":
            axes.xaxis.set_major_formatter(FuncFormatter(lambda at, _: grouped(at / 1000)))
        axes.set_xlabel(SIZE_LABELS[x] if labelled else "")
    row[0].set_ylabel(label)
    if quantity == "error":
        highest = max(trials[column].max() for column in columns.values())
        tests = trials[columns["test"]]
        if tests.max() > PEAKED * tests.min() > 0:
            # Training errors of 0 lie below the frame.
            for axes in row:
                log_axis(axes.yaxis, tests.min() / 2, highest)
            row[0].set_ylim(tests.min() / 2.5, highest * 1.3)
        else:
            row[0].set_ylim(-0.03 * highest, 1.08 * highest)
        row[0].yaxis.set_major_formatter(FuncFormatter(percent))
        return
    tests, others = trials[columns["test"]], trials[list(columns.values())].to_numpy()
    low = max(tests.min() * LEAST_LOSS, others[others > 0].min())
    for axes in row:
        log_axis(axes.yaxis, low, others.max())
    row[0].set_ylim(low / 1.4, others.max() * 1.6)


def _name_threshold(axes: Axes, rows: pd.DataFrame, x: str) -> None:
    threshold = interpolation_threshold(rows, x)
    if threshold is None:
        return
    places = rows[x]
    left = np.log(threshold / places.min()) > np.log(places.max() / threshold)
    axes.annotate(
        THRESHOLD_TEXTS[x],
        (threshold, 1),
        (-3 if left else 3, -2),
        xycoords=axes.get_xaxis_transform(),
        textcoords="offset points",
        ha="right" if left else "left",
        va="top",
        fontsize="small",
        bbox=HALO,
        zorder=5,
    )


def _legend(figure: Figure, trials: pd.DataFrame, looks: dict, *, dashed: bool) -> None:
    handles, texts = [], []
    for noise, (colour, marker) in looks.items():
        handles.append(Line2D([], [], color=colour, marker=marker, markersize=3.5, linewidth=1.1))
        texts.append(setting("label_noise", noise))
    for what, style in STYLES.items() if dashed else ():
        line = Line2D([], [], color=INK, marker="o", markersize=MARKER_SIZE, linewidth=1.1, **style)
        handles.append(line)
        texts.append(f"{what} points")
    if trials["restart"].nunique() > 1:
        handles.append(band_handle())
        texts.append(f"{BAND_TEXT}, {restarts_text(trials, 'restart')}")
    note = settings_text(trials, ["dataset", "n_samples"])
    figure.legend(handles, texts, title=note, loc="outside lower center", ncols=min(3, len(texts)))
