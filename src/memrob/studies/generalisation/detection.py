"""How a network decides on points it was not constructed on: which detectors fire there."""

from typing import NamedTuple

import numpy as np

from memrob.interpolation.first_layer import threshold_features
from memrob.interpolation.network import Network, checked_points
from memrob.interpolation.second_layer import LARGEST_BLOCK, fired_members


class Evaluation(NamedTuple):
    """How a network does on test points.

    Attributes
    ----------
    accuracy : float
        Share of the points that the network labels correctly.
    undetected, ambiguous : float
        Share of the points at which no detector fires, and at which several do: there the rule of
        prediction decides, not the data.
    unique_accuracy : float
        Accuracy on the points at which exactly one detector fires; NaN without such a point.
    undetected_errors, ambiguous_errors : float
        Share of all points that are of either kind and wrongly labelled.
    """

    accuracy: float
    undetected: float
    ambiguous: float
    unique_accuracy: float
    undetected_errors: float
    ambiguous_errors: float


def detections(network: Network, X: np.ndarray) -> np.ndarray:
    """Whether each detector of a threshold network fires at each point.

    The features, on which all detectors look, are computed once.

    Parameters
    ----------
    network : Network
        With threshold activation.
    X : (N, d) float32
        Points.

    Returns
    -------
    (N, n_detectors) bool
    """
    X = checked_points(X)
    features = threshold_features(network.layer, X, [np.arange(len(X))])
    detected = np.zeros((len(X), len(network.detectors)), dtype=bool)
    for k, detector in enumerate(network.detectors):
        for first in range(0, detector.width, LARGEST_BLOCK):
            neurons = slice(first, first + LARGEST_BLOCK)
            masks, thresholds = detector.mask_words[neurons], detector.thresholds[neurons]
            detected[:, k] |= fired_members(features, 0, masks, thresholds).any(axis=0)
    return detected


def predicted_labels(network: Network, detected: np.ndarray) -> np.ndarray:
    """Labels that `Network.predict` gives where detectors fire so: the last of them decides.

    Parameters
    ----------
    network : Network
        The network.
    detected : (N, n_detectors) bool
        From `detections`.

    Returns
    -------
    (N,) int64
        Where no detector fires, the class without a detector for two classes, else the last one.
    """
    labels = np.array([detector.label for detector in network.detectors])
    default = network.labels[0] if len(network.labels) == 2 else network.labels[-1]
    last = detected.shape[1] - 1 - detected[:, ::-1].argmax(axis=1)
    return np.where(detected.any(axis=1), labels[last], default)


def evaluate(network: Network, X: np.ndarray, y: np.ndarray) -> Evaluation:
    """Evaluate a network on test points.

    Parameters
    ----------
    network : Network
        With threshold activation.
    X : (N, d) float32
        Points, at least one.
    y : (N,) int
        Their labels.
    """
    detected = detections(network, X)
    correct = predicted_labels(network, detected) == y
    n_firing = detected.sum(axis=1)
    unique = n_firing == 1
    return Evaluation(
        accuracy=float(correct.mean()),
        undetected=float((n_firing == 0).mean()),
        ambiguous=float((n_firing > 1).mean()),
        unique_accuracy=float(correct[unique].mean()) if unique.any() else np.nan,
        undetected_errors=float((~correct & (n_firing == 0)).mean()),
        ambiguous_errors=float((~correct & (n_firing > 1)).mean()),
    )
