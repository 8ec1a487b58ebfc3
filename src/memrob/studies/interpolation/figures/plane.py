"""What figures of data sets in the plane share."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from memrob.errors import UserError
from memrob.plots.style import INK, MINUS_COLOUR, PLUS_COLOUR

# From this many points on, vector dots would make a PDF slow to show.
MANY_DOTS = 2000
CLASS_TEXTS = ("class $-$ ($X^-$)", "class $+$ ($X^+$)")


def check_planar(X: np.ndarray, y: np.ndarray) -> None:
    """Raise a UserError unless the set lies in the plane and has two classes.

    Parameters
    ----------
    X : ndarray of float32, shape (N, d)
        Points.
    y : ndarray of int, shape (N,)
        Labels.
    """
    classes = len(np.unique(y))
    if X.shape[1:] != (2,) or classes != 2:
        raise UserError(
            f"this kind of figure: found points of dimension {X.shape[1]} in {classes} classes, "
            "expected dimension 2 and 2 classes"
        )


def window(X: np.ndarray, margin: float = 0.12) -> tuple[float, float, float, float]:
    """Return a frame (left, right, bottom, top) around points of the plane.

    Parameters
    ----------
    X : ndarray of float, shape (N, 2)
        Points.
    margin : float
        Kept on each side, as a fraction of the longer side of the points' bounding box.
    """
    low, high = X.min(axis=0).astype(float), X.max(axis=0).astype(float)
    space = margin * (high - low).max()
    return low[0] - space, high[0] + space, low[1] - space, high[1] + space


def draw_points(axes: Axes, X: np.ndarray, y: np.ndarray, size: float, *, dark: bool) -> None:
    """Draw both classes as dots; the larger label is class minus.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    X : ndarray of float, shape (N, 2)
        Points.
    y : ndarray of int, shape (N,)
        Labels.
    size : float
        Diameter of a dot in points.
    dark : bool
        Draw in black (class minus, filled) and grey (class plus, open) on a coloured ground
        instead of in the colours of the classes.
    """
    minus = y == y.max()
    for chosen, style in zip((~minus, minus), reversed(_styles(size, dark)), strict=True):
        axes.plot(*X[chosen].T, **style, rasterized=len(y) > MANY_DOTS, zorder=3)


def class_handles(size: float, *, dark: bool) -> list[Line2D]:
    """Return legend entries of class minus and class plus, in this order.

    Parameters
    ----------
    size, dark
        As for `draw_points`; small dots are shown larger.
    """
    return [Line2D([], [], **style) for style in _styles(max(size, 3.0), dark)]


def _styles(size: float, dark: bool) -> list[dict]:
    common = {"linestyle": "none", "marker": "o", "markersize": size}
    if not dark:
        return [
            common | {"color": colour, "markeredgewidth": 0}
            for colour in (MINUS_COLOUR, PLUS_COLOUR)
        ]
    rim = {"markeredgewidth": 0.5}
    return [
        common | {"color": INK, "markeredgewidth": 0},
        common | rim | {"markerfacecolor": "white", "markeredgecolor": "#666666"},
    ]


def frame(axes: Axes, limits: tuple[float, float, float, float], *, labels: bool = True) -> None:
    """Give both axes the same unit, the limits, and the names of the coordinates."""
    axes.set_aspect("equal")
    axes.set_xlim(limits[:2])
    axes.set_ylim(limits[2:])
    axes.locator_params(nbins=5)
    if labels:
        axes.set_xlabel("$x_1$")
        axes.set_ylabel("$x_2$")
