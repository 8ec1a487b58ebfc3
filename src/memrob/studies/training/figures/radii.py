"""Certified radii against those of attacks, image by image."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from memrob.errors import UserError
from memrob.plots.style import FULL_WIDTH, INK, new_figure
from memrob.studies.lipschitz.figures.exponent_axis import p_text
from memrob.studies.training.cells import attack_radius, contradicted
from memrob.studies.training.figures.robust_accuracy import COLUMNS, STAGES
from memrob.studies.training.figures.table import (
    HALO,
    log_axis,
    plain_frame,
    restarts_text,
    selected,
    settings_text,
)

ATTACKS = {
    "least": "least radius of an attack",
    "pgd_radius": "radius of PGD",
    "fgsm_radius": "radius of FGSM",
}
CERTIFICATES = {
    "certified_radius": "radius certified by Lipschitz constants",
    "local_radius": "radius certified around the image",
}
MARKERS = {"before": "^", "after": "o"}


def radii(
    trials: pd.DataFrame,
    *,
    certificate: str = "certified_radius",
    attack: str = "least",
    ps: Sequence[float] | None = None,
    only: dict | None = None,
    title: str = "",
) -> Figure:
    """Draw the certified radius of each image against the radius at which an attack succeeded.

    Parameters
    ----------
    trials : DataFrame
        One row per image, p and stage, of the study robustness.
    certificate : {"certified_radius", "local_radius"}
        Which certified radius.
    attack : {"least", "pgd_radius", "fgsm_radius"}
        Which attack.
    ps : sequence of float, optional
        Exponents, a panel each; all when left out.
    only : dict, optional
        Values of columns.
    title : str
        Title of the figure.

    Returns
    -------
    matplotlib.figure.Figure
        Marks above the diagonal would be contradictions; their number, of all certificates
        and attacks, is written in each panel. Call inside `memrob.plots.style.styled`.

    Raises
    ------
    UserError
        When an option has no such value, the table lacks a column, or networks differ in more
        than the restart.
    """
    if attack not in ATTACKS:
        raise UserError(f"figure option attack: found {attack!r}, expected {', '.join(ATTACKS)}")
    if certificate not in CERTIFICATES:
        allowed = ", ".join(CERTIFICATES)
        raise UserError(f"figure option certificate: found {certificate!r}, expected {allowed}")
    columns = [*COLUMNS, certificate]
    trials = selected(trials, "radii", columns, only=only, constant=["dataset", "width"])
    reached = attack_radius(trials) if attack == "least" else trials[attack]
    trials = trials.assign(reached=reached, held=trials[certificate])
    ps = sorted(trials["p"].unique()) if ps is None else list(ps)
    figure = new_figure(FULL_WIDTH if len(ps) > 1 else 3.6, 3.1, title)
    panels = figure.subplots(1, len(ps), squeeze=False)[0]
    for axes, p in zip(panels, ps, strict=True):
        _panel(axes, selected(trials, "radii", (), only={"p": p}))
        axes.set_title(p_text(p))
        axes.set_xlabel(ATTACKS[attack])
    panels[0].set_ylabel(CERTIFICATES[certificate])
    _legend(figure, trials)
    return figure


def _panel(axes: Axes, rows: pd.DataFrame) -> None:
    known = np.isfinite(rows["reached"]) & (rows["held"] > 0) & (rows["reached"] > 0)
    shown = rows[known]
    axes.set(aspect="auto")
    plain_frame(axes)
    if len(shown):
        ends = shown[["reached", "held"]]
        for axis, name in ((axes.xaxis, "reached"), (axes.yaxis, "held")):
            log_axis(axis, ends[name].min(), ends[name].max())
        low, high = ends.to_numpy().min() / 1.5, ends.to_numpy().max() * 1.5
        axes.plot([low, high], [low, high], color=INK, linewidth=0.8, zorder=1)
        axes.set_xlim(ends["reached"].min() / 1.4, ends["reached"].max() * 1.4)
        axes.set_ylim(ends["held"].min() / 1.4, high * 1.2)
    for stage, (_, colour) in STAGES.items():
        of_stage = shown[shown["stage"] == stage]
        axes.plot(
            of_stage["reached"],
            of_stage["held"],
            color=colour,
            marker=MARKERS[stage],
            markersize=2.4,
            markeredgewidth=0,
            alpha=0.55,
            linestyle="none",
            rasterized=True,
        )
    _count(axes, rows, shown)


def _count(axes: Axes, rows: pd.DataFrame, shown: pd.DataFrame) -> None:
    """Write how many radii contradict each other, and how many images have none to show."""
    broken, count = int(contradicted(rows).sum()), len(rows)
    lines = [
        f"{broken:,} contradiction{'s' * (broken != 1)}\namong {count:,} pairs",
        f"{count - len(shown):,} not shown",
    ]
    axes.text(
        0.03,
        0.98,
        "\n".join(lines if len(shown) < count else lines[:1]),
        transform=axes.transAxes,
        ha="left",
        va="top",
        fontsize="small",
        bbox=HALO,
        zorder=5,
    )


def _legend(figure: Figure, trials: pd.DataFrame) -> None:
    handles, texts = [], []
    for stage, (name, colour) in STAGES.items():
        if (trials["stage"] == stage).any():
            look = {"marker": MARKERS[stage], "markersize": 3.5, "linestyle": "none"}
            handles.append(Line2D([], [], color=colour, markeredgewidth=0, **look))
            texts.append(f"an image, {name}")
    handles.append(Line2D([], [], color=INK, linewidth=0.8))
    texts.append("equal")
    note = settings_text(trials, ["dataset", "width"])
    note += f"; {restarts_text(trials)}"
    figure.legend(handles, texts, title=note, loc="outside lower center", ncols=3)
