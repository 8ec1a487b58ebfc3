"""What a job of the workflow does: the trials of a chunk and their table."""

from pathlib import Path

from memrob.studies.lipschitz.trial import Trial
from memrob.studies.lipschitz.trials import run_trials
from memrob.studies.progress import shown
from memrob.studies.tables import write_table


def run_chunk(trials: list[Trial], table: Path, threads: int = 1) -> None:
    """Run the trials of a chunk, with progress on standard error, and write their table.

    Parameters
    ----------
    trials : list of Trial
        At least one.
    table : path
        CSV to write, one row a network and p.
    threads : int
        Threads of the matrix products.
    """
    write_table(run_trials(shown(trials, "network"), threads), table)
