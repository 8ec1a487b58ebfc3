"""Networks and fitted estimators as `torch.nn.Module`."""

import numpy as np

from memrob.errors import UserError
from memrob.interpolation.network import Network
from memrob.interpolation.saved_estimator import is_estimator
from memrob.numerics.device import INSTALL


def to_torch(network):
    """Convert a network, or a fitted estimator, to a torch module that predicts the same labels.

    Parameters
    ----------
    network : Network or InterpolatingClassifier

    Returns
    -------
    memrob.interpolation.torch_network.TorchNetwork
        In float32, on the processor. Called with (N, d) points it gives (N,) int64: labels if
        these are integers or bools, else positions in the estimator's `classes_`. Points are
        divided by the estimator's `scale_` first, as its `predict` does.

    Raises
    ------
    UserError
        If torch is not installed, for an estimator without `fit` and for objects of other types.

    Notes
    -----
    Prediction is the same function, computed in the same precision, but the terms of W x are
    added in the order of torch's matrix product. A label can differ from that of
    `network.predict` only at a point where some hyperplane's W x + b lies within the rounding
    error of that sum, about d 2^-24 |W| |x|, around 0, or, for relu activation, a neuron's
    pre-activation within that of its own sum. In the plane threshold networks are the same bit by
    bit.
    """
    try:
        import torch
    except ImportError as error:
        raise UserError(f"to_torch: needs torch, which is not installed: {INSTALL}") from error
    from memrob.interpolation.torch_network import TorchNetwork

    inner, labels, scale = _parts(network)
    n, d = inner.weights.shape
    detectors = inner.detectors
    masks = np.concatenate([detector.masks for detector in detectors])
    thresholds = np.concatenate([detector.thresholds for detector in detectors])
    positions = np.searchsorted(inner.labels, [detector.label for detector in detectors])
    module = TorchNetwork(d, n, len(masks), len(labels), detectors[0].activation)
    arrays = {
        "scale": np.float32(scale),
        "first.weight": inner.weights,
        "first.bias": inner.biases,
        "second.weight": -masks.astype(np.float32),
        "second.bias": thresholds.astype(np.float32),
        "detected": np.repeat(positions, inner.second_width_per_class),
        "labels": labels,
    }
    module.load_state_dict({name: torch.tensor(array) for name, array in arrays.items()})
    return module.requires_grad_(False)


def _parts(network) -> tuple[Network, np.ndarray, float]:
    if isinstance(network, Network):
        return network, network.labels, 1.0
    if not is_estimator(network):
        raise UserError(
            f"to_torch: takes a Network or an InterpolatingClassifier, not {type(network).__name__}"
        )
    if not hasattr(network, "network_"):
        raise UserError("to_torch: the estimator is not fitted; call fit first")
    classes = network.classes_
    if not np.can_cast(classes.dtype, np.int64):
        classes = np.arange(len(classes))
    return network.network_, classes.astype(np.int64), network.scale_
