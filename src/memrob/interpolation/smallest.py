"""How small the second layer could be upon given hyperplanes (own).

Each point x* of X- with m > 0 gives a neuron, and which points of X- it covers is a set. The fewest
such neurons that cover all of them are a minimum set cover: greedy selection bounds their number
from above, the linear programme from below. Neurons of clusters can be fewer.
"""

import time
from dataclasses import dataclass

import numpy as np

from memrob.interpolation.arguments import checked_data
from memrob.interpolation.first_layer import threshold_features
from memrob.interpolation.greedy_order import coverage
from memrob.interpolation.network import Network
from memrob.interpolation.second_layer import BlockEvaluator, Evaluator
from memrob.numerics.cover import greedy_cover
from memrob.numerics.set_cover import cover_bounds


@dataclass(frozen=True)
class WidthBounds:
    """How few neurons detect one class.

    Attributes
    ----------
    label : int
        The class that plays X-.
    lower : int
        No second layer of neurons of [M], Algorithm 1, upon these hyperplanes has fewer and covers
        as much; proved in exact arithmetic.
    upper : int
        Neurons of the smallest one that was found.
    greedy : int
        Neurons of the one that order greedy gives.
    closed : bool
        Whether `upper` is known to be the least number: it is `lower`, or the search ended.
    """

    label: int
    lower: int
    upper: int
    greedy: int
    closed: bool


def least_widths(
    network: Network, X: np.ndarray, y: np.ndarray, *, seconds: float = 0.0
) -> list[WidthBounds]:
    """Bound the least second width upon the hyperplanes of a network, for each detector.

    Parameters
    ----------
    network : Network
        With threshold activation; only its first layer and its labels are looked at.
    X : (N, d) float32
        The training points.
    y : (N,) int
        Their labels.
    seconds : float
        Time for a search by branch and bound, of all detectors together. Without a search the
        result is the same on any machine.

    Returns
    -------
    list of WidthBounds

    Raises
    ------
    UserError
        For data that `fit` would not take, and classes that are too large for the memory.
    """
    X, labels, classes = checked_data(X, y)
    features = threshold_features(network.layer, X, classes)
    detected = np.searchsorted(labels, [detector.label for detector in network.detectors])
    evaluators = [BlockEvaluator(features, int(k)) for k in detected]
    return bounds_of(evaluators, labels[detected], seconds)


def bounds_of(
    evaluators: list[Evaluator], labels: np.ndarray, seconds: float = 0.0
) -> list[WidthBounds]:
    """Bound the number of neurons of each class.

    Parameters
    ----------
    evaluators : list of Evaluator
        Of the candidates of each class.
    labels : (n_detectors,) int
        Labels of these classes.
    seconds : float
        As for `least_widths`; each class may use what others leave.
    """
    found, deadline = [], time.monotonic() + seconds
    for position, (evaluate, label) in enumerate(zip(evaluators, labels, strict=True)):
        _, rows = coverage(evaluate)
        share = max(deadline - time.monotonic(), 0) / (len(evaluators) - position)
        bounds = cover_bounds(rows, evaluate.n_candidates, share if seconds > 0 else 0.0)
        widths = bounds.lower, bounds.upper, len(greedy_cover(rows))
        found.append(WidthBounds(int(label), *widths, bounds.closed))
    return found
