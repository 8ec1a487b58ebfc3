"""Where detectors of a small convolutional network fire at shifted test signals."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from memrob.convolution.construction import fit
from memrob.convolution.group import ShiftGroup, orbits, representatives, shifted
from memrob.errors import UserError
from memrob.plots.style import CATEGORY_COLOURS, FULL_WIDTH, new_figure
from memrob.studies.convolution.figures.signals import checked_grid, colour_of, draw_signal

SIGNAL, TEMPLATE = colour_of(1), CATEGORY_COLOURS[0]
LINE = {"linestyle": (0, (3, 2)), "linewidth": 1.1}
DOT = {"color": CATEGORY_COLOURS[2], "marker": "o", "markersize": 3.5, "linestyle": "none"}
# The outline of a template runs where it has this share of its largest value.
OUTLINE = 0.35


class Detection(NamedTuple):
    """A test signal at which a detector fires.

    Attributes
    ----------
    signal : (d,) float32
        As it stands.
    places : (k, n_axes) int64
        Where on the grid the first point of a template lies when it is detected.
    template : (d,) float32
        That template, at such a place, which is nearest to the signal.
    """

    signal: np.ndarray
    places: np.ndarray
    template: np.ndarray


def detections(
    X: np.ndarray,
    y: np.ndarray,
    *,
    grid_shape: Sequence[int],
    first_width: int,
    max_bias: float,
    seed: int,
    n_samples: int,
    n_test: int = 200,
    n_shifts: int | None = None,
    filter_size: int | None = None,
    shown: int = 4,
    title: str = "",
) -> Figure:
    """Fit a convolutional network and draw where it detects class minus in shifted test signals.

    Parameters
    ----------
    X : ndarray of float32, shape (N, d)
        Signals, channels first.
    y : ndarray of int, shape (N,)
        Labels, two of them; the larger is class minus.
    grid_shape : sequence of int
        Length of each axis of the cyclic grid, one or two.
    first_width, max_bias, seed, n_shifts, filter_size
        Passed on to `memrob.convolution.fit`.
    n_samples : int
        This many of the first signals are fitted.
    n_test : int
        This many of those after them are shifted by random elements of S, and tested.
    shown : int
        How many of these are drawn, the first at which a detector fires.
    title : str
        Title of the figure.

    Returns
    -------
    matplotlib.figure.Figure
        Each signal with the template that is detected in it, laid where it is detected, and
        below the same signal at another shift. A template is the canonical shift of a training
        signal that made a channel; of several that fire the nearest is drawn. Call inside
        `memrob.plots.style.styled`.

    Raises
    ------
    UserError
        When there are not two classes or no test signals, or no detector fires at any.
    """
    grid_shape = checked_grid(grid_shape)
    if len(np.unique(y)) != 2:
        raise UserError("figure of kind detections: the data set must have two classes")
    if not 2 <= n_samples < len(X):
        raise UserError(
            f"figure option n_samples: found {n_samples}, expected 2 to {len(X) - 1}, so that some "
            f"of the {len(X)} signals are left for the test"
        )
    network = fit(
        X[:n_samples],
        y[:n_samples],
        grid_shape=grid_shape,
        first_width=first_width,
        max_bias=max_bias,
        seed=seed,
        n_shifts=n_shifts,
        filter_size=filter_size,
    )
    (detector,), group = network.detectors, network.layer.group
    test = slice(n_samples, n_samples + n_test)
    of_minus, rng = y[test] == y.max(), np.random.default_rng(seed)
    signals = _moved(X[test], group, rng)
    fired = detector.firing_shifts(signals).any(axis=1)
    rows = np.flatnonzero(of_minus & fired)[:shown]
    if len(rows) == 0:
        raise UserError("figure of kind detections: no detector fires at a test signal")
    templates = representatives(X[:n_samples][detector.candidates], group)
    found = [
        _detections(version, detector.firing_shifts(version), templates, group)
        for version in (signals[rows], _moved(signals[rows], group, rng))
    ]
    shares = [fired[chosen].mean() if chosen.any() else 0 for chosen in (of_minus, ~of_minus)]
    limits = float(X.min()), float(X.max())
    return _figure(found, group, limits, _summary(shares, detector.width), title)


def _moved(X: np.ndarray, group: ShiftGroup, rng: np.random.Generator) -> np.ndarray:
    """Each signal at a random shift."""
    shifts = rng.integers(group.order, size=len(X))
    return np.concatenate([shifted(x[None], group, k) for x, k in zip(X, shifts, strict=True)])


def _detections(
    signals: np.ndarray, fired: np.ndarray, templates: np.ndarray, group: ShiftGroup
) -> list[Detection]:
    found = []
    for signal, at in zip(signals, fired, strict=True):
        shifts = np.flatnonzero(at)
        aligned = orbits(signal[None], group)[0, shifts]
        distances = np.linalg.norm(aligned[:, None] - templates, axis=-1)
        nearest, which = np.unravel_index(distances.argmin(), distances.shape)
        # T_g x is like the template, so the template shifted by -g is like x.
        places = -group.shifts % np.array(group.grid_shape)
        back = np.flatnonzero((group.shifts == places[shifts[nearest]]).all(axis=1))[0]
        template = shifted(templates[which][None], group, back)[0]
        found.append(Detection(signal, places[shifts], template))
    return found


def _summary(shares: Sequence[float], width: int) -> str:
    minus, plus = (f"{100 * share:.0f} %" for share in shares)
    count = "One template" if width == 1 else f"{width} templates"
    return f"{count}: detected at {minus} of the test signals of class $-$, at {plus} of class $+$"


def _figure(
    found: list[list[Detection]],
    group: ShiftGroup,
    limits: tuple[float, float],
    summary: str,
    title: str,
) -> Figure:
    """Draw a row of signals, and below the same ones at other shifts."""
    one_axis, columns = len(group.grid_shape) == 1, len(found[0])
    width = FULL_WIDTH if columns > 2 else 4.4
    side = (width - 0.4) / columns
    height = 1.05 if one_axis else side * group.grid_shape[0] / group.grid_shape[1]
    figure = new_figure(width, 2 * height + 1.15, title)
    panels = figure.subplots(2, columns, squeeze=False, sharex=True, sharey=True)
    draw = _draw_line if one_axis else _draw_image
    for row, detections in zip(panels, found, strict=True):
        for panel, detection in zip(row, detections, strict=True):
            draw_signal(panel, detection.signal, group.grid_shape, limits, SIGNAL)
            draw(panel, detection, group.grid_shape)
    for panel, text in zip(panels[:, 0], ("test signal", "shifted once more"), strict=True):
        panel.set_ylabel(text)
    if one_axis:
        for panel in panels[-1]:
            panel.set_xlabel("position")
    line = LINE if one_axis else {"linewidth": 1.1}
    handles = [Line2D([], [], color=TEMPLATE, **line), Line2D([], [], **DOT)]
    what = "template" if one_axis else "outline of the template"
    texts = [f"{what}, where it is detected", "all places of detection"]
    figure.legend(handles, texts, loc="outside lower center", ncols=2, title=summary)
    return figure


def _draw_line(axes: Axes, detection: Detection, grid_shape: tuple[int, ...]) -> None:
    for channel in detection.template.reshape(-1, *grid_shape):
        axes.plot(channel, color=TEMPLATE, **LINE, zorder=3)
    bottom = axes.get_ylim()[0]
    axes.plot(detection.places[:, 0], np.full(len(detection.places), bottom), **DOT, clip_on=False)


def _draw_image(axes: Axes, detection: Detection, grid_shape: tuple[int, ...]) -> None:
    # One pixel more on each side, so that outlines run on to the edges.
    picture = np.pad(detection.template.reshape(-1, *grid_shape).mean(axis=0), 1, mode="wrap")
    rows, columns = (np.arange(-1, length + 1) for length in grid_shape)
    levels, limits = [OUTLINE * picture.max()], axes.axis()
    axes.contour(columns, rows, picture, levels=levels, colors=[TEMPLATE], linewidths=1.1)
    axes.axis(limits)
    axes.plot(detection.places[:, 1], detection.places[:, 0], **DOT)
