"""Progress of a run with an estimate of the time left, in lines that suit a log too."""

import sys
import threading
import time
from collections.abc import Callable

from memrob.workflow import notes
from memrob.workflow.prediction import duration

INTERVAL_SECONDS = 30.0
_SHOWN = 2


def show_progress(state: Callable[[], tuple[int, int, float, float]]) -> None:
    """Print from now on, until the process ends, how far the run is.

    Parameters
    ----------
    state : callable
        Returns how many jobs are done, how many there are, and the predicted CPU seconds of
        both. It is called in a thread of its own beside Snakemake, whose tables may change
        under it; then this line is left out.
    """
    pace = Pace()

    def watch():
        while True:
            try:
                done, jobs, seconds_done, seconds = state()
                left = pace.seconds_left(jobs, seconds_done, seconds, time.monotonic())
                line = progress_line(done, jobs, seconds_done, seconds, left, logs_at_work())
            except (RuntimeError, KeyError):
                line = None
            if line and done:
                print(line, file=sys.stderr)
            time.sleep(INTERVAL_SECONDS)

    threading.Thread(target=watch, daemon=True).start()


class Pace:
    """How fast a run goes, measured since its jobs were last counted anew.

    Once data are found, Snakemake plans the run again: jobs come in, and those that are done leave.
    """

    def __init__(self):
        self._jobs, self._start, self._seconds_done = None, 0.0, 0.0

    def seconds_left(
        self, jobs: int, seconds_done: float, seconds: float, now: float
    ) -> float | None:
        """Estimate the time left.

        Parameters
        ----------
        jobs : int
            All jobs.
        seconds_done, seconds : float
            Predicted CPU time of those that are done, and of all.
        now : float
            Clock in seconds; jobs run side by side and the machine's speed are in it.

        Returns
        -------
        float or None
            Seconds; None where nothing was done yet since the count.
        """
        if jobs != self._jobs:
            self._jobs, self._start, self._seconds_done = jobs, now, seconds_done
        progress = seconds_done - self._seconds_done
        if progress <= 0:
            return None
        return (now - self._start) * (seconds - seconds_done) / progress


def progress_line(
    done: int,
    jobs: int,
    seconds_done: float,
    seconds: float,
    seconds_left: float | None,
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
    if 0 < seconds_done < seconds:
        line += f", {100 * seconds_done / seconds:.0f} % of the predicted time"
    if seconds_left is not None:
        line += f", about {duration(seconds_left)} left"
    if logs:
        more = f" and {len(logs) - _SHOWN} more" if len(logs) > _SHOWN else ""
        line += f"; at work: {', '.join(logs[:_SHOWN])}{more}"
    return line


def logs_at_work() -> list[str]:
    """Logs of the jobs at work, the oldest first."""
    return [note.log for note in notes.read_notes() if note.state == notes.AT_WORK]
