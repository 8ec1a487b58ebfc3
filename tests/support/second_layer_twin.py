"""The second layer in plain NumPy, one candidate at a time: slow, and obviously right.

It works on boolean features, one row a point, and follows the text of [M], Algorithm 1. The fast
constructions in `second_layer` and `reference_order` give exactly what it gives.
"""

from collections.abc import Callable
from copy import deepcopy

import numpy as np

from memrob.interpolation.second_layer import SecondLayer

Draw = Callable[[np.ndarray], int]
"""Given the remaining candidates in ascending order, the one to be taken next."""


def second_layer(features: np.ndarray, in_minus: np.ndarray, draw: Draw) -> SecondLayer:
    """Construct the second layer of the class X-.

    Parameters
    ----------
    features : (N, n) bool
        Phi(x), one row a point.
    in_minus : (N,) bool
        Which points are X-; all others, one at least, are X+.
    draw : callable
        Takes the next candidate: `in_permutation_order` or `in_reference_order`.

    Returns
    -------
    SecondLayer
        Candidates are positions within X-. The covered points are counted by letting every neuron
        answer for every point of X-.
    """
    minus, plus = features[in_minus], features[~in_minus]
    remaining = np.arange(len(minus))
    covered = np.zeros(len(minus), dtype=bool)
    candidates, thresholds = [], []
    while len(remaining) > 0:
        candidate = draw(remaining)
        remaining = remaining[remaining != candidate]
        mask = ~minus[candidate]
        threshold = (plus & mask).sum(axis=1).min()
        if threshold > 0:
            fires = (minus & mask).sum(axis=1) < threshold
            candidates.append(candidate)
            thresholds.append(threshold)
            covered |= fires
            remaining = remaining[~fires[remaining]]
    return SecondLayer(
        np.array(candidates, dtype=np.int64),
        np.array(thresholds, dtype=np.int64),
        int(covered.sum()),
    )


def in_permutation_order(order: np.ndarray) -> Draw:
    """Take candidates in a given order, passing over those struck out.

    Parameters
    ----------
    order : (size,) int
        A permutation of the positions within X-.
    """
    return lambda remaining: order[np.isin(order, remaining)][0]


def in_reference_order(rng: np.random.Generator) -> Draw:
    """Take candidates as the published trials do, by `choice` among those that remain.

    Parameters
    ----------
    rng : numpy.random.Generator
        As the first layer left it. Not advanced: a copy is used.
    """
    generator = deepcopy(rng)
    return lambda remaining: generator.choice(remaining)
