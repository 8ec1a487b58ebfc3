"""Parameters of trained and constructed networks beside what worst-case results ask for."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from memrob.complexity.capacity import Problem, capacity_table
from memrob.errors import UserError
from memrob.plots.style import CATEGORY_COLOURS, FULL_WIDTH, new_figure
from memrob.studies.complexity.figures.axes import frame
from memrob.studies.complexity.figures.capacity import draw_bounds, draw_networks, name_bounds
from memrob.studies.training.cells import CONSTRUCTED, TRAINED, layers, of_network, threshold_widths
from memrob.studies.training.figures.table import selected
from memrob.studies.training.figures.thresholds import LABELS

COLUMNS = ("dataset", "labels", "n_samples", "restart", "threshold_width", "n_parameters")
NETWORKS = {
    TRAINED: ("trained", ("o", "s"), CATEGORY_COLOURS[0], 1.8),
    CONSTRUCTED: ("constructed", ("^", "v"), CATEGORY_COLOURS[1], 1.8),
}
"""Name, a marker for each kind of labels, colour and width of the lines of each kind of network."""

# Results that ask for more than this many times the parameters of any network are above the frame.
ROOM = 1e3


def parameters(trials: pd.DataFrame, *, only: dict | None = None, title: str = "") -> Figure:
    """Draw numbers of parameters of all networks that fit N points, against N.

    Parameters
    ----------
    trials : DataFrame
        One row per search, of the study threshold, on one data set. Results that assume a
        separation of the points are left out where the column `separation` is missing.
    only : dict, optional
        Values of columns.
    title : str
        Title of the figure.

    Returns
    -------
    matplotlib.figure.Figure
        Medians with bars over all restarts, at the smallest width that was found; results whose
        constants are known are solid, those up to constants dashed; those above the frame are named
        in the legend. Call inside `memrob.plots.style.styled`.

    Raises
    ------
    UserError
        When an option has no such value, or the trials do not tell d.
    """
    trials = selected(trials, "parameters", COLUMNS, only=only, constant=["dataset"])
    sizes = sorted(int(n) for n in trials["n_samples"].unique())
    figure = new_figure(FULL_WIDTH, 4.0, title)
    axes = figure.add_subplot()
    bounds = _bounds(trials, sizes)
    most = ROOM * trials["n_parameters"].max()
    draw_bounds(axes, bounds)
    heights = [bounds.loc[bounds["parameters"] <= most, "parameters"].to_numpy()]
    for network, (kind, markers, colour, width) in NETWORKS.items():
        rows = of_network(trials, network)
        for marker, (labels, (name, *_, linestyle)) in zip(markers, LABELS.items(), strict=True):
            found = _needed(rows, labels)
            if not len(found):
                continue
            look = {"marker": marker, "linestyle": linestyle, "color": colour, "linewidth": width}
            fill = colour if linestyle == "-" else "white"
            draw_networks(axes, found, f"{kind}, {name}", markerfacecolor=fill, **look)
            heights.append(found[["low", "high"]].to_numpy().ravel())
    shown = np.concatenate(heights)
    frame(axes, "n_samples", sizes, shown)
    axes.set_ylim(np.nanmin(shown) / 1.5, np.nanmax(shown) * 1.5)
    axes.set_ylabel("weights and biases")
    name_bounds(axes, bounds)
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return figure


def _needed(trials: pd.DataFrame, labels: str) -> pd.DataFrame:
    """Parameters at the smallest width, by N, where every search found one."""
    widths = threshold_widths(trials, labels)
    places = [] if widths is None else widths.x
    rows = trials[(trials["labels"] == labels) & trials["n_samples"].isin(places)]
    found = rows.groupby("n_samples")["n_parameters"]
    return found.agg(low="min", median="median", high="max")


def _bounds(trials: pd.DataFrame, sizes: list[int]) -> pd.DataFrame:
    """What worst-case results ask for on as many points of this dimension, for each N."""
    found = layers(of_network(trials, TRAINED), "threshold_width")
    if found is None:
        raise UserError(
            "figure of kind parameters: widths and parameters do not tell the input dimension"
        )
    d, outputs = found
    tables = []
    for n in sizes:
        delta = None
        if "separation" in trials:
            delta = float(trials.loc[trials["n_samples"] == n, "separation"].iloc[0])
        # Results with known constants do not depend on the separation.
        table = capacity_table(Problem(n, d, delta or 1.0, max(2, outputs)))
        tables.append(table[table["exact_constant"] | (delta is not None)].assign(n_samples=n))
    return pd.concat(tables, ignore_index=True)
