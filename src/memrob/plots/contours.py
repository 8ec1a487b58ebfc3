"""Labelled contours of noisy values on a grid."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from scipy.ndimage import correlate
from sklearn.isotonic import isotonic_regression

from memrob.plots.grids import Grid
from memrob.plots.style import INK, grouped

# From this many rows and columns on, a grid is fine enough to average neighbouring cells.
FINE = 10
KERNEL = np.outer([1, 2, 1], [1, 2, 1]) / 16

# Typographic points that labels keep from the frame (sides; top and bottom) and from each other.
FRAME_DISTANCE = np.array([14, 7])
LABEL_DISTANCE = 26


def monotone_in_rows(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Fit values that do not decrease from row to row, column by column, by least squares.

    The probability of interpolation cannot fall with the first width: a further hyperplane undoes
    no separation. This is its maximum-likelihood estimate under that constraint.

    Parameters
    ----------
    values, weights : ndarray of float, shape (rows, columns)
        Fractions and numbers of trials; NaN where there is no cell.

    Returns
    -------
    ndarray of float64, shape (rows, columns)
        NaN where `values` is.
    """
    fitted = np.array(values, dtype=np.float64)
    for column in range(fitted.shape[1]):
        known = np.isfinite(fitted[:, column])
        if known.any():
            fitted[known, column] = isotonic_regression(
                fitted[known, column], sample_weight=weights[known, column]
            )
    return fitted


def averaged(values: np.ndarray) -> np.ndarray:
    """Average each value with its eight neighbours, binomial weights, missing ones left out.

    Parameters
    ----------
    values : ndarray of float, shape (rows, columns)
        NaN where there is no cell.

    Returns
    -------
    ndarray of float64, shape (rows, columns)
        NaN where `values` is.
    """
    known = np.isfinite(values)
    total = correlate(np.where(known, values, 0.0), KERNEL, mode="constant")
    weight = correlate(known.astype(float), KERNEL, mode="constant")
    return np.where(known, total / np.where(known, weight, 1.0), np.nan)


def contour_values(values: Grid, quantity: str, y: str) -> tuple[np.ndarray, str]:
    """Return the values whose contours are drawn, and a note for the legend on how they came.

    Parameters
    ----------
    values : Grid
        What the heatmap shows.
    quantity, y : str
        The quantity and the column of the rows.

    Returns
    -------
    (ndarray of float64, str)
        Probabilities over the first width are made monotone in it; widths on a fine grid are
        averaged with their neighbours; anything else stays as it is, with an empty note.
    """
    if quantity == "interpolated" and y == "first_width":
        return monotone_in_rows(values.values, values.trials), "of the fit monotone in $n$"
    if min(values.values.shape) >= FINE:
        return averaged(values.values), r"of averages over 3$\times$3 cells"
    return values.values, ""


def crossed_levels(values: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Return the levels that have enough cells on either side for a contour.

    A level with fewer than two cells, or 1 % of them, on one side would show as specks; contours
    need at least two rows and two columns.

    Parameters
    ----------
    values : ndarray of float, shape (rows, columns)
        NaN where there is no cell.
    levels : ndarray of float
        Ascending.
    """
    if min(values.shape) < 2:
        return levels[:0]
    finite = values[np.isfinite(values)]
    above = (finite > levels[:, None]).sum(axis=1)
    return levels[np.minimum(above, finite.size - above) >= max(2, finite.size / 100)]


def draw_contours(
    axes: Axes, x: np.ndarray, y: np.ndarray, values: np.ndarray, levels: np.ndarray
) -> None:
    """Draw the contours at the given levels, each labelled once.

    The layout of the figure must have been computed, since labels are kept apart in print.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    x, y : ndarray of float, shapes (columns,) and (rows,)
        Centres of the cells.
    values : ndarray of float, shape (rows, columns)
        NaN where there is no cell.
    levels : ndarray of float
        As `crossed_levels` returns them; nothing is drawn when there are none.
    """
    if not levels.size:
        return
    contours = axes.contour(
        x, y, np.ma.masked_invalid(values), levels=levels, colors="white", linewidths=0.8
    )
    contours.set_path_effects(halo(1.6))
    places = _label_places(axes, [path.vertices for path in contours.get_paths()])
    labels = axes.clabel(contours, fmt=grouped, fontsize=7, inline_spacing=2, manual=places)
    for text in labels:
        text.set_path_effects(halo(1.8))


def _label_places(axes: Axes, lines: list[np.ndarray]) -> list[tuple[float, float]]:
    """Choose one place a contour, far from the frame and from the labels before it.

    Contours that never come far enough from the frame and the other labels get none.
    """
    points_a_dot = 72 / axes.figure.dpi
    frame = axes.bbox.extents * points_a_dot
    chosen, places = [], []
    for line in lines:
        if not len(line):
            continue
        dots = axes.transData.transform(line) * points_a_dot
        to_frame = np.minimum(dots - frame[:2], frame[2:] - dots)
        to_labels = np.full(len(dots), np.inf)
        for label in chosen:
            to_labels = np.minimum(to_labels, np.hypot(*(dots - label).T))
        allowed = (to_frame > FRAME_DISTANCE).all(axis=1) & (to_labels > LABEL_DISTANCE)
        if not allowed.any():
            continue
        # The middle of the allowed stretch keeps labels of neighbouring contours in line.
        candidates = np.flatnonzero(allowed)
        best = candidates[len(candidates) // 2]
        chosen.append(dots[best])
        places.append(tuple(line[best]))
    return places


def halo(width: float) -> list[withStroke]:
    """Return the dark rim that makes white lines and labels legible on any colour."""
    return [withStroke(linewidth=width, foreground=INK, alpha=0.8)]
