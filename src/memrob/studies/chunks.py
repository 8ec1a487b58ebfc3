"""Chunks: consecutive trials of an experiment that one job runs."""

import hashlib
from dataclasses import dataclass
from typing import Any

from memrob.numerics.cost import Cost

MOST_CHUNKS = 250
"""Chunks of an experiment at most, so that planning a run stays short beside running it."""


@dataclass(frozen=True)
class Chunk:
    """Consecutive trials of an experiment.

    Attributes
    ----------
    name : str
        Names its table. It ends in a digest of the trials: another selection of trials never
        takes the table of this one for its own, and this one is found again when it returns.
    trials : tuple
        At least one; of the part's class of trials.
    cost : Cost
        Predicted.
    """

    name: str
    trials: tuple[Any, ...]
    cost: Cost


def split(trials: list, costs: list[Cost], chunk_seconds: float, shared_by: int = 1) -> list[Chunk]:
    """Split trials into chunks of about equal predicted time.

    Parameters
    ----------
    trials : list
        At least one; their text holds all that a trial depends on.
    costs : list of Cost
        Predicted, of each.
    chunk_seconds : float
        Predicted time of a chunk on the reference core, about, unless all trials together take
        less. Chunks, and so the names of their tables, are the same on every machine.
    shared_by : int
        Trials that share a matrix product; such neighbours stay in one chunk.
    """
    seconds = [cost.seconds for cost in costs]
    n_chunks = max(1, min(int(sum(seconds) / chunk_seconds), MOST_CHUNKS))
    share = sum(seconds) / n_chunks
    groups: list[list[int]] = [[]]
    elapsed = 0.0
    for index, needed in enumerate(seconds):
        # A trial goes where its middle lies, so that a rounding error never makes one more chunk.
        whole = index % shared_by == 0
        if groups[-1] and whole and int((elapsed + needed / 2) / share) >= len(groups):
            groups.append([])
        groups[-1].append(index)
        elapsed += needed
    return [_chunk(i, trials, costs, group) for i, group in enumerate(groups)]


def _chunk(index: int, trials: list, costs: list[Cost], group: list[int]) -> Chunk:
    members = tuple(trials[i] for i in group)
    digest = hashlib.sha256(repr(members).encode()).hexdigest()[:10]
    return Chunk(f"{index:03d}-{digest}", members, sum((costs[i] for i in group), Cost()))
