"""Construction of translation-invariant networks (this project's own, after [M], Algorithm 2).

Everything is computed from the canonical signal of each orbit, so that the network depends on the
orbits of the training signals alone. For a candidate x* of X-, u = 1 - Phi(x*)[:, 0] and m is the
minimum of <u, Phi(x)[:, g]> over X+ and all shifts g. If m > 0 the channel
sigma(m - <u, Phi(x)[:, g]>) is added; it strikes out each candidate at some shift of which it
fires.
"""

import numpy as np

from memrob.convolution.first_layer import (
    ConvolutionalLayer,
    evenly_splitting_filters_first,
    sample_convolutional_layer,
    shift_features,
)
from memrob.convolution.group import ShiftGroup, representatives
from memrob.convolution.network import InvariantDetector, InvariantNetwork
from memrob.convolution.second_layer import second_layer
from memrob.errors import UserError
from memrob.interpolation.arguments import (
    check_arguments,
    check_decision,
    checked_data,
    detected_classes,
)
from memrob.interpolation.construction import counted
from memrob.interpolation.selection import PUBLISHED, Selection


def fit(
    X: np.ndarray,
    y: np.ndarray,
    *,
    grid_shape: tuple[int, ...],
    first_width: int,
    max_bias: float,
    seed: int,
    filter_size: int | None = None,
    n_shifts: int | None = None,
    strides: int | tuple[int, ...] | None = None,
    positions: int = 1,
    order: str = "permutation",
    slack: int | float = 0,
    min_cover: int = 1,
    decision: str = "detection",
) -> InvariantNetwork:
    """Construct an invariant network that interpolates if its filters separate the orbits.

    Parameters
    ----------
    X : (N, d) float32
        Signals, channel first and each channel in row-major order; at least two classes, no shift
        of a signal of one class in another.
    y : (N,) int
        Labels.
    grid_shape : tuple of int
        Lengths of the axes, which are cyclic; d is their product times the number of channels.
    first_width : int
        Number of filters n.
    max_bias : float
        Maximal bias lambda, of the order of the radius of the data.
    seed : int
        Seed of `numpy.random.default_rng`. The random numbers are those of
        `memrob.interpolation.fit`, which gives the same network on a grid of one point.
    filter_size : int, optional
        Support of the filters along each axis; by default they have the size of the signals.
    n_shifts : int, optional
        Number of shifts of the group, by `ShiftGroup.of_order`; by default all of the grid.
    strides : int or tuple of int, optional
        Strides of the group instead, one for all axes or one for each.
    positions : int
        Positions of a candidate that are tried at most until one gives a channel. The first alone
        does for filters of the size of the signals, which see all of it anyway; small filters see
        one window, and need more (our own addition).
    order : {"permutation", "greedy", "cluster"}
        How candidates are taken: at random; always the one whose channel covers most of what is
        left; or at random, each grown to a cluster of signals that share a channel.
    slack, min_cover, decision
        As for `memrob.interpolation.fit`; a signal of X+ counts once, at all shifts together.

    Returns
    -------
    InvariantNetwork

    Raises
    ------
    UserError
        For an argument out of range, signals that do not fit the grid, a group that does not
        exist, and features of more than 6 GB.

    Notes
    -----
    Like `memrob.interpolation.fit`, it does not ask whether classes are disjoint: a signal that
    has a shift in X+ gets no neuron, and the network does not interpolate.
    """
    selection = Selection(order, slack, min_cover)
    check_selection(first_width, max_bias, seed, selection, decision)
    if positions < 1:
        raise UserError(f"positions: is {positions}; it must be at least 1")
    X, labels, classes = checked_data(X, y)
    group = shift_group(grid_shape, n_shifts, strides)
    rng = np.random.default_rng(seed)
    layer = sample_convolutional_layer(
        rng, first_width, group.n_channels(X.shape[1]), group, max_bias, filter_size
    )
    points = representatives(X, group)
    return network_on_filters(layer, points, labels, classes, rng, positions, selection, decision)


def check_selection(
    first_width: int, max_bias: float, seed: int, selection: Selection, decision: str
) -> None:
    """Raise a UserError for an argument of `fit` that is out of range."""
    check_arguments(first_width, max_bias, seed, selection)
    check_decision(decision)
    if selection.order == "reference":
        raise UserError("order: is 'reference'; an invariant network takes another")


def shift_group(
    grid_shape: tuple[int, ...],
    n_shifts: int | None = None,
    strides: int | tuple[int, ...] | None = None,
) -> ShiftGroup:
    """The group that is given by its order, or by its strides, or by neither: all shifts.

    Raises
    ------
    UserError
        If both are given, or such a group does not exist.
    """
    if n_shifts is not None and strides is not None:
        raise UserError("n_shifts: and strides are both given; one of them determines the group")
    if n_shifts is not None:
        return ShiftGroup.of_order(grid_shape, n_shifts)
    everything = ShiftGroup.full(grid_shape)
    if strides is None:
        return everything
    if not np.iterable(strides):
        strides = (strides,) * len(everything.grid_shape)
    return ShiftGroup(grid_shape, strides)


def network_on_filters(
    layer: ConvolutionalLayer,
    X: np.ndarray,
    labels: np.ndarray,
    classes: list[np.ndarray],
    rng: np.random.Generator,
    positions: int = 1,
    selection: Selection = PUBLISHED,
    decision: str = "detection",
) -> InvariantNetwork:
    """Construct the 1 x 1 layers upon filters that are drawn already.

    Parameters
    ----------
    layer : ConvolutionalLayer
        The filters, in any order.
    X : (N, d) float32
        Representatives of the training signals.
    labels, classes
        What `memrob.interpolation.construction.checked_data` returns.
    rng : numpy.random.Generator
        Source of the order of candidates.
    positions, selection, decision
        As for `fit`.
    """
    layer = evenly_splitting_filters_first(layer, X)
    features = shift_features(layer, X, classes)
    n_shifts = layer.group.order
    streams = rng.spawn(len(classes))
    detectors = []
    for k in detected_classes(len(classes)):
        second = second_layer(features, k, n_shifts, streams[k], positions, selection)
        detectors.append(
            InvariantDetector(
                label=int(labels[k]),
                layer=layer,
                activation="threshold",
                candidates=classes[k][second.candidates],
                mask_words=second.masks,
                thresholds=second.thresholds,
                n_covered=second.n_covered,
                n_members=len(classes[k]),
            )
        )
    network = InvariantNetwork(layer, labels, detectors, len(X), decision)
    return counted(network, X, classes, selection)
