"""Invariant networks and fitted estimators as `torch.nn.Module`."""

import numpy as np

from memrob.convolution.network import InvariantNetwork
from memrob.errors import UserError
from memrob.interpolation.torch_module import parts_of, require_torch, state_of, with_state


def to_torch(network):
    """Convert an invariant network, or a fitted estimator, to a torch module.

    Parameters
    ----------
    network : InvariantNetwork or InvariantInterpolatingClassifier

    Returns
    -------
    memrob.convolution.torch_network.TorchInvariantNetwork
        In float32, on the processor: a circular convolution, a threshold, a 1 x 1 convolution, a
        threshold and global max pooling. It is called as that of `memrob.interpolation.to_torch`.

    Raises
    ------
    UserError
        If torch is not installed, for a grid of more than three axes, an estimator without `fit`
        and objects of other types.

    Notes
    -----
    The module convolves signals as they are, and not the representatives of their orbits. So its
    labels can differ from those of `network.predict`, and of shifts of the signal, where some
    filter's product and bias cancel up to the rounding error of the sum.
    """
    require_torch()
    from memrob.convolution.estimator import InvariantInterpolatingClassifier
    from memrob.convolution.torch_network import CONVOLUTIONS, TorchInvariantNetwork

    inner, labels, scale = parts_of(network, InvariantNetwork, InvariantInterpolatingClassifier)
    layer = inner.layer
    group = layer.group
    if len(group.grid_shape) not in CONVOLUTIONS:
        raise UserError(
            f"to_torch: the grid has {len(group.grid_shape)} axes; torch convolves over one, two"
            " or three"
        )
    module = TorchInvariantNetwork(
        group.grid_shape,
        group.strides,
        layer.filter_shape,
        layer.n_channels,
        layer.width,
        inner.second_width,
        len(labels),
        inner.decision,
    )
    state = state_of(inner, labels, scale)
    state["first.weight"] = layer.filters
    axes = tuple(range(2, 2 + len(group.grid_shape)))
    state["second.weight"] = np.expand_dims(state["second.weight"], axes)
    return with_state(module, state)
