"""Accuracy against the size of perturbations, attacked and certified."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter

from memrob.numerics.statistics import Line
from memrob.plots.means import BAND_TEXT, band_handle, draw_means
from memrob.plots.style import CATEGORY_COLOURS, FULL_WIDTH, INK, new_figure
from memrob.studies.lipschitz.figures.exponent_axis import p_symbol, p_text
from memrob.studies.training.figures.table import (
    log_axis,
    percent,
    plain_frame,
    restarts_text,
    selected,
    settings_text,
)

RADII = {
    "fgsm_radius": ("withstand FGSM", CATEGORY_COLOURS[5], "^"),
    "pgd_radius": ("withstand PGD", CATEGORY_COLOURS[0], "o"),
    "local_radius": ("certified around the image", CATEGORY_COLOURS[1], "D"),
    "certified_radius": ("certified by Lipschitz constants", CATEGORY_COLOURS[6], "s"),
}
"""Name, colour and marker of each radius; tables of deep networks may lack the local one."""

DASHES = {"before": (0, (3, 1.5)), "after": "-"}

STAGES = {
    "before": ("before training", CATEGORY_COLOURS[4]),
    "after": ("after training", CATEGORY_COLOURS[0]),
}
COLUMNS = ("p", "stage", "restart", "correct", *RADII.keys() - {"local_radius"})
PLACES = 80
# A marker at one place in this many, as the curves are steps over many places.
MARKED = 16
# Of the radii above 0, the share left out at the lower end of the axis, where curves are flat.
SMALLEST = 0.02


def robust_accuracy(
    trials: pd.DataFrame,
    *,
    ps: Sequence[float] | None = None,
    only: dict | None = None,
    title: str = "",
) -> Figure:
    """Draw the share of images classified correctly under every perturbation up to a size.

    Parameters
    ----------
    trials : DataFrame
        One row per image, p and stage, of the study robustness.
    ps : sequence of float, optional
        Exponents, a panel each; all when left out.
    only : dict, optional
        Values of columns, such as ``{"width": 512}``.
    title : str
        Title of the figure.

    Returns
    -------
    matplotlib.figure.Figure
        At each size the share of images that are correct and whose radius is larger: of attacks,
        above the true robust accuracy, and certified, below it. Means over restarts with bands.
        Call inside `memrob.plots.style.styled`.

    Raises
    ------
    UserError
        When the table lacks a column, or networks differ in more than the restart.
    """
    trials = selected(trials, "robust_accuracy", COLUMNS, only=only, constant=["dataset", "width"])
    shown = {name: look for name, look in RADII.items() if name in trials}
    ps = sorted(trials["p"].unique()) if ps is None else list(ps)
    figure = new_figure(FULL_WIDTH if len(ps) > 1 else 4.2, 2.9, title)
    panels = figure.subplots(1, len(ps), sharey=True, squeeze=False)[0]
    for axes, p in zip(panels, ps, strict=True):
        rows = selected(trials, "robust_accuracy", (), only={"p": p})
        sizes = _sizes(rows)
        for stage, dashes in DASHES.items():
            for name, (_, colour, marker) in shown.items():
                of_stage = rows[rows["stage"] == stage]
                if len(of_stage):
                    found = accuracy_under(of_stage, name, sizes)
                    fill = colour if dashes == "-" else "white"
                    look = {"linestyle": dashes, "marker": marker, "markerfacecolor": fill}
                    _draw(axes, found, colour, **look)
        plain_frame(axes)
        log_axis(axes.xaxis, sizes[0], sizes[-1])
        axes.set_xlim(sizes[0], sizes[-1])
        axes.set_title(p_text(p))
        axes.set_xlabel(rf"size $\varepsilon$ of the perturbation, $|\cdot|_{{{p_symbol(p)}}}$")
    panels[0].set_ylim(-0.02, 1.02)
    panels[0].set_ylabel("share of images")
    panels[0].yaxis.set_major_formatter(FuncFormatter(percent))
    _legend(figure, trials, shown)
    return figure


def accuracy_under(rows: pd.DataFrame, radius: str, sizes: np.ndarray) -> Line:
    """Share of images that are correct and whose radius exceeds each size, by restart.

    Parameters
    ----------
    rows : DataFrame
        One row per image, of one p and one stage.
    radius : str
        Column of the radius; infinite where no attack succeeded.
    sizes : ndarray of float, shape (sizes,)
        Sizes of perturbations.
    """
    shares = []
    for _, of_network in rows.groupby("restart"):
        held = of_network[radius].where(of_network["correct"] == 1, -np.inf).to_numpy(float)
        shares.append((held[:, None] > sizes).mean(axis=0))
    return Line(sizes, list(np.array(shares).T))


def _sizes(rows: pd.DataFrame) -> np.ndarray:
    radii = rows.loc[rows["correct"] == 1, rows.columns.intersection(RADII)].to_numpy(float)
    radii = np.sort(radii[np.isfinite(radii) & (radii > 0)])
    if not radii.size:
        return np.geomspace(0.01, 1, PLACES)
    return np.geomspace(radii[int(SMALLEST * radii.size)], 1.1 * radii[-1], PLACES)


def _draw(axes: Axes, found: Line, colour: str, **look) -> None:
    draw_means(axes, found, colour, markevery=(MARKED // 3, MARKED), **look)


def _legend(figure: Figure, trials: pd.DataFrame, shown: dict) -> None:
    handles, texts = [], []
    for name, colour, marker in shown.values():
        handles.append(Line2D([], [], color=colour, marker=marker, markersize=2.8))
        texts.append(name)
    for stage, (name, _) in STAGES.items():
        if (trials["stage"] == stage).any():
            handles.append(Line2D([], [], color=INK, linestyle=DASHES[stage]))
            texts.append(name)
    if trials["restart"].nunique() > 1:
        handles.append(band_handle())
        texts.append(BAND_TEXT)
    images = trials.groupby(["restart", "p", "stage"]).size().max()
    note = settings_text(trials, ["dataset", "width"])
    note += f"; {restarts_text(trials)}, {images:,} images each"
    figure.legend(handles, texts, title=note, loc="outside lower center", ncols=3, handlelength=3.4)
