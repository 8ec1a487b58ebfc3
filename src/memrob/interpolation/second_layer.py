"""Second layer: neurons that fire at points of X- and nowhere on X+ ([M], Algorithm 2).

For a candidate x* of X-, u = 1 - Phi(x*) and m = min over X+ of <u, Phi(x)>. If m > 0 the neuron
sigma(m - <u, Phi(x)>) is added; it strikes out the candidates with <u, Phi(x)> < m.
"""

from dataclasses import dataclass
from functools import partial
from typing import ClassVar, Protocol

import numpy as np

from memrob.interpolation.first_layer import PackedFeatures
from memrob.numerics.packed import LANES, UNBOUNDED, masked_below, masked_minima
from memrob.numerics.ranked import masked_counts, masked_ranks
from memrob.numerics.sliced import sliced_below, sliced_minima

LARGEST_BLOCK = 64
"""Candidates that are evaluated together at most."""

SLICED_FROM = 8
"""Masks of a block that pay for slicing the features, unless they are sliced already."""

LARGEST_SLICED = 1 << 29
"""Bytes of features that are held a second time, sliced, at most."""


class Evaluator(Protocol):
    """Evaluates candidates of one class, wherever that is done.

    Attributes
    ----------
    n_candidates : int
        Points of the class.
    largest_block, first_block : int
        Candidates that are evaluated together, at most and at first; they change time alone.
    """

    n_candidates: int
    largest_block: int
    first_block: int

    def __call__(self, block: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Thresholds m (block size,), and members that fire (block size, class size) bool."""


class GrowingEvaluator(Evaluator, Protocol):
    """Evaluates neurons of one class whose masks come from several of its points, too."""

    def mask(self, candidate: int) -> np.ndarray:
        """Mask of a candidate that was evaluated: (n_words,) uint64."""

    def joined(self, mask: np.ndarray, members: np.ndarray, most: int) -> np.ndarray:
        """Masks with one more point: (at most `most`, n_words) uint64, of those with few counts.

        Parameters
        ----------
        mask : (n_words,) uint64
            A mask u.
        members : (m,) int
            Positions within the class, ascending. Those with the least <u, Phi(x)> join, of
            several the first.
        most : int
            How many do.
        """

    def evaluated(self, masks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What the evaluator returns for candidates, for masks (n_masks, n_words)."""


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
    masks : (m, n_words) uint64, optional
        Masks u, where they are not those of the candidates alone.
    """

    candidates: np.ndarray
    thresholds: np.ndarray
    n_covered: int
    masks: np.ndarray | None = None

    def masks_on(self, features: PackedFeatures, k: int) -> np.ndarray:
        """Masks u of the neurons upon the features of class k: (m, n_words) uint64."""
        if self.masks is not None:
            return self.masks
        return features.complement_masks(k, self.candidates)


@dataclass(frozen=True)
class BlockEvaluator:
    """Evaluates candidates of class k on packed features: a `GrowingEvaluator`.

    Attributes
    ----------
    features : PackedFeatures
        Features of all classes; all classes but k are X+.
    k : int
        The class that plays X-.
    tolerated : int
        Points of X+ at which a neuron may fire.
    """

    features: PackedFeatures
    k: int
    tolerated: int = 0

    largest_block: ClassVar[int] = LARGEST_BLOCK
    first_block: ClassVar[int] = 1

    @property
    def n_candidates(self) -> int:
        """Points of the class."""
        return self.features.class_sizes[self.k]

    def __call__(self, block: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """See `Evaluator`."""
        return self.evaluated(self.features.complement_masks(self.k, block))

    def evaluated(self, masks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """See `GrowingEvaluator`."""
        thresholds = ranked_over_others(self.features, self.k, masks, self.tolerated)
        return thresholds, fired_members(self.features, self.k, masks, thresholds)

    def mask(self, candidate: int) -> np.ndarray:
        """See `GrowingEvaluator`."""
        return self.features.complement_masks(self.k, np.array([candidate]))[0]

    def joined(self, mask: np.ndarray, members: np.ndarray, most: int) -> np.ndarray:
        """See `GrowingEvaluator`."""
        counts = member_counts(self.features, self.k, mask)[members]
        nearest = members[np.argsort(counts, kind="stable")[:most]]
        return mask & self.features.complement_masks(self.k, nearest)


def ranked_over_others(
    features: PackedFeatures, k: int, masks: np.ndarray, rank: int, group: int = 1
) -> np.ndarray:
    """The (rank + 1)-th smallest <mask, feature> over X+: (n_masks, n_words) -> (n_masks,) int64.

    Parameters
    ----------
    features, k, masks
        As for `minima_over_others`, which it is for rank 0.
    rank : int
        Less than the number of groups.
    group : int
        So many points of a class in a row count once, with their least count.
    """
    if rank == 0:
        return minima_over_others(features, k, masks)
    ranked = np.full(len(masks), UNBOUNDED, dtype=np.int64)
    histograms = np.zeros((len(masks), features.n_features + 1), dtype=np.int64)
    n_below = np.zeros(len(masks), dtype=np.int64)
    for j, size in enumerate(features.class_sizes):
        if j != k:
            start, _ = features.tile_range(j)
            masked_ranks(
                features.tiles, start, size, group, rank, masks, ranked, histograms, n_below
            )
    return ranked


def minima_over_others(features: PackedFeatures, k: int, masks: np.ndarray) -> np.ndarray:
    """Minimum m of each mask over X+, all classes but k: (n_masks, n_words) -> (n_masks,) int64."""
    minima = np.full(len(masks), UNBOUNDED, dtype=np.uint64)
    lower = partial(masked_minima, features.tiles)
    if _sliced(features, len(masks)):
        lower = partial(sliced_minima, features.slices)
    for start, stop in features.other_tile_ranges(k):
        lower(start, stop, masks, minima)
    return minima.astype(np.int64)


def _sliced(features: PackedFeatures, n_masks: int) -> bool:
    if features.has_slices:
        return True
    return n_masks >= SLICED_FROM and features.tiles.nbytes <= LARGEST_SLICED


def fired_members(
    features: PackedFeatures, k: int, masks: np.ndarray, thresholds: np.ndarray
) -> np.ndarray:
    """Whether each neuron fires at each point of class k: (n_masks, class size) bool."""
    start, stop = features.tile_range(k)
    fires = np.empty((len(masks), (stop - start) * LANES), dtype=bool)
    if _sliced(features, len(masks)):
        sliced_below(features.slices, start, stop, masks, thresholds, fires)
    else:
        masked_below(features.tiles, start, stop, masks, thresholds, fires)
    return fires[:, : features.class_sizes[k]]


def member_counts(features: PackedFeatures, k: int, mask: np.ndarray) -> np.ndarray:
    """<mask, feature> at each point of class k: (n_words,) uint64 -> (class size,) int64."""
    start, stop = features.tile_range(k)
    counts = np.empty((stop - start) * LANES, dtype=np.int64)
    masked_counts(features.tiles, start, stop, np.ascontiguousarray(mask), counts)
    return counts[: features.class_sizes[k]]
