"""Convolutional layers that grow: filters are added, and the 1 x 1 layers are made anew."""

from dataclasses import replace

import numpy as np

from memrob.convolution.construction import check_selection, network_on_filters
from memrob.convolution.first_layer import ConvolutionalLayer
from memrob.convolution.group import representatives
from memrob.convolution.network import InvariantNetwork
from memrob.errors import UserError
from memrob.interpolation.arguments import checked_data
from memrob.interpolation.first_layer import sample_first_layer
from memrob.interpolation.selection import Selection


def grow(
    layer: ConvolutionalLayer,
    X: np.ndarray,
    y: np.ndarray,
    *,
    first_width: int,
    max_bias: float,
    seed: int,
    positions: int = 1,
    order: str = "permutation",
    slack: int | float = 0,
    min_cover: int = 1,
    decision: str = "detection",
) -> InvariantNetwork:
    """Add filters to a convolutional layer, and construct the 1 x 1 layers upon all of them.

    Parameters
    ----------
    layer : ConvolutionalLayer
        Filters to be kept, for instance `network.layer`.
    X, y
        As for `memrob.convolution.fit`; not necessarily the data that `layer` was drawn for.
    first_width : int
        Number of filters n afterwards.
    max_bias : float
        Maximal bias lambda of the added filters.
    seed : int
        As for `memrob.interpolation.growing.grow`.
    positions, order, slack, min_cover, decision
        As for `memrob.convolution.fit`.

    Raises
    ------
    UserError
        For an argument out of range, signals of another size and fewer filters than there are.
    """
    selection = Selection(order, slack, min_cover)
    check_selection(first_width, max_bias, seed, selection, decision)
    X, labels, classes = checked_data(X, y)
    if X.shape[1] != layer.input_dim:
        raise UserError(f"X: has {X.shape[1]} columns; the filters take {layer.input_dim}")
    if first_width < layer.width:
        raise UserError(f"first_width: is {first_width}; there are {layer.width} filters already")
    rng = np.random.default_rng([seed, layer.width])
    more = sample_first_layer(rng, first_width - layer.width, layer.weights.shape[1], max_bias)
    grown = replace(
        layer,
        weights=np.concatenate([layer.weights, more.weights]),
        biases=np.concatenate([layer.biases, more.biases]),
    )
    points = representatives(X, layer.group)
    rng = np.random.default_rng(seed)
    return network_on_filters(grown, points, labels, classes, rng, positions, selection, decision)
