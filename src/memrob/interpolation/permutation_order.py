"""The second layer with candidates visited in one random permutation ([M], Algorithm 1)."""

import numpy as np

from memrob.interpolation.second_layer import Evaluator, SecondLayer


def resolve_in_order(order: np.ndarray, evaluate: Evaluator, min_cover: int = 1) -> SecondLayer:
    """Visit candidates in order, evaluate blocks of those left, and strike out what they cover.

    A uniformly random permutation with the struck-out candidates skipped has the distribution of
    drawing uniformly among those left at every step. Since m depends on the candidate alone, a
    block of candidates is evaluated together and then resolved in order, which gives exactly what
    one candidate at a time gives, whatever the size of the block.

    Parameters
    ----------
    order : (class size,) int
        A permutation of the positions within the class.
    evaluate : Evaluator
        Evaluates a block of candidates.
    min_cover : int
        Candidates whose neurons fire at fewer points of the class get none.
    """
    largest_block = evaluate.largest_block
    alive = np.ones(len(order), dtype=bool)
    covered = np.zeros(len(order), dtype=bool)
    chosen, thresholds = [], []
    position, block_size = 0, min(evaluate.first_block, largest_block)
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
                if minimum > 0 and (min_cover == 1 or fired.sum() >= min_cover):
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
