"""What experiments on a data set of the catalogue have in common, and the job that runs a chunk."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from memrob.data.catalogue import DATASETS
from memrob.data.npz import load_prepared
from memrob.errors import UserError
from memrob.studies.base import Experiment
from memrob.studies.progress import shown
from memrob.studies.tables import write_table


@dataclass(frozen=True)
class DatasetExperiment(Experiment):
    """An experiment on one data set; see `Experiment` for its attributes."""

    @property
    def dataset(self) -> str:
        """Name of its data set."""
        return self.settings["dataset"]

    @property
    def download(self) -> str | None:
        """The raw set that must be downloaded for it, if any."""
        return DATASETS[self.dataset].downloads

    @property
    def rank(self) -> tuple:
        """Sorts experiments in the order of the catalogue."""
        return list(DATASETS).index(self.dataset), self.name

    def check_dataset(self) -> None:
        """Check that the catalogue has the data set.

        Raises
        ------
        UserError
            With the key at fault and the sets that there are.
        """
        if self.dataset not in DATASETS:
            raise UserError(
                f"{self.source}: dataset: is {self.dataset!r}; "
                f"it must be one of {', '.join(DATASETS)}"
            )


def run_on_dataset(
    run_trials: Callable, trials: list, dataset: Path, table: Path, threads: int = 1
) -> None:
    """Run the trials of a chunk, with progress on standard error, and write their table.

    Parameters
    ----------
    run_trials : callable
        (trials, data, threads) -> DataFrame, of the part.
    trials : list
        At least one.
    dataset : path
        NPZ with `X` and `y`.
    table : path
        CSV to write.
    threads : int
        Threads of the matrix products.
    """
    data = load_prepared(dataset)
    write_table(run_trials(shown(trials, "trial"), data, threads), table)
