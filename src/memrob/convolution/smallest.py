"""How small the 1 x 1 layers could be upon given filters (own)."""

import numpy as np

from memrob.convolution.first_layer import shift_features
from memrob.convolution.group import representatives
from memrob.convolution.network import InvariantNetwork
from memrob.convolution.second_layer import OrbitEvaluator
from memrob.interpolation.arguments import checked_data
from memrob.interpolation.smallest import WidthBounds, bounds_of


def least_widths(
    network: InvariantNetwork, X: np.ndarray, y: np.ndarray, *, seconds: float = 0.0
) -> list[WidthBounds]:
    """Bound the least number of channels upon the filters of a network, for each detector.

    Channels are those of the first position of each signal.

    Parameters
    ----------
    network : InvariantNetwork
        Only its filters and its labels are looked at.
    X, y, seconds
        The training signals, and as for `memrob.interpolation.smallest.least_widths`.

    Returns
    -------
    list of WidthBounds
    """
    X, labels, classes = checked_data(X, y)
    group = network.layer.group
    features = shift_features(network.layer, representatives(X, group), classes)
    detected = np.searchsorted(labels, [detector.label for detector in network.detectors])
    evaluators = [
        OrbitEvaluator(
            features, int(k), group.order, np.zeros(1, int), np.zeros(len(classes[k]), int)
        )
        for k in detected
    ]
    return bounds_of(evaluators, labels[detected], seconds)
