"""Fitted exponents in the input dimension against p."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from memrob.errors import UserError
from memrob.lipschitz.norms import conjugate
from memrob.lipschitz.theory import expected_norm
from memrob.numerics.statistics import LEVEL, PowerLaw
from memrob.plots.curves import fitted
from memrob.plots.style import CATEGORY_COLOURS, FULL_WIDTH, INK, new_figure
from memrob.studies.lipschitz.cells import line
from memrob.studies.lipschitz.figures.exponent_axis import frame_exponents, place
from memrob.studies.lipschitz.figures.growth import PREDICTED
from memrob.studies.lipschitz.figures.table import chosen_ps, networks_text, selected, settings_text


class Series(NamedTuple):
    """How one quantity is drawn and named."""

    colour: str
    points: str
    curve: str
    linestyle: str
    style: dict


SERIES = {
    "lower": Series(
        CATEGORY_COLOURS[0],
        r"$\mathrm{lip}_p$, fitted",
        r"$\max(\frac{1}{2}, 1 - \frac{1}{p})$",
        "-",
        {"marker": "o", "markersize": 3, "zorder": 4},
    ),
    "point_gradient": Series(
        CATEGORY_COLOURS[1],
        "gradient at a point, fitted",
        r"$1 - \frac{1}{p}$",
        "--",
        # Hollow and larger, as from p = 2 on the two should coincide.
        {"marker": "s", "markersize": 5.5, "markerfacecolor": "white", "zorder": 3},
    ),
}


def exponents(
    trials: pd.DataFrame,
    *,
    ps: list[float] | None = None,
    only: dict | None = None,
    title: str = "",
) -> Figure:
    """Draw the exponents of d in lip_p and in a gradient at a fixed point against p.

    Parameters
    ----------
    trials : DataFrame
        One row per network and p, with at least three input dimensions.
    ps : list of float, optional
        Exponents of the norm to draw; all when left out.
    only : dict, optional
        Values of parameters that would otherwise vary, such as ``{"depth": 1}``.
    title : str
        Title of the figure.

    Returns
    -------
    matplotlib.figure.Figure
        Least-squares exponents with confidence intervals, the predicted curves, and (dotted) the
        exponent that E|g|_{p'} has over the same dimensions: at p = 1 it is the trace of a
        logarithm. Call inside `memrob.plots.style.styled`.

    Raises
    ------
    UserError
        When there are fewer than three dimensions.
    """
    trials = selected(trials, "exponents", SERIES, only)
    ps = [p for p in chosen_ps(trials, ps) if (trials["p"] == p).any()]
    dims = np.unique(trials["input_dim"])
    if len(dims) < 3 or not ps:
        raise UserError(f"figure of kind exponents: {len(dims)} values of d, at least 3 are needed")
    figure = new_figure(FULL_WIDTH, 2.8, title)
    axes = figure.subplots()
    networks = [_draw(axes, trials, ps, name, style) for name, style in SERIES.items()]
    if 1 in ps and "coordinate_slope" in trials and trials["coordinate_slope"].notna().all():
        _draw_slope(axes, trials)
    draw_gaussian(axes, dims, zorder=1)
    frame_exponents(axes, ps)
    axes.set_ylabel("exponent of the input dimension $d$")
    counts = np.concatenate(networks)
    interval = f", {LEVEL:.0%} intervals" if counts.max() > 1 else ""
    figure.legend(
        loc="outside right center",
        title=f"{settings_text(trials)}\n$d$ = {dims[0]:,} to {dims[-1]:,}\n"
        f"{networks_text(counts)}{interval}",
        alignment="left",
        labelspacing=0.7,
    )
    return figure


def _draw(
    axes: Axes, trials: pd.DataFrame, ps: list[float], name: str, style: Series
) -> np.ndarray:
    """Draw one quantity's predicted curve and fitted points; return the numbers of networks."""
    at = np.linspace(0, 1, 201)
    axes.plot(
        at,
        [PREDICTED[name](1 / inverse if inverse else np.inf) for inverse in at],
        color=style.colour,
        linestyle=style.linestyle,
        linewidth=1.0,
        alpha=0.7,
        label=f"{style.curve}, predicted",
    )
    lines = [line(trials, p, name, "input_dim") for p in ps]
    laws = [fitted(found) for found in lines]
    draw_laws(axes, place(ps), laws, color=style.colour, label=style.points, **style.style)
    return np.concatenate([found.networks for found in lines])


def _draw_slope(axes: Axes, trials: pd.DataFrame) -> None:
    """Draw the exponent of the largest slope in one coordinate, beside that of lip_1."""
    law = fitted(line(trials, 1.0, "coordinate_slope", "input_dim"))
    style = {"color": CATEGORY_COLOURS[2], "marker": "D", "markersize": 4, "zorder": 4}
    draw_laws(axes, place([1.0]), [law], label=r"$\sup|\partial_i\Phi|$, one $i$, fitted", **style)


def draw_laws(axes: Axes, places: np.ndarray, laws: Sequence[PowerLaw], **style) -> None:
    """Draw fitted exponents with their intervals, where there are intervals.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    places : ndarray of float, shape (len(laws),)
        Where each lies on the axis of p.
    laws : sequence of PowerLaw
    **style
        Of the markers, as `Axes.errorbar` takes it.
    """
    values = np.array([law.exponent for law in laws])
    below = values - [law.low for law in laws]
    above = np.array([law.high for law in laws]) - values
    errors = np.maximum([below, above], 0) if np.isfinite(below).all() else None
    axes.errorbar(places, values, yerr=errors, linestyle="none", capsize=2, elinewidth=0.9, **style)


def draw_gaussian(axes: Axes, dims: np.ndarray, **style) -> None:
    """Draw the exponent that E|g|_{p'} has over some dimensions along p, dotted."""
    at = np.linspace(0, 1, 41)
    axes.plot(
        at,
        [gaussian_exponent(1 / inverse if inverse else np.inf, dims) for inverse in at],
        color=INK,
        linestyle=":",
        linewidth=1.0,
        label=r"$\mathbf{E}|g|_{p'}$ over the same $d$",
        **style,
    )


def gaussian_exponent(p: float, dims: np.ndarray) -> float:
    """Exponent that a least-squares line gives E|g|_{p'} over some dimensions.

    Parameters
    ----------
    p : float
        Exponent in [1, inf]; g is standard Gaussian and p' conjugate to p.
    dims : ndarray of int
        Input dimensions, at least two.
    """
    norms = [expected_norm(conjugate(p), int(d)) for d in dims]
    return float(np.polyfit(np.log(dims), np.log(norms), 1)[0])
