"""The 1 x 1 layer of a class: channels that fire at some shift of its signals, at none of X+.

For a candidate x* of X- and a position g*, u = 1 - Phi(x*)[:, g*] and m is the minimum of
<u, Phi(x)[:, g]> over X+ and all shifts g. If m > 0 the channel sigma(m - <u, Phi(x)[:, g]>) is
added; it strikes out each candidate at some shift of which it fires.
"""

from dataclasses import dataclass

import numpy as np

from memrob.convolution.firing import fired_orbits
from memrob.interpolation.first_layer import PackedFeatures
from memrob.interpolation.second_layer import (
    LARGEST_BLOCK,
    SecondLayer,
    minima_over_others,
    resolve_in_order,
)


@dataclass(frozen=True)
class InvariantSecondLayer(SecondLayer):
    """Channels that detect one class; see `SecondLayer` for the other attributes.

    Attributes
    ----------
    positions : (m,) int64
        Which shift of its candidate made each channel.
    """

    positions: np.ndarray


def second_layer(
    features: PackedFeatures,
    k: int,
    n_shifts: int,
    rng: np.random.Generator,
    positions: int = 1,
) -> InvariantSecondLayer:
    """Construct the channels that detect class k, visiting candidates in a random permutation.

    Parameters
    ----------
    features : PackedFeatures
        Of all classes at all shifts; all classes but k are X+.
    k : int
        The class that plays X-.
    n_shifts : int
        Number of shifts |S|.
    rng : numpy.random.Generator
        Used for one permutation, and for one of the positions.
    positions : int
        Positions of a candidate that are tried at most, the first shift and then others in random
        order, the same for all, until one gives a channel.
    """
    order = rng.permutation(features.class_sizes[k] // n_shifts)
    tried = np.r_[0, 1 + rng.permutation(n_shifts - 1)[: positions - 1]]
    used = np.zeros(len(order), dtype=np.int64)

    def evaluate(block):
        minima = np.zeros(len(block), dtype=np.int64)
        for position in tried:
            left = np.flatnonzero(minima == 0)
            if len(left) == 0:
                break
            used[block[left]] = position
            masks = features.complement_masks(k, block[left] * n_shifts + position)
            minima[left] = minima_over_others(features, k, masks)
        masks = features.complement_masks(k, block * n_shifts + used[block])
        return minima, fired_orbits(features, k, n_shifts, masks, minima)

    found = resolve_in_order(order, evaluate, LARGEST_BLOCK)
    return InvariantSecondLayer(
        found.candidates, found.thresholds, found.n_covered, used[found.candidates]
    )
