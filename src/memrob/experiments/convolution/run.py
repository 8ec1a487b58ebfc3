"""What a job of the workflow does: the trials of a chunk, from a data set to their table."""

from pathlib import Path

from memrob.experiments.convolution.trial import Trial
from memrob.experiments.convolution.trials import run_trials
from memrob.experiments.of_dataset import run_on_dataset


def run_chunk(trials: list[Trial], dataset: Path, table: Path, threads: int = 1) -> None:
    """Run the trials of a chunk, with progress on standard error, and write their table.

    Parameters
    ----------
    trials : list of Trial
        At least one.
    dataset : path
        NPZ with `X` and `y`.
    table : path
        CSV to write, one row a network.
    threads : int
        Threads of the matrix products.
    """
    run_on_dataset(run_trials, trials, dataset, table, threads)
