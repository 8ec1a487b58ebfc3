"""The second layer by greedy selection among the neurons of all candidates (own).

Which candidates a neuron covers is a set; the fewest neurons that cover all candidates are a
minimum set cover, of which the greedy algorithm finds one at most 1 + ln(class size) times as large
(Chvatal 1979).
"""

import numpy as np

from memrob.errors import UserError
from memrob.interpolation.second_layer import Evaluator, SecondLayer
from memrob.numerics.bits import pack_words
from memrob.numerics.cover import greedy_cover
from memrob.numerics.memory import available_memory


def select_greedily(evaluate: Evaluator, min_cover: int = 1) -> SecondLayer:
    """Select the candidate whose neuron covers most of what is left, until nothing is (own).

    What each neuron covers is held as bits, (class size)^2 / 8 bytes. What some neuron covers is
    covered in the end. In a fully connected network without slack these are the same points as in
    any order: a candidate with m = 0 is covered by no neuron, one with m > 0 by its own at least.

    Parameters
    ----------
    evaluate, min_cover
        As for `resolve_in_order`.

    Raises
    ------
    UserError
        If there is not the memory for the bits.
    """
    thresholds, rows = coverage(evaluate, min_cover)
    chosen = greedy_cover(rows)
    covered = np.bitwise_or.reduce(rows[chosen], axis=0)
    return SecondLayer(chosen, thresholds[chosen], int(np.bitwise_count(covered).sum()))


def coverage(evaluate: Evaluator, min_cover: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Evaluate all candidates of a class, and pack which of its points each neuron covers.

    Parameters
    ----------
    evaluate, min_cover
        As for `resolve_in_order`.

    Returns
    -------
    (class size,) int64 and (class size, n_words) uint64
        Thresholds m, and rows of bits; all 0 for candidates without a neuron.

    Raises
    ------
    UserError
        If there is not the memory for the bits.
    """
    size = evaluate.n_candidates
    n_bytes = size * size / 8
    if n_bytes > available_memory() / 2:
        raise UserError(
            f"order: greedy takes {n_bytes / 1e9:.1f} GB for a class of {size} points, more than"
            " half of the memory that is left; use permutation"
        )
    thresholds, rows = [], []
    for first in range(0, size, evaluate.largest_block):
        block = np.arange(first, min(first + evaluate.largest_block, size))
        minima, fires = evaluate(block)
        fires = fires & (fires.sum(axis=1) >= min_cover)[:, None]
        thresholds.append(minima)
        rows.append(pack_words(fires))
    return np.concatenate(thresholds), np.concatenate(rows)
