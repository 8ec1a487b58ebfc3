"""How a network decides on points it was not constructed on: which detectors fire there."""

from typing import NamedTuple

import numpy as np

from memrob.interpolation.network import Network


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


def evaluate(network: Network, X: np.ndarray, y: np.ndarray) -> Evaluation:
    """Evaluate a network on test points.

    Parameters
    ----------
    network : Network
        The network.
    X : (N, d) float32
        Points, at least one.
    y : (N,) int
        Their labels.
    """
    detected = network.detections(X)
    correct = network.decided(detected) == y
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
