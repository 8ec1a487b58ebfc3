"""Invariant networks and fitted estimators in files: safetensors, as `memrob.interpolation.saved`.

The key of the metadata is ``memrob.convolution``; the JSON object under it also has ``grid_shape``,
``strides``, ``filter_shape`` and ``n_channels``, and ``weights`` are the filters as rows.
"""

import os
from math import prod

from memrob.convolution.first_layer import ConvolutionalLayer
from memrob.convolution.group import ShiftGroup
from memrob.convolution.network import InvariantDetector, InvariantNetwork
from memrob.errors import UserError
from memrob.interpolation.saved import Format


def _estimator() -> type:
    from memrob.convolution.estimator import InvariantInterpolatingClassifier

    return InvariantInterpolatingClassifier


def _describe(layer: ConvolutionalLayer) -> dict:
    return {
        "grid_shape": list(layer.group.grid_shape),
        "strides": list(layer.group.strides),
        "filter_shape": list(layer.filter_shape),
        "n_channels": layer.n_channels,
    }


def _restore(weights, biases, description) -> ConvolutionalLayer:
    filter_shape, n_channels = tuple(description["filter_shape"]), description["n_channels"]
    try:
        group = ShiftGroup(description["grid_shape"], description["strides"])
    except UserError as error:
        raise ValueError(str(error)) from error
    fits = [1 <= k <= n for k, n in zip(filter_shape, group.grid_shape, strict=True)]
    if not all(fits) or weights.shape[1] != n_channels * prod(filter_shape):
        raise ValueError(
            f"weights of shape {weights.shape} are no filters of shape {filter_shape} with"
            f" {n_channels} channels on a grid of shape {group.grid_shape}"
        )
    return ConvolutionalLayer(weights, biases, group, filter_shape, n_channels)


FORMAT = Format(
    key="memrob.convolution",
    network=InvariantNetwork,
    detector=InvariantDetector,
    estimator=_estimator,
    describe_layer=_describe,
    restore_layer=_restore,
)


def save(path: str | os.PathLike, network) -> None:
    """Write an invariant network, or a fitted estimator, into a file.

    Parameters
    ----------
    path : path
        Its folder is created. The file is replaced only once the new one is whole.
    network : InvariantNetwork or InvariantInterpolatingClassifier
        See `memrob.interpolation.save` for what an estimator's labels and random states may be.

    Raises
    ------
    UserError
        In one line, for labels of other types, objects of other types, and if the file cannot be
        written.
    """
    FORMAT.save(path, network)


def load(path: str | os.PathLike):
    """Read what `save` wrote: the same predictions, bit by bit.

    Parameters
    ----------
    path : path

    Returns
    -------
    InvariantNetwork or InvariantInterpolatingClassifier
        Whichever was saved.

    Raises
    ------
    UserError
        In one line that names the file, if it is absent, truncated, damaged or another file.
    """
    return FORMAT.load(path)
