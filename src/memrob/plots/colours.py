"""Colours for any number of neurons, and for values that have an order."""

import numpy as np
import seaborn
from matplotlib import colormaps
from matplotlib.colors import to_hex, to_rgb

from memrob.plots.style import CATEGORY_COLOURS

# Magma ends in a yellow that is too faint for a line on white.
MAP, MAP_ENDS = "magma", (0.08, 0.8)


def ordered_colours(count: int) -> list[str]:
    """Colours of values that have an order, such as dimensions: from dark to light, in grey too."""
    return [to_hex(colour) for colour in colormaps[MAP](np.linspace(*MAP_ENDS, count))]


def neuron_colours(count: int) -> np.ndarray:
    """Return one saturated colour a second-layer neuron.

    Parameters
    ----------
    count : int
        Number of neurons.

    Returns
    -------
    ndarray of float64, shape (count, 3)
        Red, green, blue in [0, 1]. Up to seven neurons take the colours of `style`; more go round
        the hue wheel in equal steps with two lightnesses in turn, so that neighbouring hues differ
        for colour-blind readers too.
    """
    if count <= len(CATEGORY_COLOURS):
        return np.array([to_rgb(colour) for colour in CATEGORY_COLOURS[:count]]).reshape(-1, 3)
    dark, light = (seaborn.husl_palette(count, s=0.8, l=lightness) for lightness in (0.52, 0.7))
    return np.where(np.arange(count)[:, None] % 2, dark, light)


def blended(colours: np.ndarray, weights: np.ndarray, opacity: float) -> np.ndarray:
    """Lay translucent colours over white, one after another.

    Parameters
    ----------
    colours : ndarray of float, shape (k, 3)
        Red, green, blue in [0, 1].
    weights : ndarray of bool, shape (k, ...)
        Where each colour lies.
    opacity : float
        Opacity of each layer, in [0, 1].

    Returns
    -------
    ndarray of float64, shape (..., 3)
        White where no colour lies, darker where several do.
    """
    picture = np.ones((*weights.shape[1:], 3))
    for colour, where in zip(colours, weights, strict=True):
        picture[where] += opacity * (colour - picture[where])
    return picture
