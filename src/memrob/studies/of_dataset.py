"""What experiments on a data set of the catalogue have in common."""

from dataclasses import dataclass

from memrob.data.catalogue import DATASETS
from memrob.errors import UserError
from memrob.studies.base import Experiment


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
