"""Predicted CPU time of the jobs of a run."""

from memrob.numerics.cost import Cost, Slowness

# CPU seconds of jobs that do not run trials: starting Python and importing takes most of it.
JOB_SECONDS = {
    "download": 4.0,
    "dataset": 2.5,
    "kernels": 40.0,
    "table": 2.5,
    "figure": 3.0,
    "replay": 18.0,
    "fidelity": 4.0,
    "fidelity_figure": 3.5,
    "animation": 7.0,
    "printed_table": 2.5,
    "gallery": 4.0,
}
CHUNK_START_SECONDS = 2.0
"""Start of a chunk: imports, and reading the data."""


def predicted_line(jobs: list[tuple[str, Cost | None]], slowness: Slowness) -> str:
    """Say how much CPU time the jobs of a run are predicted to take.

    Parameters
    ----------
    jobs : list of (str, Cost or None)
        Rule of each job, and the predicted cost of its trials if it runs any.
    slowness : Slowness
        Of this machine.
    """
    seconds = duration(predicted_seconds(jobs, slowness))
    return f"memrob: predicted CPU time of these {len(jobs)} jobs: {seconds}"


def predicted_seconds(jobs: list[tuple[str, Cost | None]], slowness: Slowness) -> float:
    """Predicted CPU time of jobs; arguments are those of `predicted_line`."""
    trials = sum(slowness.seconds(cost) for _, cost in jobs if cost is not None)
    return trials + sum(
        JOB_SECONDS.get(rule, 0.0) if cost is None else CHUNK_START_SECONDS for rule, cost in jobs
    )


def duration(seconds: float) -> str:
    """Write a time in the unit that suits it."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 7200:
        return f"{seconds / 60:.1f} min"
    return f"{seconds / 3600:.1f} h"
