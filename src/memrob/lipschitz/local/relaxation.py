"""Bounds of pre-activations and gradients on many boxes at a time, rounding included.

Linear relaxation of relu as in CROWN: H. Zhang, T.-W. Weng, P.-Y. Chen, C.-J. Hsieh, L. Daniel
(*Efficient neural network robustness certification with general activation functions*, 2018). By
hand, as auto_LiRPA computes in float32 and does not bound its rounding.
"""

from typing import NamedTuple

import numpy as np

from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.upper.rounding import gamma, raised

TINY = float(np.finfo(np.float64).tiny)


class Boxes(NamedTuple):
    """B boxes.

    Attributes
    ----------
    low, high : ndarray of float64, shape (B, d)
    reach : ndarray of float64, shape (B,), or None
        If given, only points within this distance of the centres of the boxes matter.
    """

    low: np.ndarray
    high: np.ndarray
    reach: np.ndarray | None = None


class _Relaxed(NamedTuple):
    """relu on [low, high] of each neuron, (B, n): lower a z <= relu(z) <= upper z + shift."""

    lower: np.ndarray
    upper: np.ndarray
    shift: np.ndarray
    most: np.ndarray
    inputs: np.ndarray


def activation_bounds(network: ReluNetwork, boxes: Boxes) -> list[tuple[np.ndarray, np.ndarray]]:
    """Bounds of the pre-activations of the hidden layers on boxes.

    Parameters
    ----------
    network : ReluNetwork
    boxes : Boxes

    Returns
    -------
    list of (ndarray, ndarray), shapes (B, N_l)
        Least and greatest values; nowhere wider than interval arithmetic.
    """
    low, high = boxes.low, boxes.high
    most = np.maximum(np.abs(low), np.abs(high))
    found, relaxed = [], []
    for layer, (weight, bias) in enumerate(
        zip(network.weights[:-1], network.biases[:-1], strict=True)
    ):
        size = np.abs(weight)
        # Upper bound of the terms of a pre-activation on the box.
        inputs = raised(most @ size.T + np.abs(bias), weight.shape[1]) + TINY
        middle, spread = (low + high) / 2, (high - low) / 2
        centre = middle @ weight.T + bias
        width = raised(spread @ size.T, weight.shape[1]) + 4 * gamma(weight.shape[1] + 8) * inputs
        below, above = centre - width, centre + width
        if layer:
            lower, upper = _backward(network, relaxed, boxes, layer)
            # NaN, of infinities, says nothing: the other bound counts, or none.
            below, above = np.fmax(below, lower), np.fmin(above, upper)
        below = np.where(np.isnan(below), -np.inf, below)
        above = np.where(np.isnan(above), np.inf, above)
        found.append((below, above))
        low, high = np.maximum(below, 0), np.maximum(above, 0)
        most = high
        relaxed.append(_relaxed(below, above, inputs))
    return found


def _relaxed(low: np.ndarray, high: np.ndarray, inputs: np.ndarray) -> _Relaxed:
    active, open_ = low >= 0, (low < 0) & (high > 0)
    with np.errstate(all="ignore"):
        chord = np.minimum(raised(high / (high - low)), 1.0)
    upper = np.where(open_, chord, np.where(active, 1.0, 0.0))
    # Of all slopes in [0, 1] the one with the smaller area between the lines.
    lower = np.where(open_, (high > -low) * 1.0, np.where(active, 1.0, 0.0))
    shift = np.where(open_, raised(-upper * low) + TINY, 0.0)
    return _Relaxed(lower, upper, shift, np.maximum(high, 0), inputs)


