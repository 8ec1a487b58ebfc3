"""Parameters of trained and constructed networks beside what worst-case results ask for."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from memrob.complexity.beside import constructed
from memrob.complexity.capacity import Problem, capacity_table
from memrob.complexity.separation import point_separation
from memrob.errors import UserError
from memrob.figures.complexity.axes import MEASURED, frame
from memrob.figures.complexity.capacity import draw_bounds, draw_networks
from memrob.figures.style import CATEGORY_COLOURS, FULL_WIDTH, INK, new_figure
from memrob.figures.training.table import selected
from memrob.figures.training.thresholds import LABELS
from memrob.training.cells import layers, threshold_widths

COLUMNS = ("dataset", "labels", "n_samples", "restart", "threshold_width", "n_parameters")
NETWORKS = {
    "": ("constructed, threshold", "D", INK, "-"),
    "fully_connected": ("constructed, all shifts", "v", CATEGORY_COLOURS[2], "-"),
    "convolutional": ("constructed, convolutional", "^", CATEGORY_COLOURS[3], "--"),
}
"""Name, marker, colour and line of constructed networks, by `network` if that is a column."""


def parameters(
    trials: pd.DataFrame,
    measured: pd.DataFrame | None,
    dataset: tuple[np.ndarray, np.ndarray] | None = None,
    *,
    of: str | None = None,
    max_bias: float | None = None,
    title: str = "",
) -> Figure:
    """Draw numbers of parameters of all networks that fit N points, against N.

    Parameters
    ----------
    trials : DataFrame
        One row a search, of the study threshold.
    measured : DataFrame or None
        Trials of constructed networks, of part interpolation or convolution or of both; those of
        the least first width at which 99 % interpolate are shown.
    dataset : (X, y), optional
        Points (N, d) and labels; their separation is needed by results that assume one, which are
        left out without it.
    of : str, optional
        Data set of the trials; needed where there are several.
    max_bias : float, optional
        Maximal bias of the constructed networks; needed where there are several.
    title : str
        Title of the figure.

    Returns
    -------
    matplotlib.figure.Figure
        Medians with bars over all restarts; results whose constants are known are solid, those up
        to constants dashed. Call inside `memrob.figures.style.styled`.

    Raises
    ------
    UserError
        When an option has no such value, or the trials do not tell d.
    """
    only = None if of is None else {"dataset": of}
    trials = selected(trials, "parameters", COLUMNS, only=only, constant=["dataset"])
    trained = {labels: _trained(trials, labels) for labels in LABELS}
    made = _made(measured, max_bias)
    sizes = sorted({*trials["n_samples"], *(n for found in made.values() for n in found.index)})
    bounds = _bounds(trials, [int(n) for n in sizes], dataset)
    figure = new_figure(FULL_WIDTH, 4.0, title)
    axes = figure.add_subplot()
    heights = [draw_bounds(axes, bounds)]
    for labels, (name, _, marker, linestyle) in LABELS.items():
        look = {"marker": marker, "linestyle": linestyle, "color": INK, "linewidth": 1.8}
        if len(trained[labels]):
            fill = INK if linestyle == "-" else "white"
            draw_networks(axes, trained[labels], f"trained, {name}", markerfacecolor=fill, **look)
            heights.append(trained[labels][["low", "high"]].to_numpy().ravel())
    for network, (name, marker, colour, linestyle) in NETWORKS.items():
        found = made.get(network)
        if found is None:
            continue
        look = {"marker": marker, "color": colour, "linestyle": linestyle}
        draw_networks(axes, found, name, **look)
        heights.append(found[["low", "high"]].to_numpy().ravel())
    if not made:
        axes.plot([], [], linestyle="none", label=MEASURED.replace("measured", "constructed"))
    frame(axes, "n_samples", sizes, np.concatenate(heights))
    axes.set_ylabel("weights and biases")
    figure.legend(*axes.get_legend_handles_labels(), loc="outside right center")
    return figure


def _trained(trials: pd.DataFrame, labels: str) -> pd.DataFrame:
    widths = threshold_widths(trials, labels)
    places = [] if widths is None else widths.x
    rows = trials[(trials["labels"] == labels) & trials["n_samples"].isin(places)]
    found = rows.groupby("n_samples")["n_parameters"]
    return found.agg(low="min", median="median", high="max")


def _made(measured: pd.DataFrame | None, max_bias: float | None) -> dict[str, pd.DataFrame]:
    """Parameters of constructed networks by N, for each kind that the table holds."""
    if measured is None:
        return {}
    if max_bias is not None:
        measured = measured[np.isclose(measured["max_bias"].astype(float), max_bias)]
    if measured["max_bias"].astype(float).round(6).nunique() > 1:
        raise UserError("figure option max_bias: several are measured; name one")
    kinds = measured["network"].fillna("") if "network" in measured else ""
    by_kind = measured.assign(network=kinds).groupby("network")
    found = {network: constructed(rows) for network, rows in by_kind}
    return {network: of for network, of in found.items() if len(of)}


def _bounds(
    trials: pd.DataFrame, sizes: list[int], dataset: tuple[np.ndarray, np.ndarray] | None
) -> pd.DataFrame:
    """What worst-case results ask for on the first N points, for each N."""
    found = layers(trials, "threshold_width")
    if dataset is None and found is None:
        raise UserError(
            "figure of kind parameters: widths and parameters do not tell the input dimension"
        )
    d, outputs = found or (dataset[0].shape[1], 1)
    tables = []
    for n in sizes:
        delta = None if dataset is None else _separation(dataset[0], n)
        # Results with known constants do not depend on the separation.
        table = capacity_table(Problem(n, d, delta or 1.0, max(2, outputs)))
        tables.append(table[table["exact_constant"] | (delta is not None)].assign(n_samples=n))
    every = pd.concat(tables, ignore_index=True)
    # A line that begins midway would look like a result for those sizes alone.
    whole = every.groupby("name")["n_samples"].transform("size") == len(sizes)
    return every[whole]


def _separation(X: np.ndarray, n: int) -> float | None:
    """Least distance of the first n points, scaled into the unit ball; None with fewer points."""
    if n > len(X):
        return None
    X = X[:n].astype(np.float64)
    return point_separation(X).distance / np.linalg.norm(X, axis=1).max()
