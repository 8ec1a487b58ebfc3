"""The linear regions of a random network on the plane, coloured by the size of the gradient."""

from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import PolyCollection
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from memrob.errors import UserError
from memrob.lipschitz.exact import LinearRegion, exact_lipschitz, linear_regions
from memrob.lipschitz.norms import checked_p, conjugate, norm
from memrob.lipschitz.random_networks import random_network
from memrob.plots.style import CATEGORY_COLOURS, FULL_WIDTH, grouped, new_figure
from memrob.studies.lipschitz.figures.exponent_axis import p_symbol, p_text
from memrob.studies.lipschitz.figures.table import setting

COLOUR_MAP = "viridis"
MARK = CATEGORY_COLOURS[1]
# Half sides of the box that are tried in turn.
RADII = (2.0, 4.0, 8.0, 16.0)
# With more regions than this their borders would hide their colours.
MANY_REGIONS = 1500
SAME = 1e-9


class Maximiser(NamedTuple):
    """Where a gradient has the largest norm.

    Attributes
    ----------
    value : float
        lip_p.
    inside : list of ndarray of float64, shape (k, 2)
        The polygons in the box with a gradient of that norm, none where they lie outside.
    point : ndarray of float64, shape (2,)
        A point of such a region, in the box if there is one.
    """

    value: float
    inside: list[np.ndarray]
    point: np.ndarray


class Picture(NamedTuple):
    """What is drawn: a box of half side `radius`, its regions, and the maximiser for each p."""

    radius: float
    polygons: list[LinearRegion]
    maximisers: dict[float, Maximiser]

    @property
    def shown(self) -> int:
        """Number of exponents whose maximiser is in the box."""
        return sum(bool(maximiser.inside) for maximiser in self.maximisers.values())


def regions(
    *,
    width: int,
    depth: int,
    bias: str,
    seed: int,
    ps: list[float] | None = None,
    radius: float | None = None,
    title: str = "",
) -> Figure:
    """Draw the linear regions of a random network on R^2, one panel per p.

    Parameters
    ----------
    width, depth, bias, seed
        Passed on to `memrob.lipschitz.random_networks.random_network`.
    ps : list of float, optional
        Up to four exponents, one panel each; 1, 2 and infinity when left out.
    radius : float, optional
        Half the side of the box drawn; when left out, the least of `RADII` that shows as many of
        the maximisers as any of them does.
    title : str
        Title of the figure.

    Returns
    -------
    matplotlib.figure.Figure
        Each region in the colour of |grad|_{p'} / lip_p; the region where it is 1 has an outline
        and a ring, or an arrow at the edge where it lies outside. Call inside
        `memrob.plots.style.styled`.

    Raises
    ------
    UserError
        For more than four exponents, or parameters that give no network.
    """
    ps = sorted({checked_p(p) for p in ps or (1, 2, np.inf)})
    if len(ps) > 4:
        raise UserError(f"figure option ps: found {len(ps)} exponents, expected up to 4")
    network = random_network(2, width, depth, bias, seed)
    exact = exact_lipschitz(network, ps)
    best: Picture | None = None
    for half in RADII if radius is None else (radius,):
        polygons = linear_regions(network, half)
        found = {p: _maximiser(polygons, p, exact.values[p], exact.points[p]) for p in ps}
        picture = Picture(half, polygons, found)
        if best is None or picture.shown > best.shown:
            best = picture
        if best.shown == len(ps):
            break
    return _figure(best, title, _about(width, depth, bias, seed, len(best.polygons)))


def _about(width: int, depth: int, bias: str, seed: int, count: int) -> str:
    settings = ", ".join(
        setting(name, value) for name, value in (("width", width), ("depth", depth), ("bias", bias))
    )
    return f"one network with $d$ = 2, {settings} (seed {seed}); {count:,} regions in the box"


def _maximiser(
    polygons: list[LinearRegion], p: float, value: float, point: np.ndarray
) -> Maximiser:
    norms = norm(np.array([region.gradient for region in polygons]), conjugate(p))
    inside = [polygons[k].vertices for k in np.flatnonzero(norms >= value * (1 - SAME))]
    if inside:
        point = max(inside, key=_area).mean(axis=0)
    return Maximiser(value, inside, point)


def _area(vertices: np.ndarray) -> float:
    x, y = vertices.T
    return abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2


