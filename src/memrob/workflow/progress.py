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
    started = time.monotonic()

    def watch():
        while True:
            time.sleep(INTERVAL_SECONDS)
            try:
                line = progress_line(*state(), time.monotonic() - started, logs_at_work())
            except (RuntimeError, KeyError):
                continue
            print(line, file=sys.stderr)

    threading.Thread(target=watch, daemon=True).start()


def progress_line(
    done: int, jobs: int, seconds_done: float, seconds: float, elapsed: float, logs: list[str]
) -> str:
    """Say how far a run is, how much time is left, and which logs show what is at work.

    Parameters
    ----------
    done, jobs : int
        Jobs that are done, and all.
    seconds_done, seconds : float
        Their predicted CPU time.
    elapsed : float
        Seconds since the run began; jobs run side by side and the machine's speed are in it.
    logs : list of str
        Logs of the jobs at work.
    """
    line = f"memrob: {done} of {jobs} jobs done"
    if 0 < seconds_done < seconds:
        left = elapsed * (seconds - seconds_done) / seconds_done
        line += f", {100 * seconds_done / seconds:.0f} % of the predicted time"
        line += f", about {duration(left)} left"
    if logs:
        more = f" and {len(logs) - _SHOWN} more" if len(logs) > _SHOWN else ""
        line += f"; at work: {', '.join(logs[:_SHOWN])}{more}"
    return line


def logs_at_work() -> list[str]:
    """Logs of the jobs at work, the oldest first."""
    return [note.log for note in notes.read_notes() if note.state == notes.AT_WORK]
