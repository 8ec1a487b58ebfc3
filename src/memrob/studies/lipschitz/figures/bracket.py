"""Lower and upper bounds over the exact Lipschitz constant of the same networks."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from memrob.errors import UserError
from memrob.plots.curves import log_y
from memrob.plots.style import CATEGORY_COLOURS, FAINT, FULL_WIDTH, INK, new_figure
from memrob.studies.lipschitz.figures.exponent_axis import frame_exponents, place
from memrob.studies.lipschitz.figures.table import (
    SYMBOLS,
    chosen_ps,
    one_of,
    selected,
    setting,
    settings_text,
)

COLUMNS = 3
# Between these quantiles of the networks lies a band.
QUANTILES = (0.05, 0.95)
BAND_ALPHA = 0.09


class Method(NamedTuple):
    """How one bound is drawn and named."""

    text: str
    colour: str
    marker: str
    linestyle: str = "-"


METHODS = {
    "upper_product": Method("upper: product of operator norms", CATEGORY_COLOURS[1], "v"),
    "upper_intervals": Method("upper: intervals of the Jacobian", CATEGORY_COLOURS[4], "<"),
    "upper_patterns": Method("upper: all activation patterns", CATEGORY_COLOURS[3], ">"),
    "upper_semidefinite": Method("upper: semidefinite", CATEGORY_COLOURS[6], "D"),
    "upper_probable": Method("upper: with probability 0.99", CATEGORY_COLOURS[5], "^", ":"),
    "upper": Method("upper: least certified", INK, "", "--"),
    "lower": Method("lower: largest gradient found", CATEGORY_COLOURS[0], "o"),
    "random_largest": Method("lower: largest at random points", CATEGORY_COLOURS[2], "s"),
    "point_gradient": Method("lower: a gradient at a point", FAINT, "o", ":"),
}


class Ratios(NamedTuple):
    """A bound over the exact value, along 1/p.

    Attributes
    ----------
    x, middle : ndarray of float64, shape (places,)
        1/p and geometric means over the networks.
    band : ndarray of float64, shape (places, 2)
        Quantiles over the networks.
    """

    x: np.ndarray
    middle: np.ndarray
    band: np.ndarray


def bracket(
    trials: pd.DataFrame,
    *,
    by: str | None = None,
    ps: list[float] | None = None,
    methods: list[str] | None = None,
    only: dict | None = None,
    title: str = "",
) -> Figure:
    """Draw each bound over the exact constant against p, on networks whose constant is known.

    Parameters
    ----------
    trials : DataFrame
        One row per network and p; rows without ``exact`` are left out.
    by : str, optional
        ``input_dim``, ``width``, ``depth`` or ``bias``: one panel per value, three in a row.
    ps : list of float, optional
        Exponents to draw; all when left out.
    methods : list of str, optional
        Columns to draw, keys of `METHODS`; all that have values when left out.
    only : dict, optional
        Values of parameters, such as ``{"depth": 1}``.
    title : str
        Title of the figure.

    Returns
    -------
    matplotlib.figure.Figure
        Geometric means over the networks of a panel, and bands between the 5 % and 95 %
        quantiles. Call inside `memrob.plots.style.styled`.

    Raises
    ------
    UserError
        When no exact constant is known, or an option has no such value.
    """
    trials = selected(trials, "bracket", ["exact", "lower"], only)
    trials = trials[trials["exact"].notna()]
    if trials.empty:
        raise UserError("figure of kind bracket: found no exact constant in the trials")
    if by is not None:
        one_of("by", by, [*SYMBOLS, "bias"])
    ps = chosen_ps(trials, ps)
    trials = trials[trials["p"].isin(ps)]
    asked = [one_of("methods", name, METHODS) for name in methods or METHODS]
    names = [name for name in asked if name in trials and trials[name].notna().any()]
    panels = {"": trials} if by is None else dict(list(trials.groupby(by)))
    ratios = {
        value: {name: found for name in names if (found := ratios_to_exact(rows, name, ps))}
        for value, rows in panels.items()
    }
    return _figure(trials, panels, ratios, by, title)


def ratios_to_exact(trials: pd.DataFrame, name: str, ps: list[float]) -> Ratios | None:
    """Return a bound over the exact constant at each p, or None where no network has it.

    Parameters
    ----------
    trials : DataFrame
        Rows with an exact constant.
    name : str
        Column of the bound.
    ps : list of float
        Exponents.
    """
    rows = trials[trials[name].notna() & (trials[name] > 0)]
    found = {p: rows.loc[rows["p"] == p] for p in ps if (rows["p"] == p).any()}
    if not found:
        return None
    logs = [np.log(of_p[name] / of_p["exact"]).to_numpy(float) for of_p in found.values()]
    return Ratios(
        place(list(found)),
        np.exp([values.mean() for values in logs]),
        np.exp([np.quantile(values, QUANTILES) for values in logs]),
    )


def _figure(
    trials: pd.DataFrame,
    panels: dict,
    ratios: dict[object, dict[str, Ratios]],
    by: str | None,
    title: str,
) -> Figure:
    columns = min(COLUMNS, len(panels))
    rows = -(-len(panels) // columns)
    figure = new_figure(FULL_WIDTH, 2.2 * rows + (1.0 if columns > 1 else 0.6), title)
    grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    ps = trials["p"].unique()
    for axes, (value, of_panel) in zip(grid.flat, ratios.items(), strict=False):
        _draw(axes, of_panel)
        frame_exponents(axes, ps, every=columns < 3)
        axes.set_ylabel("bound / exact constant")
        networks = len(panels[value].drop_duplicates([*SYMBOLS, "bias", "restart"]))
        heading = f"{setting(by, value)}, " if by else ""
        axes.set_title(f"{heading}{networks} network{'s' * (networks != 1)}")
    ends = np.concatenate([r.band.ravel() for of in ratios.values() for r in of.values()])
    log_y(grid[0, 0].yaxis, ends.min(), ends.max())
    for axes in grid.flat:
        axes.label_outer()
    for empty in range(len(panels) - (rows - 1) * columns, columns):
        grid[-1, empty].remove()
        grid[-2, empty].tick_params(labelbottom=True)
        grid[-2, empty].set_xlabel("exponent $p$")
    _legend(figure, trials, ratios, by, beside=columns == 1)
    return figure


def _draw(axes: Axes, ratios: dict[str, Ratios]) -> None:
    axes.axhline(1, color=INK, linewidth=0.8, zorder=1)
    for name, found in ratios.items():
        method = METHODS[name]
        axes.fill_between(
            found.x, *found.band.T, color=method.colour, alpha=BAND_ALPHA, linewidth=0
        )
        axes.plot(
            found.x,
            found.middle,
            color=method.colour,
            marker=method.marker,
            linestyle=method.linestyle,
            markersize=3,
            linewidth=1.1,
            zorder=5 if name == "upper" else 3,
        )


def _legend(
    figure: Figure,
    trials: pd.DataFrame,
    ratios: dict[object, dict[str, Ratios]],
    by: str | None,
    *,
    beside: bool,
) -> None:
    handles, texts = [], []
    for name, method in METHODS.items():
        if any(name in of_panel for of_panel in ratios.values()):
            style = {"marker": method.marker, "markersize": 3, "linestyle": method.linestyle}
            handles.append(Line2D([], [], color=method.colour, linewidth=1.1, **style))
            texts.append(method.text)
    handles.append(Line2D([], [], color=INK, linewidth=0.8))
    texts.append("exact constant")
    handles.append(Patch(color=INK, alpha=BAND_ALPHA, linewidth=0))
    texts.append("{:.0%} to {:.0%} of the networks".format(*QUANTILES))
    note = settings_text(trials, without=[by] if by else [])
    if beside:
        figure.legend(handles, texts, title=note, loc="outside right center", alignment="left")
    else:
        figure.legend(handles, texts, title=note, loc="outside lower center", ncols=3)
