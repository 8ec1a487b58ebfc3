"""The job that runs a chunk of trials of any study, from its data set to its table."""

import shutil
from collections.abc import Callable
from pathlib import Path

from memrob.data.npz import load_prepared
from memrob.studies.progress import shown
from memrob.studies.tables import write_table


def run_chunk(
    run_trials: Callable,
    trials: list,
    table: Path,
    dataset: Path | None = None,
    threads: int = 1,
    *,
    checkpoints: bool = False,
) -> None:
    """Run the trials of a chunk, with progress on standard error, and write their table.

    Parameters
    ----------
    run_trials : callable
        That of the study: (trials, data, threads=...) -> DataFrame, without the data where the
        study has no data sets.
    trials : list
        At least one.
    table : path
        CSV to write.
    dataset : path, optional
        NPZ with `X` and `y`.
    threads : int
        Threads of the matrix products.
    checkpoints : bool
        Whether `run_trials` takes a `folder` in which it keeps what it has computed, so that a
        killed job resumes there. It lies beside the table, with the suffix ``.checkpoints``, and
        is removed once the table is written.
    """
    data = () if dataset is None else (load_prepared(dataset),)
    folder = Path(table).with_suffix(".checkpoints")
    kept = {"folder": folder} if checkpoints else {}
    write_table(run_trials(shown(trials, "trial"), *data, threads=threads, **kept), table)
    shutil.rmtree(folder, ignore_errors=True)
