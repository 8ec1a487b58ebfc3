"""The 1 x 1 layer in plain NumPy, one candidate at a time: slow, and obviously right.

`memrob.convolution.second_layer.second_layer` gives exactly what it gives.
"""

from collections.abc import Sequence

import numpy as np
from second_layer_twin import Draw, greedy_cover, layer_of

from memrob.interpolation.second_layer import SecondLayer


def second_layer(
    features: np.ndarray,
    in_minus: np.ndarray,
    draw: Draw,
    tried: Sequence[int] = (0,),
    tolerated: int = 0,
    min_cover: int = 1,
) -> SecondLayer:
    """Construct the channels that detect the class X-.

    Parameters
    ----------
    features : (N, |S|, n) bool
        Phi(x)[i, g] of each signal at each shift, the zero shift first.
    in_minus : (N,) bool
        Which signals are X-; all others, one at least, are X+.
    draw : callable
        Takes the next candidate, as `second_layer_twin.in_permutation_order`.
    tried : sequence of int
        Positions of a candidate, of which the first that gives a channel makes it.
    tolerated, min_cover : int
        Signals of X+ at which a channel may fire, and signals of X- at which it must.

    Returns
    -------
    SecondLayer
        Candidates are positions within X-. The covered signals are counted by letting every
        channel answer for every signal of X- at every shift.
    """
    minus, plus = features[in_minus], features[~in_minus]
    remaining = np.arange(len(minus))
    covered = np.zeros(len(minus), dtype=bool)
    candidates, thresholds = [], []
    while len(remaining) > 0:
        candidate = draw(remaining)
        remaining = remaining[remaining != candidate]
        threshold, fires = channel(minus, plus, candidate, tried, tolerated)
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


def greedy_second_layer(features, in_minus, tried=(0,), tolerated=0, min_cover=1) -> SecondLayer:
    """The channels of which the next one always covers most of what is left, ties by index."""
    minus, plus = features[in_minus], features[~in_minus]
    channels = [channel(minus, plus, i, tried, tolerated) for i in range(len(minus))]
    thresholds = np.array([threshold for threshold, _ in channels])
    fires = np.array([fires if fires.sum() >= min_cover else 0 * fires for _, fires in channels])
    return layer_of(greedy_cover(fires), thresholds, fires)


def cluster_second_layer(
    features, in_minus, order, joining, tried=(0,), tolerated=0, min_cover=1
) -> SecondLayer:
    """The channels of clusters of signals, each at one of its shifts, and their masks (m, n)."""
    minus, plus = features[in_minus], features[~in_minus]
    covered, visited = np.zeros((2, len(minus)), dtype=bool)
    chosen, thresholds, masks = [], [], []
    for candidate in order:
        if covered[candidate] or visited[candidate]:
            continue
        visited[candidate] = True
        for position in tried:
            mask = ~minus[candidate, position]
            threshold, fires = of_mask(minus, plus, mask, tolerated)
            if threshold > 0:
                break
        while threshold > 0:
            outside = np.flatnonzero(~covered & ~fires)
            counts = (minus & mask).sum(axis=2)
            by_count = np.argsort(counts[outside].min(axis=1), kind="stable")
            nearest = outside[by_count[:joining]]
            grown = [mask & ~minus[i, counts[i].argmin()] for i in nearest]
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
        np.array(masks, dtype=bool).reshape(len(masks), features.shape[2]),
    )


def channel(minus, plus, candidate, tried, tolerated):
    """Threshold m of a candidate, and the signals of X- at which its channel fires somewhere."""
    for position in tried:
        threshold, fires = of_mask(minus, plus, ~minus[candidate, position], tolerated)
        if threshold > 0:
            break
    return threshold, fires


def of_mask(minus, plus, mask, tolerated):
    """Threshold m of a mask, and the signals of X- at which its channel fires somewhere."""
    threshold = np.sort((plus & mask).sum(axis=2).min(axis=1))[tolerated]
    return threshold, ((minus & mask).sum(axis=2) < threshold).any(axis=1)


def products(X: np.ndarray, hyperplanes: np.ndarray, shifts: np.ndarray, grid_shape) -> np.ndarray:
    """<W_i, T_g x> in double precision, one roll a shift: (N, d), (n, d) -> (N, |S|, n)."""
    signals = X.astype(np.float64).reshape(len(X), -1, *grid_shape)
    axes = tuple(range(2, signals.ndim))
    moved = [np.roll(signals, tuple(shift), axes).reshape(X.shape) for shift in shifts]
    return np.stack(moved, axis=1) @ hyperplanes.T.astype(np.float64)
