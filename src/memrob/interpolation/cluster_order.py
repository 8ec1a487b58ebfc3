"""The second layer with neurons of clusters instead of single points (own).

The mask of a cluster of points of X- is u = 1 where Phi is 0 at all of them, and m is the minimum
of <u, Phi> over X+ as before, so that the neuron fires at the whole cluster and at no point of X+.
The points that some neuron covers are those that the neurons of [M], Algorithm 1, cover: if m = 0
for a candidate x*, then Phi(x) <= Phi(x*) for some x in X+, and every neuron with a mask u >= 0
that fires at x* fires at x.
"""

import numpy as np

from memrob.interpolation.second_layer import GrowingEvaluator, SecondLayer

JOINING = 16
"""Points that are tried as the next member of a cluster."""


def select_clusters(
    evaluate: GrowingEvaluator, order: np.ndarray, min_cover: int = 1
) -> SecondLayer:
    """Visit candidates in order, and grow each that is left to a cluster before it gets a neuron.

    Parameters
    ----------
    evaluate : GrowingEvaluator
        Evaluates candidates and masks of clusters.
    order : (class size,) int
        A permutation of the positions within the class.
    min_cover : int
        Candidates whose grown neurons fire at fewer points of the class get none.
    """
    left = np.ones(len(order), dtype=bool)
    covered = np.zeros(len(order), dtype=bool)
    chosen, thresholds, masks = [], [], []
    for candidate in order:
        if not left[candidate]:
            continue
        left[candidate] = False
        mask, threshold, fires = _grown(evaluate, candidate, ~covered)
        if threshold > 0 and fires.sum() >= min_cover:
            chosen.append(candidate)
            thresholds.append(threshold)
            masks.append(mask)
            left &= ~fires
            covered |= fires
    return SecondLayer(
        np.array(chosen, dtype=np.int64),
        np.array(thresholds, dtype=np.int64),
        int(covered.sum()),
        np.array(masks) if masks else None,
    )


def _grown(evaluate: GrowingEvaluator, candidate: int, uncovered: np.ndarray):
    # Of the uncovered points nearest to the cluster the one joins with which the neuron covers most
    # new points, the first of several, as long as it covers more than before.
    (threshold,), (fires,) = evaluate(np.array([candidate]))
    mask = evaluate.mask(candidate)
    while threshold > 0:
        outside = np.flatnonzero(uncovered & ~fires)
        if len(outside) == 0:
            break
        masks = evaluate.joined(mask, outside, JOINING)
        minima, answers = evaluate.evaluated(masks)
        gains = (answers & uncovered).sum(axis=1)
        best = int(gains.argmax())
        if gains[best] <= (fires & uncovered).sum():
            break
        mask, threshold, fires = masks[best], minima[best], answers[best]
    return mask, threshold, fires
