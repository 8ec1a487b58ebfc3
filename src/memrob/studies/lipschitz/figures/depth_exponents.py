"""Fitted exponents of d in lip_p against p, one colour per number of hidden layers."""

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from memrob.errors import UserError
from memrob.lipschitz.theory import predicted_exponent
from memrob.plots.curves import fitted
from memrob.plots.style import FULL_WIDTH, INK, new_figure
from memrob.studies.lipschitz.cells import line
from memrob.studies.lipschitz.figures.exponent_axis import frame_exponents, place
from memrob.studies.lipschitz.figures.exponents import gaussian_exponent
from memrob.studies.lipschitz.figures.table import chosen_ps, selected, setting, settings_text

# Distance on the axis of 1/p between neighbouring depths, so that none hides another.
SHIFT = 0.012
MARKERS = "oDs^v"


def depth_exponents(
    trials: pd.DataFrame,
    *,
    ps: list[float] | None = None,
    only: dict | None = None,
    title: str = "",
) -> Figure:
    """Draw the exponents of d in lip_p against p for each number of hidden layers.

    Parameters
    ----------
    trials : DataFrame
        One row per network and p, with at least three input dimensions.
    ps : list of float, optional
        Exponents of the norm to draw; all when left out.
    only : dict, optional
        Values of parameters that would otherwise vary, such as ``{"bias": "zero"}``.
    title : str
        Title of the figure.

    Raises
    ------
    UserError
        When there are fewer than three dimensions.
    """
    trials = selected(trials, "depth_exponents", ["lower"], only)
    dims, depths = np.unique(trials["input_dim"]), np.unique(trials["depth"])
    if len(dims) < 3:
        raise UserError(f"figure of kind depth_exponents: {len(dims)} values of d, 3 are needed")
    ps = [p for p in chosen_ps(trials, ps) if (trials["p"] == p).any()]
    figure = new_figure(FULL_WIDTH, 2.8, title)
    axes = figure.subplots()
    at = np.linspace(0, 1, 201)
    exponents = [1 / inverse if inverse else np.inf for inverse in at]
    predicted = [predicted_exponent(p) for p in exponents]
    axes.plot(at, predicted, color=INK, linewidth=1, label=r"$\max(\frac{1}{2}, 1 - \frac{1}{p})$")
    axes.plot(
        at[::5],
        [gaussian_exponent(p, dims) for p in exponents[::5]],
        color=INK,
        linestyle=":",
        linewidth=1,
        label=r"$\mathbf{E}|g|_{p'}$ over the same $d$",
    )
    for index, depth in enumerate(depths):
        _draw(axes, trials[trials["depth"] == depth], ps, index, len(depths))
    frame_exponents(axes, ps)
    axes.set_ylabel("exponent of the input dimension $d$")
    figure.legend(
        loc="outside right center",
        title=f"{settings_text(trials, without=['depth'])}\n$d$ = {dims[0]:,} to {dims[-1]:,}",
        alignment="left",
        labelspacing=0.7,
    )
    return figure


def _draw(axes: Axes, trials: pd.DataFrame, ps: list[float], index: int, count: int) -> None:
    laws = [fitted(line(trials, p, "lower", "input_dim")) for p in ps]
    values = np.array([law.exponent for law in laws])
    below, above = (
        values - [law.low for law in laws],
        np.array([law.high for law in laws]) - values,
    )
    axes.errorbar(
        place(ps) - SHIFT * (index - (count - 1) / 2),
        values,
        yerr=np.maximum([below, above], 0) if np.isfinite(below).all() else None,
        color=colormaps["magma"](0.08 + 0.72 * index / max(count - 1, 1)),
        marker=MARKERS[index % len(MARKERS)],
        markersize=3,
        linestyle="none",
        capsize=2,
        elinewidth=0.9,
        label=setting("depth", trials["depth"].iloc[0]),
    )
