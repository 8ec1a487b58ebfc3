"""Progress of a run with an estimate of the time left, in lines that suit a log too."""

import math
import os
import sys
import threading
import time
from collections.abc import Callable

from memrob.workflow import notes
from memrob.workflow.prediction import duration

INTERVAL_SECONDS = 30.0
"""Time between two lines, unless the environment variable MEMROB_PROGRESS_SECONDS says another."""

BELIEVED_SECONDS = 60.0
"""Predicted CPU time of jobs that it takes until the measured pace outweighs the predicted one."""

_SHOWN = 2


def show_progress(state: Callable[[], tuple[int, int, float, float]], jobs_at_once: int) -> None:
    """Print from now on, until the process ends, how far the run is.

    Parameters
    ----------
    state : callable
        Returns how many jobs are done, how many there are, and the predicted CPU seconds of
        both. It is called in a thread of its own beside Snakemake, whose tables may change
        under it; then this line is left out.
    jobs_at_once : int
        How many jobs can run side by side.
    """
    pace = Pace(jobs_at_once, time.monotonic())
    interval = float(os.environ.get("MEMROB_PROGRESS_SECONDS", INTERVAL_SECONDS))

    def watch():
        while True:
            time.sleep(interval)
            try:
                done, jobs, seconds_done, seconds = state()
            except (RuntimeError, KeyError):
                continue
            left = pace.seconds_left(seconds_done, seconds, time.monotonic())
            line = progress_line(done, jobs, seconds_done, seconds, left, logs_at_work())
            print(line, file=sys.stderr)

    threading.Thread(target=watch, daemon=True).start()


class Pace:
    """How fast a run goes, measured from its start.

    Until jobs have taken some time, they are believed to take what is predicted. Between two jobs
    that end, the time left runs down as the clock does.

    Parameters
    ----------
    jobs_at_once : int
        How many jobs can run side by side.
    start : float
        Clock in seconds at the start of the run.
    """

    def __init__(self, jobs_at_once: int, start: float):
        self._jobs_at_once, self._start = jobs_at_once, start
        self._seconds_done, self._measured = 0.0, start

    def seconds_left(self, seconds_done: float, seconds: float, now: float) -> float:
        """Estimate the time left.

        Parameters
        ----------
        seconds_done, seconds : float
            Predicted CPU time of the jobs that are done, and of all.
        now : float
            Clock in seconds; jobs run side by side and the machine's speed are in it.

        Returns
        -------
        float
            Seconds.
        """
        if seconds_done != self._seconds_done:
            self._seconds_done, self._measured = seconds_done, now
        believed = BELIEVED_SECONDS / self._jobs_at_once
        took = self._measured - self._start + believed
        pace = took / (self._seconds_done + BELIEVED_SECONDS)
        return max(0.0, pace * (seconds - seconds_done) - (now - self._measured))


def progress_line(
    done: int,
    jobs: int,
    seconds_done: float,
    seconds: float,
    seconds_left: float,
    logs: list[str],
) -> str:
    """Say how far a run is, how much time is left, and which logs show what is at work.

    Parameters
    ----------
    done, jobs : int
        Jobs that are done, and all.
    seconds_done, seconds : float
        Their predicted CPU time.
    seconds_left : float or None
        Estimate of the time left.
    logs : list of str
        Logs of the jobs at work.
    """
    line = f"memrob: {done} of {jobs} jobs done"
    if seconds:
        line += f", {math.floor(100 * seconds_done / seconds)} % of the predicted time"
    if seconds_left > 0:  # else jobs take longer than predicted
        line += f", about {duration(seconds_left)} left"
    if logs:
        more = f" and {len(logs) - _SHOWN} more" if len(logs) > _SHOWN else ""
        line += f"; at work: {', '.join(logs[:_SHOWN])}{more}"
    return line


def logs_at_work() -> list[str]:
    """Logs of the jobs at work, the oldest first."""
    return [note.log for note in notes.read_notes() if note.state == notes.AT_WORK]
