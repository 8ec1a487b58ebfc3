"""Predicted CPU time of the jobs of a run."""

from collections.abc import Iterable

# CPU seconds of jobs that do not run trials: starting Python and importing takes most of it.
JOB_SECONDS = {
    "availability": 3.0,
    "dataset": 5.0,
    "kernels": 5.0,
    "table": 3.0,
    "figure": 4.5,
    "replay": 40.0,
    "fidelity": 5.0,
    "fidelity_figure": 4.5,
    "gallery": 5.0,
}
CHUNK_START_SECONDS = 4.0
"""Start of a chunk: imports, and reading the data."""


def predicted_line(jobs: Iterable[tuple[str, float]], waiting_seconds: float) -> str:
    """Say how much CPU time the jobs of a run are predicted to take.

    Parameters
    ----------
    jobs : iterable of (str, float)
        Rule of each job, and the predicted seconds of its trials on one core.
    waiting_seconds : float
        The same for the chunks of experiments whose data are looked for first.
    """
    jobs = list(jobs)
    seconds = sum(
        trials + (CHUNK_START_SECONDS if rule == "chunk" else JOB_SECONDS.get(rule, 0.0))
        for rule, trials in jobs
    )
    line = f"memrob: predicted CPU time of these {len(jobs)} jobs: {_duration(seconds)}"
    if waiting_seconds:
        line += f", and {_duration(waiting_seconds)} once it is known that data can be had"
    return line


def _duration(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 7200:
        return f"{seconds / 60:.1f} min"
    return f"{seconds / 3600:.1f} h"