def _figure(picture: Picture, title: str, about: str) -> Figure:
    radius, polygons, found = picture
    figure = new_figure(FULL_WIDTH, 1.0 + 5.0 / max(2, len(found)) + (0.2 if title else 0), title)
    panels = figure.subplots(1, len(found), sharex=True, sharey=True, squeeze=False)[0]
    scale = Normalize(0, 1)
    for axes, (p, maximiser) in zip(panels, found.items(), strict=True):
        _draw_regions(axes, polygons, p, maximiser.value, scale)
        _draw_maximiser(axes, maximiser, radius)
        axes.set(xlim=(-radius, radius), ylim=(-radius, radius), aspect="equal")
        axes.set(xlabel="$x_1$", ylabel="$x_2$")
        axes.label_outer()
        axes.set_title(f"{p_text(p)}:  $\\mathrm{{lip}}_{{{p_symbol(p)}}}$ = {maximiser.value:.3g}")
    bar = figure.colorbar(ScalarMappable(scale, COLOUR_MAP), ax=list(panels), pad=0.02, aspect=24)
    bar.set_label(r"$|\nabla\Phi|_{p'}\;/\;\mathrm{lip}_p$")
    bar.outline.set_linewidth(0.6)
    _legend(figure, found, about)
    return figure


def _draw_regions(
    axes: Axes, polygons: list[LinearRegion], p: float, value: float, scale: Normalize
) -> None:
    norms = norm(np.array([region.gradient for region in polygons]), conjugate(p))
    drawn = PolyCollection(
        [region.vertices for region in polygons],
        array=norms / value,
        cmap=COLOUR_MAP,
        norm=scale,
        # An edge in the colour of the face closes the hairlines between neighbours.
        edgecolors="face",
        linewidths=0.3,
        rasterized=True,
    )
    axes.add_collection(drawn)
    if len(polygons) <= MANY_REGIONS:
        borders = PolyCollection(
            [region.vertices for region in polygons],
            facecolors="none",
            edgecolors="white",
            linewidths=0.2,
            alpha=0.6,
            rasterized=True,
        )
        axes.add_collection(borders)


# Hollow, as the region may be smaller than any filled marker.
RING = {
    "marker": "o",
    "markersize": 13,
    "markerfacecolor": "none",
    "markeredgecolor": MARK,
    "markeredgewidth": 1.4,
    "linestyle": "none",
    "path_effects": [withStroke(linewidth=2.6, foreground="white")],
}


def _draw_maximiser(axes: Axes, maximiser: Maximiser, radius: float) -> None:
    """Outline the region and mark it by a ring, or point at it from the edge of the box."""
    if maximiser.inside:
        outline = PolyCollection(
            maximiser.inside,
            facecolors="none",
            edgecolors=MARK,
            linewidths=0.9,
            path_effects=[withStroke(linewidth=2.2, foreground="white")],
            zorder=3,
        )
        axes.add_collection(outline)
        axes.plot(*maximiser.point, **RING, zorder=4)
        return
    direction = maximiser.point / np.abs(maximiser.point).max()
    place = ", ".join(grouped(float(f"{value:.3g}")) for value in maximiser.point)
    axes.annotate(
        "",
        0.98 * radius * direction,
        0.72 * radius * direction,
        arrowprops={
            "arrowstyle": "-|>",
            "color": MARK,
            "linewidth": 1.6,
            "path_effects": [withStroke(linewidth=3.0, foreground="white")],
        },
    )
    axes.annotate(
        f"({place})",
        np.clip(0.6 * radius * direction, -0.55 * radius, 0.55 * radius),
        ha="center",
        va="center",
        fontsize="small",
        path_effects=[withStroke(linewidth=2.0, foreground="white")],
    )


def _legend(figure: Figure, found: dict[float, Maximiser], about: str) -> None:
    handles, texts = [], []
    if any(maximiser.inside for maximiser in found.values()):
        handles.append(Line2D([], [], **RING | {"markersize": 8}))
        texts.append("region of the largest gradient")
    if not all(maximiser.inside for maximiser in found.values()):
        handles.append(Line2D([], [], color=MARK, marker=">", markersize=5, linewidth=1.6))
        texts.append("towards that region, outside of the box, with a point of it")
    figure.legend(handles, texts, title=about, loc="outside lower center", ncols=len(handles))
