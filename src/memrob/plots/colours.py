"""Colours for any number of neurons."""

import numpy as np
from matplotlib.colors import to_rgb

from memrob.plots.style import CATEGORY_COLOURS


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
        the hue wheel of Oklab (Ottosson, 2020) in equal steps with two lightnesses in turn, so
        that steps look alike and neighbouring hues differ for colour-blind readers too.
    """
    if count <= len(CATEGORY_COLOURS):
        return np.array([to_rgb(colour) for colour in CATEGORY_COLOURS[:count]]).reshape(-1, 3)
    index = np.arange(count)
    hue = 2 * np.pi * index / count + 0.4
    lightness = np.where(index % 2, 0.58, 0.74)
    return _oklch_to_rgb(lightness, 0.125, hue)


def _oklch_to_rgb(lightness: np.ndarray, chroma: float, hue: np.ndarray) -> np.ndarray:
    """Convert Oklab in polar form to sRGB, colours outside its gamut clipped."""
    a, b = chroma * np.cos(hue), chroma * np.sin(hue)
    cones = np.stack(
        [
            lightness + 0.3963377774 * a + 0.2158037573 * b,
            lightness - 0.1055613458 * a - 0.0638541728 * b,
            lightness - 0.0894841775 * a - 1.2914855480 * b,
        ]
    )
    to_linear = np.array(
        [
            [4.0767416621, -3.3077115913, 0.2309699292],
            [-1.2684380046, 2.6097574011, -0.3413193965],
            [-0.0041960863, -0.7034186147, 1.7076147010],
        ]
    )
    linear = np.clip(to_linear @ cones**3, 0, 1)
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return encoded.T


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