def _backward(
    network: ReluNetwork, relaxed: list[_Relaxed], boxes: Boxes, layer: int
) -> tuple[np.ndarray, np.ndarray]:
    """Bounds of the pre-activations of a layer by lines, from it back to the input, (B, N)."""
    weight, bias = network.weights[layer], network.biases[layer]
    count = len(boxes.low)
    ends = []
    for sign in (-1.0, 1.0):
        # Upper bounds of sign * z: rows @ h + shift, h the activations of the layer before.
        rows = np.broadcast_to(sign * weight, (count, *weight.shape))
        shift = np.broadcast_to(sign * bias, (count, len(bias))).copy()
        error = np.zeros_like(shift)
        for below in reversed(range(layer)):
            lines, before = relaxed[below], network.weights[below]
            positive, negative = np.maximum(rows, 0), np.minimum(rows, 0)
            raise_by = np.einsum("bij,bj->bi", positive, lines.shift)
            shift = shift + raise_by
            rows = positive * lines.upper[:, None] + negative * lines.lower[:, None]
            sizes = np.einsum("bij,bj->bi", np.abs(rows), lines.inputs)
            shift = shift + rows @ network.biases[below]
            rows = rows @ before
            terms = before.shape[0] + before.shape[1]
            error += 4 * gamma(terms + 16) * (raise_by + sizes + np.abs(shift)) + TINY
        middle, spread = (boxes.low + boxes.high) / 2, (boxes.high - boxes.low) / 2
        size = np.abs(rows)
        most = np.maximum(np.abs(boxes.low), np.abs(boxes.high))
        widths = np.einsum("bij,bj->bi", size, spread)
        if boxes.reach is not None:
            widths = np.minimum(widths, np.linalg.norm(rows, axis=2) * boxes.reach[:, None])
        value = np.einsum("bij,bj->bi", rows, middle) + widths + shift
        reach = np.einsum("bij,bj->bi", size, most) + np.abs(shift)
        error += 4 * gamma(rows.shape[2] + 16) * (reach + widths)
        ends.append(value + raised(error, network.depth) + TINY)
    return -ends[0], ends[1]


def gradient_bounds(
    network: ReluNetwork, bounds: list[tuple[np.ndarray, np.ndarray]]
) -> np.ndarray:
    """Upper bounds of |dPhi/dx_i| where pre-activations are within bounds, (B, d).

    The entries of the product of the W_l and relu' are bounded by intervals from the output
    backwards and from the input on; of the two bounds of each entry the lesser counts.
    """
    last = network.weights[-1][:1]
    if not bounds:
        return np.abs(last)
    count = len(bounds[0][0])
    slopes = [(low > 0, high > 0) for low, high in bounds]
    middle, spread = np.broadcast_to(last, (count, *last.shape)), np.zeros((count, *last.shape))
    for weight, slope in zip(reversed(network.weights[:-1]), reversed(slopes), strict=True):
        middle, spread = _product(*_activated(middle, spread, *slope), weight)
    backwards = raised(np.abs(middle) + spread)[:, 0]
    middle = np.broadcast_to(network.weights[0].T, (count, *network.weights[0].T.shape))
    spread = np.zeros(middle.shape)
    for weight, slope in zip([*network.weights[1:-1], last], slopes, strict=True):
        middle, spread = _product(*_activated(middle, spread, *slope), weight.T)
    forwards = raised(np.abs(middle) + spread)[:, :, 0]
    return np.minimum(backwards, forwards)


def _activated(middle, spread, active, possible):
    """Intervals (B, m, n) times relu' of n neurons: 1, 0 or anything between."""
    low, high = middle - spread, middle + spread
    low, high = np.minimum(low, 0), np.maximum(high, 0)
    hull = (low + high) / 2
    width = raised((high - low) / 2) + 4 * gamma(1) * np.maximum(-low, high)
    active, possible = active[:, None], possible[:, None]
    centre = np.where(active, middle, np.where(possible, hull, 0.0))
    return centre, np.where(active, spread, np.where(possible, width, 0.0))


def _product(middle, spread, weight):
    size = np.abs(weight)
    rounding = 2 * gamma(len(weight) + 2) * (np.abs(middle) @ size)
    # What is 0 for want of weights stays 0; what underflows does not.
    used = ((np.abs(middle) + spread) > 0).any(axis=-1, keepdims=True)
    return middle @ weight, raised(spread @ size + rounding, len(weight)) + TINY * used
