"""Signals of each class and some of their shifts."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from memrob.convolution.group import ShiftGroup, orbits
from memrob.errors import UserError
from memrob.plots.style import FAINT, FULL_WIDTH, MINUS_COLOUR, PLUS_COLOUR, new_figure

CLASS_COLOURS = (PLUS_COLOUR, MINUS_COLOUR)


def signals(
    X: np.ndarray,
    y: np.ndarray,
    *,
    grid_shape: Sequence[int],
    n_shifts: int = 4,
    per_class: int = 2,
    class_names: Sequence[str] | None = None,
    title: str = "",
) -> Figure:
    """Draw the first signals of each class (rows) and their shifts (columns).

    Parameters
    ----------
    X : ndarray of float32, shape (N, d)
        Signals, channels first.
    y : ndarray of int, shape (N,)
        Labels.
    grid_shape : sequence of int
        Length of each axis of the cyclic grid, one or two.
    n_shifts : int
        Number of shifts |S| shown, the signal itself included.
    per_class : int
        Signals of each class.
    class_names : sequence of str, optional
        In ascending order of the labels; the labels themselves when left out.
    title : str
        Title of the figure.

    Returns
    -------
    matplotlib.figure.Figure
        Lines for one axis, pictures for two. Call inside `memrob.plots.style.styled`.

    Raises
    ------
    UserError
        When the grid has more than two axes or does not fit the signals or the shifts.
    """
    group = ShiftGroup.of_order(checked_grid(grid_shape), n_shifts)
    labels = np.unique(y)
    names = [str(label) for label in labels] if class_names is None else list(class_names)
    rows = [np.flatnonzero(y == label)[:per_class] for label in labels]
    classes = np.repeat(np.arange(len(labels)), [len(of_class) for of_class in rows])
    shown = orbits(X[np.concatenate(rows)], group)
    one_axis = len(group.grid_shape) == 1
    width = FULL_WIDTH if one_axis else min(FULL_WIDTH, 1.0 * group.order + 0.5)
    height = 0.62 if one_axis else (width - 0.4) / group.order
    figure = new_figure(width, len(shown) * height + 0.75, title)
    panels = figure.subplots(len(shown), group.order, squeeze=False, sharex=True, sharey=True)
    limits = float(X.min()), float(X.max())
    for row, k, signal in zip(panels, classes, shown, strict=True):
        for panel, values in zip(row, signal, strict=True):
            draw_signal(panel, values, group.grid_shape, limits, colour_of(k))
        row[0].set_ylabel(names[k], rotation=0, ha="right", va="center")
    if one_axis:
        for panel in panels[-1]:
            panel.set_xlabel("position")
    for panel, shift in zip(panels[0], group.shifts, strict=True):
        panel.set_title(shift_text(shift))
    return figure


def checked_grid(grid_shape: Sequence[int]) -> tuple[int, ...]:
    """Return the shape of a grid of one or two axes; UserError for more."""
    grid_shape = tuple(grid_shape)
    if len(grid_shape) not in (1, 2):
        raise UserError(
            f"this kind of figure: found a grid of {len(grid_shape)} axes, expected 1 or 2"
        )
    return grid_shape


def colour_of(k: int) -> str:
    """Return the colour of the k-th class."""
    return CLASS_COLOURS[k % 2]


def shift_text(shift: np.ndarray) -> str:
    """Return for instance ``g = (8, 16)``, or ``as it is`` for the zero shift."""
    if not np.any(shift):
        return "as it is"
    place = ", ".join(str(step) for step in shift)
    return f"$g$ = {place}" if len(shift) == 1 else f"$g$ = ({place})"


def draw_signal(
    axes: Axes,
    values: np.ndarray,
    grid_shape: tuple[int, ...],
    limits: tuple[float, float],
    colour: str,
) -> None:
    """Draw one signal: a line per channel for one axis, the mean of its channels for two.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    values : ndarray of float, shape (d,)
        The signal, channels first.
    grid_shape : tuple of int
        One or two axes.
    limits : (low, high)
        Range of all signals.
    colour : str
        Of the lines.
    """
    channels = values.reshape(-1, *grid_shape)
    if len(grid_shape) == 1:
        axes.axhline(0, color=FAINT, linewidth=0.4, zorder=1)
        for channel in channels:
            axes.plot(channel, color=colour, linewidth=1.0)
        margin = 0.08 * (limits[1] - limits[0])
        axes.set(xlim=(0, grid_shape[0] - 1), ylim=(limits[0] - margin, limits[1] + margin))
        axes.set_yticks([])
    else:
        low = min(limits[0], 0)
        axes.imshow(channels.mean(axis=0), cmap="gray_r", vmin=low, vmax=limits[1], origin="upper")
        axes.set(xticks=[], yticks=[])
    axes.tick_params(length=2)
