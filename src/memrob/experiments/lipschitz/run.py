"""What a job of the workflow does: the trials of a chunk and their table."""

import sys
from pathlib import Path

from tqdm import tqdm

from memrob.experiments.lipschitz.trial import Trial
from memrob.experiments.lipschitz.trials import run_trials
from memrob.experiments.tables import write_table


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
    shown = tqdm(trials, unit="network", mininterval=5, ascii=True, file=sys.stderr)
    write_table(run_trials(shown, threads), table)
