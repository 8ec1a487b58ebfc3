"""The second layer in plain NumPy, one candidate at a time: slow, and obviously right.

It works on boolean features, one row per point, and follows the text of [M], Algorithm 1. The fast
constructions in `second_layer` and `reference_order` give exactly what it gives.
"""

from collections.abc import Callable
from copy import deepcopy

import numpy as np

from memrob.interpolation.second_layer import SecondLayer

Draw = Callable[[np.ndarray], int]
"""Given the remaining candidates in ascending order, the one to be taken next."""


def second_layer(
    features: np.ndarray,
    in_minus: np.ndarray,
    draw: Draw,
    tolerated: int = 0,
    min_cover: int = 1,
) -> SecondLayer:
    """Construct the second layer of the class X-.

    Parameters
    ----------
    features : (N, n) bool
        Phi(x), one row per point.
    in_minus : (N,) bool
        Which points are X-; all others, one at least, are X+.
    draw : callable
        Takes the next candidate: `in_permutation_order` or `in_reference_order`.
    tolerated : int
        Points of X+ at which a neuron may fire.
    min_cover : int
        Points of X- at which it must fire.

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
        threshold, fires = neuron(minus, plus, candidate, tolerated)
        if threshold > 0 and fires.sum() >= min_cover:
            candidates.append(candidate)
            thresholds.append(threshold)
            covered |= fires
            remaining = remaining[~fires[remaining]]
    return SecondLayer(
        np.array(candidates, dtype=np.int64),
        np.array(thresholds, dtype=np.int64),
        int(covered.sum()),
    )


def neuron(minus, plus, candidate, tolerated=0):
    """Threshold m of a candidate, and the points of X- at which its neuron fires."""
    return of_mask(minus, plus, ~minus[candidate], tolerated)


def greedy_second_layer(
    features: np.ndarray, in_minus: np.ndarray, tolerated: int = 0, min_cover: int = 1
) -> SecondLayer:
    """The second layer whose next neuron always covers most of what is left, ties by index."""
    minus, plus = features[in_minus], features[~in_minus]
    neurons = [neuron(minus, plus, candidate, tolerated) for candidate in range(len(minus))]
    thresholds = np.array([threshold for threshold, _ in neurons])
    fires = np.array([fires if fires.sum() >= min_cover else 0 * fires for _, fires in neurons])
    return layer_of(greedy_cover(fires), thresholds, fires)


def cluster_second_layer(
    features: np.ndarray,
    in_minus: np.ndarray,
    order: np.ndarray,
    joining: int,
    tolerated: int = 0,
    min_cover: int = 1,
) -> SecondLayer:
    """The second layer whose neurons come from clusters of points, and their masks (m, n) bool."""
    minus, plus = features[in_minus], features[~in_minus]
    covered, visited = np.zeros((2, len(minus)), dtype=bool)
    chosen, thresholds, masks = [], [], []
    for candidate in order:
        if covered[candidate] or visited[candidate]:
            continue
        visited[candidate] = True
        mask = ~minus[candidate]
        threshold, fires = of_mask(minus, plus, mask, tolerated)
        while threshold > 0:
            outside = np.flatnonzero(~covered & ~fires)
            by_count = np.argsort((minus[outside] & mask).sum(axis=1), kind="stable")
            grown = [mask & ~minus[member] for member in outside[by_count[:joining]]]
            gains = [(of_mask(minus, plus, u, tolerated)[1] & ~covered).sum() for u in grown]
            if not gains or max(gains) <= (fires & ~covered).sum():
                break
            mask = grown[int(np.argmax(gains))]
            threshold, fires = of_mask(minus, plus, mask, tolerated)
        if threshold > 0 and fires.sum() >= min_cover:
            chosen.append(candidate)
            thresholds.append(threshold)
            masks.append(mask)
            covered |= fires
    return SecondLayer(
        np.array(chosen, dtype=np.int64),
        np.array(thresholds, dtype=np.int64),
        int(covered.sum()),
        np.array(masks, dtype=bool).reshape(len(masks), features.shape[1]),
    )


def of_mask(minus, plus, mask, tolerated=0):
    """Threshold m of a mask, and the points of X- at which its neuron fires."""
    threshold = np.sort((plus & mask).sum(axis=1))[tolerated]
    return threshold, (minus & mask).sum(axis=1) < threshold


def greedy_cover(sets: np.ndarray) -> list[int]:
    """Greedy cover of what the sets, (n_sets, n_elements) bool, cover together."""
    chosen, left = [], sets.any(axis=0)
    while left.any():
        chosen.append(int((sets & left).sum(axis=1).argmax()))
        left = left & ~sets[chosen[-1]]
    return chosen


def layer_of(chosen, thresholds, fires) -> SecondLayer:
    """Second layer of chosen neurons, of which `fires` tells what each covers."""
    covered = fires[chosen].any(axis=0).sum() if chosen else 0
    return SecondLayer(np.array(chosen, dtype=np.int64), thresholds[chosen], int(covered))


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
