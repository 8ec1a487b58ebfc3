"""Predicted CPU time of the jobs of a run."""

# CPU seconds of jobs that do not run trials: starting Python and importing takes most of it.
JOB_SECONDS = {
    "download": 4.0,
    "dataset": 2.5,
    "kernels": 4.0,
    "table": 2.5,
    "figure": 3.0,
    "replay": 18.0,
    "fidelity": 4.0,
    "fidelity_figure": 3.5,
    "animation": 7.0,
    "printed_table": 2.5,
    "gallery": 4.0,
}
CHUNK_START_SECONDS = 3.0
"""Start of a chunk: imports, and reading the data."""


def predicted_line(jobs: list[tuple[str, float | None]], slowness: float = 1.0) -> str:
    """Say how much CPU time the jobs of a run are predicted to take.

    Parameters
    ----------
    jobs : list of (str, float or None)
        Rule of each job, and the predicted seconds of its trials on one core if it runs any.
    slowness : float
        How many times as long trials take on this machine; see `memrob.numerics.speed`.
    """
    seconds = duration(predicted_seconds(jobs, slowness))
    return f"memrob: predicted CPU time of these {len(jobs)} jobs: {seconds}"


def predicted_seconds(jobs: list[tuple[str, float | None]], slowness: float = 1.0) -> float:
    """Predicted CPU time of jobs; arguments are those of `predicted_line`."""
    return sum(
        JOB_SECONDS.get(rule, 0.0) if trials is None else CHUNK_START_SECONDS + slowness * trials
        for rule, trials in jobs
    )


def duration(seconds: float) -> str:
    """Write a time in the unit that suits it."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 7200:
        return f"{seconds / 60:.1f} min"
    return f"{seconds / 3600:.1f} h"
