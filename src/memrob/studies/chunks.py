"""Chunks: consecutive trials of an experiment that one job runs."""

import hashlib
from dataclasses import dataclass
from typing import Any

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
    seconds : float
        Predicted time on one core.
    """

    name: str
    trials: tuple[Any, ...]
    seconds: float


def split(
    trials: list, seconds: list[float], chunk_seconds: float, shared_by: int = 1
) -> list[Chunk]:
    """Split trials into chunks of about equal predicted time.

    Parameters
    ----------
    trials : list
        At least one; their text holds all that a trial depends on.
    seconds : list of float
        Predicted time of each.
    chunk_seconds : float
        Predicted time of a chunk, about, unless all trials together take less.
    shared_by : int
        Trials that share a matrix product; such neighbours stay in one chunk.
    """
    n_chunks = max(1, min(int(sum(seconds) / chunk_seconds), MOST_CHUNKS))
    share = sum(seconds) / n_chunks
    groups: list[list[int]] = [[]]
    elapsed = 0.0
    for index, cost in enumerate(seconds):
        # A trial goes where its middle lies, so that a rounding error never makes one more chunk.
        whole = index % shared_by == 0
        if groups[-1] and whole and int((elapsed + cost / 2) / share) >= len(groups):
            groups.append([])
        groups[-1].append(index)
        elapsed += cost
    return [_chunk(i, trials, seconds, group) for i, group in enumerate(groups)]


def _chunk(index: int, trials: list, seconds: list[float], group: list[int]) -> Chunk:
    members = tuple(trials[i] for i in group)
    digest = hashlib.sha256(repr(members).encode()).hexdigest()[:10]
    return Chunk(f"{index:03d}-{digest}", members, sum(seconds[i] for i in group))
