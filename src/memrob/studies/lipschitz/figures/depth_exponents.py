"""Fitted exponents of d in lip_p against p, one colour per number of hidden layers."""

from itertools import cycle

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from memrob.errors import UserError
from memrob.lipschitz.theory import predicted_exponent
from memrob.plots.colours import ordered_colours
from memrob.plots.curves import fitted
from memrob.plots.style import FULL_WIDTH, INK, new_figure
from memrob.studies.lipschitz.cells import line
from memrob.studies.lipschitz.figures.exponent_axis import frame_exponents, place
from memrob.studies.lipschitz.figures.exponents import draw_gaussian, draw_laws
from memrob.studies.lipschitz.figures.table import (
    chosen_ps,
    selected,
    setting,
    settings_text,
)

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
    predicted = [predicted_exponent(1 / inverse if inverse else np.inf) for inverse in at]
    axes.plot(at, predicted, color=INK, linewidth=1, label=r"$\max(\frac{1}{2}, 1 - \frac{1}{p})$")
    draw_gaussian(axes, dims)
    shifts = SHIFT * (np.arange(len(depths)) - (len(depths) - 1) / 2)
    colours = ordered_colours(len(depths))
    for depth, shift, colour, marker in zip(depths, shifts, colours, cycle(MARKERS), strict=False):
        rows = trials[trials["depth"] == depth]
        laws = [fitted(line(rows, p, "lower", "input_dim")) for p in ps]
        style = {"color": colour, "marker": marker, "markersize": 3}
        draw_laws(axes, place(ps) - shift, laws, label=setting("depth", depth), **style)
    frame_exponents(axes, ps)
    axes.set_ylabel("exponent of the input dimension $d$")
    figure.legend(
        loc="outside right center",
        title=f"{settings_text(trials, without=['depth'])}\n$d$ = {dims[0]:,} to {dims[-1]:,}",
        alignment="left",
        labelspacing=0.7,
    )
    return figure
