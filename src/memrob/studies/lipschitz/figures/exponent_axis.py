"""How exponents p are written, coloured and laid out along an axis."""

import math
from collections.abc import Iterable

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import to_hex

from memrob.plots.means import open_frame
from memrob.plots.style import FAINT

LABELLED = (1, 1.25, 1.5, 2, 3, 4, 8, math.inf)
# Viridis ends in a yellow that is too faint for a line on white. Exponents at equal steps of the
# map, so that neighbours between 1.5 and 4, close on the axis of 1/p, can be told apart.
MAP, MAP_END = "viridis", 0.86
STEPS = (1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4, 8, math.inf)


def p_symbol(p: float) -> str:
    """Return p for a reader inside of mathtext: ``1.25`` or the sign of infinity."""
    return r"\infty" if math.isinf(p) else f"{p:g}"


def p_text(p: float) -> str:
    r"""Return for instance ``$p = 1.25$``."""
    return f"$p = {p_symbol(p)}$"


def p_colour(p: float) -> str:
    """Return the colour of an exponent, the same in every figure."""
    steps = np.linspace(0, MAP_END, len(STEPS))
    return to_hex(colormaps[MAP](np.interp(1 - 1 / p, 1 - place(STEPS), steps)))


def p_marker(p: float) -> str:
    """Return the marker of an exponent: round below 2, a diamond at 2, square above."""
    return "o" if p < 2 else "D" if p == 2 else "s"


def place(p: float | np.ndarray) -> float | np.ndarray:
    """Return where p lies on the axis: at 1/p, which puts infinity at 0."""
    return 1 / np.asarray(p, dtype=np.float64)


def frame_exponents(axes: Axes, ps: Iterable[float], *, every: bool = True) -> None:
    """Make the horizontal axis one of p from 1 to infinity, and mark p = 2.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Whose curves are drawn against 1/p.
    ps : iterable of float
        The exponents drawn; those of `LABELLED` get a label, the others a tick.
    every : bool
        Whether there is room for each label; if not, 1.25 and 8 stay without.
    """
    ps = sorted({float(p) for p in ps})
    skipped = () if every else (1.25, 8)
    labelled = [p for p in ps if p in LABELLED and p not in skipped] or ps
    axes.set_xticks(place(labelled), [f"${p_symbol(p)}$" for p in labelled])
    axes.set_xticks(place([p for p in ps if p not in labelled]), minor=True)
    axes.set_xlim(1.03, -0.03)
    axes.set_xlabel("exponent $p$")
    axes.axvline(place(2), color=FAINT, linewidth=0.7, linestyle=(0, (4, 2)), zorder=0.5)
    open_frame(axes)
