"""The 1 x 1 layer in plain NumPy, one candidate at a time: slow, and obviously right.

`memrob.convolution.second_layer.second_layer` gives exactly what it gives.
"""

from collections.abc import Sequence

import numpy as np
from second_layer_twin import Draw

from memrob.interpolation.second_layer import SecondLayer


def second_layer(
    features: np.ndarray, in_minus: np.ndarray, draw: Draw, tried: Sequence[int] = (0,)
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
        for position in tried:
            mask = ~minus[candidate, position]
            threshold = (plus & mask).sum(axis=2).min()
            if threshold > 0:
                break
        if threshold > 0:
            fires = ((minus & mask).sum(axis=2) < threshold).any(axis=1)
            candidates.append(candidate)
            thresholds.append(threshold)
            covered |= fires
            remaining = remaining[~fires[remaining]]
    return SecondLayer(
        np.array(candidates, dtype=np.int64),
        np.array(thresholds, dtype=np.int64),
        int(covered.sum()),
    )


def products(X: np.ndarray, hyperplanes: np.ndarray, shifts: np.ndarray, grid_shape) -> np.ndarray:
    """<W_i, T_g x> in double precision, one roll a shift: (N, d), (n, d) -> (N, |S|, n)."""
    signals = X.astype(np.float64).reshape(len(X), -1, *grid_shape)
    axes = tuple(range(2, signals.ndim))
    moved = [np.roll(signals, tuple(shift), axes).reshape(X.shape) for shift in shifts]
    return np.stack(moved, axis=1) @ hyperplanes.T.astype(np.float64)
