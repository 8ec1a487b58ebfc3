"""Progress of a run with an estimate of the time left, in lines that suit a log too."""

import math
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from memrob.workflow import notes
from memrob.workflow.prediction import duration

INTERVAL_SECONDS = 30.0
"""Time between two lines, unless the environment variable MEMROB_PROGRESS_SECONDS says another."""

BELIEVED_SECONDS = 60.0
"""Predicted CPU time of jobs that it takes until the measured pace outweighs the predicted one."""

_SHOWN = 2


@dataclass(frozen=True)
class Progress:
    """How far a run is.

    Attributes
    ----------
    n_done, n_jobs : int
        Jobs that are done, and all.
    seconds_done, seconds_at_work, seconds : float
        Predicted CPU time of the jobs that are done, of those at work, and of all.
    """

    n_done: int
    n_jobs: int
    seconds_done: float
    seconds_at_work: float
    seconds: float


def show_progress(state: Callable[[], Progress], jobs_at_once: int) -> None:
    """Print from now on, until the process ends, how far the run is.

    Parameters
    ----------
    state : callable
        Says how far it is. It is called in a thread of its own beside Snakemake, whose tables may
        change under it; then this line is left out.
    jobs_at_once : int
        How many jobs can run side by side.
    """
    pace = Pace(jobs_at_once, time.monotonic())
    interval = float(os.environ.get("MEMROB_PROGRESS_SECONDS", INTERVAL_SECONDS))

    def watch():
        while True:
            time.sleep(interval)
            try:
                progress = state()
            except (RuntimeError, KeyError):
                continue
            left = pace.seconds_left(progress, time.monotonic())
            print(progress_line(progress, left, logs_at_work()), file=sys.stderr)

    threading.Thread(target=watch, daemon=True).start()


class Pace:
    """How fast a run goes, measured from its start.

    Until jobs have taken some time, they are believed to take what is predicted. Between two jobs
    that end, the time left runs down as the clock does; jobs at work that are overdue show that the
    run is slower than was measured.

    Parameters
    ----------
    jobs_at_once : int
        How many jobs can run side by side.
    start : float
        Clock in seconds at the start of the run.
    """

    def __init__(self, jobs_at_once: int, start: float):
        self._start, self._believed = start, BELIEVED_SECONDS / jobs_at_once
        self._seconds_done, self._measured = 0.0, start

    def seconds_left(self, progress: Progress, now: float) -> float:
        """Estimate the time left.

        Parameters
        ----------
        progress : Progress
            How far the run is.
        now : float
            Clock in seconds; jobs run side by side and the machine's speed are in it.

        Returns
        -------
        float
            Seconds.
        """
        if progress.seconds_done != self._seconds_done:
            self._seconds_done, self._measured = progress.seconds_done, now
        to_do = progress.seconds - progress.seconds_done
        steady = self._pace(self._measured, self._seconds_done) * to_do - (now - self._measured)
        at_best = self._seconds_done + progress.seconds_at_work
        return max(0.0, steady, self._pace(now, at_best) * (progress.seconds - at_best))

    def _pace(self, now: float, seconds_done: float) -> float:
        return (now - self._start + self._believed) / (seconds_done + BELIEVED_SECONDS)


def progress_line(progress: Progress, seconds_left: float, logs: list[str]) -> str:
    """Say how far a run is, how much time is left, and which logs show what is at work.

    Parameters
    ----------
    progress : Progress
        How far the run is.
    seconds_left : float
        Estimate of the time left.
    logs : list of str
        Logs of the jobs at work.
    """
    line = f"memrob: {progress.n_done} of {progress.n_jobs} jobs done"
    if progress.seconds:
        share = math.floor(100 * progress.seconds_done / progress.seconds)
        line += f", {share} % of the predicted time"
    if seconds_left > 0:  # else what is at work takes longer than predicted
        line += f", about {duration(seconds_left)} left"
    if logs:
        more = f" and {len(logs) - _SHOWN} more" if len(logs) > _SHOWN else ""
        line += f"; at work: {', '.join(logs[:_SHOWN])}{more}"
    return line


def logs_at_work() -> list[str]:
    """Logs of the jobs at work, the oldest first."""
    return [note.log for note in notes.read_notes() if note.state == notes.AT_WORK]
