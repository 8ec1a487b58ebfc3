"""Networks and fitted estimators as `torch.nn.Module`."""

import numpy as np

from memrob.errors import UserError
from memrob.interpolation.network import Network
from memrob.interpolation.saved import either
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
    require_torch()
    from memrob.interpolation.estimator import InterpolatingClassifier
    from memrob.interpolation.torch_network import TorchNetwork

    inner, labels, scale = parts_of(network, Network, InterpolatingClassifier)
    n, d = inner.weights.shape
    activation = inner.detectors[0].activation
    module = TorchNetwork(d, n, inner.second_width, len(labels), activation, inner.decision)
    return with_state(module, state_of(inner, labels, scale))


def require_torch() -> None:
    """UserError if torch is not installed."""
    try:
        import torch  # noqa: F401
    except ImportError as error:
        raise UserError(f"to_torch: needs torch, which is not installed: {INSTALL}") from error


def parts_of(network, kind: type, estimator: type) -> tuple[Network, np.ndarray, float]:
    """Network, labels or positions of labels, and scale of a network or of an estimator.

    Parameters
    ----------
    network : Network or estimator
    kind : type
        What a network must be.
    estimator : type
        What an estimator must be.

    Raises
    ------
    UserError
        For an estimator without `fit` and for objects of other types.
    """
    if type(network) is kind:
        return network, network.labels, 1.0
    if not isinstance(network, estimator):
        raise UserError(f"to_torch: takes {either(kind, estimator)}, not {type(network).__name__}")
    if not hasattr(network, "network_"):
        raise UserError("to_torch: the estimator is not fitted; call fit first")
    classes = network.classes_
    if not np.can_cast(classes.dtype, np.int64):
        classes = np.arange(len(classes))
    return network.network_, classes.astype(np.int64), network.scale_


def state_of(network: Network, labels: np.ndarray, scale: float) -> dict[str, np.ndarray]:
    """Arrays of the module's state, weights of both layers as matrices."""
    detectors = network.detectors
    masks = np.concatenate([detector.masks for detector in detectors])
    thresholds = np.concatenate([detector.thresholds for detector in detectors])
    positions = np.searchsorted(network.labels, [detector.label for detector in detectors])
    return {
        "scale": np.float32(scale),
        "first.weight": network.weights,
        "first.bias": network.biases,
        "second.weight": -masks.astype(np.float32),
        "second.bias": thresholds.astype(np.float32),
        "detected": np.repeat(positions, network.second_width_per_class),
        "labels": labels,
        "default": np.searchsorted(network.labels, network.default),
    }


def with_state(module, arrays: dict[str, np.ndarray]):
    """Module with these arrays as its state, without gradients."""
    import torch

    module.load_state_dict({name: torch.tensor(array) for name, array in arrays.items()})
    return module.requires_grad_(False)
