"""Second layer: neurons that fire at points of X- and nowhere on X+ ([M], Algorithm 1).

For a candidate x* of X-, u = 1 - Phi(x*) and m = min over X+ of <u, Phi(x)>. If m > 0 the neuron
sigma(m - <u, Phi(x)>) is added; it strikes out the candidates with <u, Phi(x)> < m.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from memrob.interpolation.first_layer import PackedFeatures
from memrob.numerics.packed import LANES, UNBOUNDED, masked_below, masked_minima

LARGEST_BLOCK = 64
"""Candidates that are evaluated together at most."""


Evaluate = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]
"""For a block of candidates, their minima over X+ (block size,) and, for each, the members of the
class at which its neuron fires, (block size, class size) bool."""


@dataclass(frozen=True)
class SecondLayer:
    """Neurons that detect one class.

    Attributes
    ----------
    candidates : (m,) int64
        Positions within the class of the points that made the neurons, in order of creation.
    thresholds : (m,) int64
        Minimum m of each neuron.
    n_covered : int
        Points of the class at which some neuron fires.
    """

    candidates: np.ndarray
    thresholds: np.ndarray
    n_covered: int


def second_layer_in_permutation_order(
    features: PackedFeatures, k: int, rng: np.random.Generator
) -> SecondLayer:
    """Construct the second layer of class k, visiting candidates in one random permutation.

    A uniformly random permutation with the struck-out candidates skipped has the distribution of
    drawing uniformly among those left at every step. Since m depends on the candidate alone, a
    block of candidates is evaluated together and then resolved in order, which gives exactly what
    one candidate at a time gives, whatever the size of the block.

    Parameters
    ----------
    features : PackedFeatures
        Features of all classes; all classes but k are X+.
    k : int
        The class that plays X-.
    rng : numpy.random.Generator
        Used for one permutation.
    """
    order = rng.permutation(features.class_sizes[k])
    return resolve_in_order(order, lambda block: _evaluate(features, k, block), LARGEST_BLOCK)


def resolve_in_order(
    order: np.ndarray, evaluate: Evaluate, largest_block: int, first_block: int = 1
) -> SecondLayer:
    """Visit candidates in order, evaluate blocks of those left, and strike out what they cover.

    Parameters
    ----------
    order : (class size,) int
        A permutation of the positions within the class.
    evaluate : callable
        Evaluates a block of candidates, wherever that is done.
    largest_block, first_block : int
        Candidates that are evaluated together, at most and at first; they change time alone.
    """
    alive = np.ones(len(order), dtype=bool)
    covered = np.zeros(len(order), dtype=bool)
    chosen, thresholds = [], []
    position, block_size = 0, min(first_block, largest_block)
    while position < len(order):
        block, position = _next_alive(order, alive, position, block_size)
        if len(block) == 0:
            break
        minima, fires = evaluate(block)
        kept = 0
        for candidate, minimum, fired in zip(block, minima, fires, strict=True):
            if alive[candidate]:
                kept += 1
                alive[candidate] = False
                if minimum > 0:
                    chosen.append(candidate)
                    thresholds.append(minimum)
                    alive &= ~fired
                    covered |= fired
        block_size = _next_block_size(block_size, kept, largest_block)
    return SecondLayer(
        np.array(chosen, dtype=np.int64),
        np.array(thresholds, dtype=np.int64),
        int(covered.sum()),
    )


def _next_alive(order, alive, position, size):
    window = size
    while True:
        ahead = order[position : position + window]
        left = np.flatnonzero(alive[ahead])
        if len(left) >= size:
            return ahead[left[:size]], position + left[size - 1] + 1
        if position + window >= len(order):
            return ahead[left], len(order)
        window *= 2


def _next_block_size(size: int, kept: int, largest: int) -> int:
    # Candidates that an earlier one of their block strikes out were evaluated in vain.
    if 4 * kept >= 3 * size:
        return min(2 * size, largest)
    if 2 * kept < size:
        return max(size // 2, 1)
    return size


def _evaluate(features: PackedFeatures, k: int, block: np.ndarray):
    masks = features.complement_masks(k, block)
    minima = minima_over_others(features, k, masks)
    return minima, fired_members(features, k, masks, minima)


def minima_over_others(features: PackedFeatures, k: int, masks: np.ndarray) -> np.ndarray:
    """Minimum m of each mask over X+, all classes but k: (n_masks, n_words) -> (n_masks,) int64."""
    minima = np.full(len(masks), UNBOUNDED, dtype=np.uint64)
    for start, stop in features.other_tile_ranges(k):
        masked_minima(features.tiles, start, stop, masks, minima)
    return minima.astype(np.int64)


def fired_members(
    features: PackedFeatures, k: int, masks: np.ndarray, thresholds: np.ndarray
) -> np.ndarray:
    """Whether each neuron fires at each point of class k: (n_masks, class size) bool."""
    start, stop = features.tile_range(k)
    fires = np.empty((len(masks), (stop - start) * LANES), dtype=bool)
    masked_below(features.tiles, start, stop, masks, thresholds, fires)
    return fires[:, : features.class_sizes[k]]
