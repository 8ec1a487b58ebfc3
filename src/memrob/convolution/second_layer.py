"""The 1 x 1 layer of a class: channels that fire at some shift of its signals, at none of X+.

For a candidate x* of X- and a position g*, u = 1 - Phi(x*)[:, g*] and m is the minimum of
<u, Phi(x)[:, g]> over X+ and all shifts g. If m > 0 the channel sigma(m - <u, Phi(x)[:, g]>) is
added; it strikes out each candidate at some shift of which it fires.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from memrob.convolution.firing import fired_orbits
from memrob.interpolation.first_layer import PackedFeatures
from memrob.interpolation.second_layer import (
    LARGEST_BLOCK,
    SecondLayer,
    member_counts,
    ranked_over_others,
)
from memrob.interpolation.selection import PUBLISHED, Selection, select


@dataclass(frozen=True)
class OrbitEvaluator:
    """Evaluates candidates of class k at all shifts: a `GrowingEvaluator`.

    Attributes
    ----------
    features : PackedFeatures
        Of all classes at all shifts; all classes but k are X+.
    k : int
        The class that plays X-.
    n_shifts : int
        Number of shifts |S|.
    tried : (p,) int64
        Positions of a candidate, of which the first that gives a channel makes it.
    used : (number of signals of the class,) int64
        Which position made each candidate's channel; filled in.
    tolerated : int
        Signals of X+ at which a channel may fire.
    """

    features: PackedFeatures
    k: int
    n_shifts: int
    tried: np.ndarray
    used: np.ndarray
    tolerated: int = 0

    largest_block: ClassVar[int] = LARGEST_BLOCK
    first_block: ClassVar[int] = 1

    @property
    def n_candidates(self) -> int:
        """Signals of the class."""
        return len(self.used)

    def __call__(self, block: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """See `Evaluator`."""
        features, k, n_shifts = self.features, self.k, self.n_shifts
        thresholds = np.zeros(len(block), dtype=np.int64)
        for position in self.tried:
            left = np.flatnonzero(thresholds == 0)
            if len(left) == 0:
                break
            self.used[block[left]] = position
            masks = self.masks_of(block[left], position)
            thresholds[left] = ranked_over_others(features, k, masks, self.tolerated, n_shifts)
        masks = self.masks_of(block, self.used[block])
        return thresholds, fired_orbits(features, k, n_shifts, masks, thresholds)

    def masks_of(self, members: np.ndarray, shifts: np.ndarray | int) -> np.ndarray:
        """Masks u = 1 - Phi(x)[:, g], one for each member and its shift: (m, n_words) uint64."""
        return self.features.complement_masks(self.k, members * self.n_shifts + shifts)

    def evaluated(self, masks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """See `GrowingEvaluator`."""
        features, k, n_shifts = self.features, self.k, self.n_shifts
        thresholds = ranked_over_others(features, k, masks, self.tolerated, n_shifts)
        return thresholds, fired_orbits(features, k, n_shifts, masks, thresholds)

    def mask(self, candidate: int) -> np.ndarray:
        """See `GrowingEvaluator`."""
        return self.masks_of(np.array([candidate]), self.used[candidate])[0]

    def joined(self, mask: np.ndarray, members: np.ndarray, most: int) -> np.ndarray:
        """See `GrowingEvaluator`; a signal joins at the shift of its least count, the first."""
        counts = member_counts(self.features, self.k, mask).reshape(-1, self.n_shifts)[members]
        nearest = np.argsort(counts.min(axis=1), kind="stable")[:most]
        return mask & self.masks_of(members[nearest], counts[nearest].argmin(axis=1))


def second_layer(
    features: PackedFeatures,
    k: int,
    n_shifts: int,
    rng: np.random.Generator,
    positions: int = 1,
    selection: Selection = PUBLISHED,
) -> SecondLayer:
    """Construct the channels that detect class k.

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
    selection : Selection
        In any order but reference.
    """
    size = features.class_sizes[k] // n_shifts
    permutation = rng.permutation(size)
    tried = np.r_[0, 1 + rng.permutation(n_shifts - 1)[: positions - 1]]
    tolerated = selection.tolerated(sum(features.class_sizes) // n_shifts - size)
    evaluate = OrbitEvaluator(
        features, k, n_shifts, tried, np.zeros(size, dtype=np.int64), tolerated
    )
    found = select(evaluate, permutation, selection)
    if found.masks is None:
        masks = evaluate.masks_of(found.candidates, evaluate.used[found.candidates])
        found = replace(found, masks=masks)
    return found
